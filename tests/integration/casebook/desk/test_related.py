"""Cases that may be about the same: found, laid side by side, linked, kept apart, merged, and all of it undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseLink, CaseRecording, CaseRedaction, OutboxMail
from casebook.queries import related as queries
from casebook.queries.related import Reason
from casebook.rules.policy import Role, Viewer
from casebook.service import cases, forwarding, links_of_cases, proof
from casebook.service.links_of_cases import Means
from casebook.web.tools import Directory
from recordings.models import Recording

from .conftest import STORY, Desk, Visitor, plain
from .test_acts import acted, correct, saved
from .test_undo import undo, write_letter

OTHER_STORY = "tuần trước phòng khám thu năm triệu tiền siêu âm mà không đưa hóa đơn\nhỏi thì họ đuổi ra ngoài"
CHIEF = Viewer("chánh", frozenset({Role.CHIEF_INSPECTOR}))
INSPECTOR = Viewer("thanh tra", frozenset({Role.INSPECTOR}))
ELSEWHERE = {"facility": "bệnh viện từ dũ", "key": "chuyen_mon", "story": OTHER_STORY}


def found(desk: Desk, code: str, viewer: Viewer = CHIEF) -> dict[str, tuple[Reason, ...]]:
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        return {other.code: other.reasons for other in queries.related(session, viewer, case)}


def relate(visitor: Visitor, code: str, other: str, kind: str, **fields: str) -> Any:
    return visitor.post(f"/desk/cases/{code}/beside/{other}", {"kind": kind, **fields})


def merge(visitor: Visitor, kept: str, gone: str, **fields: str) -> Any:
    return relate(visitor, kept, gone, "merged", keep=kept, **fields)


def snapshot(desk: Desk, code: str) -> dict[str, Any]:
    """Everything about a case that a merge touches."""
    case = desk.case(code)
    names = ("status", "merged_into", "closed_at", "emergency", "category", "subject_unit", "summary", "search_text")
    links = sorted((str(link.recording_id), link.position, str(link.stretches)) for link in case.recordings)
    return {**{name: getattr(case, name) for name in names}, "links": links}


def link_of(desk: Desk) -> str:
    with desk.tools.database.begin() as session:
        return str(session.scalars(select(CaseLink.id).where(CaseLink.undone_at.is_(None))).one())


def test_cases_are_related_by_caller_by_matter_and_by_words(desk: Desk) -> None:
    code = desk.place()
    same_caller = desk.place(**ELSEWHERE)
    same_matter = desk.place(number="+84911111111", story="chờ lâu quá không ai trả lời\nnhân viên nói trống không")
    same_words = desk.place(number="+84922222222", facility="bệnh viện từ dũ", key="khac", story=STORY)
    strange = desk.place(number="+84933333333", **ELSEWHERE)
    assert desk.case(same_matter).category == desk.case(code).category
    reasons = found(desk, code)
    assert Reason.CALLER in reasons[same_caller]
    assert Reason.TEXT not in reasons[same_caller]
    assert Reason.MATTER in reasons[same_matter]
    assert Reason.TEXT in reasons[same_words]
    assert strange not in reasons
    assert next(iter(reasons)) == same_words, "the likeliest stands first"
    page = plain(desk.inspector().text(f"/desk/cases/{code}"))
    for told in ("cùng người gọi", "cùng cơ sở, cùng lĩnh vực", "lời kể giống nhau"):
        assert told in page


def test_the_same_matter_long_ago_is_another_matter(desk: Desk) -> None:
    code = desk.place()
    long_ago = desk.place(hours_ago=24.0 * 60, number="+84911111111", story="chờ lâu quá không ai trả lời cả buổi")
    assert long_ago not in found(desk, code)


def test_withheld_numbers_are_not_one_caller(desk: Desk) -> None:
    code = desk.place(number="")
    other = desk.place(number="", **ELSEWHERE)
    assert other not in found(desk, code)


def test_a_case_that_stands_alone_says_nothing(desk: Desk) -> None:
    assert "Phản ánh liên quan" not in plain(desk.inspector().text(f"/desk/cases/{desk.place()}"))


def test_an_inspector_is_not_told_of_confidential_cases_and_cannot_lay_one_beside(desk: Desk) -> None:
    code = desk.place()
    secret = desk.place(line="ve_benh_moi_tien", key=None)
    assert secret in found(desk, code)
    assert secret not in found(desk, code, INSPECTOR)
    visitor = desk.inspector()
    assert secret not in visitor.text(f"/desk/cases/{code}")
    assert visitor.get(f"/desk/cases/{code}/beside/{secret}").status_code == 404
    for kind in ("linked", "apart", "merged"):
        assert relate(visitor, code, secret, kind, keep=code).status_code == 404
    assert desk.count(CaseLink) == 0


def test_two_cases_stand_side_by_side_with_fields_words_and_what_happened(desk: Desk) -> None:
    left, right = desk.place(), desk.place(number="+84922222222", facility="bệnh viện từ dũ", story=OTHER_STORY)
    page = plain(desk.inspector().text(f"/desk/cases/{left}/beside/{right}"))
    for told in ("Bệnh viện Chợ Rẫy", "Bệnh viện Từ Dũ", "quát", "siêu âm", "Diễn biến", "(khác nhau)"):
        assert told in page
    assert "bích thủy" not in page.lower(), "the contact answer stays on the case's own page"


def test_a_supervisor_compares_but_decides_nothing(desk: Desk) -> None:
    left, right = desk.place(), desk.place()
    visitor = desk.person(Role.SUPERVISOR)
    page = visitor.text(f"/desk/cases/{left}/beside/{right}")
    assert "Gộp làm một" not in page
    assert relate(visitor, left, right, "linked").status_code == 403


@pytest.mark.parametrize("other", ["0000000000", "abc", "SELF"])
def test_a_case_beside_nothing_is_no_page(desk: Desk, other: str) -> None:
    code = desk.place()
    path = f"/desk/cases/{code}/beside/{code if other == 'SELF' else other}"
    visitor = desk.inspector()
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, {"kind": "linked"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "told"), [("linked", "Liên kết với phản ánh"), ("apart", "Ghi nhận không liên quan đến phản ánh")]
)
def test_a_decision_is_told_on_both_cases_and_undone_on_both(desk: Desk, kind: str, told: str) -> None:
    left, right = desk.place(), desk.place()
    visitor = desk.inspector()
    assert relate(visitor, left, right, kind, why="Đã nghe cả hai").status_code == 303
    for here in (left, right):
        page = plain(visitor.text(f"/desk/cases/{here}"))
        assert f"{told}" in page
        assert "Đã nghe cả hai" in page
    assert visitor.post(f"/desk/cases/{right}/beside/{left}/undo", {"link": link_of(desk)}).status_code == 303
    assert desk.kinds(left)[-1] == desk.kinds(right)[-1] == "link_undone"
    assert right in found(desk, left)


def test_a_pair_that_is_decided_is_not_suggested_again(desk: Desk) -> None:
    left, right = desk.place(), desk.place()
    visitor = desk.inspector()
    relate(visitor, left, right, "apart")
    page = plain(visitor.text(f"/desk/cases/{left}"))
    assert "Không liên quan" in page
    assert "Máy thấy có thể liên quan" not in page


def test_a_new_decision_takes_the_place_of_the_old_and_gives_it_back_when_undone(desk: Desk) -> None:
    left, right = desk.place(), desk.place()
    visitor = desk.inspector()
    relate(visitor, left, right, "linked")
    first = link_of(desk)
    relate(visitor, right, left, "apart")
    second = link_of(desk)
    assert second != first
    visitor.post(f"/desk/cases/{left}/beside/{right}/undo", {"link": second})
    assert link_of(desk) == first


@pytest.mark.parametrize("link", ["", "không phải mã", "00000000-0000-0000-0000-000000000000", "OTHERS"])
def test_only_a_decision_about_these_two_that_stands_is_undone(desk: Desk, link: str) -> None:
    left, right, third = desk.place(), desk.place(), desk.place()
    visitor = desk.inspector()
    relate(visitor, left, third, "linked")
    asked = link_of(desk) if link == "OTHERS" else link
    answer = visitor.post(f"/desk/cases/{left}/beside/{right}/undo", {"link": asked})
    assert answer.status_code in {404, 409}
    assert link_of(desk)


def test_a_merged_case_gives_its_words_its_recordings_and_its_callers_answer_to_the_one_kept(desk: Desk) -> None:
    kept = desk.place()
    gone = desk.place(number="+84922222222", facility="chợ rẫy", story=OTHER_STORY, hours_ago=1.0)
    visitor = desk.inspector()
    answer = merge(visitor, kept, gone, why="Cùng một ca trực")
    assert answer.status_code == 303
    assert answer.location.endswith(kept)
    page = plain(visitor.text(f"/desk/cases/{kept}"))
    assert "Đã gộp phản ánh" in page
    assert "siêu âm" in page
    assert "sieu am" in desk.case(kept).search_text
    questions = [link.question for link in desk.case(kept).recordings]
    assert questions == ["facility", "story", "contact", "facility", "story"], "who called stays with their own case"
    merged = desk.case(gone)
    assert (merged.status, merged.merged_into) == ("set_aside", desk.case(kept).id)
    assert (desk.kinds(gone)[-1], desk.kinds(kept)[-1]) == ("merge", "took_over")
    assert "Phản ánh này đã gộp vào" in plain(visitor.text(f"/desk/cases/{gone}"))
    saved(visitor, kept, "forward")
    write_letter(desk, kept)
    with desk.tools.database.begin() as session:
        letter = session.scalars(select(OutboxMail)).one()
    assert "siêu âm" in letter.text.lower()
    assert "quát" in letter.text.lower()


def test_who_asks_with_the_code_of_a_merged_case_hears_how_the_other_stands(desk: Desk) -> None:
    first, second, third = desk.place(), desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, second, first)
    merge(visitor, third, second)

    def heard(code: str) -> str:
        with desk.tools.database.begin() as session:
            answer = cases.status_by_code(session, code)
            assert answer is not None
            return answer.status.value

    assert [heard(code) for code in (first, second, third)] == ["review"] * 3
    saved(visitor, third, "confirm")
    assert heard(first) == "confirmed"


def test_undoing_a_merge_leaves_both_cases_as_they_were(desk: Desk) -> None:
    kept = desk.place()
    gone = desk.place(then=("confirm",), story=OTHER_STORY, emergency=True)
    visitor = desk.inspector()
    before = snapshot(desk, kept), snapshot(desk, gone)
    merge(visitor, kept, gone)
    assert desk.case(kept).emergency, "a life in danger goes along"
    assert undo(visitor, kept).status_code == 303
    assert (snapshot(desk, kept), snapshot(desk, gone)) == before
    assert desk.kinds(kept)[-1] == desk.kinds(gone)[-1] == "merge_undone"
    assert gone in found(desk, kept)


def test_a_merge_is_undone_from_either_page_days_later(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, kept, gone)
    desk.later(days=3)
    visitor, link = desk.inspector("khac@soyte.example"), link_of(desk)
    assert visitor.post(f"/desk/cases/{gone}/beside/{kept}/undo", {"link": link}).status_code == 303
    assert desk.case(gone).status == "review"
    assert visitor.post(f"/desk/cases/{gone}/beside/{kept}/undo", {"link": link}).status_code == 409


def test_merges_are_undone_in_the_order_in_which_they_stand(desk: Desk) -> None:
    first, second, third = desk.place(), desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, second, first)
    link = link_of(desk)
    merge(visitor, third, second)
    answer = visitor.post(f"/desk/cases/{second}/beside/{first}/undo", {"link": link})
    assert answer.status_code == 409
    assert "đã gộp tiếp" in answer.get_data(as_text=True)
    assert desk.case(first).status == "set_aside"


@pytest.mark.parametrize(
    ("kept", "gone", "told"),
    [
        ({"then": ("confirm", "forward")}, {"then": ("confirm", "forward")}, "Phiếu chuyển của cả hai"),
        ({}, {"then": ("confirm", "forward")}, "gộp chiều ngược lại"),
        ({}, {"then": ("set_aside",), "why": "Gọi nhầm."}, "Chỉ gộp được hai phản ánh đang xử lý"),
        ({"then": ("close",), "why": "Xong."}, {}, "Chỉ gộp được hai phản ánh đang xử lý"),
        ({}, {"line": "ve_benh_moi_tien", "key": None}, "kênh bảo mật"),
    ],
)
def test_what_cannot_be_merged_is_said_and_nothing_happens(
    desk: Desk, kept: dict[str, Any], gone: dict[str, Any], told: str
) -> None:
    one, other = desk.place(**kept), desk.place(**gone)
    before = snapshot(desk, one), snapshot(desk, other)
    answer = merge(desk.chief(), one, other)
    assert answer.status_code == 409
    assert told in plain(answer.get_data(as_text=True))
    assert (snapshot(desk, one), snapshot(desk, other)) == before
    assert desk.count(CaseLink) == 0


def test_an_open_case_may_go_into_a_confidential_one(desk: Desk) -> None:
    secret, ordinary = desk.place(line="ve_benh_moi_tien", key=None), desk.place()
    assert merge(desk.chief(), secret, ordinary).status_code == 303
    assert desk.case(ordinary).merged_into == desk.case(secret).id


@pytest.mark.parametrize("kind", ["linked", "apart", "merged"])
def test_the_timeline_of_an_open_case_tells_nothing_of_a_confidential_one(desk: Desk, kind: str) -> None:
    secret, ordinary = desk.place(line="ve_benh_moi_tien", key=None), desk.place()
    relate(desk.chief(), secret, ordinary, kind, keep=secret, why="Bác sĩ Bình lại bị tố")
    page = desk.inspector().text(f"/desk/cases/{ordinary}")
    assert "của kênh bảo mật" in page or kind == "merged"
    assert secret not in page
    assert "Bác sĩ Bình" not in page
    assert secret not in str([event.data for event in desk.events(ordinary)])


def test_a_letter_on_its_way_is_waited_for(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place(then=("confirm",))
    write_letter(desk, gone)
    answer = merge(desk.inspector(), kept, gone)
    assert answer.status_code == 409
    assert "Phiếu chuyển đang được gửi" in answer.get_data(as_text=True)
    assert desk.case(gone).status == "confirmed"


def test_words_do_not_come_to_the_unit_behind_a_letter_that_has_left(desk: Desk) -> None:
    kept, gone = desk.place(then=("confirm", "forward")), desk.place(story=OTHER_STORY)
    visitor = desk.inspector()
    assert merge(visitor, kept, gone).status_code == 303
    assert [link.question for link in desk.case(kept).recordings] == ["facility", "story", "contact"]
    page = plain(visitor.text(f"/desk/cases/{kept}"))
    assert "Đã gộp vào đây" in page
    assert "siêu âm" in page.split("Lời kể (không kèm phiếu đã gửi)")[1]


def test_a_merged_case_is_not_reopened_behind_the_merge(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, kept, gone)
    answer = acted(visitor, gone, "reopen", "Mở lại xem")
    assert answer.status_code == 409
    assert "đã gộp vào phản ánh khác" in plain(answer.get_data(as_text=True))


def test_a_case_that_another_works_on_is_not_merged_under_their_hands(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place()
    desk.inspector("khac@soyte.example").post(f"/desk/cases/{gone}/take")
    answer = merge(desk.inspector(), kept, gone)
    assert answer.status_code == 409
    assert "đang giữ phản ánh này" in plain(answer.get_data(as_text=True))


def test_what_was_hidden_by_hand_stays_hidden_where_the_words_go(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place(story=OTHER_STORY)
    story = next(link.recording_id for link in desk.case(gone).recordings if link.question == "story")

    def hide(session: Session, case: Case) -> None:
        marks = {"hidden": [[0.0, 2.0]], "shown": [], "made_by": "x", "made_at": desk.now}
        session.add(CaseRedaction(case_id=case.id, recording_id=story, revision=1, **marks))

    desk.change(gone, hide)
    merge(desk.inspector(), kept, gone)
    with desk.tools.database.begin() as session:
        copied = session.scalars(select(CaseRedaction).where(CaseRedaction.case_id == desk.case(kept).id)).one()
    assert (copied.recording_id, copied.hidden) == (story, [[0.0, 2.0]])


def test_a_hold_on_either_of_two_merged_cases_keeps_the_recordings(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place(story=OTHER_STORY)
    chief = desk.chief()
    merge(chief, kept, gone)
    story = next(link.recording_id for link in desk.case(gone).recordings if link.question == "story")

    def held() -> bool:
        with desk.tools.database.begin() as session:
            return session.get_one(Recording, story).legal_hold

    def hold(code: str, on: str) -> None:
        assert chief.post(f"/desk/cases/{code}/hold", {"on": on, "words": "Công văn 12"}).status_code == 303

    hold(kept, "1")
    hold(gone, "1")
    hold(kept, "")
    assert held(), "the other case is still held"
    hold(gone, "")
    assert not held()
    hold(kept, "1")
    assert chief.post(f"/desk/cases/{gone}/beside/{kept}/undo", {"link": link_of(desk)}).status_code == 303
    assert not held(), "what was given back is held for its own case only"


def test_a_correction_is_heard_in_the_case_that_took_the_words_over(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place(story=OTHER_STORY)
    visitor = desk.inspector()
    merge(visitor, kept, gone)
    assert correct(visitor, desk, gone, "phòng khám thu sáu triệu tiền chụp phim").status_code == 303
    assert "chup phim" in plain(visitor.text(f"/desk/cases/{kept}")).lower() or "chụp phim" in plain(
        visitor.text(f"/desk/cases/{kept}")
    )
    with desk.tools.database.begin() as session:
        queued = session.connection().exec_driver_sql(
            "SELECT args->>'case_id' FROM procrastinate_jobs WHERE task_name = 'structure' AND status = 'todo'"
        )
        assert str(desk.case(kept).id) in {row[0] for row in queued}


def test_chains_of_events_stay_whole_through_merges(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, kept, gone)
    undo(visitor, kept)
    with desk.tools.database.begin() as session:
        assert proof.prove(session).broken is None


def test_the_service_refuses_to_merge_a_case_into_itself_or_during_the_call(desk: Desk) -> None:
    one, other = desk.place(), desk.place()
    means = Means(desk.tools.keys, desk.tools.understand, desk.now, "ai đó")

    def still_calling(_session: Session, case: Case) -> None:
        case.intake_ended_at = None

    desk.change(other, still_calling)
    with desk.tools.database.begin() as session:
        first, second = (cases.by_code(session, code) for code in (one, other))
        assert first is not None
        assert second is not None
        for kept, gone, told in ((first, first, "chính nó"), (first, second, "chưa kết thúc")):
            with pytest.raises(links_of_cases.NotToBeMerged, match=told):
                links_of_cases.merge(session, kept, gone, why="", means=means)


def test_recordings_given_back_are_tied_to_nothing_else(desk: Desk) -> None:
    kept, gone = desk.place(), desk.place()
    visitor = desk.inspector()
    merge(visitor, kept, gone)
    undo(visitor, kept)
    with desk.tools.database.begin() as session:
        taken = select(CaseRecording).where(CaseRecording.taken_from.is_not(None))
        assert session.scalars(taken).all() == []
        office = Directory.read(session).office(desk.tools)
        case = cases.by_code(session, kept)
        assert case is not None
        assert len(forwarding.letter_values(session, case, office, desk.now)["answers"]) == 2
    assert isinstance(desk.case(gone).id, UUID)
