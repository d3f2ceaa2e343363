"""The desk as it happens: told over a real server, to who may see it, for as long as they may."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from casebook.adapters.desk_bell import Bell
from casebook.models import DeskSession, User
from casebook.queries import news
from casebook.rules.policy import Role
from casebook.service import events
from casebook.web.views import live
from config.database.engine import Database
from config.ending import ENDING, end_in_good_time
from tests.acceptance.desk_app import desk_app

from .conftest import Desk, Visitor

PATIENCE = 15.0
INSPECTOR, CHIEF = "thanhtra@soyte.example", "chanh@soyte.example"


class Stream:
    """An open event stream, read as a browser reads it."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.connection.request("GET", "/desk/live", headers={"Cookie": f"lang_nghe={cookie}"})
        self.answer = self.connection.getresponse()

    def event(self) -> tuple[str, Any] | None:
        """The next event; None when the stream has ended."""
        kind = self.answer.readline().decode().strip().removeprefix("event: ")
        data = self.answer.readline().decode().strip().removeprefix("data: ")
        self.answer.readline()
        return (kind, json.loads(data)) if kind else None

    def until(self, kind: str) -> Any:
        """What the next event of this kind brings."""
        for _ in range(100):
            found = self.event()
            assert found is not None, "the stream has ended"
            if found[0] == kind:
                return found[1]
        raise AssertionError(f"no {kind}")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@contextmanager
