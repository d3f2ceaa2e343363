"""What an inspector does with a case, alone and beside others, with good and bad input."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casebook.models import Case, OutboxMail
from casebook.rules.states import NotAllowed
from casebook.service import cases, forwarding, review
from casebook.web.tools import Directory
from transcription import service as transcripts

from .conftest import Desk, Visitor, form_of, hidden, plain


def jobs(desk: Desk, task: str) -> list[dict[str, Any]]:
    with desk.tools.database.begin() as session:
        rows = session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = :task"), {"task": task})
        return [row.args for row in rows]


def saved(visitor: Visitor, code: str, do: str = "save", page: str = "", **changes: str) -> Any:
    fields = form_of(page or visitor.text(f"/desk/cases/{code}"))
    return visitor.bare_post(f"/desk/cases/{code}/form", {**fields, **changes, "do": do})


def acted(visitor: Visitor, code: str, action: str, words: str = "", page: str = "") -> Any:
    page = page or visitor.text(f"/desk/cases/{code}")
    fields = {"csrf_token": hidden(page, "csrf_token"), "version": hidden(page, "version"), "words": words}
    return visitor.bare_post(f"/desk/cases/{code}/act/{action}", fields)


def test_when_the_suggestion_is_right_one_button_sends_the_case(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    answer = saved(visitor, code, "forward")
    assert answer.status_code == 303
    case = desk.case(code)
    assert case.status == "confirmed"
    assert case.fields_by == "thanhtra@soyte.example"
    assert jobs(desk, "forward") == [{"case_id": str(case.id)}]
    assert desk.kinds(code)[-2:] == ["confirm", "forward_asked"]
    assert "Phiếu chuyển đang được gửi đi" in visitor.text(f"/desk/cases/{code}")


def test_a_confirmed_case_waits_for_the_clock_when_nobody_hurries(desk: Desk) -> None:
    code = desk.place()
    saved(desk.inspector(), code, "confirm")
    assert desk.case(code).status == "confirmed"
    assert jobs(desk, "forward") == []


def test_fields_are_saved_and_the_timeline_says_which(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    changes = {"category": "chuyen_mon", "level": "1", "unit": "tu du", "summary": "Đã  gọi lại.\r\nCần xác minh."}
    assert saved(visitor, code, **changes).status_code == 303
    case = desk.case(code)
    assert (case.category, case.level, case.responsible_unit) == ("chuyen_mon", 1, "bv-tu-du")
    assert case.summary == "Đã  gọi lại.\nCần xác minh."
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Sửa lĩnh vực, mức xử lý, tóm tắt" in page
    assert "Đổi đơn vị: từ Bệnh viện Chợ Rẫy sang Bệnh viện Từ Dũ" in page
    assert "Cần xác minh" not in str([event.data for event in desk.events(code)])


def test_saving_what_is_there_already_leaves_no_event(desk: Desk) -> None:
    code = desk.place()
    before = desk.kinds(code)
    saved(desk.inspector(), code)
    assert desk.kinds(code) == before


def test_the_facility_may_be_one_that_no_directory_has(desk: Desk) -> None:
    code = desk.place()
    saved(desk.inspector(), code, subject="Phòng khám Đa khoa Bình Minh (giả định)")
    assert (desk.case(code).subject_unit, desk.case(code).subject_text) == (
        None,
        "Phòng khám Đa khoa Bình Minh (giả định)",
    )
    visitor = desk.inspector("khac@soyte.example")
    saved(visitor, code, subject="Bệnh viện Từ Dũ")
    assert (desk.case(code).subject_unit, desk.case(code).subject_text) == ("bv-tu-du", None)


def test_what_a_person_set_is_not_overwritten_when_the_case_is_understood_anew(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    saved(visitor, code, category="khac", level="3")
    correct(visitor, desk, code, "bệnh viện từ dũ thu tiền không hóa đơn")
    case = desk.case(code)
    assert (case.category, case.level, case.responsible_unit) == ("khac", 3, "bv-cho-ray")
    assert "hoa don" in case.search_text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"unit": "zzz không có thật"}, "Không có đơn vị này trong danh bạ"),
        ({"unit": "benh vien"}, "Có nhiều đơn vị gần giống"),
        ({"unit": "phường xóm chiếu"}, "Bệnh viện Quận 4 (phường, xã Xóm Chiếu; trước 7/2025 là Quận 4)"),
        ({"unit": "xa lai thieu"}, "Trung tâm Y tế khu vực Thuận An (phường, xã Lái Thiêu; trước 7/2025 là Thuận An)"),
        ({"unit": ""}, "Hãy chọn đơn vị có trách nhiệm"),
        ({"category": "bia_dat"}, "Hãy chọn một mục trong danh sách"),
        ({"level": "9"}, "Hãy chọn một mục trong danh sách"),
        ({"level": ""}, "Hãy chọn một mục trong danh sách"),
    ],
)
def test_a_field_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    desk: Desk, changes: dict[str, str], told: str
) -> None:
    code = desk.place()
    answer = saved(desk.inspector(), code, "confirm", summary="đang gõ dở", **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in plain(page)
    assert 'aria-invalid="true"' in page
    assert "đang gõ dở" in page
    assert desk.case(code).status == "review"


@pytest.mark.parametrize("name", ["category", "subject", "unit", "level", "summary", "seen", "version", "do"])
@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\x00\x1b\x07\u202e", "'\"><b>", "A" * 30_000])
def test_nothing_typed_into_a_field_breaks_the_page_or_runs_in_it(desk: Desk, name: str, hostile: str) -> None:
    code = desk.place()
    visitor = desk.inspector()
    answer = saved(visitor, code, **{name: hostile})
    assert answer.status_code in {303, 409, 422}
    for page in (answer.get_data(as_text=True), visitor.text(f"/desk/cases/{code}"), visitor.text("/desk/")):
        assert "<script>alert" not in page
        assert "\x00" not in page


def test_the_later_of_two_savers_sees_the_difference_and_chooses(desk: Desk) -> None:
    code = desk.place()
    first, second = desk.inspector(), desk.inspector("khac@soyte.example")
    page = second.text(f"/desk/cases/{code}")
    saved(first, code, category="chuyen_mon")
    answer = saved(second, code, page=page, category="khac", summary="chữ của người thứ hai")
    clash = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Lĩnh vực Chất lượng chuyên môn Vấn đề khác" in plain(clash)
    assert "chữ của người thứ hai" in clash
    assert desk.case(code).category == "chuyen_mon"
    assert saved(second, code, page=clash).status_code == 303
    assert (desk.case(code).category, desk.case(code).summary) == ("khac", "chữ của người thứ hai")


def test_a_change_that_the_form_does_not_show_is_no_reason_to_refuse(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    page = visitor.text(f"/desk/cases/{code}")

    def elsewhere(_session: Session, case: Case) -> None:
        case.search_text += " thêm"

    desk.change(code, elsewhere)
    assert saved(visitor, code, "confirm", page=page).status_code == 303
    assert desk.case(code).status == "confirmed"


def test_a_case_that_somebody_else_sent_cannot_be_changed_under_their_letter(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    page = visitor.text(f"/desk/cases/{code}")
    saved(visitor, code, "confirm", page=page)

    def write(session: Session, case: Case) -> None:
        forwarding.write_letter(session, case, Directory.read(session).office(desk.tools), desk.now)

    desk.change(code, write)
    answer = saved(visitor, code, unit="từ dũ", summary="chữ chưa lưu")
    assert answer.status_code == 409
    assert "Phiếu chuyển đang được gửi" in answer.get_data(as_text=True)
    assert "chữ chưa lưu" in answer.get_data(as_text=True)
    assert desk.case(code).responsible_unit == "bv-cho-ray"


def test_a_letter_that_could_not_be_sent_gives_way_to_one_for_another_unit(desk: Desk) -> None:
    code = desk.place(then=("confirm", "failed"))
    assert saved(desk.inspector(), code, "forward", unit="từ dũ").status_code == 303
    case = desk.case(code)
    assert (case.responsible_unit, case.forward_round) == ("bv-tu-du", 2)


def test_a_unit_without_an_address_is_told_before_anything_is_promised(desk: Desk) -> None:
    code = desk.place()
    with desk.tools.database.begin() as session:
        session.execute(text("UPDATE units SET email = '' WHERE slug = 'bv-cho-ray'"))
    answer = saved(desk.inspector(), code, "forward")
    assert answer.status_code == 409
    assert "chưa có địa chỉ thư" in answer.get_data(as_text=True)
    assert desk.case(code).status == "review"
    assert jobs(desk, "forward") == []


def test_a_case_goes_its_whole_way_by_buttons(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))
    visitor = desk.inspector()
    for action, words, status in (
        ("acknowledge", "", "acknowledged"),
        ("reply", "Bệnh viện đã xin lỗi.\nĐã chấn chỉnh ca trực.", "answered"),
        ("close", "Đã giải quyết.", "closed"),
        ("reopen", "Người dân gọi lại, chưa đồng ý.", "review"),
        ("set_aside", "Trùng với phản ánh khác.", "set_aside"),
        ("reopen", "Không trùng.", "review"),
    ):
        assert acted(visitor, code, action, words).status_code == 303, action
        assert desk.case(code).status == status
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Kết thúc: Đã giải quyết." in page
    assert "Bệnh viện đã xin lỗi." in page


def test_a_case_sent_to_the_wrong_unit_is_prepared_for_the_right_one(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward", "acknowledge"))
    assert acted(desk.inspector(), code, "change_unit", "benh vien tu du").status_code == 303
    case = desk.case(code)
    assert (case.status, case.responsible_unit, case.forward_round) == ("confirmed", "bv-tu-du", 2)


@pytest.mark.parametrize("action", ["reply", "close", "change_unit"])
def test_an_action_without_its_words_asks_for_them(desk: Desk, action: str) -> None:
    code = desk.place(then=("confirm", "forward"))
    answer = acted(desk.inspector(), code, action, " \x00 ")
    assert answer.status_code == 409
    assert desk.case(code).status == "forwarded"
    assert 'class="act" open' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("action", "status"), [("reply", 409), ("reopen", 409), ("structure", 404), ("forward", 404), ("xóa", 404)]
)
def test_what_may_not_be_done_now_is_refused_and_the_words_stay(desk: Desk, action: str, status: int) -> None:
    code = desk.place()
    answer = acted(desk.inspector(), code, action, "câu trả lời dài đã gõ")
    assert answer.status_code == status
    assert desk.case(code).status == "review"


def test_an_action_on_a_case_that_changed_meanwhile_is_shown_again_with_its_words(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))
    visitor = desk.inspector()
    page = visitor.text(f"/desk/cases/{code}")
    acted(desk.inspector("khac@soyte.example"), code, "acknowledge")
    answer = acted(visitor, code, "reply", "một câu trả lời rất dài", page=page)
    assert answer.status_code == 409
    assert "một câu trả lời rất dài" in answer.get_data(as_text=True)
    assert desk.case(code).status == "acknowledged"
    assert (
        acted(visitor, code, "reply", "một câu trả lời rất dài", page=answer.get_data(as_text=True)).status_code == 303
    )


def story_of(desk: Desk, code: str) -> UUID:
    return next(link.recording_id for link in desk.case(code).recordings if link.question == "story")


def correct(visitor: Visitor, desk: Desk, code: str, words: str, revision: str = "1", **more: str) -> Any:
    fields = {"text": words, "revision": revision, **more}
    return visitor.post(f"/desk/cases/{code}/answers/{story_of(desk, code)}", fields)


def test_a_correction_keeps_the_times_of_words_that_stay_and_the_old_revision(desk: Desk) -> None:
    code = desk.place(story="hôm qua tôi đi khám ở chợ rẩy\nbác sĩ quát tôi")
    visitor = desk.inspector()
    answer = correct(visitor, desk, code, "hôm qua tôi đi khám ở Chợ Rẫy bác sĩ quát mẹ tôi")
    assert answer.status_code == 303
    with desk.tools.database.begin() as session:
        revisions = transcripts.history(session, story_of(desk, code))
        old, new = (transcripts.segments_of(revision, desk.tools.keys) for revision in revisions)
    assert [revision.author for revision in revisions] == [None, "thanhtra@soyte.example"]
    assert [len(segment.words) for segment in new] == [8, 5]
    assert new[0].words[0] == old[0].words[0]
    assert new[1].words[-1] == old[1].words[-1]
    assert desk.kinds(code)[-1] == "transcript_corrected"
    assert "quat me toi" in desk.case(code).search_text
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Lịch sử sửa (2 bản)" in page
    assert "Sửa bản chép lời “Nội dung phản ánh” (lần 2)" in page


def test_the_later_of_two_correctors_sees_both_versions_and_loses_nothing(desk: Desk) -> None:
    code = desk.place(story="bác sĩ quát tôi")
    first, second = desk.inspector(), desk.inspector("khac@soyte.example")
    correct(first, desk, code, "bác sĩ quát mẹ tôi")
    answer = correct(second, desk, code, "bác sĩ mắng tôi")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Người khác vừa lưu bản chép lời này" in page
    assert ">bác sĩ mắng tôi</textarea>" in page
    assert "<del>quát mẹ</del> <ins>mắng</ins>" in page
    assert correct(second, desk, code, "bác sĩ mắng mẹ tôi", revision="2").status_code == 303


@pytest.mark.parametrize("words", ["", "\x00", "<script>alert(1)</script>", "a " * 5000, "🙂 \u202eabc"])
def test_any_correction_can_be_saved_and_shown(desk: Desk, words: str) -> None:
    code = desk.place()
    visitor = desk.inspector()
    assert correct(visitor, desk, code, words).status_code == 303
    page = visitor.text(f"/desk/cases/{code}")
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_a_correction_moves_what_the_letter_withholds(desk: Desk) -> None:
    code = desk.place(story="bác sĩ quát mẹ tôi")
    visitor = desk.inspector()
    correct(visitor, desk, code, "tôi là trần văn hùng số không chín một ba tám tám chín chín không không bác sĩ quát")
    letter = plain(visitor.text(f"/desk/cases/{code}/letter"))
    assert "trần văn hùng" not in letter.lower()
    assert "bác sĩ quát" in letter


def test_the_contact_answer_is_corrected_only_by_who_is_looking_at_it(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    contact = next(link.recording_id for link in desk.case(code).recordings if link.question == "contact")
    path = f"/desk/cases/{code}/answers/{contact}"
    assert visitor.post(path, {"text": "tên khác", "revision": "1"}).status_code == 403
    desk.grant(visitor, code, "sửa tên người gọi")
    page = visitor.post(f"/desk/cases/{code}/identity/look").get_data(as_text=True)
    look = hidden(page, "look")
    assert visitor.post(path, {"text": "tên khác", "revision": "1", "look": look}).status_code == 303


def test_an_answer_of_another_case_cannot_be_corrected_here(desk: Desk) -> None:
    mine, other = desk.place(), desk.place()
    visitor = desk.inspector()
    path = f"/desk/cases/{mine}/answers/{story_of(desk, other)}"
    assert visitor.post(path, {"text": "x", "revision": "1"}).status_code == 404


def test_too_long_a_post_is_told_and_not_read(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    fields = {**form_of(visitor.text(f"/desk/cases/{code}")), "summary": "a" * 2_000_000}
    answer = visitor.bare_post(f"/desk/cases/{code}/form", fields)
    assert answer.status_code == 413
    assert "Nội dung gửi lên quá lớn" in answer.get_data(as_text=True)


def fields_in(page: str, path: str) -> dict[str, str]:
    """The form that posts to `path`, as a browser would send it."""
    form = re.search(rf'<form method="post" action="{path}".*?</form>', page, flags=re.DOTALL)
    assert form
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', form.group())
    areas = re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', form.group(), flags=re.DOTALL)
    chosen = re.findall(r'<select[^>]* name="([^"]+)">.*?value="([^"]*)" selected', form.group(), flags=re.DOTALL)
    return {name: hidden(f'name="{name}" value="{value}"', name) for name, value in [*pairs, *areas, *chosen]}


def test_what_was_typed_when_the_session_ended_is_there_after_logging_in_again(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    fields = form_of(visitor.text(f"/desk/cases/{code}"))
    visitor.client.delete_cookie("lang_nghe")
    path = f"/desk/cases/{code}/form"
    answer = visitor.bare_post(
        path, {**fields, "summary": "một đoạn dài gõ mười phút", "category": "khac", "do": "save"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "Phiên làm việc đã hết" in page
    assert desk.case(code).summary != "một đoạn dài gõ mười phút"
    again = fields_in(page, "/desk/login") | {"email": "thanhtra@soyte.example", "password": "một mật khẩu dài"}
    shown = visitor.bare_post("/desk/login", again).get_data(as_text=True)
    assert "một đoạn dài gõ mười phút" in shown
    assert desk.case(code).category == "thai_do_phuc_vu"
    assert visitor.bare_post(path, fields_in(shown, path)).status_code == 303
    assert (desk.case(code).summary, desk.case(code).category) == ("một đoạn dài gõ mười phút", "khac")


def test_another_site_cannot_have_its_words_shown_as_somebodys_own(desk: Desk) -> None:
    code = desk.place()
    stranger = desk.stranger()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = stranger.bare_post(f"/desk/cases/{code}/form", {"summary": "chữ của kẻ khác"}, headers=headers)
        assert answer.status_code == 401
        assert "chữ của kẻ khác" not in answer.get_data(as_text=True)


def test_a_wrong_password_on_the_way_back_still_keeps_the_words(desk: Desk) -> None:
    code = desk.place()
    desk.inspector()
    visitor = desk.stranger()
    page = visitor.bare_post(f"/desk/cases/{code}/act/reply", {"words": "trả lời dài"}).get_data(as_text=True)
    again = fields_in(page, "/desk/login") | {"email": "thanhtra@soyte.example", "password": "sai mật khẩu"}
    answer = visitor.bare_post("/desk/login", again)
    assert answer.status_code == 401
    assert "trả lời dài" in answer.get_data(as_text=True)


def test_an_inspector_cannot_act_on_a_confidential_case_by_its_address(desk: Desk) -> None:
    code = desk.place(line="ve_benh_moi_tien", key=None)
    visitor = desk.inspector()
    case = desk.case(code)
    paths = [
        f"/desk/cases/{code}/{part}" for part in ("form", "act/close", "identity", "identity/look", "identity/now")
    ]
    paths.append(f"/desk/cases/{code}/answers/{case.recordings[0].recording_id}")
    for path in paths:
        answer = visitor.post(path, {"words": "x", "why": "tò mò thôi", "version": str(case.version), "level": "1"})
        assert answer.status_code == 404, path
    assert desk.case(code).version == case.version


def test_the_service_refuses_what_the_page_does_not_offer(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward"))

    def save(session: Session, case: Case) -> None:
        review.save(session, case, review.form_of(case), now=desk.now, actor="ai đó")

    with pytest.raises(NotAllowed):
        desk.change(code, save)
    with desk.tools.database.begin() as session:
        case = cases.by_code(session, code)
        assert case is not None
        with pytest.raises(review.NotOfThisCase):
            review.question_of(case, UUID(int=0))
        assert session.scalar(select(OutboxMail.state)) == "sent"


def test_the_chief_inspector_holds_recordings_for_a_court_and_says_why(desk: Desk) -> None:
    code = desk.place()
    chief = desk.chief()
    page = f"/desk/cases/{code}"
    assert chief.post(f"{page}/hold", {"on": "1", "words": ""}).status_code == 422
    assert chief.post(f"{page}/hold", {"on": "1", "words": "Công văn 12/TAND"}).status_code == 303
    assert "Đang giữ theo yêu cầu pháp lý" in chief.text(page)
    assert "Công văn 12/TAND" in chief.text(page)
    assert chief.post(f"{page}/hold", {"on": "", "words": "Vụ án đã xong"}).status_code == 303
    assert desk.kinds(code)[-1] == "released"


def test_an_inspector_cannot_hold_recordings(desk: Desk) -> None:
    code = desk.place()
    assert desk.inspector().post(f"/desk/cases/{code}/hold", {"on": "1", "words": "x"}).status_code == 403
