"""The operator's lines: changed by a form, checked, heard by the next call, shown before they are saved."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from casebook.rules.policy import Role
from config.directory.lines import Line
from config.directory.prompts import read_prompts
from config.directory.store import DATA, lines_of, save_line
from ivr.lineup import FRESH, CachedLineup

from .conftest import PASSWORD, Desk, Visitor, plain
from .operator_forms import fields_of, send

PAGE = "/desk/operator/lines/chat_luong"
SAVE = f"{PAGE}/save"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR)


def line(desk: Desk, slug: str = "chat_luong") -> Line:
    with desk.tools.database.begin() as session:
        return next(line for line in lines_of(session) if line.slug == slug)


def test_the_lines_are_listed_with_number_and_what_a_machine_still_says(operator: Visitor) -> None:
    page = plain(operator.text("/desk/operator/lines"))
    assert "096 777 1010" in page
    assert "1900 638 563" in page
    assert "Kênh bảo mật" in page
    assert "lời do máy đọc" in page


def test_a_form_that_is_sent_back_unchanged_changes_nothing(desk: Desk, operator: Visitor) -> None:
    for slug in ("chat_luong", "ve_benh_moi_tien", "dich_vu_cong", "buc_xuc_dich_vu_cong"):
        page = f"/desk/operator/lines/{slug}"
        before = line(desk, slug)
        assert send(operator, page, f"{page}/save").status_code == 303
        assert line(desk, slug) == before
    assert "directory_changed" not in desk.desk_kinds()


def test_every_field_of_the_form_is_saved(desk: Desk, operator: Visitor) -> None:
    answer = send(
        operator,
        PAGE,
        SAVE,
        name="Chất lượng khám chữa bệnh",
        number="028 3930 9912",
        aliases="chat-luong\nso-moi",
        owner="thanh-tra-so",
        greeting="Sở Y tế xin nghe.",
        notice_text="Cuộc gọi được ghi âm.",
        notice_version="2026-2",
        retention_days="365",
        category="khac",
        ask_category=None,
        **{
            "max_seconds.story": "240",
            "silence_seconds.story": "9",
            "finish_keys.story": "#*",
            "auto_forward.thai_do_phuc_vu": None,
            "auto_forward.khac": "1",
            "days.2.5": "1",
            "days.2.6": "1",
            "start.2": "08:00",
            "end.2": "10:30",
        },
    )
    assert answer.status_code == 303
    saved = line(desk)
    assert (saved.name, saved.number, saved.aliases) == (
        "Chất lượng khám chữa bệnh",
        "028 3930 9912",
        ("chat-luong", "so-moi"),
    )
    assert (saved.owner, saved.greeting, saved.notice.version) == ("thanh-tra-so", "Sở Y tế xin nghe.", "2026-2")
    assert (saved.retention_days, saved.auto_forward, saved.category, saved.ask_category) == (
        365,
        ("khac",),
        "khac",
        False,
    )
    story = next(question for question in saved.questions if question.key == "story")
    assert (story.max_seconds, story.silence_seconds, story.finish_keys, story.required) == (240, 9, "#*", True)
    assert (saved.hours[2].days, saved.hours[2].start, saved.hours[2].end) == ((5, 6), time(8), time(10, 30))
    page = plain(operator.text(answer.location))
    assert "Đã lưu" in page
    assert "Hoàn tác" in page


def test_a_branch_is_added_changed_and_dropped(desk: Desk, operator: Visitor) -> None:
    page = "/desk/operator/lines/dich_vu_cong"
    changes: dict[str, Any] = {
        "branch_name.0": "Cấp phép",
        "branch_ring.0": "40",
        **{f"branch_{part}.1": "" for part in ("key", "name", "target")},
        "branch_key.4": "5",
        "branch_name.4": "Đấu thầu thuốc",
        "branch_target.4": "02839309912",
        "branch_unit.4": "van-phong-so",
    }
    assert send(operator, page, f"{page}/save", **changes).status_code == 303
    branches = line(desk, "dich_vu_cong").branches
    assert [branch.key for branch in branches] == ["1", "3", "4", "5"]
    assert (branches[0].name, branches[0].ring_seconds) == ("Cấp phép", 40)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"number": "không phải số"}, "không phải số điện thoại gọi được"),
        ({"number": "0989401155"}, "dùng chung cho các đường dây"),
        ({"greeting": ""}, "Chưa có lời chào"),
        ({"notice_text": "Lời khác."}, "Phiên bản này đã dùng cho lời báo khác. Hãy đặt phiên bản mới, ví dụ 2026-2."),
        ({"notice_version": "bản mới"}, "Phiên bản lời báo chỉ gồm"),
        ({"retention_days": "mãi mãi"}, "Hãy ghi một số nguyên"),
        ({"retention_days": "0"}, "ít nhất 1 ngày"),
        ({"max_seconds.story": "3"}, "từ 5 đến 7200 giây"),
        ({"finish_keys.story": "a"}, "phím kết thúc chỉ gồm".capitalize()),
        ({"required.story": None}, "Phải có ít nhất một câu bắt buộc"),
        ({"start.0": "17:00"}, "phải trước giờ kết thúc"),
        ({"end.0": ""}, "Hãy ghi giờ bắt đầu và giờ kết thúc"),
        ({"owner": "khong-co"}, "không có đơn vị khong-co".capitalize()),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, operator: Visitor, changes: dict[str, Any], told: str
) -> None:
    before = line(desk)
    answer = send(operator, PAGE, SAVE, **{"name": "Tên vừa gõ & giữ", **changes})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in plain(page)
    assert 'value="Tên vừa gõ &amp; giữ"' in page
    assert line(desk) == before


def test_the_words_of_an_old_notice_version_are_never_replaced(desk: Desk, operator: Visitor) -> None:
    first = line(desk).notice
    send(operator, PAGE, SAVE, notice_text="Lời mới.", notice_version="2026-2")
    answer = send(operator, PAGE, SAVE, notice_text="Lời khác nữa.", notice_version=first.version)
    assert answer.status_code == 422
    assert send(operator, PAGE, SAVE, notice_text=first.text, notice_version=first.version).status_code == 303


def test_what_somebody_else_saved_meanwhile_is_shown_and_the_later_chooses(desk: Desk, operator: Visitor) -> None:
    stale = {"seen": "0" * 32, "greeting": "Lời chào của tôi."}
    answer = send(operator, PAGE, SAVE, **stale)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Người khác vừa sửa mục này" in page
    assert "Đường dây nóng Sở Y tế Thành phố Hồ Chí Minh xin nghe." in page
    assert "Lời chào của tôi." in page
    assert line(desk).greeting != "Lời chào của tôi."


def test_nothing_typed_or_ticked_is_lost_when_the_session_ends_meanwhile(desk: Desk, operator: Visitor) -> None:
    before = line(desk)
    fields = fields_of(operator.text(PAGE), SAVE) | {"greeting": "Gõ lúc hết phiên."}
    newcomer = desk.stranger()
    told = newcomer.bare_post(SAVE, fields).get_data(as_text=True)
    kept = fields_of(told, "/desk/login") | {"email": "operator@soyte.example", "password": PASSWORD}
    again = newcomer.bare_post("/desk/login", kept).get_data(as_text=True)
    assert "Gõ lúc hết phiên." in again
    assert newcomer.bare_post(SAVE, fields_of(again, SAVE)).status_code == 303
    assert line(desk) == replace(before, greeting="Gõ lúc hết phiên.")


def test_a_preview_is_heard_before_it_is_saved(desk: Desk, operator: Visitor) -> None:
    answer = send(operator, PAGE, SAVE, greeting="Xin nghe thử.", preview="1")
    page = plain(answer.get_data(as_text=True))
    assert answer.status_code == 200
    assert "chưa lưu" in page
    assert page.count("Xin nghe thử.") >= 2
    assert "Người gọi bấm phím 1" in page
    assert "Ghi âm “Nội dung phản ánh”, tối đa 300 giây" in page
    assert line(desk).greeting != "Xin nghe thử."


def test_the_next_call_hears_the_change_within_the_time_that_is_said(desk: Desk, operator: Visitor) -> None:
    lineup = CachedLineup(read_prompts(DATA / "prompts.toml"))
    with desk.tools.database.begin() as session:
        lineup(session, desk.now)
    send(operator, PAGE, SAVE, greeting="Lời chào mới.")
    with desk.tools.database.begin() as session:
        heard = lineup(session, desk.now + FRESH)
    assert heard.named("chat_luong").greeting == "Lời chào mới."
    assert heard.book.find("chat_luong", "greeting").text == "Lời chào mới."
    assert timedelta(seconds=15) == FRESH


def test_a_line_becomes_confidential_only_after_a_page_that_explains(desk: Desk, operator: Visitor) -> None:
    page = f"{PAGE}/confidential"
    assert "Các phản ánh đã có vẫn giữ chế độ cũ" in operator.text(page)
    answer = send(operator, page, f"{page}/set")
    assert answer.status_code == 422
    assert not line(desk).confidential
    assert send(operator, page, f"{page}/set", understood="1").status_code == 303
    changed = line(desk)
    assert changed.confidential
    assert changed.auto_forward == ()


def test_the_form_cannot_make_a_line_confidential(desk: Desk, operator: Visitor) -> None:
    send(operator, PAGE, SAVE, confidential="yes")
    assert not line(desk).confidential


def test_a_line_that_is_not_there_is_told_so(operator: Visitor) -> None:
    assert operator.get("/desk/operator/lines/khong-co").status_code == 404


def test_only_an_operator_comes_in(desk: Desk) -> None:
    for role in set(Role) - {Role.OPERATOR}:
        assert desk.person(role).get(PAGE).status_code == 403


def test_a_unit_that_has_a_line_can_not_be_its_owner_once_retired(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        save_line(session, replace(line(desk), owner="thanh-tra-so"), desk.now)
    assert 'value="thanh-tra-so" selected' in operator.text(PAGE)
