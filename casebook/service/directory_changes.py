"""Changing lines, units and recorded prompts: each change is written down with what was before, and can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casebook.models import DirectoryChange
from casebook.service import audit
from casebook.service.unit_use import uses_of
from config.directory.lines import Line
from config.directory.lines_file import definition_of, line_from
from config.directory.models import LineRow, UnitRow
from config.directory.prompt_files import PromptFiles
from config.directory.prompt_files import State as Sound
from config.directory.store import forget_unit, save_line, save_units, units_of
from config.directory.units import Unit
from config.errors import PermanentError

LOCK = 0x4C4E_4449
"""The advisory lock that puts those who change the directory in a line ("LNDI")."""

LINE, UNIT, UNITS, SOUND = "line", "unit", "units", "sound"

State = dict[str, Any] | None
"""How a thing stands, as JSON; None where it is not there."""


class ChangedSince(PermanentError):
    """Chưa làm được: sau đó mục này đã được thay đổi lần nữa. Hãy hoàn tác thay đổi mới hơn trước, hoặc sửa lại mục."""


class AlreadyDone(PermanentError):
    """Việc này đã được làm trước đó."""


class UnitInUse(PermanentError):
    """Không bỏ hẳn đơn vị này được vì đã có phản ánh hoặc tài khoản gắn với đơn vị. Hãy cho đơn vị ngừng hoạt động."""


@dataclass(frozen=True, slots=True)
class Editor:
    """Changes the directory in one transaction, on one person's word.

    The session must see every case (not stand behind a person's wall): a unit that has cases is never removed.
    """

    session: Session
    sounds: PromptFiles
    actor: str
    now: datetime

    def alone(self) -> None:
        """Wait until nobody else changes the directory; holds until the transaction ends."""
        self.session.execute(select(func.pg_advisory_xact_lock(LOCK)))

    def line(self, line: Line) -> DirectoryChange | None:
        """Save a line; None where nothing differs. Raises DirectoryError with what is wrong."""
        return self._change(LINE, line.slug, definition_of(line))

    def unit(self, unit: Unit) -> DirectoryChange | None:
        """Save a unit; None where nothing differs. Raises DirectoryError with what is wrong."""
        return self._change(UNIT, unit.slug, unit_state(unit))

    def units(self, units: Iterable[Unit]) -> DirectoryChange | None:
        """Save those of several units that differ, as one change; None where none does. Raises DirectoryError."""
        known = {unit.slug: unit for unit in units_of(self.session)}
        changed = {unit.slug: unit_state(unit) for unit in units if unit != known.get(unit.slug)}
        return self._change(UNITS, "import", changed) if changed else None

    def sound(self, prompt: str, sound: Sound | None) -> DirectoryChange | None:
        """Have callers hear a kept recording for a prompt, or the synthesiser; None where nothing differs."""
        return self._change(SOUND, prompt, sound)

    def undo(self, change_id: int) -> DirectoryChange:
        """Put a thing back as it was before a change. Raises ChangedSince, AlreadyDone or UnitInUse."""
        change = self._standing(change_id, undone=False)
        self._move(change, change.after, change.before)
        change.undone_by, change.undone_at = self.actor, self.now
        self._tell("directory_undone", change)
        return change

    def redo(self, change_id: int) -> DirectoryChange:
        """Make an undone change again. Raises ChangedSince or AlreadyDone."""
        change = self._standing(change_id, undone=True)
        self._move(change, change.before, change.after)
        change.undone_by = change.undone_at = None
        self._tell("directory_redone", change)
        return change

    def _change(self, kind: str, slug: str, after: State) -> DirectoryChange | None:
        self.alone()
        before = self._state(kind, slug, after)
        if before == after:
            return None
        change = DirectoryChange(kind=kind, slug=slug, before=before, after=after, made_by=self.actor, made_at=self.now)
        self.session.add(change)
        self.session.flush()
        self._tell("directory_changed", change)
        # Last, because a file that was put in place does not go away with the transaction.
        self._apply(kind, slug, after)
        return change

    def _standing(self, change_id: int, *, undone: bool) -> DirectoryChange:
        self.alone()
        change = self.session.get(DirectoryChange, change_id, with_for_update=True)
        if change is None or (change.undone_at is not None) is not undone:
            raise AlreadyDone
        return change

    def _move(self, change: DirectoryChange, expected: State, wanted: State) -> None:
        """Bring a thing from one state to another; nobody's newer change is lost."""
        if self._newer(change) or self._state(change.kind, change.slug, change.after) != expected:
            raise ChangedSince
        self._apply(change.kind, change.slug, wanted)

    def _newer(self, change: DirectoryChange) -> bool:
        same = select(DirectoryChange.id).where(
            DirectoryChange.kind == change.kind,
            DirectoryChange.slug == change.slug,
            DirectoryChange.id > change.id,
            DirectoryChange.undone_at.is_(None),
        )
        # Imports touch different units each time: for them the states alone decide.
        return change.kind != UNITS and self.session.scalars(same.limit(1)).first() is not None

    def _state(self, kind: str, slug: str, like: State) -> State:
        """How the thing stands now; of several units, those that are named in `like`."""
        if kind == LINE:
            row = self.session.get(LineRow, slug)
            return row.definition if row else None
        if kind == SOUND:
            return self.sounds.state(slug)
        known = {unit.slug: unit_state(unit) for unit in units_of(self.session)}
        return known.get(slug) if kind == UNIT else {name: known.get(name) for name in like or {}}

    def _apply(self, kind: str, slug: str, state: State) -> None:
        if kind == SOUND:
            self.sounds.place(slug, state)
        elif kind == LINE:
            # Lines are made by the file and never removed here.
            assert state is not None
            save_line(self.session, line_from(state, slug), self.now)
        else:
            self._apply_units({slug: state} if kind == UNIT else state or {})

    def _apply_units(self, states: dict[str, Any]) -> None:
        for slug, state in states.items():
            there = self.session.get(UnitRow, slug) is not None
            if state is None and there:
                if uses_of(self.session, slug).any:
                    raise UnitInUse
                forget_unit(self.session, slug)
        save_units(self.session, [unit_from(state) for state in states.values() if state is not None], self.now)

    def _tell(self, kind: str, change: DirectoryChange) -> None:
        told = {"change": change.id, "of": change.kind, "slug": change.slug}
        audit.record(self.session, kind, self.actor, self.now, **told)


def unit_state(unit: Unit) -> dict[str, Any]:
    """Write a unit as plain JSON values that `unit_from` reads back."""
    return {**asdict(unit), "aliases": list(unit.aliases)}


def unit_from(state: dict[str, Any]) -> Unit:
    """Make a unit of what `unit_state` wrote."""
    return Unit(**{**state, "aliases": tuple(state["aliases"])})
