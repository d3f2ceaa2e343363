"""Custody of who called: asked for with a reason, decided by somebody else, each look written down."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from casebook.models import Case, IdentityRequest, OutboxMail
from casebook.rules.policy import Role
from casebook.rules.states import Status
from casebook.service import users

from .conftest import CONTACT, PASSWORD, Desk, Visitor, hidden, plain

NUMBER = "090 812 3456"
WHY = "cần gọi lại để hỏi thêm"


def mails(desk: Desk) -> set[tuple[str, str]]:
    with desk.tools.database.begin() as session:
        rows = select(OutboxMail).where(OutboxMail.kind == "identity")
        return {(mail.recipient, mail.subject) for mail in session.scalars(rows)}


def custodian(desk: Desk, email: str = "giu@soyte.example") -> Visitor:
    return desk.person(Role.CUSTODIAN, email=email)


def ask(visitor: Visitor, code: str, why: str = WHY) -> int:
    return visitor.post(f"/desk/cases/{code}/identity", {"why": why}).status_code


def look(visitor: Visitor, code: str, **fields: str) -> tuple[int, str]:
    answer = visitor.post(f"/desk/cases/{code}/identity/look", fields)
    return answer.status_code, answer.get_data(as_text=True)


def decide(visitor: Visitor, desk: Desk, do: str, words: str = "") -> int:
    with desk.tools.database.begin() as session:
        request = session.scalars(select(IdentityRequest).order_by(IdentityRequest.asked_at.desc())).first()
    assert request is not None
    page = "/desk/identity" if visitor.get("/desk/identity").status_code == 200 else "/desk/password"
    return visitor.post(f"/desk/identity/{request.id}", {"do": do, "words": words}, at=page).status_code


def emergency(desk: Desk) -> str:
    return desk.place(emergency=True)


def test_an_inspector_asks_a_custodian_grants_and_the_look_is_written_down(desk: Desk) -> None:
    code = desk.place()
    keeper, inspector = custodian(desk), desk.inspector()
    assert look(inspector, code)[0] == 409
    assert ask(inspector, code) == 303
    assert mails(desk) == {("giu@soyte.example", f"Yêu cầu xem danh tính, phản ánh {code}")}
    assert "đang chờ người giữ danh tính" in plain(inspector.text(f"/desk/cases/{code}"))
    page = plain(keeper.text("/desk/identity"))
    assert WHY in page
    assert "Nguyễn Hữu Phước" in page
    assert decide(keeper, desk, "grant") == 303
    assert ("thanhtra@soyte.example", f"Được xem danh tính, phản ánh {code}") in mails(desk)
    status, shown = look(inspector, code)
    assert status == 200
    assert NUMBER in shown
    assert CONTACT.split()[-1] in plain(shown)
    assert desk.kinds(code)[-3:] == ["identity_asked", "identity_granted", "identity_viewed"]
    assert desk.events(code)[-1].data == {"why": WHY}
    assert NUMBER not in inspector.text(f"/desk/cases/{code}"), "the next page is masked again"


def test_a_custodian_sees_the_reason_and_nothing_of_the_case(desk: Desk) -> None:
    code = desk.place()
    ask(desk.inspector(), code)
    keeper = custodian(desk)
    page = keeper.text("/desk/identity")
    assert "chợ rẫy" not in page.lower()
    assert NUMBER not in page
    assert keeper.get(f"/desk/cases/{code}").status_code == 403


def test_a_grant_is_over_after_a_day(desk: Desk) -> None:
    code = desk.place()
    inspector = desk.inspector()
    desk.grant(inspector, code, WHY)
    desk.later(hours=7, minutes=59)
    inspector.get("/desk/password")
    desk.later(hours=7, minutes=59)
    inspector.get("/desk/password")
    desk.later(hours=7, minutes=59)
    assert look(inspector, code, proof=PASSWORD)[0] == 200
    desk.later(minutes=3)
    assert look(inspector, code)[0] == 409


def test_a_refusal_needs_words_and_the_asker_reads_them(desk: Desk) -> None:
    code = desk.place()
    keeper, inspector = custodian(desk), desk.inspector()
    ask(inspector, code)
    assert decide(keeper, desk, "refuse") == 409
    assert decide(keeper, desk, "refuse", "Hãy hỏi qua cơ sở trước") == 303
    assert ("thanhtra@soyte.example", f"Không được xem danh tính, phản ánh {code}") in mails(desk)
    assert "Hãy hỏi qua cơ sở trước" in plain(inspector.text(f"/desk/cases/{code}"))
    assert look(inspector, code)[0] == 409
    assert desk.kinds(code)[-1] == "identity_refused"
    assert ask(inspector, code, "đã hỏi cơ sở, không trả lời") == 303


def test_a_grant_can_be_taken_back(desk: Desk) -> None:
    code = desk.place()
    keeper, inspector = custodian(desk), desk.inspector()
    ask(inspector, code)
    decide(keeper, desk, "grant")
    assert "Thu lại" in plain(keeper.text("/desk/identity"))
    assert decide(keeper, desk, "withdraw") == 303
    assert look(inspector, code)[0] == 409
    assert desk.kinds(code)[-1] == "identity_withdrawn"


def test_a_request_is_decided_once(desk: Desk) -> None:
    code = desk.place()
    keeper, inspector = custodian(desk), desk.inspector()
    ask(inspector, code)
    assert ask(inspector, code) == 409
    decide(keeper, desk, "grant")
    assert decide(keeper, desk, "refuse", "đổi ý") == 409
    assert desk.count(IdentityRequest) == 1


def test_nobody_grants_their_own_request_while_there_is_another_custodian(desk: Desk) -> None:
    code = desk.place()
    both = desk.person(Role.INSPECTOR, Role.CUSTODIAN, email="ca.hai@soyte.example")
    ask(both, code)
    other = custodian(desk)
    assert "người giữ danh tính khác quyết định" in plain(both.text("/desk/identity"))
    assert decide(both, desk, "grant") == 409
    with desk.tools.database.begin() as session:
        users.set_active(session, "giu@soyte.example", desk.now, active=False)
    assert other.get("/desk/identity").status_code == 303
    assert decide(both, desk, "grant") == 303
    assert look(both, code)[0] == 200


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.OPERATOR, Role.UNIT_HEAD])
def test_only_custodians_decide(desk: Desk, role: Role) -> None:
    code = desk.place()
    ask(desk.person(Role.CHIEF_INSPECTOR, email="chanh@soyte.example"), code)
    assert decide(desk.person(role), desk, "grant") == 403


def test_a_grant_is_for_the_one_who_asked_and_for_that_case(desk: Desk) -> None:
    mine, other = desk.place(), desk.place()
    inspector = desk.inspector()
    desk.grant(inspector, mine, WHY)
    assert look(inspector, other)[0] == 409
    colleague = desk.person(Role.INSPECTOR, email="dong.nghiep@soyte.example")
    assert look(colleague, mine)[0] == 409


def test_a_look_needs_a_fresh_proof_in_the_same_form(desk: Desk) -> None:
    code = desk.place()
    inspector = desk.inspector()
    desk.grant(inspector, code, WHY)
    desk.later(minutes=11)
    page = inspector.text(f"/desk/cases/{code}")
    assert 'name="proof"' in page
    status, shown = look(inspector, code)
    assert (status, NUMBER in shown) == (422, False)
    assert "Hãy gõ lại mật khẩu" in shown
    status, shown = look(inspector, code, proof="sai mật khẩu")
    assert (status, NUMBER in shown) == (422, False)
    assert "identity_viewed" not in desk.kinds(code)
    status, shown = look(inspector, code, proof=PASSWORD)
    assert (status, NUMBER in shown) == (200, True)
    assert look(inspector, code)[0] == 200, "the proof holds for ten minutes"
    assert "proof_refused" in desk.desk_kinds()


def test_in_an_emergency_an_inspector_looks_at_once_and_the_custodians_are_told(desk: Desk) -> None:
    code = emergency(desk)
    custodian(desk)
    inspector = desk.inspector()
    why = "bệnh nhân đang khó thở, phải gọi lại ngay"
    answer = inspector.post(f"/desk/cases/{code}/identity/now", {"why": why})
    assert answer.status_code == 200
    assert NUMBER in answer.get_data(as_text=True)
    assert desk.events(code)[-1].data == {"why": why, "unasked": True}
    assert "Xem danh tính ngay vì khẩn cấp" in plain(inspector.text(f"/desk/cases/{code}"))
    assert mails(desk) == {("giu@soyte.example", f"Đã xem danh tính khẩn cấp, phản ánh {code}")}


def test_what_was_typed_is_not_lost_when_the_proof_was_too_old(desk: Desk) -> None:
    code = emergency(desk)
    inspector = desk.inspector()
    desk.later(minutes=11)
    why = "bệnh nhân đang khó thở"
    answer = inspector.post(f"/desk/cases/{code}/identity/now", {"why": why})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="why-now"[^>]*value="{why}"', page)
    assert "identity_viewed" not in desk.kinds(code)
    fields = {"csrf_token": hidden(page, "csrf_token"), "why": why, "proof": PASSWORD}
    assert inspector.bare_post(f"/desk/cases/{code}/identity/now", fields).status_code == 200


@pytest.mark.parametrize("status", [Status.CLOSED, Status.SET_ASIDE])
def test_the_glass_is_not_broken_for_a_case_that_is_over(desk: Desk, status: Status) -> None:
    code = emergency(desk)

    def finish(_session: object, case: Case) -> None:
        case.status = status

    desk.change(code, finish)
    inspector = desk.inspector()
    assert "Khẩn cấp: xem ngay" not in inspector.text(f"/desk/cases/{code}")
    answer = inspector.post(f"/desk/cases/{code}/identity/now", {"why": WHY})
    assert (answer.status_code, NUMBER in answer.get_data(as_text=True)) == (409, False)


def test_the_glass_is_not_broken_where_no_life_is_in_danger(desk: Desk) -> None:
    code = desk.place()
    answer = desk.inspector().post(f"/desk/cases/{code}/identity/now", {"why": WHY})
    assert (answer.status_code, NUMBER in answer.get_data(as_text=True)) == (409, False)


def test_a_supervisor_never_sees_who_called(desk: Desk) -> None:
    code = emergency(desk)
    visitor = desk.person(Role.SUPERVISOR)
    page = visitor.text(f"/desk/cases/{code}")
    assert "Xin xem danh tính" not in page
    for part in ("identity", "identity/look", "identity/now"):
        assert visitor.post(f"/desk/cases/{code}/{part}", {"why": WHY}).status_code == 403
