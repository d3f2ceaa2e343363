"""A muted caller's calls through the pipeline: recorded, filed, set aside; and what rings all the same."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from casebook.models import Case, MutedCaller, OutboxMail
from casebook.queries import alarms
from casebook.rules.policy import Role, Viewer
from casebook.rules.states import Status
from casebook.service import cases, muting
from recordings.models import Recording, RecordingState
from tests.integration.casebook.hotline_house import Scene
from transcription.errors import EngineFailed

DANGER = "mẹ tôi đang ngừng thở người tím tái nằm ở bệnh viện chợ rẫy không ai cấp cứu"
CHIEF = Viewer("chánh", frozenset({Role.CHIEF_INSPECTOR}))


def mute(hotline: Scene, days: int = 7) -> UUID:
    """Mute the one who calls in these stories, from a case of theirs; gives the mute."""
    case_id = hotline.whole_call()
    with hotline.database.begin() as session:
        case = cases.get(session, case_id, lock=True)
        return muting.mute(session, case, days, why="Gọi chửi bới", now=hotline.now, actor="thanh.tra@soyte.example").id


def rings(hotline: Scene) -> list[str]:
    with hotline.database.begin() as session:
        return alarms.ringing(session, CHIEF)


def test_a_muted_callers_case_is_filed_heard_and_set_aside_with_the_reason(hotline: Scene) -> None:
    mute(hotline)
    hotline.later(hours=1)
    case = hotline.case(hotline.whole_call())
    assert case.status == Status.SET_ASIDE
    assert case.closed_at == hotline.now
    assert [link.question for link in case.recordings] == ["facility", "story", "contact"]
    assert case.summary, "it was understood all the same"
    assert [event.kind for event in case.events][-2:] == ["call_muted", "set_aside"]
    assert case.events[-1].data["why"].startswith("Số bị tạm chặn đến")
    assert "Gọi chửi bới" in case.events[-1].data["why"]
    assert rings(hotline) == []
    with hotline.database.begin() as session:
        assert session.scalars(select(OutboxMail)).all() == []
        states = session.scalars(select(Recording.state)).all()
    assert set(states) == {RecordingState.KEPT}


def test_the_case_from_which_a_caller_was_muted_stays_where_it_stands(hotline: Scene) -> None:
    mute(hotline)
    with hotline.database.begin() as session:
        assert session.scalars(select(Case.status)).all() == [Status.REVIEW]


def test_a_muted_caller_in_danger_rings(hotline: Scene) -> None:
    mute(hotline)
    hotline.later(hours=1)
    hotline.listener.spoken[6] = DANGER
    case = hotline.case(hotline.whole_call())
    assert (case.status, case.emergency) == (Status.REVIEW, True)
    assert "alarm_raised" in [event.kind for event in case.events]
    assert rings(hotline) == [case.code]
    assert len(hotline.mailbox.taken) == 1


def test_a_case_opened_as_an_emergency_is_not_hushed(hotline: Scene) -> None:
    mute(hotline)
    case = hotline.case(hotline.whole_call(emergency=True))
    assert case.status == Status.REVIEW


def test_danger_heard_in_a_recording_that_came_late_takes_the_case_up_again(hotline: Scene) -> None:
    mute(hotline)
    case_id = hotline.open_case()
    hotline.record(case_id, "facility", 2)
    hotline.end_call(case_id)
    hotline.work()
    assert hotline.case(case_id).status == Status.SET_ASIDE
    hotline.listener.spoken[6] = DANGER
    hotline.record(case_id, "story", 6)
    hotline.work()
    case = hotline.case(case_id)
    assert (case.status, case.emergency) == (Status.REVIEW, True)
    assert rings(hotline) == [case.code]


def test_what_a_person_set_aside_after_all_is_not_taken_up_by_the_machine(hotline: Scene) -> None:
    mute(hotline)
    case_id = hotline.whole_call()
    with hotline.database.begin() as session:
        case = cases.get(session, case_id, lock=True)
        cases.reopen(session, case, now=hotline.now, actor="a@soyte.example", why="Nghe lại")
        cases.set_aside(session, case, now=hotline.now, actor="a@soyte.example", why="Vẫn là quấy rối")
        muting.let_ring(session, case, hotline.now)
    assert hotline.case(case_id).status == Status.SET_ASIDE


def test_a_call_that_could_not_be_heard_goes_to_a_person(hotline: Scene) -> None:
    mute(hotline)
    hotline.listener.fails_with = EngineFailed("hỏng")
    case_id = hotline.open_case()
    hotline.record(case_id, "story", 6)
    hotline.end_call(case_id)
    for _ in range(12):
        hotline.work()
        hotline.hurry()
    assert hotline.case(case_id).status == Status.REVIEW


def test_the_confidential_line_silences_nobody(hotline: Scene) -> None:
    mute(hotline)
    assert hotline.case(hotline.whole_call(line="ve_benh_moi_tien")).status == Status.REVIEW


def test_a_mute_ends_by_itself_and_when_it_is_lifted(hotline: Scene) -> None:
    first = mute(hotline, days=1)
    hotline.later(days=1)
    assert hotline.case(hotline.whole_call()).status == Status.REVIEW
    with hotline.database.begin() as session:
        assert session.get_one(MutedCaller, first).lifted_at is None
    second = mute(hotline)
    assert hotline.case(hotline.whole_call()).status == Status.SET_ASIDE
    with hotline.database.begin() as session:
        muting.lift(session, second, now=hotline.now, actor="a@soyte.example")
    assert hotline.case(hotline.whole_call()).status == Status.REVIEW


def test_a_call_that_began_before_the_mute_is_not_hushed(hotline: Scene) -> None:
    case_id = hotline.open_case()
    for question, seconds in (("facility", 2), ("story", 6)):
        hotline.record(case_id, question, seconds)
    hotline.later(minutes=1)
    mute(hotline)
    hotline.end_call(case_id)
    hotline.work()
    assert hotline.case(case_id).status == Status.REVIEW


def test_other_numbers_are_heard_as_ever(hotline: Scene) -> None:
    mute(hotline)
    with hotline.database.begin() as session:
        other = cases.open_case(
            session, line=hotline.line(), now=hotline.now, keys=hotline.keys, caller=cases.Caller("+84911111111")
        ).id
        withheld = cases.open_case(
            session, line=hotline.line(), now=hotline.now, keys=hotline.keys, caller=cases.Caller(None)
        ).id
    for case_id in (other, withheld):
        hotline.record(case_id, "story", 6)
        hotline.end_call(case_id)
    hotline.work()
    assert {hotline.case(case_id).status for case_id in (other, withheld)} == {Status.REVIEW}


def test_a_muted_call_leaves_no_case_to_the_lines_own_policy(hotline: Scene) -> None:
    mute(hotline)
    case = hotline.case(hotline.whole_call(category_key="thai_do_phuc_vu"))
    assert (case.status, case.confirmed_at) == (Status.SET_ASIDE, None)
