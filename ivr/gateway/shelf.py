"""What the gateway remembers of the calls it carried, on disk: it outlives a restart and a lost hotline.

A small SQLite file lists calls and recordings; each recording is a file beside it until the hotline, having proved
its own copy, deletes it. Sounds and callers' numbers are sealed with the house's keys.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.crypto import KeyRing
from ivr.carrier.ledger import CarriedCall, HeldRecording

KEPT_CALLS = timedelta(days=14)
"""How long a call is listed; longer than a hotline may be down before it reconciles."""
_TABLES = """
CREATE TABLE IF NOT EXISTS calls (
    sid TEXT PRIMARY KEY, caller BLOB, called TEXT, started TEXT, status TEXT, ended TEXT, duration INTEGER
);
CREATE TABLE IF NOT EXISTS recordings (
    sid TEXT PRIMARY KEY, call_sid TEXT, seconds REAL, made TEXT, status TEXT, deleted INTEGER DEFAULT 0
);
CREATE INDEX IF NOT EXISTS calls_started ON calls (started);
CREATE INDEX IF NOT EXISTS recordings_made ON recordings (made);
"""


@dataclass(slots=True)
class Shelf:
    """The calls and recordings in `directory`; safe for many threads. Blocks: call it off the media loop."""

    directory: Path
    keys: KeyRing
    _file: sqlite3.Connection
    _lock: threading.Lock

    def keep_call(self, call: CarriedCall) -> None:
        """Add `call`, or replace what is known of it."""
        values = (
            call.sid,
            self.keys.seal(call.caller.encode(), _context(call.sid)),
            call.called,
            _text(call.started),
            call.status,
            _text(call.ended),
            call.duration,
        )
        with self._lock, self._file:
            self._file.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def keep_recording(self, recording: HeldRecording) -> None:
        """Add `recording` with its sound, written whole before it is listed."""
        if recording.content:
            draft = self.path(recording.sid).with_suffix(".part")
            draft.write_bytes(self.keys.seal(recording.content, _context(recording.sid)))
            draft.replace(self.path(recording.sid))
        values = (recording.sid, recording.call_sid, recording.seconds, _text(recording.made), recording.status)
        with self._lock, self._file:
            self._file.execute("INSERT OR REPLACE INTO recordings VALUES (?, ?, ?, ?, ?, 0)", values)

    def calls(self) -> list[CarriedCall]:
        """All calls, the newest first."""
        return [_call(row, self.keys) for row in self._rows("SELECT * FROM calls ORDER BY started DESC")]

    def recordings(self) -> list[HeldRecording]:
        """All recordings that were not deleted, the newest first, without their sound."""
        rows = self._rows("SELECT * FROM recordings WHERE NOT deleted ORDER BY made DESC")
        return [_recording(row) for row in rows]

    def recording(self, sid: str) -> HeldRecording | None:
        """The recording `sid`, deleted or not, without its sound; None if there never was one."""
        rows = self._rows("SELECT * FROM recordings WHERE sid = ?", sid)
        return _recording(rows[0]) if rows else None

    def path(self, sid: str) -> Path:
        """Where the sealed sound of the recording `sid` is."""
        return self.directory / f"{sid}.sealed"

    def sound(self, sid: str) -> bytes | None:
        """The recording `sid` as WAV; None if it is not there (any more). Raises UnknownKey or Tampered."""
        path = self.path(sid)
        return self.keys.open(path.read_bytes(), _context(sid)) if path.exists() else None

    def delete(self, sid: str) -> bool:
        """Forget the recording `sid`; false if it is not there (any more)."""
        with self._lock, self._file:
            done = self._file.execute("UPDATE recordings SET deleted = 1 WHERE sid = ? AND NOT deleted", (sid,))
        self.path(sid).unlink(missing_ok=True)
        return done.rowcount > 0

    def end_unfinished(self, now: datetime) -> int:
        """Mark the calls that a stopped gateway left open as failed; gives how many there were."""
        with self._lock, self._file:
            done = self._file.execute(
                "UPDATE calls SET status = 'failed', ended = ?, duration = 0 WHERE ended IS NULL", (_text(now),)
            )
        return done.rowcount

    def forget_old(self, now: datetime) -> None:
        """Forget calls that ended longer than KEPT_CALLS ago, and the names of their deleted recordings."""
        limit = _text(now - KEPT_CALLS)
        with self._lock, self._file:
            self._file.execute("DELETE FROM calls WHERE started < ?", (limit,))
            self._file.execute("DELETE FROM recordings WHERE deleted AND made < ?", (limit,))

    def close(self) -> None:
        """Close the list."""
        self._file.close()

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._file.execute(query, values).fetchall()


def open_shelf(directory: Path, keys: KeyRing) -> Shelf:
    """Open the shelf in `directory`, made if it is not there, readable by nobody else and sealed with `keys`."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = sqlite3.connect(directory / "calls.sqlite", check_same_thread=False)
    file.execute("PRAGMA journal_mode = WAL")
    # A power cut may cost the last rows; the hotline was told of them.
    file.execute("PRAGMA synchronous = NORMAL")
    file.executescript(_TABLES)
    return Shelf(directory, keys, file, threading.Lock())


def _context(sid: str) -> str:
    """What sealed bytes of the shelf are bound to."""
    return f"shelf:{sid}"


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _call(row: tuple[Any, ...], keys: KeyRing) -> CarriedCall:
    sid, sealed, called, started, status, ended, duration = row
    caller = keys.open(sealed, _context(sid)).decode()
    return CarriedCall(sid, caller, called, datetime.fromisoformat(started), status, _time(ended), duration)


def _recording(row: tuple[Any, ...]) -> HeldRecording:
    sid, call_sid, seconds, made, status, deleted = row
    return HeldRecording(
        sid, call_sid, b"", seconds, datetime.fromisoformat(made), status=status, deleted=bool(deleted)
    )
