"""The unit's pages: its cases, redacted; and nothing of any other unit, whatever address is tried."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from casebook.models import Case, CaseRedaction
from casebook.rules.policy import Role
from casebook.rules.states import Status
from config.directory.models import UnitRow
from tests.attachments import png

from .at_the_unit import ANSWER, OTHER, SENT, UNIT, answer, attach, case_of, decide, files_of, officer
from .conftest import CONTACT, Desk, Visitor, hidden, plain

NAMES = ("bích thủy", "0908123456", "090 812", "908123456", "Bích Thủy")


def codes_on(page: str) -> list[str]:
    return re.findall(r'class="case-link" href="/desk/unit/cases/(\d+)"', page)


def set_due(desk: Desk, code: str, **ahead: float) -> None:
    def due(_session: object, case: Case) -> None:
        case.due_at = desk.now + timedelta(**ahead)

    desk.change(code, due)


def test_a_unit_sees_what_was_sent_to_it_late_ones_first(desk: Desk) -> None:
    soon, late, other, unsent = case_of(desk), case_of(desk), case_of(desk, OTHER), desk.place()
    set_due(desk, soon, hours=5)
    set_due(desk, late, hours=-30)
    page = officer(desk).text("/desk/unit")
    assert codes_on(page) == [late, soon]
    assert "quá hạn 30 giờ" in plain(page)
    assert "còn 5 giờ" in plain(page)
    assert other not in page
    assert unsent not in page


def test_the_tabs_show_what_they_count(desk: Desk) -> None:
    new, late, got = case_of(desk), case_of(desk), case_of(desk, then=(*SENT, "acknowledge"))
    answered = case_of(desk, then=(*SENT, "reply"), reply=ANSWER)
    closed = case_of(desk, then=(*SENT, "reply", "close"), reply=ANSWER, why="xong")
    for code, hours in ((new, 9), (late, -9), (got, 5)):
        set_due(desk, code, hours=hours)
    visitor = officer(desk)
    wanted = {
        "waiting": [late, got, new],
        "new": [late, new],
        "acknowledged": [got],
        "late": [late],
        "answered": [answered],
        "closed": [closed],
    }
    page = visitor.text("/desk/unit")
    for show, found in wanted.items():
        assert codes_on(visitor.text(f"/desk/unit?show={show}")) == found, show
        counted = re.search(rf'href="\?(?:show={show})?"[^>]*>[^<]*<span class="count(?: bad)?">(\d+)', page)
        assert counted or show == "waiting"
    assert set(codes_on(visitor.text("/desk/unit?show=all"))) == {new, late, got, answered, closed}
    assert codes_on(visitor.text("/desk/unit?show=all"))[:3] == [late, got, new]


@pytest.mark.parametrize("words", ["quát", "quat", "QUAT dieu duong", "điều dưỡng quát là"])
def test_words_are_found_with_or_without_diacritics(desk: Desk, words: str) -> None:
    code = case_of(desk)
    summary = "Cô điều dưỡng quát: là không chờ được, Đi chỗ khác."

    def say(_session: object, case: Case) -> None:
        case.summary = summary

    desk.change(code, say)
    other = case_of(desk)
    desk.change(other, lambda _session, case: setattr(case, "summary", "Thu tiền không hóa đơn"))
    assert codes_on(officer(desk).text(f"/desk/unit?q={quote(words)}")) == [code]


def test_a_code_finds_its_case_however_it_is_written_and_nothing_finds_another_units(desk: Desk) -> None:
    code, other, visitor = case_of(desk), case_of(desk, OTHER), officer(desk)
    for written in (code, f"{code[:3]} {code[3:6]} {code[6:]}", code[:5]):
        assert codes_on(visitor.text(f"/desk/unit?q={quote(written)}")) == [code], written
    assert codes_on(visitor.text(f"/desk/unit?q={other}&show=all")) == []
    for nonsense in ("%", "_", "' OR 1=1", "\\", "zzz", "|&!"):
        assert codes_on(visitor.text(f"/desk/unit?q={quote(nonsense)}")) == [], nonsense


@pytest.mark.parametrize("query", ["show=bịa", "page=0", "page=-1", "page=99999", "page=x", "q=" + "a" * 5000])
def test_a_mistyped_address_shows_a_list_all_the_same(desk: Desk, query: str) -> None:
    case_of(desk)
    assert officer(desk).get(f"/desk/unit?{query}").status_code == 200


def test_words_that_were_hidden_cannot_be_guessed_by_searching(desk: Desk) -> None:
    code, visitor = case_of(desk), officer(desk)
    desk.change(code, lambda _session, case: setattr(case, "summary", "Bà Trần Thị Mận bị quát"))
    assert codes_on(visitor.text("/desk/unit?q=man")) == [code]

    def hide(session: object, case: Case) -> None:
        session.add(  # type: ignore[attr-defined]
            CaseRedaction(
                case_id=case.id,
                recording_id=case.recordings[0].recording_id,
                revision=1,
                hidden=[[0, 1]],
                shown=[],
                made_by="x",
                made_at=desk.now,
            )
        )

    desk.change(code, hide)
    assert codes_on(visitor.text("/desk/unit?q=man")) == []
    page = visitor.text("/desk/unit")
    assert "Mận" not in page
    assert codes_on(page) == [code]


def test_a_case_shows_the_letter_and_never_who_called(desk: Desk) -> None:
    code = case_of(desk, contact=CONTACT)
    page = officer(desk).text(f"/desk/unit/cases/{code}")
    read = plain(page)
    assert "cô điều dưỡng quát" in read.lower()
    assert "Thái độ phục vụ" in read
    assert "Bệnh viện Chợ Rẫy" in read
    for name in NAMES:
        assert name not in page
    for other in ("audio", "/identity", "/notes", "suggestion", "Gợi ý", "thanhtra@soyte.example", "/answers/"):
        assert other not in page.replace("Liên hệ Thanh tra Sở", "")


def test_the_units_pages_say_nothing_of_notes_or_inspectors(desk: Desk) -> None:
    code, inspector = case_of(desk), desk.inspector()
    page = f"/desk/cases/{code}"
    inspector.post(f"{page}/notes", {"words": "ghi chú kín"}, at=page)
    shown = officer(desk).text(f"/desk/unit/cases/{code}")
    assert "ghi chú kín" not in shown
    assert "Nguyễn Hữu Phước" not in shown
    assert "thanhtra@" not in shown


def test_the_letters_link_leads_an_officer_to_their_own_page_after_logging_in(desk: Desk) -> None:
    code = case_of(desk)
    officer(desk)
    visitor = desk.stranger()
    link = f"/desk/cases/{code}"
    door = visitor.get(link)
    assert (door.status_code, door.location) == (303, f"/desk/login?next={link}")
    inside = visitor.post(
        "/desk/login", {"email": "canbo@cho-ray.example", "password": "một mật khẩu dài", "next": link}
    )
    assert inside.location == link
    onwards = visitor.get(link)
    assert (onwards.status_code, onwards.location) == (303, f"/desk/unit/cases/{code}")
    assert visitor.get(onwards.location).status_code == 200
    assert desk.case(code).status == Status.FORWARDED, "to look is not to act"
    home = visitor.get("/desk/")
    assert (home.status_code, home.location) == (303, "/desk/unit")


def test_an_inspector_stays_on_the_departments_page(desk: Desk) -> None:
    code, inspector = case_of(desk), desk.inspector()
    assert inspector.get(f"/desk/cases/{code}").status_code == 200
    assert inspector.get(f"/desk/unit/cases/{code}").status_code == 403


def test_a_unit_acknowledges_once(desk: Desk) -> None:
    code, visitor = case_of(desk), officer(desk)
    page = f"/desk/unit/cases/{code}"
    for _ in range(2):
        assert visitor.post(f"{page}/acknowledge", at=page).status_code == 303
    assert desk.case(code).status == Status.ACKNOWLEDGED
    assert desk.kinds(code).count("acknowledge") == 1
    assert desk.events(code)[-1].actor == "canbo@cho-ray.example"
    assert "Đã nhận phản ánh" not in plain(visitor.text(page))


def test_an_answer_needs_words_and_a_case_that_awaits_one(desk: Desk) -> None:
    code, visitor = case_of(desk), officer(desk)
    assert answer(visitor, code, "  \x00 ").status_code == 422
    page = visitor.text(f"/desk/unit/cases/{code}")
    answer(visitor, code)
    assert desk.case(code).status == Status.ANSWERED
    token = hidden(page, "csrf_token")
    path = f"/desk/unit/cases/{code}/reply"
    late = visitor.bare_post(path, {"csrf_token": token, "words": "lần hai"}, content_type="multipart/form-data")
    assert late.status_code == 409
    assert "Đơn vị đã trả lời" in plain(late.get_data(as_text=True))
    assert desk.case(code).reply == ANSWER


def test_the_head_of_a_unit_may_answer_too_and_colleagues_are_named(desk: Desk) -> None:
    code = case_of(desk)
    head = officer(desk, email="thutruong@cho-ray.example", role=Role.UNIT_HEAD)
    assert answer(head, code).status_code == 303
    assert "Đỗ Thị Lan" in plain(officer(desk).text(f"/desk/unit/cases/{code}"))


def test_the_spreadsheet_holds_the_units_own_list_and_is_written_down(desk: Desk) -> None:
    code, other = case_of(desk), case_of(desk, OTHER)
    desk.change(code, lambda _session, case: setattr(case, "summary", "=HYPERLINK(1)"))
    visitor = officer(desk)
    sheet = visitor.post("/desk/unit/export?show=all", at="/desk/unit").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(sheet.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == ["Mã số", code]
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert other not in sheet
    assert desk.desk_kinds()[-1] == "exported"


def test_many_cases_come_in_pages(desk: Desk) -> None:
    code = case_of(desk)

    def copy(session: object, case: Case) -> None:
        for number in range(35):
            session.add(  # type: ignore[attr-defined]
                Case(
                    code=f"90000000{number:02}",
                    line=case.line,
                    channel="hotline",
                    status=Status.FORWARDED,
                    responsible_unit=UNIT,
                    opened_at=desk.now,
                    due_at=desk.now + timedelta(days=9, minutes=number),
                )
            )

    desk.change(code, copy)
    visitor = officer(desk)
    first, second = (codes_on(visitor.text(f"/desk/unit?page={number}")) for number in (1, 2))
    assert (len(first), len(second), len({*first, *second})) == (30, 6, 36)
    assert 'rel="next"' not in visitor.text("/desk/unit?page=2")


def test_a_case_that_went_to_another_unit_is_gone_with_its_answers(desk: Desk) -> None:
    code, first, inspector = case_of(desk), officer(desk), desk.inspector()
    answer(first, code, sent=[("biên bản.png", png())])
    decide(inspector, code, "return", words="Chưa đủ.")

    def move(_session: object, case: Case) -> None:
        case.responsible_unit, case.status = OTHER, Status.FORWARDED

    desk.change(code, move)
    assert first.get(f"/desk/unit/cases/{code}").status_code == 404
    second = officer(desk, OTHER, "canbo@binh-dan.example")
    page = second.text(f"/desk/unit/cases/{code}")
    assert ANSWER not in page
    assert "biên bản" not in page
    assert "Chưa đủ." not in page
    assert second.get(f"/desk/unit/cases/{code}/files/{files_of(desk, code)[0].id}").status_code == 404


def test_a_unit_that_left_the_directory_still_has_its_pages_and_is_told_so(desk: Desk) -> None:
    code, visitor, inspector = case_of(desk), officer(desk), desk.inspector()
    with desk.tools.database.begin() as session:
        session.execute(delete(UnitRow).where(UnitRow.slug == UNIT))
    for path in ("/desk/unit", f"/desk/unit/cases/{code}"):
        assert "“bv-cho-ray” không còn trong danh bạ" in plain(visitor.text(path))
    assert answer(visitor, code).status_code == 303
    page = plain(inspector.text(f"/desk/cases/{code}"))
    assert "“bv-cho-ray” không còn trong danh bạ" in page
    assert decide(inspector, code, "return", words="Thiếu.").status_code == 303
    assert visitor.post("/desk/unit/export", at="/desk/unit").status_code == 200


def test_an_officer_without_a_unit_sees_nothing_and_is_told_whom_to_ask(desk: Desk) -> None:
    code, visitor = case_of(desk), officer(desk, None)
    page = plain(visitor.text("/desk/unit?show=all"))
    assert "chưa gắn với đơn vị nào" in page
    assert visitor.get(f"/desk/unit/cases/{code}").status_code == 404


@pytest.mark.parametrize("status", [Status.OPEN, Status.REVIEW, Status.CONFIRMED, Status.SET_ASIDE])
def test_a_case_that_was_not_sent_is_not_there(desk: Desk, status: Status) -> None:
    code, visitor = case_of(desk), officer(desk)
    desk.change(code, lambda _session, case: setattr(case, "status", status))
    assert visitor.get(f"/desk/unit/cases/{code}").status_code == 404
    assert codes_on(visitor.text("/desk/unit?show=all")) == []


def everything_of(desk: Desk, code: str) -> list[str]:
    """Every address that any page of a case knows."""
    case = desk.case(code)
    shown, file_id = f"/desk/cases/{code}", files_of(desk, code)[0].id
    recordings = [link.recording_id for link in case.recordings]
    return [
        f"{shown}/letter",
        f"{shown}/files/{file_id}",
        *(f"{shown}/audio/{recording}" for recording in recordings),
        f"/desk/unit/cases/{code}",
        f"/desk/unit/cases/{code}/files/{file_id}",
    ]


def posts_of(code: str) -> list[str]:
    department, unit = f"/desk/cases/{code}", f"/desk/unit/cases/{code}"
    acts = ("act/close", "identity", "notes", "files", "reply/accept", "reply/return")
    return [f"{unit}/acknowledge", f"{unit}/reply", *(f"{department}/{act}" for act in acts)]


def tried(visitor: Visitor, path: str) -> int:
    return visitor.get(path).status_code


def test_a_curious_officer_finds_nothing_of_another_units_case_at_any_address(desk: Desk) -> None:
    other, secret = case_of(desk, OTHER), case_of(desk, OTHER, line="ve_benh_moi_tien", key=None)
    chief, theirs = desk.chief(), officer(desk, OTHER, "canbo@binh-dan.example")
    for code in (other, secret):
        attach(chief, code, [("a.png", png())])
        answer(theirs, code, sent=[("b.png", png(told=b"x"))])
    curious = officer(desk)
    mine = case_of(desk)
    for code in (other, secret):
        before = desk.kinds(code)
        for path in everything_of(desk, code):
            assert tried(curious, path) in {403, 404}, path
        assert tried(curious, f"/desk/unit/cases/{code}") == 404
        assert curious.get(f"/desk/cases/{code}", follow_redirects=True).status_code == 404
        for file in files_of(desk, code):
            for path in (f"/desk/unit/cases/{code}/files/{file.id}", f"/desk/unit/cases/{mine}/files/{file.id}"):
                assert tried(curious, path) == 404, path
        for path in posts_of(code):
            assert curious.post(path, {"words": "x", "why": "tò mò thôi"}, at="/desk/unit").status_code in {403, 404}
        assert desk.kinds(code) == before
    page = curious.text("/desk/unit?show=all")
    assert other not in page
    assert secret not in page


def test_an_officer_has_no_way_to_the_departments_side_of_their_own_case(desk: Desk) -> None:
    code, curious, inspector = case_of(desk, contact=CONTACT), officer(desk), desk.inspector()
    attach(inspector, code, [("a.png", png())])
    for path in everything_of(desk, code):
        if path != f"/desk/unit/cases/{code}":
            assert tried(curious, path) in {403, 404}, path
    for path in posts_of(code)[2:]:
        assert curious.post(path, {"words": "x", "why": "tò mò thôi"}, at="/desk/unit").status_code == 403, path
