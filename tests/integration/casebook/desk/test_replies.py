"""What a unit answers and what the inspector thinks of it: one way, whoever types."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casebook.models import Case
from casebook.rules.states import Status
from casebook.service import cases
from config.directory.models import UnitRow

from .at_the_unit import ANSWER, SENT, UNIT, answer, case_of, decide, mails, officer, replies_of, reply_rows
from .conftest import Desk, hidden, plain
from .test_acts import acted

WHY = "Chưa rõ đã làm việc với ai.\nGửi kèm biên bản & ảnh."


def test_an_answer_that_is_accepted_ends_the_case(desk: Desk) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    assert answer(unit, code).status_code == 303
    assert desk.case(code).status == Status.ANSWERED
    page = plain(inspector.text(f"/desk/cases/{code}"))
    assert "Chờ xem xét Bệnh viện Chợ Rẫy Đỗ Thị Lan" in page
    assert ANSWER in page
    assert decide(inspector, code, "accept").status_code == 303
    case = desk.case(code)
    assert (case.status, case.reply, case.closed_at) == (Status.CLOSED, ANSWER, desk.now)
    assert desk.kinds(code)[-3:] == ["reply", "reply_accepted", "close"]
    assert "Được chấp nhận" in plain(unit.text(f"/desk/unit/cases/{code}"))


def test_an_answer_may_be_accepted_before_the_case_is_closed(desk: Desk) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    answer(unit, code)
    decide(inspector, code, "accept", do="keep")
    assert (desk.case(code).status, replies_of(desk, code)[0].state) == (Status.ANSWERED, "accepted")
    page = inspector.text(f"/desk/cases/{code}")
    assert "Chấp nhận và kết thúc" in page
    assert "Chấp nhận, chưa kết thúc" not in page
    decide(inspector, code, "accept")
    assert desk.case(code).status == Status.CLOSED
    assert desk.kinds(code).count("reply_accepted") == 1


def test_an_answer_that_is_sent_back_is_told_by_mail_and_given_anew(desk: Desk) -> None:
    code, unit = case_of(desk), officer(desk)
    answer(unit, code)
    before = desk.case(code).due_at
    desk.later(days=10)
    unit.log_in("canbo@cho-ray.example")
    assert decide(desk.inspector(), code, "return", words=WHY).status_code == 303
    case = desk.case(code)
    assert (case.status, case.reply, case.answered_at) == (Status.ACKNOWLEDGED, None, None)
    assert before is not None
    assert case.due_at is not None
    assert case.due_at > desk.now > before, "the unit has time again"
    (mail,) = mails(desk, "returned")
    assert (mail.recipient, mail.case_id) == ("bv-cho-ray@yte.example", case.id)
    assert WHY in mail.text
    assert "biên bản &amp; ảnh" in mail.html
    assert f"/desk/cases/{code}" in mail.text
    page = plain(unit.text(f"/desk/unit/cases/{code}"))
    assert "Thanh tra Sở đề nghị trả lời lại" in page
    assert "Gửi kèm biên bản & ảnh." in page
    assert "Nguyễn Hữu Phước" not in page, "the Department speaks with one voice"
    assert answer(unit, code, "Đã bổ sung biên bản.").status_code == 303
    assert [reply.state for reply in sorted(replies_of(desk, code), key=lambda reply: reply.given_at)] == [
        "sent_back",
        "given",
    ]
    assert desk.case(code).reply == "Đã bổ sung biên bản."


def test_sent_back_early_the_unit_keeps_its_time(desk: Desk) -> None:
    code = case_of(desk)

    def generous(_session: object, case: Case) -> None:
        case.due_at = desk.now + timedelta(days=60)

    desk.change(code, generous)
    answer(officer(desk), code)
    decide(desk.inspector(), code, "return", words=WHY)
    assert desk.case(code).due_at == desk.now + timedelta(days=60)


def test_every_sending_back_has_its_own_mail(desk: Desk) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    for number in range(3):
        answer(unit, code, f"Trả lời lần {number}.")
        decide(inspector, code, "return", words=WHY)
        desk.later(minutes=1)
    assert len(mails(desk, "returned")) == 3
    assert desk.case(code).status == Status.ACKNOWLEDGED


def test_sending_back_needs_words_and_keeps_them_when_somebody_was_faster(desk: Desk) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    answer(unit, code)
    refused = decide(inspector, code, "return", words=" ")
    assert refused.status_code == 422
    assert "Hãy ghi đơn vị cần bổ sung gì" in refused.get_data(as_text=True)
    page = inspector.text(f"/desk/cases/{code}")
    decide(desk.inspector("khac@soyte.example"), code, "accept")
    late = decide(inspector, code, "return", page=page, words=WHY)
    assert late.status_code == 409
    assert "vừa được người khác thay đổi" in plain(late.get_data(as_text=True))
    assert desk.case(code).status == Status.CLOSED
    assert mails(desk, "returned") == []


@pytest.mark.parametrize("what", ["accept", "return"])
def test_there_is_nothing_to_decide_before_there_is_an_answer(desk: Desk, what: str) -> None:
    code = case_of(desk)
    refused = decide(desk.inspector(), code, what, words=WHY)
    assert refused.status_code == 409
    assert "không có trả lời nào đang chờ xem xét" in plain(refused.get_data(as_text=True))
    assert desk.case(code).status == Status.FORWARDED


def test_what_an_inspector_writes_down_for_the_unit_goes_the_same_way(desk: Desk) -> None:
    code, inspector = case_of(desk), desk.inspector()
    acted(inspector, code, "reply", ANSWER)
    (reply,) = replies_of(desk, code)
    assert (reply.text, reply.unit, reply.given_by, reply.state) == (ANSWER, UNIT, "thanhtra@soyte.example", "given")
    assert desk.case(code).reply == ANSWER
    assert "Thanh tra Sở ghi giúp" in plain(officer(desk).text(f"/desk/unit/cases/{code}"))
    decide(inspector, code, "accept")
    assert desk.case(code).status == Status.CLOSED


def test_an_answer_from_before_answers_had_rows_is_shown_and_decided(desk: Desk) -> None:
    code, inspector = desk.place(then=SENT), desk.inspector()
    desk.change(code, lambda session, case: cases.reply(session, case, ANSWER, now=desk.now, actor="cũ"))
    assert ANSWER in plain(inspector.text(f"/desk/cases/{code}"))
    decide(inspector, code, "return", words=WHY)
    assert desk.case(code).status == Status.ACKNOWLEDGED
    desk.change(code, lambda session, case: cases.reply(session, case, ANSWER, now=desk.now, actor="cũ"))
    decide(inspector, code, "accept")
    assert desk.case(code).status == Status.CLOSED


def test_answers_are_sealed_and_no_event_says_them(desk: Desk) -> None:
    code = case_of(desk)
    answer(officer(desk), code)
    (row,) = reply_rows(desk)
    assert ANSWER.encode() not in row.text_sealed
    assert ANSWER not in str([event.data for event in desk.events(code)])


def test_a_unit_without_an_address_is_rung_instead(desk: Desk) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    answer(unit, code)
    with desk.tools.database.begin() as session:
        session.scalars(select(UnitRow).where(UnitRow.slug == UNIT)).one().email = ""
    decide(inspector, code, "return", words=WHY)
    assert "hãy gọi báo cho họ" in plain(inspector.text(f"/desk/cases/{code}"))
    assert (desk.case(code).status, mails(desk, "returned")) == (Status.ACKNOWLEDGED, [])


def test_an_answer_typed_while_the_session_ended_is_still_there_and_not_sent_without_its_files(desk: Desk) -> None:
    code = case_of(desk)
    stranger = desk.stranger()
    lost = stranger.bare_post(
        f"/desk/unit/cases/{code}/reply", {"words": ANSWER}, content_type="multipart/form-data"
    ).get_data(as_text=True)
    assert "chữ bạn gõ vẫn còn" in lost
    officer(desk)
    kept = {name: hidden(lost, name) for name in ("csrf_token", "kept_path", "kept.words")}
    again = stranger.log_in("canbo@cho-ray.example", **kept)
    page = again.get_data(as_text=True)
    assert ANSWER in page
    fields = {"csrf_token": hidden(page, "csrf_token"), "words": ANSWER}
    form = stranger.bare_post(f"/desk/unit/cases/{code}/reply", fields)
    assert form.status_code == 200
    assert "Chữ bạn gõ vẫn còn, chưa gửi." in plain(form.get_data(as_text=True))
    assert f"{ANSWER}</textarea>" in form.get_data(as_text=True)
    assert desk.case(code).status == Status.FORWARDED


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "a\x00\x1b\u202eb", "'\"><b>{{ 7*7 }}", "A" * 30_000])
def test_nothing_in_an_answer_or_a_decision_breaks_a_page(desk: Desk, hostile: str) -> None:
    code, unit, inspector = case_of(desk), officer(desk), desk.inspector()
    answer(unit, code, hostile)
    decide(inspector, code, "return", words=hostile)
    for visitor, path in ((unit, f"/desk/unit/cases/{code}"), (inspector, f"/desk/cases/{code}"), (unit, "/desk/unit")):
        page = visitor.text(path)
        assert "<script>alert" not in page
        assert "\x00" not in page
        assert ">49<" not in page


def test_an_answer_sent_from_a_session_that_was_ended_elsewhere_is_kept_too(desk: Desk) -> None:
    code, visitor = case_of(desk), officer(desk)
    page = visitor.text(f"/desk/unit/cases/{code}")
    desk.later(days=2)
    fields = {"csrf_token": hidden(page, "csrf_token"), "words": ANSWER}
    lost = visitor.bare_post(f"/desk/unit/cases/{code}/reply", fields, content_type="multipart/form-data")
    assert lost.status_code == 401
    assert hidden(lost.get_data(as_text=True), "kept.words") == ANSWER
    assert desk.case(code).status == Status.FORWARDED
