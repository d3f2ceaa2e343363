"""Calls that are no complaint: praise, questions, cries for help that blame nobody, wrong numbers and broken calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .flags import Call
from .sayings import Sayings, Spoken
from .shapes import Field, WordSpan

_SURE = 0.75
_SHORT_QUESTION, _SHORT_WRONG, _SHORT_BROKEN = 70, 60, 40
_LITTLE_BLAME, _MUCH_BLAME = 1.0, 4.0
_SEVERAL = 2

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
            if said := way():
                return Field(kind, _SURE, tuple(show(first, last) for first, last in said[:3]), _REASONS[kind])
        return None

    def _said(self, matter: str) -> list[tuple[int, int]]:
        return self.sayings[matter].find(self.spoken)

    def _praise(self) -> list[tuple[int, int]]:
        meant = self._said("praise.meant")
        blamed = self.call.grievance >= _MUCH_BLAME and len(meant) < _SEVERAL
        return [] if blamed or self._said("praise.unless") else meant

    def _question(self) -> list[tuple[int, int]]:
        if self.call.length >= _SHORT_QUESTION or self.call.grievance >= _MUCH_BLAME or self._said("question.unless"):
            return []
        asked, left_open = self._said("question.asked"), self._said("question.open")
        return [*asked, *left_open] if asked and left_open else []

    def _rescue(self) -> list[tuple[int, int]]:
        pleas = self._said("rescue.plea")
        urgent = pleas and (self.call.in_danger or len(pleas) > _SEVERAL)
        return pleas if urgent and not self._said("rescue.blamed") else []

    def _wrong_number(self) -> list[tuple[int, int]]:
        wrong = self._said("stray.wrong") if self.call.length < _SHORT_WRONG else []
        return wrong if self._said("stray.over") else []

    def _broken(self) -> list[tuple[int, int]]:
        small = self.call.length < _SHORT_BROKEN and self.call.grievance < _LITTLE_BLAME
        broken = self._said("stray.broken") if small else []
        return broken if len(broken) >= _SEVERAL + self.call.place_named else []
