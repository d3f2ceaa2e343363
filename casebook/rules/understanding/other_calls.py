"""Calls that are no complaint: praise, questions, cries for help that blame nobody, wrong numbers and broken calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .flags import Call
from .sayings import Sayings, Spoken
from .shapes import Field, WordSpan

_SURE = 0.75
_SHORT_QUESTION, _PLAIN_QUESTION, _SHORT_WRONG, _SHORT_BROKEN = 70, 110, 60, 40
_LITTLE_BLAME, _SOME_BLAME, _MUCH_BLAME = 1.0, 3.0, 4.0
_SEVERAL = 2
_SHOWN = 3

_Said = list[tuple[int, int]]

_REASONS = {
    "khen": "Lời khen hoặc cảm ơn, không nêu sai phạm.",
    "hoi": "Câu hỏi, không nêu sai phạm.",
    "cau_cuu": "Kêu cứu, không phản ánh ai.",
    "nham_so": "Người gọi nhầm số hoặc máy tự bấm.",
    "khong_ro": "Lời nói quá ít để hiểu.",
}


@dataclass(frozen=True)
class OtherCalls:
    """What was said in one call, by matter."""

    spoken: Spoken
    sayings: Mapping[str, Sayings]
    call: Call

    def find(self, show: Callable[[int, int], WordSpan]) -> Field[str] | None:
        """What kind of call it is, None where nothing says that it is no complaint."""
        ways = {
            "nham_so": self._wrong_number,
            "khen": self._praise,
            "cau_cuu": self._rescue,
            "hoi": self._question,
            "khong_ro": self._broken,
        }
        for kind, way in ways.items():
            if (said := way()) is not None:
                return Field(kind, _SURE, tuple(show(first, last) for first, last in said[:_SHOWN]), _REASONS[kind])
        return None

    def _said(self, matter: str) -> _Said:
        return self.sayings[matter].find(self.spoken)

    def _praise(self) -> _Said | None:
        meant = self._said("praise.meant")
        blamed = self.call.grievance >= _MUCH_BLAME and len(meant) < _SEVERAL
        return meant if meant and not blamed and not self._said("praise.unless") else None

    def _question(self) -> _Said | None:
        if self.call.length >= _PLAIN_QUESTION:
            return None
        asked, left_open, only = (self._said(f"question.{kind}") for kind in ("asked", "open", "only"))
        blamed = self.call.grievance >= _MUCH_BLAME
        if (asked or left_open) and (len(only) >= _SEVERAL or (only and not blamed)):
            return [*only, *asked, *left_open]
        wanted = asked and left_open and not blamed and self.call.length < _SHORT_QUESTION
        return [*asked, *left_open] if wanted and not self._said("question.unless") else None

    def _rescue(self) -> _Said | None:
        pleas, nobody = self._said("rescue.plea"), self._said("rescue.nobody")
        if nobody and self.call.in_danger:
            return [*nobody, *pleas]
        if self._said("rescue.blamed"):
            return None
        urgent = pleas and (self.call.in_danger or (len(pleas) > _SEVERAL and self.call.grievance < _MUCH_BLAME))
        return pleas if urgent or self._in_danger_by_nobody else None

    @property
    def _in_danger_by_nobody(self) -> bool:
        """Whether there is danger in which no place and nobody on duty is named and little is blamed."""
        named = self.call.place_named or self.call.staff_named
        return self.call.in_danger and not named and self.call.grievance < _MUCH_BLAME

    def _wrong_number(self) -> _Said | None:
        if self.call.length >= _SHORT_WRONG:
            return None
        wrong, taken_for = self._said("stray.wrong"), self._said("stray.taken_for")
        if taken_for and self.call.grievance < _SOME_BLAME:
            wrong = [*wrong, *taken_for]
        return wrong if wrong and self._said("stray.over") else None

    def _broken(self) -> _Said | None:
        """Broken off: the more there is that a call could be about, the more signs of it are needed."""
        needed = _SEVERAL + self.call.place_named + _SEVERAL * (self.call.grievance >= _LITTLE_BLAME)
        broken = self._said("stray.broken") if self.call.length < _SHORT_BROKEN else []
        return broken if len(broken) >= needed else None
