"""A carrier's lists held in memory, for tests and trials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ivr.ports import ListedCall, ListedRecording


@dataclass
class ListedInMemory:
    """`CallLists` of what was put into it, each entry with the moment it began."""

    calls: list[tuple[datetime, ListedCall]] = field(default_factory=list)
    recordings: list[tuple[datetime, ListedRecording]] = field(default_factory=list)

    def calls_since(self, moment: datetime) -> Iterator[ListedCall]:
        """Go through the calls that began at `moment` or later."""
        return (call for began, call in self.calls if began >= moment)

    def recordings_since(self, moment: datetime) -> Iterator[ListedRecording]:
        """Go through the recordings made at `moment` or later."""
        return (recording for made, recording in self.recordings if made >= moment)
