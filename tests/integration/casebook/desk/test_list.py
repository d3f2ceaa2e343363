"""The list: what it shows, in which order, to whom, and what leaves in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import counts, listing
from casebook.rules import codes
from casebook.rules.policy import Role

from .conftest import Desk, Visitor, hidden, plain

SECRET_STORY = "phòng khám này moi tiền của tôi mười triệu đồng"


def codes_on(page: str) -> list[str]:
    return re.findall(r'class="case-link" href="/desk/cases/(\d+)"', page)


@pytest.mark.parametrize("asked", ["quát", "quat", "QUÁT là", "điều dưỡng quát", "dieu duong qu", "chợ rẫy"])
def test_words_are_found_with_and_without_diacritics_and_half_typed(desk: Desk, asked: str) -> None:
    code = desk.place()
    desk.place(facility="bệnh viện từ dũ", story="chờ lâu quá không ai gọi", contact="")
    assert codes_on(desk.inspector().text(f"/desk/?q={quote(asked)}")) == [code]


def test_a_code_is_found_as_people_write_it(desk: Desk) -> None:
    code = desk.place()
    desk.place()
    visitor = desk.inspector()
    for written in (code, codes.readable(code), f"{code[:4]}-{code[4:]}"):
        assert codes_on(visitor.text(f"/desk/?q={quote(written)}")) == [code]


@pytest.mark.parametrize(
    "asked", ["zzz", "'; DROP TABLE cases; --", "!&|()<->:*", "\x00\x1b[31m", "a" * 5000, "%", "🙂"]
)
def test_what_finds_nothing_or_is_no_search_says_what_to_do(desk: Desk, asked: str) -> None:
    desk.place()
    answer = desk.inspector().get("/desk/", query_string={"q": asked})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    if not codes_on(page):
        assert "Không có phản ánh nào khớp" in page


def test_an_empty_desk_says_how_to_make_the_first_call(desk: Desk) -> None:
    page = desk.inspector().text("/desk/")
    assert "Không còn việc nào đang chờ" in page
    assert "make call" in page


def test_emergencies_come_first_then_patients_who_are_still_there_then_what_has_waited_longest(desk: Desk) -> None:
    young = desk.place(hours_ago=1)
    old = desk.place(hours_ago=30)
    urgent = desk.place(hours_ago=0.1, emergency=True)
    late = desk.place(hours_ago=200, then=("confirm", "forward"))
    done = desk.place(hours_ago=300, then=("set_aside",), why="thử")
    visitor = desk.inspector()
    assert codes_on(visitor.text("/desk/")) == [urgent, old, young, late], "in the first two the patient is still there"
    assert codes_on(visitor.text("/desk/?view=all")) == [urgent, young, old, late, done]


def test_each_filter_shows_what_it_says(desk: Desk) -> None:
    plain_one = desk.place()
    urgent = desk.place(emergency=True)
    late = desk.place(
        hours_ago=200, then=("confirm", "forward"), facility="bệnh viện từ dũ", story="chờ ở từ dũ cả buổi"
    )
    papers = desk.place(line="buc_xuc_dich_vu_cong", key="thu_tuc_hanh_chinh", story="nộp hồ sơ chưa có kết quả")
    # What the rules make of these words is not this test's matter.
    desk.change(papers, lambda _session, case: setattr(case, "category", "thu_tuc_hanh_chinh"))
    stuck = desk.place(then=("confirm", "failed"))
    visitor = desk.chief()
    expected = {
        "line=buc_xuc_dich_vu_cong": {papers},
        "category=thu_tuc_hanh_chinh": {papers},
        "unit=bv-tu-du": {late},
        "emergency=1": {urgent},
        "overdue=1": {late},
        "failed=1": {stuck},
        "view=confirmed": {stuck},
        "until=2026-11-15": {late},
        "since=2026-11-16": {plain_one, urgent, papers, stuck},
        "view=không-có&line=&since=hôm-qua": {plain_one, urgent, late, papers, stuck},
    }
    for query, wanted in expected.items():
        assert set(codes_on(visitor.text(f"/desk/?{query}"))) == wanted, query


def test_each_number_opens_exactly_the_cases_that_it_counts(desk: Desk) -> None:
    desk.place()
    desk.place(emergency=True)
    desk.place(hours_ago=200, then=("confirm", "forward"))
    desk.place(then=("confirm", "failed"))
    desk.place(then=("set_aside",), why="thử")
    desk.place(line="ve_benh_moi_tien", story=SECRET_STORY, key=None)
    for visitor in (desk.chief(), desk.inspector()):
        page = visitor.text("/desk/?since=2026-01-01")
        links = re.findall(r'href="(\?[^"]*)"[^>]*>[^<]*<span class="count">(\d+)</span>', page)
        assert len(links) >= 8
        for link, number in links:
            assert len(codes_on(visitor.text("/desk/" + link.replace("&amp;", "&")))) == int(number), link


def test_a_search_that_finds_too_much_to_count_shows_cases_and_no_numbers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "COUNTED", 1)
    placed = {desk.place(), desk.place(contact="")}
    visitor = desk.inspector()
    page = visitor.text("/desk/?q=cho+ray")
    assert set(codes_on(page)) == placed
    assert 'class="count"' not in page
    for view in ("Đang gọi", "Đã kết thúc", "Tất cả"):
        assert view in page
    assert '<span class="count">hơn 1</span>' in visitor.text("/desk/"), "without a search it says so"
    desk.change(placed.pop(), lambda _session, case: setattr(case, "search_text", "khac"))
    assert '<span class="count">1</span>' in visitor.text("/desk/?q=cho+ray")


@pytest.mark.parametrize("view", ["active", "all"])
def test_turning_the_pages_shows_every_case_once(desk: Desk, view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    placed = {desk.place(hours_ago=float(n // 2), contact="", emergency=n == 4) for n in range(8)}
    visitor, seen, link = desk.inspector(), [], f"?view={view}"
    while link:
        page = visitor.text("/desk/" + link)
        seen += codes_on(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found.group(1).replace("&amp;", "&") if found else ""
    assert len(seen) == 8
    assert set(seen) == placed


@pytest.mark.parametrize("after", ["x", "", "MHx4fHk=", "%00", "á"])
def test_a_page_number_that_makes_no_sense_begins_at_the_top(desk: Desk, after: str) -> None:
    code = desk.place()
    assert codes_on(desk.inspector().text(f"/desk/?after={after}")) == [code]


def everything_about(visitor: Visitor, code: str) -> str:
    paths = ("/desk/", "/desk/?view=all", f"/desk/?q={code}", f"/desk/cases/{code}", f"/desk/cases/{code}/letter")
    export = visitor.post("/desk/export?view=all", {}).get_data(as_text=True)
    return export + "".join(visitor.text(path) for path in (*paths, "/desk/failures"))


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.OPERATOR])
def test_a_case_of_the_confidential_line_does_not_exist_without_clearance(desk: Desk, role: Role) -> None:
    code = desk.place(line="ve_benh_moi_tien", story=SECRET_STORY, key=None, then=("confirm", "failed"))
    visitor = desk.person(role)
    told = everything_about(visitor, code).replace(f'value="{code}"', "")
    assert code not in told.replace(f"q={code}", "")
    assert "moi tiền của tôi" not in told
    assert code in everything_about(desk.chief(), code)


def test_a_supervisor_reads_the_case_but_not_who_called(desk: Desk) -> None:
    story = "tôi là trần văn hùng số điện thoại không chín một ba tám tám chín chín không không\nbác sĩ quát mẹ tôi"
    code = desk.place(story=story)
    page = plain(desk.person(Role.SUPERVISOR).text(f"/desk/cases/{code}"))
    assert "bác sĩ quát mẹ tôi" in page
    assert "[đã che]" in page
    assert "trần văn hùng" not in page
    assert "Xem danh tính" not in page
    assert "Lưu bản chép lời" not in page
    assert "trần văn hùng" in plain(desk.inspector().text(f"/desk/cases/{code}"))


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_spreadsheet_holds_the_list_and_is_written_down(desk: Desk) -> None:
    code = desk.place()
    desk.place(line="buc_xuc_dich_vu_cong", key=None)
    visitor = desk.inspector()
    answer = visitor.post("/desk/export?line=chat_luong&q=quat", {})
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert [row[0] for row in rows_of(text)] == ["Mã số", code]
    assert 'filename="phan-anh-20261121-0930.csv"' in answer.headers["Content-Disposition"]
    assert desk.desk_kinds()[-1] == "exported"
    assert "090" not in text.replace(code, "")


@pytest.mark.parametrize("said", ["=1+1", "+84", "-2", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)"])
def test_a_spreadsheet_never_takes_words_for_a_formula(desk: Desk, said: str) -> None:
    code = desk.place()

    def write(_session: Session, case: Case) -> None:
        case.summary = said

    desk.change(code, write)
    summary = rows_of(desk.inspector().post("/desk/export", {}).get_data(as_text=True))[1][8]
    assert summary == f"'{said}"


def test_the_list_tells_how_late_and_how_long(desk: Desk) -> None:
    desk.place(hours_ago=26)

    def forwarded(_session: Session, case: Case) -> None:
        case.status, case.due_at = "forwarded", desk.now - timedelta(hours=5, minutes=1)

    late = desk.place(hours_ago=100)
    desk.change(late, forwarded)
    page = plain(desk.inspector().text("/desk/"))
    assert "quá hạn 5 giờ" in page
    assert "chờ 26 giờ" in page


def test_filters_stay_while_searching(desk: Desk) -> None:
    page = desk.inspector().text("/desk/?view=closed&overdue=1&q=abc")
    assert hidden(page, "view") == "closed"
    assert hidden(page, "overdue") == "1"
