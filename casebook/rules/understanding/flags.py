"""The yes-or-no marks of a call. A life in danger must never be missed, so its rule leans to ringing the alarm."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from .evidence import Evidence, of_topic
from .shapes import Field, WordSpan
from .tokens import Token

Show = Callable[[Sequence[Evidence]], tuple[WordSpan, ...]]
"""Gives the words behind evidence."""

_NEAR = 14
_ALARM = 2.0
"""From this score on it rings: a grave sign alone, or a sign with a call for help or a mark of now beside it."""


def _yes(sureness: float, because: tuple[WordSpan, ...], reason: str) -> Field[bool]:
    return Field(sureness >= 0.5, round(min(max(sureness, 0.0), 0.99), 3), because, reason)


def emergency(found: Sequence[Evidence], length: int, show: Show) -> Field[bool]:
    """Whether a life is in danger now: signs of it, weighed by cries for help and marks of now or of the past."""
    graves, signs = of_topic(found, "emergency", "grave"), of_topic(found, "emergency", "sign")
    cries, nows = of_topic(found, "emergency", "cry"), of_topic(found, "emergency", "now")
    pasts = of_topic(found, "emergency", "past")
    score = _danger(graves, signs, cries, nows, pasts, length)
    sureness = 1 / (1 + math.exp(-2.2 * (score - _ALARM)))
    if not graves and not signs:
        return Field(False, round(sureness, 3), (), "")
    reason = (
        "Có dấu hiệu nguy hiểm tính mạng đang xảy ra."
        if sureness >= 0.5
        else "Có nhắc dấu hiệu nguy hiểm, nhưng như đã qua."
    )
    return _yes(sureness, show((graves + signs + cries)[:4]), reason)


def _danger(
    graves: Sequence[Evidence],
    signs: Sequence[Evidence],
    cries: Sequence[Evidence],
    nows: Sequence[Evidence],
    pasts: Sequence[Evidence],
    length: int,
) -> float:
    grave = max((1.6 * _here(g, pasts) for g in graves), default=0.0)
    here = [s for s in signs if _here(s, pasts) == 1.0]
    sign = sum(
        0.8 * _here(s, pasts) * 0.7**order for order, s in enumerate(sorted(signs, key=lambda s: -_here(s, pasts)))
    )
    now = max((0.7 for s in here + list(graves) for n in nows if abs(n.first - s.first) <= _NEAR), default=0.0)
    cry = 0.0 if not cries else 0.9 + 0.2 * (len(cries) > 1)
    over = 0.35 * min(len(pasts), 4)
    calm = 0.5 if length > 90 else 0.0
    return grave + sign + now + cry - over - calm if graves or signs else 0.0


def _here(sign: Evidence, pasts: Sequence[Evidence]) -> float:
    """1 when nothing before the sign in the story puts it into the past, less when something does."""
    before = [p for p in pasts if 0 <= sign.first - p.last <= 3 * _NEAR]
    after = [p for p in pasts if 0 <= p.first - sign.last <= _NEAR]
    return max(0.0, 1.0 - 0.4 * len(before) - 0.4 * len(after)) * (0.2 if sign.denied else 1.0)


def told(found: Sequence[Evidence], topic: str, show: Show, reason: str) -> Field[bool]:
    """A flag that one clear phrase raises, unless a phrase says the opposite."""
    signs = [e for e in of_topic(found, topic, "phrases") if not e.denied or e.phrase.startswith(("không", "đừng"))]
    against = of_topic(found, topic, "unless")
    signs = [s for s in signs if not any(a.first <= s.first and s.last <= a.last for a in against)]
    if not signs:
        return Field(False, 0.03, (), "")
    best = min(sign.cost for sign in signs)
    sureness = 1 - (0.25 + best) * 0.6 ** (len(signs) - 1)
    return _yes(sureness, show(signs[:4]), reason)


def not_a_complaint(found: Sequence[Evidence], tokens: Sequence[Token], blame: float, show: Show) -> Field[str]:
    """Why this may be no complaint: praise (khen), a question (hoi), a wrong number (nham_so), silence (im_lang).

    `blame` is the weight of everything that sounds like a complaint.
    """
    if len(tokens) <= 2:
        return Field("im_lang", 0.9, (), "Không nghe được nội dung.")
    wrong = of_topic(found, "wrong_number", "phrases")
    if wrong and not of_topic(found, "wrong_number", "unless") and len(tokens) < 60:
        return Field("nham_so", 0.8, show(wrong[:3]), "Người gọi nhầm số hoặc máy tự bấm.")
    praise = of_topic(found, "praise", "phrases")
    if len({p.phrase for p in praise}) >= 2 and blame < 1.2 * len(praise) + 1:
        return Field("khen", 0.75, show(praise[:3]), "Lời khen hoặc cảm ơn, không nêu sai phạm.")
    asks = of_topic(found, "question", "phrases")
    if asks and not of_topic(found, "question", "unless") and blame < 3.5 and len(tokens) < 70:
        return Field("hoi", 0.7, show(asks[:3]), "Câu hỏi, không nêu sai phạm.")
    if len(tokens) < 12 and blame < 1:
        return Field("khong_ro", 0.6, (), "Lời nói quá ngắn để hiểu.")
    return Field(None, 0.1, (), "")