def served(desk: Desk, **changes: Any) -> Iterator[int]:
    """Serve the desk on loopback; gives the port."""
    server = make_server("127.0.0.1", 0, desk_app(replace(desk.tools, **changes)), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("lang_nghe")
    assert cookie is not None
    return cookie.value


@contextmanager
def stream(port: int, visitor: Visitor) -> Iterator[Stream]:
    opened = Stream(port, cookie_of(visitor))
    try:
        yield opened
    finally:
        opened.close()


def happen(desk: Desk, code: str) -> None:
    with desk.tools.database.begin() as session:
        events.record(session, desk.case(code).id, "call_ended", now=desk.now)


def test_a_new_case_is_told_as_it_comes(desk: Desk) -> None:
    with served(desk) as port, stream(port, desk.inspector()) as opened:
        assert opened.answer.getheader("Content-Type", "").startswith("text/event-stream")
        assert opened.event() == ("alarms", [])
        started = time.monotonic()
        code = desk.place()
        assert opened.until("case") == {"code": code}
        assert time.monotonic() - started < 5


def test_an_emergency_rings_in_the_stream(desk: Desk) -> None:
    with served(desk) as port, stream(port, desk.inspector()) as opened:
        assert opened.event() == ("alarms", [])
        code = desk.place(emergency=True)
        assert [ringing["href"] for ringing in opened.until("alarms")] == [f"/desk/cases/{code}"]


def test_what_somebody_may_not_see_is_not_told_to_them(desk: Desk) -> None:
    inspector, chief = desk.inspector(INSPECTOR), desk.chief()
    with served(desk) as port, stream(port, inspector) as theirs, stream(port, chief) as all_:
        for opened in (theirs, all_):
            opened.event()
        secret = desk.place(line="ve_benh_moi_tien", emergency=True)
        assert all_.until("case") == {"code": secret}
        plain = desk.place()
        assert theirs.until("case") == {"code": plain}, "nothing came of the one before"


@pytest.mark.parametrize("ends", ["session", "account"])
def test_a_stream_ends_with_its_session(desk: Desk, ends: str) -> None:
    with served(desk) as port, stream(port, desk.inspector()) as opened:
        opened.event()
        code = desk.place()
        opened.until("case")
        with desk.tools.database.begin() as session:
            for row in session.scalars(select(DeskSession)):
                row.ended_at = desk.now if ends == "session" else None
            for user in session.scalars(select(User)):
                user.active = ends == "session"
        happen(desk, code)
        told = [opened.event() for _ in range(20)]
        assert told[-1] is None
        assert ("case", {"code": code}) not in told[3:]


def test_a_silent_stream_beats_and_ends_by_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(live, "LASTS_SECONDS", 1.0)
    with served(desk) as port, stream(port, desk.inspector()) as opened:
        told = []
        while (event := opened.event()) is not None:
            told.append(event[0])
        assert told[0] == "alarms"
        assert 2 <= told.count("beat") <= 6


def test_a_stream_lets_go_of_a_process_that_is_told_to_stop(desk: Desk) -> None:
    with served(desk) as port, stream(port, desk.inspector()) as opened:
        opened.event()
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        try:
            end_in_good_time()
            os.kill(os.getpid(), signal.SIGTERM)
            started = time.monotonic()
            while opened.event() is not None:
                pass
            assert time.monotonic() - started < live.BEAT_SECONDS
        finally:
            signal.signal(signal.SIGTERM, before)
            ENDING.clear()


def test_pages_beyond_what_the_process_has_threads_for_ask_by_themselves(desk: Desk) -> None:
    with served(desk, streams=1) as port, stream(port, desk.inspector(INSPECTOR)) as first:
        first.event()
        with stream(port, desk.chief()) as second:
            assert second.answer.status == 204
    with served(desk, streams=0) as port, stream(port, desk.inspector("khac@soyte.example")) as none:
        assert none.answer.status == 204


def test_a_browser_that_hangs_up_makes_room_at_once(desk: Desk) -> None:
    visitor = desk.inspector()
    with served(desk, streams=1) as port:
        with stream(port, visitor) as first:
            first.event()
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with stream(port, visitor) as second:
                if second.answer.status == 200:
                    return
            time.sleep(0.2)
    raise AssertionError("the place of who hung up is not free")


def test_one_person_does_not_take_every_place(desk: Desk) -> None:
    bell = Bell(desk.tools.database.url, most=10, per_person=2)
    person, other = uuid4(), uuid4()
    mine = [bell.listen(person) for _ in range(3)]
    theirs = bell.listen(other)
    assert [ear is not None for ear in mine] == [True, True, False]
    assert theirs is not None
    for ear in (*mine, theirs):
        if ear is not None:
            bell.leave(ear)


def test_a_database_that_cannot_be_heard_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell("postgresql://nobody@127.0.0.1:1/nowhere", most=10, per_person=2)
    started = time.monotonic()
    assert bell.listen(uuid4()) is None
    assert time.monotonic() - started < 5
    assert "bell is away" in caplog.text


def test_the_bell_rings_again_after_the_connection_was_lost(desk: Desk, database: Database) -> None:
    bell = Bell(desk.tools.database.url, most=10, per_person=2)
    person = uuid4()
    ear = bell.listen(person)
    assert ear is not None
    with database.engine.begin() as connection:
        lost = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN lang_nghe%%'"
        assert connection.exec_driver_sql(lost).scalar_one() >= 1
    end = time.monotonic() + PATIENCE
    while not ear.deaf and time.monotonic() < end:
        time.sleep(0.05)
    assert ear.deaf
    again = bell.listen(person)
    assert again is not None
    code = desk.place()
    assert again.wait(PATIENCE) == {desk.case(code).id}
    bell.leave(again)


def test_a_page_asks_what_came_to_its_list_meanwhile(desk: Desk) -> None:
    old = desk.place()
    with desk.tools.database.begin() as session:
        mark = news.latest(session)
    visitor = desk.inspector()
    assert f'data-since="{mark}"' in visitor.text("/desk/")
    assert visitor.get(f"/desk/news?since={mark}").get_json() == []
    new = desk.place()
    papers = desk.place(line="buc_xuc_dich_vu_cong", key=None)
    secret = desk.place(line="ve_benh_moi_tien")
    assert visitor.get(f"/desk/news?since={mark}").get_json() == sorted([new, papers])
    assert visitor.get(f"/desk/news?line=buc_xuc_dich_vu_cong&since={mark}").get_json() == [papers]
    assert visitor.get(f"/desk/news?view=closed&since={mark}").get_json() == []
    happen(desk, old)
    assert old in visitor.get(f"/desk/news?since={mark}").get_json()
    assert secret in desk.chief().get(f"/desk/news?since={mark}").get_json()


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "٣"])
def test_a_mark_that_makes_no_sense_asks_for_everything(desk: Desk, since: str) -> None:
    code = desk.place()
    answer = desk.person(Role.SUPERVISOR).get(f"/desk/news?since={since}")
    assert answer.get_json() == [code]
