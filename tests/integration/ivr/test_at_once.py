"""The same webhooks at the same time, in several processes' worth of threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casebook.models import Case
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.lines import Line
from config.directory.prompts import read_prompts
from config.directory.store import DATA, lines_of
from ivr.lineup import FRESH, CachedLineup
from ivr.models import Call
from ivr.tools import IvrTools
from recordings.models import Recording
from tests.integration.ivr.conftest import BASE, Carrier, MovingClock, carrier_for, make_tools

Row = Callable[[], Call]


def number_of(database: Database, table: type[Case] | type[Call] | type[Recording]) -> int:
    with database.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_one_webhook_sent_eight_times_at_once_gets_one_answer(tools: IvrTools, loaded: Database) -> None:
    carriers = [carrier_for(tools) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        welcomes = set(pool.map(lambda carrier: carrier.post("incoming").text, carriers))
        menus = set(pool.map(lambda carrier: carrier.post("step?n=0", Digits="1").text, carriers))
        opened = set(pool.map(lambda carrier: carrier.post("step?n=1", Digits="0").text, carriers))
    assert len(welcomes) == len(menus) == len(opened) == 1
    assert "<Record" in opened.pop()
    assert number_of(loaded, Call) == number_of(loaded, Case) == 1


def test_action_callback_and_status_of_one_hang_up_may_race(tools: IvrTools, loaded: Database, call_row: Row) -> None:
    carrier = carrier_for(tools)
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    action, callback = carrier.address("Record"), carrier.address("Record", "recordingStatusCallback")

    def send(number: int) -> int:
        mine = Carrier(carrier.client.application.test_client(), recordings=1)
        told: list[Callable[[], TestResponse]] = [
            lambda: mine.post(action, **mine.recorded(), Digits="hangup", CallStatus="completed"),
            lambda: mine.tell_recording(address=callback),
            mine.hang_up,
        ]
        return told[number % 3]().status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(send, range(12))) == {200}
    assert number_of(loaded, Recording) == number_of(loaded, Case) == 1
    assert call_row().outcome == "reported"
    with loaded.begin() as session:
        assert session.scalars(select(Case)).one().intake_ended_at is not None


def test_two_processes_that_answer_one_call_agree(
    loaded: Database, database_url: str, keys: KeyRing, moving_clock: MovingClock, tmp_path: Path
) -> None:
    other = Database(database_url)
    here = carrier_for(make_tools(loaded, keys, moving_clock, tmp_path))
    there = carrier_for(make_tools(other, keys, moving_clock, tmp_path))
    here.call()
    answer = there.post(f"{BASE}/voice/step?n=0", Digits="1")
    assert "Thủ tục hành chính" in answer.text
    assert here.post(f"{BASE}/voice/step?n=0", Digits="1").text == answer.text
    other.close()


def test_a_change_of_a_line_is_heard_soon_and_not_asked_for_at_every_turn(
    loaded: Database, moving_clock: MovingClock
) -> None:
    asked: list[datetime] = []

    def read(session: Session) -> tuple[Line, ...]:
        asked.append(moving_clock.now)
        return lines_of(session)

    lineup = CachedLineup(read_prompts(DATA / "prompts.toml"), read)
    with loaded.begin() as session:
        for seconds in (0, 1, FRESH.seconds - 1, FRESH.seconds, FRESH.seconds + 1):
            lineup(session, moving_clock.now + timedelta(seconds=seconds))
    assert len(asked) == 2
