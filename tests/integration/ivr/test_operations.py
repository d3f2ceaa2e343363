"""The means of the operator's pages as the house really gives them: its checks, prompts, dialogue and voice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.web.operations import Operations
from config.checks import Check, Finding, well
from config.clock import Clock
from config.database.engine import Database
from config.directory.store import lines_of, load_directory
from config.secrets import load_secrets
from config.settings import load_settings
from config.told import said
from ivr.adapters.sound import seconds
from ivr.wiring.commands.check import all_checks
from ivr.wiring.house import House
from ivr.wiring.operations import BEING_LOOKED_AT, LOOK_AGAIN, Looked, operations_of
from ivr.wiring.web_app import create_app
from tests.conftest import NOW
from tests.translations import is_vietnamese, translations


def until(so: Callable[[], bool]) -> bool:
    """Wait a while for something to become so."""
    end = time.monotonic() + 15
    while not (found := so()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def looked_at(operations: Operations) -> dict[str, Finding]:
    """What the checks found, once they have."""
    assert until(lambda: BEING_LOOKED_AT not in dict(operations.checks()).values())
    return dict(operations.checks())


@pytest.fixture
def house(database: Database, tmp_path: Path, clock: Clock) -> House:
    settings = load_settings(data_dir=tmp_path, prompts_dir=tmp_path / "prompts", gateway=False)
    with database.begin() as session:
        load_directory(session)
    return House(settings, load_secrets(settings), database, clock)


def test_the_page_of_health_says_what_the_command_says(house: House) -> None:
    found = looked_at(operations_of(house))
    assert list(found) == [check.name for check in all_checks(house)]
    assert found["Cấu trúc dữ liệu"].text == "Đã ở phiên bản mới nhất"
    assert found["Máy chủ thư"].fix == "Kiểm tra HOTLINE_SMTP_URL."
    assert "lời thoại chưa có tệp thu sẵn" in found["Lời thoại"].text


def test_all_that_the_checks_say_can_be_said_in_english(house: House) -> None:
    english, untranslated = translations(), []

    def look(text: str) -> str:
        untranslated.extend([text] if is_vietnamese(text) and text not in english else [])
        return english.get(text, text)

    found = looked_at(operations_of(house))
    told = {said(name, look): (said(finding.text, look), said(finding.fix, look)) for name, finding in found.items()}
    assert untranslated == []
    assert told["Database schema"] == ("At the newest version", "")
    assert "prompts have no recording" in told["Prompts"][0]
    assert told["Public address"][0].endswith(" is not https")


def test_nobody_waits_for_a_slow_check_and_what_was_found_is_kept_for_a_while() -> None:
    looks, answering, moments = [], threading.Event(), [NOW]

    def slow() -> Finding:
        looks.append(1)
        answering.wait(5)
        return well("xong")

    checks = Looked((Check("Máy chủ xa", slow),), lambda: moments[0])
    began = time.monotonic()
    assert checks()[0][1].text.startswith("Đang kiểm tra")
    assert time.monotonic() - began < 1
    answering.set()
    assert until(lambda: checks()[0][1] == well("xong"))
    assert looks == [1]
    moments[0] += LOOK_AGAIN * 2
    assert until(lambda: checks() == [("Máy chủ xa", well("xong"))] and looks == [1, 1])


def test_every_prompt_of_a_rehearsed_call_has_words_and_a_voice(house: House) -> None:
    operations = operations_of(house)
    with house.database.begin() as session:
        lines = lines_of(session)
    book = operations.book(lines)
    for line in lines:
        assert all(book.find(line.slug, step.prompt).text for step in operations.rehearse(line, True) if step.prompt)
    assert seconds(operations.speak("Xin chào.")) > 0.3


def test_the_application_has_the_operators_pages(house: House) -> None:
    rules = {rule.rule for rule in create_app(house).url_map.iter_rules()}
    assert "/desk/operator/health" in rules
