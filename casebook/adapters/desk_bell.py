"""Hearing what the database tells the desk: one listening connection a process, for all its open pages."""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

CHANNEL = "lang_nghe_desk"
"""What the trigger on case events notifies (migration 0002)."""

GATHER_SECONDS = 0.3
"""What happens to a case comes in a bunch; who waits for it gets the bunch."""

READY_SECONDS = 3.0
BACKLOG = 1000

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Ear:
    """One open page's place at the bell; `deaf` once the connection is lost."""

    person: UUID
    heard: queue.Queue[UUID] = field(default_factory=lambda: queue.Queue(BACKLOG))
    deaf: bool = False

    def wait(self, seconds: float) -> set[UUID]:
        """Give the cases that something happened to, as soon as there are any; none after `seconds`."""
        try:
            found = {self.heard.get(timeout=seconds)}
        except queue.Empty:
            return set()
        time.sleep(GATHER_SECONDS)
        while not self.heard.empty():
            found.add(self.heard.get_nowait())
        return found


class Bell:
    """Listens while anybody does, and lets so many pages listen as the process has threads for."""

    def __init__(self, url: str, *, most: int, per_person: int) -> None:
        self._url, self._most, self._per_person = url, most, per_person
        self._lock = threading.Lock()
        self._ears: set[Ear] = set()
        self._listening: threading.Event | None = None

    def listen(self, person: UUID) -> Ear | None:
        """Give a page its ear; None when there are too many already, or the database cannot be heard."""
        with self._lock:
            mine = sum(ear.person == person for ear in self._ears)
            if len(self._ears) >= self._most or mine >= self._per_person:
                return None
            ear = Ear(person)
            self._ears.add(ear)
            listening = self._start()
        if listening.wait(READY_SECONDS) and not ear.deaf:
            return ear
        self.leave(ear)
        return None

    def leave(self, ear: Ear) -> None:
        """Take a page's ear away; after the last one nothing is listened to any more."""
        with self._lock:
            self._ears.discard(ear)

    def _start(self) -> threading.Event:
        if self._listening is None:
            self._listening = threading.Event()
            threading.Thread(target=self._hear, args=(self._listening,), name="desk-bell", daemon=True).start()
        return self._listening

    def _hear(self, listening: threading.Event) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True, connect_timeout=int(READY_SECONDS)) as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                listening.set()
                while self._wanted():
                    for notice in connection.notifies(timeout=1.0, stop_after=BACKLOG):
                        self._tell(notice.payload)
        except psycopg.Error as error:
            # Pages ask by themselves meanwhile; the next that comes to listen connects anew.
            log.warning("the desk's bell is away: %s", type(error).__name__)
            self._deafen()
        finally:
            listening.set()

    def _wanted(self) -> bool:
        with self._lock:
            if not self._ears:
                self._listening = None
            return bool(self._ears)

    def _tell(self, payload: str) -> None:
        case = UUID(json.loads(payload)["case"])
        with self._lock:
            for ear in self._ears:
                # Whoever is so far behind asks for everything anyway.
                if not ear.heard.full():
                    ear.heard.put_nowait(case)

    def _deafen(self) -> None:
        with self._lock:
            self._listening = None
            for ear in self._ears:
                ear.deaf = True
            self._ears.clear()
