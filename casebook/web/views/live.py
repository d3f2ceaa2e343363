"""The desk as it happens: an event stream for every open page, and what it brought to a list."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from casebook.adapters.desk_bell import Bell, Ear
from casebook.queries import alarms, news
from casebook.queries.filters import read_filters
from casebook.queries.visible import stand_behind_wall
from casebook.rules.policy import Permission
from casebook.service import sessions, users
from casebook.web.doors import Route
from casebook.web.people import DeskUser, person
from casebook.web.shown import Views
from casebook.web.views.alarms import ringing_now
from config.database.engine import DatabaseAway
from config.ending import ENDING

LASTS_SECONDS = 300.0
"""How long a stream lasts before the browser asks for another: nothing hangs on for ever."""

BEAT_SECONDS = 10.0
"""How often a silent stream says that it is there, and looks whether its session is."""

LOOK_SECONDS = 1.0
PER_PERSON = 3
"""Streams of one person in one process; the pages of one browser share theirs."""

LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a stream: the person, the address of a case's page without its code, the browser's connection."""

    user: DeskUser
    case_page: str
    line: socket.socket | None

    def is_gone(self) -> bool:
        """Whether the browser has hung up, which a server notices only when it looks."""
        if self.line is None:
            return False
        try:
            readable, _, _ = select.select([self.line], [], [], 0)
            return bool(readable) and self.line.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True


@dataclass(frozen=True, slots=True)
class Live(Views):
    """The stream, and the question that a page asks when it rings."""

    bell: Bell

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        return (
            Route("/live", "live", self.live, Permission.READ_CASES),
            Route("/news", "news", self.news, Permission.READ_CASES),
        )

    def news(self) -> ResponseReturnValue:
        """Give the codes of cases of a list that something happened to since the event `since`."""
        number = request.args.get("since", "")
        since = int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER else 0
        with self.begin() as session:
            codes = news.since(session, person().viewer, read_filters(request.args), since, self.now)
        return jsonify(codes)

    def live(self) -> ResponseReturnValue:
        """Stream what happens to the cases that the person sees; 204 where the page must ask by itself."""
        user, ear = person(), self.bell.listen(person().id)
        if ear is None:
            # An error would be complained about; to this a browser does not come back, as it should.
            return Response(status=204)
        line = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
        page = url_for("desk.case", code="0").removesuffix("0")
        # Proxies are asked to pass each event on at once.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(self._stream(ear, Reader(user, page, line)), mimetype="text/event-stream", headers=headers)

    def _stream(self, ear: Ear, reader: Reader) -> Iterator[str]:
        end, beat, rang = time.monotonic() + LASTS_SECONDS, 0.0, ""
        heard: set[UUID] = set()
        try:
            while time.monotonic() < end and not (ear.deaf or ENDING.is_set() or reader.is_gone()):
                if heard or time.monotonic() >= beat:
                    told = self._told(reader.user, heard)
                    if told is None:
                        return
                    codes, ringing = told
                    yield from (_event("case", {"code": code}) for code in codes)
                    alarm = _event("alarms", ringing_now(ringing, reader.case_page))
                    # Sent when it changed; otherwise a beat, so that the page knows it is told everything.
                    yield alarm if alarm != rang else _event("beat", "")
                    rang, beat = alarm, time.monotonic() + BEAT_SECONDS
                heard = ear.wait(LOOK_SECONDS)
        except DatabaseAway:
            # The page asks by itself until it can be told again.
            return
        finally:
            self.bell.leave(ear)

    def _told(self, user: DeskUser, heard: set[UUID]) -> tuple[list[str], list[str]] | None:
        """Give the codes that the person may see and what rings; None once the session has ended."""
        with self.tools.database.begin() as session:
            found = sessions.current(session, user.session, self.now, seen=False)
            if found is None:
                return None
            viewer = users.viewer_of(found[0])
            if not viewer.may(Permission.READ_CASES):
                return None
            stand_behind_wall(session, viewer)
            codes = news.seen_codes(session, viewer, heard) if heard else []
            return codes, alarms.ringing(session, viewer)


def _event(kind: str, data: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"
