"""What keys meant where they were pressed."""

from __future__ import annotations

import pytest

from config.directory.lines import Line
from ivr.rules.dialogue import HungUp, Input, Keys, Recorded, State, Step
from ivr.rules.pressing import AGAIN, NOTHING, meaning_of

Lines = dict[str, Line]


@pytest.mark.parametrize(
    ("slug", "state", "key", "meaning"),
    [
        ("chat_luong", State(), "1", "gửi phản ánh"),
        ("chat_luong", State(), "9", "cần cấp cứu"),
        ("chat_luong", State(), "7", NOTHING),
        ("chat_luong", State(), "*", AGAIN),
        ("chat_luong", State(step=Step.CATEGORY), "4", "Thái độ phục vụ"),
        ("chat_luong", State(step=Step.CATEGORY), "0", "chưa rõ lĩnh vực"),
        ("chat_luong", State(step=Step.CATEGORY), "9", "cần cấp cứu"),
        ("chat_luong", State(step=Step.DOOR, question=2), "0", "không muốn nêu danh tính"),
        ("chat_luong", State(step=Step.DOOR, question=2), "1", "muốn để lại cách liên hệ"),
        ("chat_luong", State(step=Step.DOOR, question=2), "5", NOTHING),
        ("chat_luong", State(step=Step.CODE), "*", "nghe lại mã số"),
        ("chat_luong", State(step=Step.LOOKED_UP), "2", "hỏi mã số khác"),
        ("dich_vu_cong", State(), "3", "cần hướng dẫn"),
        ("dich_vu_cong", State(step=Step.GUIDANCE), "2", "Nhà thuốc, kinh doanh dược, mỹ phẩm"),
        ("dich_vu_cong", State(step=Step.GUIDANCE), "0", "trở lại"),
    ],
)
def test_a_key_means_what_its_menu_said(lines: Lines, slug: str, state: State, key: str, meaning: str) -> None:
    assert meaning_of(lines[slug], state, Keys(key)) == (key, meaning)


@pytest.mark.parametrize(
    ("step", "heard"),
    [
        (Step.ENTER_CODE, Keys("1")),
        (Step.MENU, Keys("1234567890")),
        (Step.MENU, Keys("")),
        (Step.QUESTION, Recorded()),
        (Step.MENU, HungUp()),
    ],
)
def test_codes_and_what_is_no_key_are_not_told(lines: Lines, step: Step, heard: Input) -> None:
    assert meaning_of(lines["chat_luong"], State(step=step), heard) is None
