"""One thing done with many cases: each by itself, and a page that says what was done, what not and why."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
from werkzeug.test import TestResponse

from casebook.rules.policy import Role

from .conftest import Desk, Visitor, plain
from .test_acts import jobs
from .test_list import codes_on


def marked(page: str) -> dict[str, str]:
    """The marks of the list by code, as a browser would send them."""
    return {mark.partition(".")[0]: mark for mark in re.findall(r'name="case" value="([\d.]+)"', page)}


def ordered(visitor: Visitor, do: str, marks: list[str], **fields: str) -> TestResponse:
    return visitor.post("/desk/bulk", {"do": do, "case": marks, "list": "", **fields}, at="/desk/")


def undone(visitor: Visitor, page: str) -> TestResponse:
    """Press "undo" on the page of what became of the order."""
    form = page[page.index('class="undo"') : page.index("</form>", page.index('class="undo"'))]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return visitor.bare_post("/desk/bulk", fields)


def test_many_are_confirmed_and_sent_at_once(desk: Desk) -> None:
    codes = [desk.place(contact="") for _ in range(3)]
    visitor = desk.inspector()
    marks = marked(visitor.text("/desk/"))
    assert set(marks) == set(codes)
    answer = ordered(visitor, "forward", [marks[codes[0]], marks[codes[1]]])
    assert answer.status_code == 200
    assert "Đã làm: 2. Không làm được: 0." in plain(answer.text)
    assert [desk.case(code).status for code in codes] == ["confirmed", "confirmed", "review"]
    assert {job["case_id"] for job in jobs(desk, "forward")} == {str(desk.case(code).id) for code in codes[:2]}


def test_what_cannot_be_done_says_why_and_holds_up_nothing_else(desk: Desk) -> None:
    good, changed, held, gone, unitless = (desk.place(contact="") for _ in range(5))
    desk.change(unitless, lambda _session, case: setattr(case, "responsible_unit", None))
    visitor = desk.inspector()
    marks = marked(visitor.text("/desk/"))
    desk.change(changed, lambda _session, case: setattr(case, "summary", "Người khác vừa sửa"))
    desk.inspector("mai@soyte.example").post(f"/desk/cases/{held}/take")
    desk.change(gone, lambda _session, case: setattr(case, "confidential", True))
    answer = ordered(visitor, "confirm", list(marks.values()))
    told = plain(answer.text)
    assert "Đã làm: 1. Không làm được: 4." in told
    for words in ("vừa được người khác thay đổi", "đang giữ phản ánh này", "Không có phản ánh này", "Chưa chọn đơn vị"):
        assert words in told
    assert desk.case(good).status == "confirmed"
    for code in (changed, held, gone, unitless):
        assert desk.case(code).status == "review"


@pytest.mark.parametrize("do", ["close", "set_aside"])
def test_many_are_ended_with_one_reason_and_taken_up_again_by_undo(desk: Desk, do: str) -> None:
    codes = [desk.place(contact="") for _ in range(2)]
    visitor = desk.inspector()
    answer = ordered(visitor, do, list(marked(visitor.text("/desk/")).values()), words="Gọi thử đường dây")
    assert {desk.case(code).status for code in codes} == {"closed" if do == "close" else "set_aside"}
    assert all("Gọi thử đường dây" in str(desk.events(code)[-1].data) for code in codes)
    back = undone(visitor, answer.text)
    assert "Đã làm: 2." in plain(back.text)
    assert {desk.case(code).status for code in codes} == {"review"}


def test_a_changed_unit_is_undone_to_the_unit_that_each_case_had(desk: Desk) -> None:
    first = desk.place(contact="")
    second = desk.place(contact="", facility="bệnh viện từ dũ", story="chờ ở từ dũ cả buổi không ai khám")
    before = {code: desk.case(code).responsible_unit for code in (first, second)}
    visitor = desk.inspector()
    marks = list(marked(visitor.text("/desk/")).values())
    answer = ordered(visitor, "change_unit", marks, unit="Bệnh viện Bình Dân")
    assert {desk.case(code).responsible_unit for code in before} == {"bv-binh-dan"}
    undone(visitor, answer.text)
    assert {code: desk.case(code).responsible_unit for code in before} == before


def test_many_are_confirmed_too_early_and_put_back(desk: Desk) -> None:
    code = desk.place(contact="")
    visitor = desk.inspector()
    answer = ordered(visitor, "confirm", list(marked(visitor.text("/desk/")).values()))
    assert desk.case(code).status == "confirmed"
    undone(visitor, answer.text)
    assert desk.case(code).status == "review"


def test_many_are_taken_and_given_back(desk: Desk) -> None:
    codes = [desk.place(contact="") for _ in range(2)]
    visitor = desk.inspector()
    answer = ordered(visitor, "take", list(marked(visitor.text("/desk/")).values()))
    assert "Đã làm: 2." in plain(answer.text)
    assert visitor.text("/desk/").count("Bạn đang giữ") == 2
    undone(visitor, answer.text)
    assert "Bạn đang giữ" not in visitor.text("/desk/")
    assert [desk.kinds(code)[-2:] for code in codes] == [["taken", "given_back"]] * 2
    assert "Không làm được: 2." in plain(
        ordered(visitor, "give_back", list(marked(visitor.text("/desk/")).values())).text
    )


@pytest.mark.parametrize(
    ("do", "marks", "fields", "told"),
    [
        ("", True, {}, "Hãy chọn việc cần làm"),
        ("xóa hết", True, {}, "Hãy chọn việc cần làm"),
        ("confirm", False, {}, "Hãy đánh dấu ít nhất một phản ánh"),
        ("close", True, {"words": "  "}, "Hãy ghi lý do"),
        ("change_unit", True, {"unit": "zzz không có thật"}, "Không có đơn vị này"),
        ("change_unit", True, {"unit": ""}, "Không có đơn vị này"),
        ("change_unit", True, {"unit": "xóm chiếu"}, "Bệnh viện Quận 4 (phường, xã Xóm Chiếu"),
    ],
)
def test_an_order_that_makes_no_sense_does_nothing_and_says_what_to_do(
    desk: Desk, do: str, marks: bool, fields: dict[str, str], told: str
) -> None:
    code = desk.place(contact="")
    visitor, before = desk.inspector(), desk.kinds(code)
    sent = list(marked(visitor.text("/desk/")).values()) if marks else []
    answer = ordered(visitor, do, sent, **fields)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert told in plain(visitor.text("/desk/"))
    assert desk.kinds(code) == before


@pytest.mark.parametrize("mark", ["", ".", "x.1", "1234567897", "1234567897.x", "٣.1", "1234567897." + "9" * 40])
def test_a_mark_that_is_none_is_left_out(desk: Desk, mark: str) -> None:
    visitor = desk.inspector()
    assert ordered(visitor, "confirm", [mark]).status_code == 303


def test_what_was_marked_leaves_as_a_spreadsheet(desk: Desk) -> None:
    wanted, other = desk.place(contact=""), desk.place(contact="")
    supervisor = desk.person(Role.SUPERVISOR)
    page = supervisor.text("/desk/")
    assert "Xác nhận và chuyển ngay" not in page
    assert set(codes_on(page)) == {wanted, other}
    answer = supervisor.post("/desk/export?view=active", {"case": [marked(page)[wanted]]}, at="/desk/")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == [wanted]
