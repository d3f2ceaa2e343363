"""What the provider remembers: the calls it carried and the recordings it holds."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

API_VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Account:
    """The hotline's account at the provider: what it signs and authenticates with."""

    sid: str
    auth_token: str


def new_sid(prefix: str) -> str:
    """A fresh identifier in Twilio's form: two letters (CA call, RE recording) and 32 hex digits."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class CarriedCall:
    """One call as the provider lists it; `duration` in seconds, None while it runs."""

    sid: str
    caller: str
    called: str
    started: datetime
    status: str = "ringing"
    ended: datetime | None = None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class HeldRecording:
    """One recording as the provider holds it: WAV `content` of `seconds`; `fetched` counts downloads."""

    sid: str
    call_sid: str
    content: bytes
    seconds: float
    made: datetime
    status: str = "completed"
    fetched: int = 0
    asked: int = 0
    deleted: bool = False


class Ledger:
    """The provider's memory, safe for the call's thread and the server's threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: dict[str, CarriedCall] = {}
        self._recordings: dict[str, HeldRecording] = {}

    def keep_call(self, call: CarriedCall) -> None:
        """Add `call`, or replace what is known of it."""
        with self._changed:
            self._calls[call.sid] = call

    def keep_recording(self, recording: HeldRecording) -> None:
        """Add `recording`, or replace what is known of it."""
        with self._changed:
            self._recordings[recording.sid] = recording

    def calls(self) -> list[CarriedCall]:
        """All calls, the newest first as Twilio lists them."""
        with self._changed:
            return sorted(self._calls.values(), key=lambda call: call.started, reverse=True)

    def recordings(self) -> list[HeldRecording]:
        """All recordings that were not deleted, the newest first."""
        with self._changed:
            kept = (recording for recording in self._recordings.values() if not recording.deleted)
            return sorted(kept, key=lambda recording: recording.made, reverse=True)

    def recording(self, sid: str) -> HeldRecording | None:
        """The recording `sid`, deleted or not; None if there never was one."""
        with self._changed:
            return self._recordings.get(sid)

    def ask(self, sid: str) -> int:
        """Count one request for the media of `sid`; gives how many came before it."""
        with self._changed:
            recording = self._recordings[sid]
            self._recordings[sid] = replace(recording, asked=recording.asked + 1)
            return recording.asked

    def fetch(self, sid: str) -> None:
        """Note that the whole media of `sid` was sent."""
        with self._changed:
            recording = self._recordings[sid]
            self._recordings[sid] = replace(recording, fetched=recording.fetched + 1)
            self._changed.notify_all()

    def delete(self, sid: str) -> bool:
        """Forget the recording `sid`; false if it is not there (any more)."""
        with self._changed:
            recording = self._recordings.get(sid)
            if recording is None or recording.deleted:
                return False
            self._recordings[sid] = replace(recording, deleted=True, content=b"")
            self._changed.notify_all()
            return True

    def wait_until_fetched(self, sids: Iterable[str], timeout: float) -> bool:
        """Wait until each of `sids` was downloaded whole, at most `timeout` seconds; false if not."""
        wanted = tuple(sids)
        with self._changed:
            return self._changed.wait_for(lambda: all(self._recordings[sid].fetched for sid in wanted), timeout)
