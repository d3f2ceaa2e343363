"""The yes-or-no marks of a call. A life in danger must never be missed, so its rule leans to ringing the alarm."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .evidence import Evidence, longest, of_topic
from .shapes import Field, WordSpan
from .tokens import Token

Show = Callable[[Sequence[Evidence]], tuple[WordSpan, ...]]
"""Gives the words behind evidence."""

_YES = 0.5
_NEAR = 14
_GRAVE, _SIGN, _ONE_WORD, _CRY, _NOW, _NO_PAST = 1.6, 0.8, 0.45, 0.7, 0.6, 0.3
_OVER, _FADE, _DENIED, _HERE = 0.35, 0.7, 0.2, 0.9
_SHORT_CALL = 90
_STEEP = 2.2
_ALARM = 1.55
"""From this score on it rings: a sign with a call for help or a mark of now beside it, and nothing of the past."""


def _yes(sureness: float, because: tuple[WordSpan, ...], reason: str) -> Field[bool]:
    return Field(sureness >= _YES, round(min(max(sureness, 0.0), 0.99), 3), because, reason)


@dataclass(frozen=True, slots=True)
class Danger:
    """What was said of danger: grave signs, other signs, cries for help, marks of now and of the past."""

    graves: Sequence[Evidence]
    signs: Sequence[Evidence]
    cries: Sequence[Evidence]
    nows: Sequence[Evidence]
    pasts: Sequence[Evidence]
    length: int

    @classmethod
    def of(cls, found: Sequence[Evidence], length: int) -> Danger:
        """Sort the evidence of one call of `length` syllables."""
        graves, signs, cries, nows, pasts = (
            longest(of_topic(found, "emergency", kind)) for kind in ("grave", "sign", "cry", "now", "past")
        )
        return cls(graves, signs, cries, nows, pasts, length)

    def score(self) -> float:
        """How much speaks for a life in danger now; nothing without any sign."""
        if not self.graves and not self.signs:
            return 0.0
        graves = max((_GRAVE * self._present(g) * max(0.0, 1 - 4 * g.cost) for g in self.graves), default=0.0)
        weights = sorted((self._present(s) * _weight(s) for s in self.signs), reverse=True)
        signs = sum(weight * _FADE**order for order, weight in enumerate(weights))
        cries = 0.0 if not self.cries else _CRY + 0.2 * (len({c.phrase for c in self.cries}) > 1)
        plain = _NO_PAST if not self.pasts and self.length <= _SHORT_CALL else 0.0
        return graves + signs + cries + self._now() + plain - _OVER * min(len(self.pasts), 4)

    def _now(self) -> float:
        """Whether a mark of now stands near a sign that is not in the past."""
        here = [s for s in (*self.signs, *self.graves) if self._present(s) >= _HERE]
        return _NOW if any(abs(n.first - s.first) <= _NEAR for s in here for n in self.nows) else 0.0

    def _present(self, sign: Evidence) -> float:
        """1 when nothing around the sign puts it into the past, less for each thing that does."""
        before = sum(0 <= sign.first - p.last <= 3 * _NEAR for p in self.pasts)
        after = sum(0 <= p.first - sign.last <= _NEAR for p in self.pasts)
        return max(0.0, 1.0 - 0.4 * (before + after)) * (_DENIED if sign.denied else 1.0)


def _weight(sign: Evidence) -> float:
    return (_ONE_WORD if sign.first == sign.last else _SIGN) * (1 - 2 * sign.cost)


def emergency(found: Sequence[Evidence], length: int, show: Show) -> Field[bool]:
    """Whether a life is in danger now: signs of it, weighed by cries for help and marks of now or of the past."""
    danger = Danger.of(found, length)
    sureness = 1 / (1 + math.exp(-_STEEP * (danger.score() - _ALARM)))
    if not danger.graves and not danger.signs:
        return Field(False, round(sureness, 3), (), "")
    ringing = "Có dấu hiệu nguy hiểm tính mạng đang xảy ra."
    past = "Có nhắc dấu hiệu nguy hiểm, nhưng như đã qua."
    because = [*danger.graves, *danger.signs, *danger.cries][:4]
    return _yes(sureness, show(because), ringing if sureness >= _YES else past)


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
