"""TwiML, compared with files that a person can read; `UPDATE_SNAPSHOTS=1` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.directory.lines import Line
from config.directory.prompts import PromptBook
from ivr.rules.dialogue import (
    CaseOpened,
    Dialled,
    Input,
    Keys,
    LookedUp,
    LookUp,
    OpenCase,
    Recorded,
    Turn,
    advance,
    begin,
)
from ivr.twiml import Renderer, Voice, call_links, empty_document, fallback_document, fallback_farewell

SNAPSHOTS = Path(__file__).parent / "snapshots"
BASE = "https://hotline.example"
CODE = "1234567890"
REPORT: list[Input] = [Keys("1"), Keys("4"), Recorded(), Recorded(), Keys("1"), Recorded()]

STORIES: dict[str, tuple[str, bool, list[Input]]] = {
    "welcome": ("chat_luong", False, []),
    "welcome_outside_hours": ("chat_luong", True, []),
    "welcome_confidential": ("ve_benh_moi_tien", False, []),
    "welcome_guidance_line": ("dich_vu_cong", False, []),
    "welcome_grievances": ("buc_xuc_dich_vu_cong", False, []),
    "menu_wrong_key": ("chat_luong", False, [Keys("7")]),
    "categories": ("chat_luong", False, [Keys("1")]),
    "ask_facility": ("chat_luong", False, REPORT[:2]),
    "ask_story": ("chat_luong", False, REPORT[:3]),
    "contact_door": ("chat_luong", False, REPORT[:4]),
    "ask_contact": ("chat_luong", False, REPORT[:5]),
    "case_code": ("chat_luong", False, REPORT),
    "case_code_again": ("chat_luong", False, [*REPORT, Keys("*")]),
    "goodbye": ("chat_luong", False, [*REPORT, Keys()]),
    "message_after_silence": ("chat_luong", False, [Keys(), Keys(), Keys()]),
    "confidential_story": ("ve_benh_moi_tien", False, [Keys("1"), Recorded()]),
    "confidential_door": ("ve_benh_moi_tien", False, [Keys("1"), Recorded(), Recorded()]),
    "emergency": ("chat_luong", False, [Keys("9")]),
    "emergency_unanswered": ("chat_luong", False, [Keys("9"), Dialled(answered=False)]),
    "enter_code": ("chat_luong", False, [Keys("2")]),
    "status": ("chat_luong", False, [Keys("2"), Keys(CODE), LookedUp("forwarded")]),
    "guidance_menu": ("dich_vu_cong", False, [Keys("3")]),
    "transfer": ("dich_vu_cong", False, [Keys("3"), Keys("1")]),
    "transfer_unanswered": ("dich_vu_cong", False, [Keys("3"), Keys("1"), Dialled(answered=False)]),
    "guidance_outside_hours": ("dich_vu_cong", True, [Keys("3"), Keys("1")]),
}


def play(line: Line, closed: bool, inputs: list[Input]) -> Turn:
    turn = begin(line, closed=closed)
    for heard in inputs:
        turn = advance(line, turn.state, heard)
        if isinstance(turn.actions[-1], OpenCase):
            opened = advance(line, turn.state, CaseOpened(CODE))
            turn = Turn(opened.state, (*turn.actions[:-1], *opened.actions))
    return turn


def compare(name: str, document: str) -> None:
    root = ElementTree.fromstring(document)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode") + "\n"
    file = SNAPSHOTS / f"{name}.xml"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.fixture
def voice(book: PromptBook, tmp_path: Path) -> Voice:
    return Voice(book, tmp_path, BASE)


def render(voice: Voice, line: str, turn: Turn) -> str:
    return Renderer(voice, line, call_links(BASE, line, turn.state.serial), "115").render(turn.actions)


@pytest.mark.parametrize("name", STORIES)
def test_the_conversation_in_twiml_reads_as_it_did(name: str, voice: Voice, lines: dict[str, Line]) -> None:
    slug, closed, inputs = STORIES[name]
    compare(name, render(voice, slug, play(lines[slug], closed, inputs)))


def test_the_fallback_needs_no_line_and_takes_a_message(voice: Voice) -> None:
    compare("fallback", fallback_document(voice, "", "115"))
    compare("fallback_farewell", fallback_farewell(voice, "", "115"))


def test_a_callback_that_asks_nothing_gets_an_empty_document() -> None:
    compare("empty", empty_document())


def test_no_snapshot_is_left_over() -> None:
    known = {*STORIES, "fallback", "fallback_farewell", "empty", "recorded_voice"}
    assert {file.stem for file in SNAPSHOTS.glob("*.xml")} == known


def test_a_recorded_voice_is_played_digit_by_digit_once_all_digits_are_there(
    book: PromptBook, tmp_path: Path, lines: dict[str, Line]
) -> None:
    for digit in range(9):
        (tmp_path / f"digit-{digit}.mp3").touch()
    (tmp_path / "goodbye.wav").touch()
    (tmp_path / "chat_luong.code_is.wav").touch()
    (tmp_path / "code_is.wav").touch()
    voice = Voice(book, tmp_path, BASE, "Google.vi-VN-Standard-A")
    turn = play(lines["chat_luong"], False, REPORT)
    assert "digit-1" not in render(voice, "chat_luong", turn)
    (tmp_path / "digit-9.mp3").touch()
    compare("recorded_voice", render(voice, "chat_luong", turn))


@pytest.mark.parametrize("name", STORIES)
def test_every_record_says_how_it_ends_and_nobody_waits_in_silence(
    name: str, voice: Voice, lines: dict[str, Line]
) -> None:
    slug, closed, inputs = STORIES[name]
    root = ElementTree.fromstring(render(voice, slug, play(lines[slug], closed, inputs)))
    asked = {
        "action",
        "method",
        "finishOnKey",
        "timeout",
        "maxLength",
        "playBeep",
        "trim",
        "recordingStatusCallback",
        "recordingStatusCallbackMethod",
        "recordingStatusCallbackEvent",
    }
    for record in root.iter("Record"):
        assert set(record.keys()) == asked
        assert record.get("recordingStatusCallbackEvent") == "completed absent"
    assert root[-1].tag in {"Redirect", "Hangup", "Dial"}


def test_what_the_house_has_to_do_is_never_sent_to_the_carrier(voice: Voice) -> None:
    renderer = Renderer(voice, "chat_luong", call_links(BASE, "chat_luong", 0), "115")
    with pytest.raises(TypeError, match="house"):
        renderer.render((LookUp("1"),))
