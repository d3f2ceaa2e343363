"""The yes-or-no marks of a call. A life in danger must never be missed, so its rule leans to ringing the alarm."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .danger import DangerModel
from .evidence import Evidence, longest, of_topic
from .shapes import Field, WordSpan

Show = Callable[[Sequence[Evidence]], tuple[WordSpan, ...]]
"""Gives the words behind evidence."""

_YES = 0.5
_NEAR = 14
_GRAVE, _ACUTE, _SIGN, _ONE_WORD, _CRY, _NOW, _NO_PAST = 1.6, 1.15, 0.8, 0.45, 0.7, 0.6, 0.3
_OVER, _FADE, _DENIED, _HERE = 0.35, 0.7, 0.2, 0.9
_SHORT_CALL = 90
_GRIEVANCES = ("thai_do_phuc_vu", "chuyen_mon", "vi_pham_tu_nhan", "quy_trinh_kham_bhyt")
_NOTHING, _LITTLE, _SHORT_WRONG, _SHORT_QUESTION = 2, 14, 60, 60
_SOME_BLAME, _MUCH_BLAME, _PRAISES = 3.0, 4.0, 2
_CLEARLY, _HESITANT = 0.08, 0.25
_HINT, _SEVERAL = 0.52, 2
_STEEP = 2.2
_ALARM = 1.4
"""From this score on it rings: a sign with a call for help or a mark of now beside it, and nothing of the past."""


_ALL_BUT_CERTAIN = 0.9
"""The rules alone ring from here on, so that a danger named plainly rings whatever was learned."""


def _yes(sureness: float, because: tuple[WordSpan, ...], reason: str) -> Field[bool]:
    return Field(sureness >= _YES, round(min(max(sureness, 0.0), 0.99), 3), because, reason)


@dataclass(frozen=True, slots=True)
class Danger:
    """What was said of danger: grave, acute and other signs, cries for help, marks of now and of the past."""

    graves: Sequence[Evidence]
    acutes: Sequence[Evidence]
    signs: Sequence[Evidence]
    hints: Sequence[Evidence]
    cries: Sequence[Evidence]
    nows: Sequence[Evidence]
    pasts: Sequence[Evidence]
    length: int

    @classmethod
    def of(cls, found: Sequence[Evidence], length: int) -> Danger:
        """Sort the evidence of one call of `length` syllables."""
        graves, acutes, cries, nows, pasts = (
            longest(of_topic(found, "emergency", kind)) for kind in ("grave", "acute", "cry", "now", "past")
        )
        signs = longest(of_topic(found, "emergency", "sign", "acute"))
        plain = of_topic(found, "emergency", "plain")
        graves = [g for g in graves if not any(p.first < g.first <= p.last for p in plain)]
        cries = [c for c in cries if not any(p.first < c.first <= p.last for p in plain)]
        hints = [h for h in of_topic(found, "emergency", "hint") if not h.denied and h.cost <= _CLEARLY]
        hints = _beside(longest(hints), [*signs, *graves, *plain])
        return cls(graves, [a for a in acutes if a in signs], signs, hints, cries, nows, pasts, length)

    @property
    def is_told(self) -> bool:
        """Whether there is any sign of danger, or several hints."""
        return bool(self.graves or self.signs or len(self.hints) >= _SEVERAL)

    def score(self) -> float:
        """How much speaks for a life in danger now; nothing without any sign."""
        if not self.is_told:
            return 0.0
        graves = max((_GRAVE * self._present(g) * max(0.0, 1 - 4 * g.cost) for g in self.graves), default=0.0)
        hints = self.hints if len(self.hints) + len(self.signs) >= _SEVERAL else ()
        weights = [self._present(s) * self._weight(s) for s in self.signs]
        weights = sorted(weights + [_HINT * self._present(h) for h in hints], reverse=True)
        signs = sum(weight * _FADE**order for order, weight in enumerate(weights))
        cries = 0.0 if not self.cries else _CRY + 0.2 * (len({c.phrase for c in self.cries}) > 1)
        plain = _NO_PAST if not self.pasts and self.length <= _SHORT_CALL else 0.0
        return graves + signs + cries + self._now() + plain - _OVER * min(len(self.pasts), 4)

    def sureness(self) -> float:
        """How sure the rules are of a life in danger (0-1); from 0.5 on they ring."""
        return 1 / (1 + math.exp(-_STEEP * (self.score() - _ALARM)))

    def _weight(self, sign: Evidence) -> float:
        if sign in self.acutes:
            return max(_ACUTE * (1 - 4 * sign.cost), _SIGN * (1 - 2 * sign.cost))
        return (_ONE_WORD if sign.first == sign.last else _SIGN) * (1 - 2 * sign.cost)

    def _now(self) -> float:
        """Whether a mark of now stands near a sign that is not in the past."""
        several = self.hints if len(self.hints) >= _SEVERAL else ()
        here = [s for s in (*self.signs, *self.graves, *several) if self._present(s) >= _HERE]
        return _NOW if any(abs(n.first - s.first) <= _NEAR for s in here for n in self.nows) else 0.0

    def _present(self, sign: Evidence) -> float:
        """1 when nothing around the sign puts it into the past, less for each thing that does."""
        before = sum(0 <= sign.first - p.last <= 3 * _NEAR for p in self.pasts)
        after = sum(0 <= p.first - sign.last <= _NEAR for p in self.pasts)
        return max(0.0, 1.0 - 0.4 * (before + after)) * (_DENIED if sign.denied else 1.0)


def _beside(hints: Sequence[Evidence], others: Sequence[Evidence]) -> list[Evidence]:
    """The hints that stand in nothing of the `others`, each word once."""
    apart = [h for h in hints if all(h.last < o.first or o.last < h.first for o in others)]
    return list({h.phrase: h for h in apart}.values())


def emergency(
    found: Sequence[Evidence], heard: Sequence[str], show: Show, learned: DangerModel | None = None
) -> Field[bool]:
    """Whether a life is in danger now.

    By the rules: signs of it, weighed by cries for help and marks of now or of the past. `learned`, where there is
    one, hears what no list of phrases can foresee, and has the last word, unless the rules are all but certain.
    """
    danger = Danger.of(found, len(heard))
    signs = [*danger.graves, *danger.signs, *danger.hints, *danger.cries][:4] if danger.is_told else []
    if learned is None:
        return _danger_field(danger.sureness(), show(signs), _DANGER_SIGNS)
    by_rule = danger.sureness()
    judged = learned.judge(heard)
    clause = Evidence(("emergency", "clause"), "", judged.first, judged.last, 0.0)
    because = [*signs, clause] if judged.sureness >= _YES else signs
    sureness = max(judged.sureness, by_rule) if by_rule >= _ALL_BUT_CERTAIN else judged.sureness
    return _danger_field(sureness, show(because), _DANGER_SIGNS if signs else _DANGER_LIKE)


_DANGER_SIGNS = "Có dấu hiệu nguy hiểm tính mạng đang xảy ra."
_DANGER_LIKE = "Lời kể giống những cuộc gọi có người đang nguy hiểm tính mạng."
_DANGER_OVER = "Có nhắc dấu hiệu nguy hiểm, nhưng như đã qua."


def _danger_field(sureness: float, because: tuple[WordSpan, ...], ringing: str) -> Field[bool]:
    quiet = _DANGER_OVER if because else ""
    return _yes(sureness, because, ringing if sureness >= _YES else quiet)


def told(found: Sequence[Evidence], topic: str, show: Show, reason: str) -> Field[bool]:
    """A flag that one clear phrase raises, unless a phrase says the opposite."""
    signs = [e for e in of_topic(found, topic, "phrases") if not e.denied or e.phrase.startswith(("không", "đừng"))]
    against = [a for a in of_topic(found, topic, "unless") if a.cost <= _CLEARLY]
    signs = [s for s in signs if not any(a.first <= s.first and s.last <= a.last for a in against)]
    if not signs:
        return Field(False, 0.03, (), "")
    best = min(sign.cost for sign in signs)
    sureness = 1 - (0.25 + best) * 0.6 ** (len(signs) - 1)
    return _yes(sureness, show(signs[:4]), reason)


@dataclass(frozen=True, slots=True)
class Call:
    """What tells a complaint from other calls.

    Blame by category, length in syllables, whether a place or staff is named and a life in danger, and the share of
    syllables that only hesitate.
    """

    blame: Mapping[str, float]
    length: int
    place_named: bool
    staff_named: bool
    in_danger: bool
    hesitation: float

    @property
    def grievance(self) -> float:
        """The blame that is about people's work, not about surroundings (khac) or papers."""
        return sum(self.blame.get(category, 0.0) for category in _GRIEVANCES)


