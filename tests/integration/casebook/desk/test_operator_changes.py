"""What operators changed: told in plain Vietnamese, undone and done again, never over somebody's newer change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casebook.models import DeskEvent, DirectoryChange
from casebook.rules.policy import Role
from config.directory.store import lines_of, save_line, units_of

from .conftest import Desk, Visitor, plain
from .operator_forms import send

LINE = "/desk/operator/lines/chat_luong"
UNIT = "/desk/operator/units/bv-cho-ray"
CHANGES = "/desk/operator/changes"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR, email="van-hanh@soyte.example")


def greet(operator: Visitor, words: str) -> None:
    assert send(operator, LINE, f"{LINE}/save", greeting=words).status_code == 303


def greeting(desk: Desk) -> str:
    with desk.tools.database.begin() as session:
        return next(line.greeting for line in lines_of(session) if line.slug == "chat_luong")


def undo(operator: Visitor, change: int) -> str:
    """Undo and give what the page says."""
    assert operator.post(f"{CHANGES}/{change}/undo", at=CHANGES).status_code == 303
    return plain(operator.text(CHANGES))


def redo(operator: Visitor, change: int) -> str:
    assert operator.post(f"{CHANGES}/{change}/redo", at=CHANGES).status_code == 303
    return plain(operator.text(CHANGES))


def test_before_anything_was_changed_the_page_says_what_will_be_there(operator: Visitor) -> None:
    assert "Chưa có thay đổi nào" in operator.text(CHANGES)


def test_a_change_is_told_with_who_when_and_what(desk: Desk, operator: Visitor) -> None:
    greet(operator, "Sở Y tế xin nghe.")
    page = plain(operator.text(CHANGES))
    assert "Đường dây: Chất lượng khám, chữa bệnh" in page
    assert "Nguyễn Hữu Phước · 09:30 ngày 21/11/2026" in page
    assert "Lời chào Đường dây nóng Sở Y tế Thành phố Hồ Chí Minh xin nghe. → Sở Y tế xin nghe." in page
    assert "Số điện thoại" not in page


def test_each_change_undo_and_redo_is_an_event(desk: Desk, operator: Visitor) -> None:
    greet(operator, "Một.")
    undo(operator, 1)
    redo(operator, 1)
    assert desk.desk_kinds()[-3:] == ["directory_changed", "directory_undone", "directory_redone"]
    with desk.tools.database.begin() as session:
        event = session.query(DeskEvent).order_by(DeskEvent.number.desc()).first()
        assert event is not None
        assert event.actor == "van-hanh@soyte.example"
        assert event.data == {"change": 1, "of": "line", "slug": "chat_luong"}


def test_changes_are_undone_one_after_the_other_and_done_again(desk: Desk, operator: Visitor) -> None:
    first = greeting(desk)
    greet(operator, "Một.")
    greet(operator, "Hai.")
    assert "trở lại như trước" in undo(operator, 2)
    assert greeting(desk) == "Một."
    undo(operator, 1)
    assert greeting(desk) == first
    redo(operator, 1)
    assert "Đã làm lại" in redo(operator, 2)
    assert greeting(desk) == "Hai."


def test_an_undo_never_loses_a_newer_change(desk: Desk, operator: Visitor) -> None:
    greet(operator, "Một.")
    greet(operator, "Hai.")
    page = undo(operator, 1)
    assert "sau đó mục này đã được thay đổi lần nữa" in page
    assert greeting(desk) == "Hai."


def test_an_undo_never_loses_a_change_made_back_and_forth(desk: Desk, operator: Visitor) -> None:
    for words in ("Một.", "Hai.", "Một."):
        greet(operator, words)
    assert "thay đổi lần nữa" in undo(operator, 1)
    assert greeting(desk) == "Một."


def test_an_undo_never_loses_what_was_changed_elsewhere(desk: Desk, operator: Visitor) -> None:
    greet(operator, "Một.")
    with desk.tools.database.begin() as session:
        line = next(line for line in lines_of(session) if line.slug == "chat_luong")
        save_line(session, replace(line, greeting="Từ dòng lệnh."), desk.now)
    assert "thay đổi lần nữa" in undo(operator, 1)
    assert greeting(desk) == "Từ dòng lệnh."


def test_what_was_undone_is_not_undone_twice(desk: Desk, operator: Visitor) -> None:
    greet(operator, "Một.")
    undo(operator, 1)
    assert "Việc này đã được làm trước đó" in undo(operator, 1)
    assert "Việc này đã được làm trước đó" in undo(operator, 999)
    redo(operator, 1)
    assert "Việc này đã được làm trước đó" in redo(operator, 1)


def test_changes_of_different_things_do_not_stand_in_each_others_way(desk: Desk, operator: Visitor) -> None:
    before = greeting(desk)
    greet(operator, "Một.")
    send(operator, UNIT, f"{UNIT}/save", email="moi@choray.example")
    undo(operator, 1)
    assert greeting(desk) == before
    with desk.tools.database.begin() as session:
        assert next(unit for unit in units_of(session) if unit.slug == "bv-cho-ray").email == "moi@choray.example"


def test_an_undo_that_the_directory_forbids_says_why_and_changes_nothing(desk: Desk, operator: Visitor) -> None:
    unit = "/desk/operator/units/phong-nghiep-vu-y"
    send(operator, LINE, f"{LINE}/save", owner="van-phong-so")
    with desk.tools.database.begin() as session:
        guidance = next(line for line in lines_of(session) if line.slug == "dich_vu_cong")
        moved = tuple(replace(branch, unit="van-phong-so") for branch in guidance.branches)
        save_line(session, replace(guidance, branches=moved), desk.now)
    send(operator, unit, f"{unit}/retire")
    page = undo(operator, 1)
    assert "không có đơn vị phong-nghiep-vu-y đang hoạt động" in page
    with desk.tools.database.begin() as session:
        assert session.get_one(DirectoryChange, 1).undone_at is None
        assert next(line for line in lines_of(session) if line.slug == "chat_luong").owner == "van-phong-so"


def test_older_changes_are_a_page_further(operator: Visitor) -> None:
    for number in range(32):
        greet(operator, f"Lời chào thứ {number}.")
    first = operator.text(CHANGES)
    assert "Lời chào thứ 31." in first
    assert 'href="?before=3"' in first
    assert "Lời chào thứ 0." in operator.text(f"{CHANGES}?before=3")


def test_html_in_a_name_is_shown_as_text(operator: Visitor) -> None:
    send(operator, UNIT, f"{UNIT}/save", aliases="a & b\n\x07chợ rẫy")
    page = operator.text(CHANGES)
    assert "a &amp; b" in page
    assert "\x07" not in page
