"""What a key meant where it was pressed, for whoever reads about the call later."""

from __future__ import annotations

from collections.abc import Callable

from casebook.rules import wording
from config.directory.lines import CATEGORIES, Choice, Line
from ivr.rules.dialogue.asking import emergency_key, questions_of
from ivr.rules.dialogue.machine import KEYED
from ivr.rules.dialogue.values import Input, Keys, State, Step

CHOICES = {
    Choice.REPORT: "gửi phản ánh",
    Choice.LOOK_UP: "hỏi kết quả",
    Choice.GUIDANCE: "cần hướng dẫn",
    Choice.EMERGENCY: "cần cấp cứu",
}

AGAIN = "nghe lại"
NOTHING = "phím không có trong danh mục"


def meaning_of(line: Line, state: State, heard: Input) -> tuple[str, str] | None:
    """Give the key that was pressed at `state` and what it meant; None for no key, and where codes are keyed in."""
    if not isinstance(heard, Keys) or len(heard.digits) != 1 or state.step not in KEYED:
        return None
    key = heard.digits
    if key == emergency_key(line):
        return key, CHOICES[Choice.EMERGENCY]
    meant = _MEANINGS[state.step](line, state, key)
    return key, meant or (AGAIN if key == "*" else NOTHING)


def _in_menu(line: Line, _state: State, key: str) -> str:
    return next((CHOICES[option.choice] for option in line.menu if option.key == key), "")


def _in_categories(_line: Line, _state: State, key: str) -> str:
    if key in {"1", "2", "3", "4", "5", "6"}:
        return wording.CATEGORIES[CATEGORIES[int(key) - 1]]
    return "chưa rõ lĩnh vực" if key in {"0", "#"} else ""


def _at_door(line: Line, state: State, key: str) -> str:
    door = questions_of(line, state)[state.question].door
    if door and key == door.skip_key:
        return "không muốn nêu danh tính"
    return "muốn để lại cách liên hệ" if key == "1" else ""


def _at_code(_line: Line, _state: State, _key: str) -> str:
    return "nghe lại mã số"


def _after_look_up(_line: Line, _state: State, key: str) -> str:
    return {"1": CHOICES[Choice.REPORT], "2": "hỏi mã số khác"}.get(key, "")


def _in_guidance(line: Line, _state: State, key: str) -> str:
    return next((branch.name for branch in line.branches if branch.key == key), "trở lại" if key == "0" else "")


_MEANINGS: dict[Step, Callable[[Line, State, str], str]] = {
    Step.MENU: _in_menu,
    Step.CATEGORY: _in_categories,
    Step.DOOR: _at_door,
    Step.CODE: _at_code,
    Step.LOOKED_UP: _after_look_up,
    Step.GUIDANCE: _in_guidance,
}
