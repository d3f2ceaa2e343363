"""Who works on a case: two people never do, and nobody keeps a case by going home."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from casebook.models import Case, CaseClaim
from casebook.queries import listing
from casebook.queries.filters import Filters
from casebook.queries.visible import stand_behind_wall
from casebook.rules.policy import Role, Viewer
from casebook.service import claims

from .conftest import Desk, Visitor, form_of, plain
from .test_acts import acted, saved
from .test_list import codes_on

MAI, PHUOC = "mai@soyte.example", "thanhtra@soyte.example"


def holder(desk: Desk, code: str) -> str | None:
    with desk.tools.database.begin() as session:
        claim = claims.holder_of(session, desk.case(code).id, desk.now)
        return claim.holder if claim else None


def took(visitor: Visitor, code: str, what: str = "take", **fields: str) -> int:
    return visitor.post(f"/desk/cases/{code}/{what}", fields).status_code


def next_of(visitor: Visitor, query: str = "") -> str:
    """Press "next" on the list; gives the address that it leads to."""
    return visitor.post("/desk/next", {"list": query}, at="/desk/").location


def test_a_case_is_taken_by_the_button_and_not_by_looking(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    assert "Chưa ai giữ phản ánh này" in visitor.text(f"/desk/cases/{code}")
    assert holder(desk, code) is None
    assert took(visitor, code) == 303
    assert holder(desk, code) == PHUOC
    page = visitor.text(f"/desk/cases/{code}")
    assert "Bạn đang giữ phản ánh này" in page
    assert "Nhận xử lý" in plain(page).split("Diễn biến")[1]
    assert "Bạn đang giữ" in visitor.text("/desk/")
    assert desk.kinds(code)[-1] == "taken"


def test_what_one_holds_is_a_list_of_its_own(desk: Desk) -> None:
    mine, other = desk.place(contact=""), desk.place(contact="")
    visitor = desk.inspector()
    took(visitor, mine)
    took(desk.inspector(MAI), other)
    page = visitor.text("/desk/?mine=1")
    assert codes_on(page) == [mine]
    assert 'Tôi đang giữ <span class="count">1</span>' in page
    desk.later(minutes=16)
    assert codes_on(visitor.text("/desk/?mine=1")) == []


def test_another_sees_who_has_it_and_does_not_take_it(desk: Desk) -> None:
    code = desk.place()
    mine, other = desk.inspector(MAI), desk.inspector(PHUOC)
    took(mine, code)
    assert took(other, code) == 303
    assert holder(desk, code) == MAI
    assert "Nguyễn Hữu Phước đang giữ" in plain(other.text("/desk/"))
    assert "bạn xem được nhưng chưa ghi được" in plain(other.text(f"/desk/cases/{code}"))


def test_who_acts_on_what_another_has_is_told_and_keeps_what_was_typed(desk: Desk) -> None:
    code = desk.place()
    took(desk.inspector(MAI), code)
    chief = desk.chief()
    answer = saved(chief, code, summary="Chữ này không được mất")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "đang giữ phản ánh này" in plain(page)
    assert "Chữ này không được mất" in page
    assert desk.case(code).summary != "Chữ này không được mất"
    assert acted(chief, code, "set_aside", "gọi nhầm").status_code == 409
    assert took(chief, code, "take-over") == 303
    assert saved(chief, code, page=page, summary="Chữ này không được mất").status_code == 303
    assert desk.case(code).summary == "Chữ này không được mất"


def test_a_claim_runs_out_unless_its_holder_goes_on(desk: Desk) -> None:
    code = desk.place()
    mine, other = desk.inspector(MAI), desk.inspector(PHUOC)
    took(mine, code)
    desk.later(minutes=10)
    assert took(mine, code, "stay") == 204
    desk.later(minutes=10)
    assert saved(mine, code, summary="Đã nghe lại").status_code == 303
    desk.later(minutes=14)
    assert holder(desk, code) == MAI
    desk.later(minutes=1)
    assert holder(desk, code) is None
    assert took(mine, code, "stay") == 409
    took(other, code)
    assert holder(desk, code) == PHUOC


def test_what_waits_for_nobody_any_more_is_held_by_nobody(desk: Desk) -> None:
    for act in ("confirm", "forward"):
        code = desk.place(contact="")
        visitor = desk.inspector(f"{act}@soyte.example")
        took(visitor, code)
        assert saved(visitor, code, act).status_code == 303
        assert holder(desk, code) is None


def test_a_case_given_back_is_free_and_does_not_come_to_the_same_person_again(desk: Desk) -> None:
    first, second = desk.place(hours_ago=40), desk.place(hours_ago=2)
    visitor = desk.inspector()
    assert next_of(visitor) == f"/desk/cases/{first}"
    took(visitor, first, "give-back")
    assert holder(desk, first) is None
    assert next_of(visitor) == f"/desk/cases/{second}"
    assert next_of(desk.inspector(MAI)) == f"/desk/cases/{first}"
    assert desk.kinds(first)[-3:] == ["taken", "given_back", "taken"]


def test_a_supervisor_frees_a_case_and_a_chief_takes_it_both_in_the_timeline(desk: Desk) -> None:
    code = desk.place()
    took(desk.inspector(MAI), code)
    supervisor = desk.person(Role.SUPERVISOR)
    assert took(supervisor, code, "take-over") == 303
    assert holder(desk, code) is None
    took(desk.inspector(PHUOC), code)
    chief = desk.chief()
    took(chief, code, "take-over")
    assert holder(desk, code) == "chanh@soyte.example"
    told = plain(chief.text(f"/desk/cases/{code}"))
    assert "Lấy lại từ Nguyễn Hữu Phước để tự xử lý" in told
    assert "Lấy lại từ Nguyễn Hữu Phước để người khác nhận" in told
    assert took(desk.person(Role.INSPECTOR, email="khac@soyte.example"), code, "take-over") == 403


def test_taking_over_what_nobody_has_says_so(desk: Desk) -> None:
    code = desk.place()
    chief = desk.chief()
    took(chief, code, "take-over")
    assert "hiện không ai giữ" in plain(chief.text(f"/desk/cases/{code}"))


def test_the_next_case_is_the_first_that_waits_for_a_person_and_is_free(desk: Desk) -> None:
    desk.place(then=("confirm",))
    late = desk.place(hours_ago=50)
    urgent = desk.place(emergency=True)
    took(desk.inspector(MAI), urgent)
    visitor = desk.inspector()
    assert next_of(visitor) == f"/desk/cases/{late}"
    assert next_of(visitor) == "/desk/"
    assert "không còn phản ánh nào đang chờ" in plain(visitor.text("/desk/"))


def test_the_next_case_keeps_to_the_list_that_is_worked_through(desk: Desk) -> None:
    desk.place(hours_ago=90)
    papers = desk.place(line="buc_xuc_dich_vu_cong", key=None)
    more = desk.place(line="buc_xuc_dich_vu_cong", key=None)
    visitor = desk.inspector()
    first = next_of(visitor, "line=buc_xuc_dich_vu_cong").rpartition("/")[2]
    assert first in {papers, more}
    page = visitor.text(f"/desk/cases/{first}")
    assert 'form="case-form" checked' in page
    fields = {"do": "confirm", "then": "next", "unit": "Bệnh viện Từ Dũ"}
    answer = visitor.bare_post(f"/desk/cases/{first}/form", {**form_of(page), **fields})
    assert answer.location == f"/desk/cases/{({papers, more} - {first}).pop()}"
    assert desk.case(first).status == "confirmed"


def test_the_next_case_is_never_one_that_the_person_may_not_see(desk: Desk) -> None:
    secret = desk.place(line="ve_benh_moi_tien", hours_ago=90)
    seen = desk.place()
    inspector = desk.inspector()
    assert next_of(inspector) == f"/desk/cases/{seen}"
    assert next_of(inspector) == "/desk/"
    assert next_of(desk.chief()) == f"/desk/cases/{secret}"


@pytest.mark.parametrize("people", [2, 8])
def test_people_who_press_next_at_once_never_get_the_same_case(desk: Desk, people: int) -> None:
    placed = {desk.place(contact="") for _ in range(people)}
    start = threading.Barrier(people)

    def take(number: int) -> str:
        viewer = Viewer(f"ai{number}@soyte.example", frozenset({Role.INSPECTOR}))
        start.wait(10)
        with desk.tools.database.begin() as session:
            stand_behind_wall(session, viewer)
            case_id = claims.take_next(
                session,
                lambda: listing.next_free(session, viewer, Filters(), desk.now),
                actor=viewer.actor,
                now=desk.now,
            )
            assert case_id is not None
            return session.scalars(select(Case.code).where(Case.id == case_id)).one()

    with ThreadPoolExecutor(people) as pool:
        got = list(pool.map(take, range(people)))
    assert sorted(got) == sorted(placed)
    assert desk.count(CaseClaim) == people


def test_two_who_press_take_at_once_do_not_both_have_it(desk: Desk) -> None:
    code = desk.place()
    case_id, start = desk.case(code).id, threading.Barrier(2)

    def take(actor: str) -> bool:
        start.wait(10)
        try:
            with desk.tools.database.begin() as session:
                claims.take(session, case_id, actor=actor, now=desk.now)
        except claims.HeldByAnother:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, [MAI, PHUOC])) == [False, True]
    assert desk.kinds(code).count("taken") == 1