def not_a_complaint(found: Sequence[Evidence], call: Call, show: Show) -> Field[str]:
    """Why this may be no complaint.

    im_lang (nothing said), nham_so (wrong number), khen (praise), hoi (a question), khong_ro (too little to tell);
    None for a complaint.
    """
    if call.length <= _NOTHING:
        return Field("im_lang", 0.9, (), "Không nghe được nội dung.")
    for kind, reason in _KINDS.items():
        because = _signs_of(kind, found, call)
        if because is not None:
            return Field(kind, 0.7, show(because[:3]), reason)
    return Field(None, 0.1, (), "")


_KINDS = {
    "nham_so": "Người gọi nhầm số hoặc máy tự bấm.",
    "khen": "Lời khen hoặc cảm ơn, không nêu sai phạm.",
    "hoi": "Câu hỏi, không nêu sai phạm.",
    "khong_ro": "Lời nói quá ít để hiểu.",
}


def _signs_of(kind: str, found: Sequence[Evidence], call: Call) -> list[Evidence] | None:
    """The evidence that the call is of this kind, or None if it is not."""
    match kind:
        case "nham_so":
            signs, short = _unopposed(found, "wrong_number"), call.length < _SHORT_WRONG
            return signs if signs and short and call.grievance < _SOME_BLAME else None
        case "khen":
            clear, signs = (_clear(of_topic(found, "praise", kind)) for kind in ("clear", "phrases"))
            enough = bool(clear) or len({s.phrase for s in signs}) >= _PRAISES
            turned = bool(of_topic(found, "praise", "unless"))
            opposed = turned and (not clear or call.grievance >= _SOME_BLAME)
            return clear + signs if enough and not opposed and call.grievance < _MUCH_BLAME else None
        case "hoi":
            clear, signs = _clear(of_topic(found, "question", "clear")), _unopposed(found, "question")
            short, innocent = call.length < _SHORT_QUESTION, call.grievance < _SOME_BLAME
            return clear + signs if short and (clear or (signs and innocent)) else None
        case _:
            little = call.length < _LITTLE or (call.length < _SHORT_WRONG and call.hesitation >= _HESITANT)
            return [] if little and not call.place_named and call.grievance < 1 else None


def _unopposed(found: Sequence[Evidence], topic: str) -> list[Evidence]:
    against = any(a.cost <= _CLEARLY for a in of_topic(found, topic, "unless"))
    return [] if against else _clear(of_topic(found, topic, "phrases"))


def _clear(signs: Sequence[Evidence]) -> list[Evidence]:
    return [sign for sign in signs if sign.cost <= _CLEARLY]
