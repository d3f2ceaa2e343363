"""The journey of a call through the case book, with every real part around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select, text

from casebook import pipeline
from casebook.adapters.mail_templates import render
from casebook.models import Case, OutboxMail
from casebook.pipeline import Pipeline
from casebook.rules.states import Status
from casebook.service import cases, digest, forwarding, hearing, outbox
from config.directory.lines import CATEGORIES
from config.directory.store import save_line, save_unit, units_of
from config.jobs.steps import open_failures, retry
from config.jobs.ticker import tick
from recordings.models import Recording, RecordingState
from tests.integration.casebook.hotline_house import Scene
from tests.integration.recordings.provider import Answer, Provider
from transcription.errors import EngineFailed, ModelMissing
from transcription.service import history


def test_a_call_becomes_a_case_that_waits_for_an_inspector(hotline: Scene) -> None:
    case = hotline.case(hotline.whole_call())
    assert case.status == Status.REVIEW
    assert case.subject_unit == "bv-cho-ray"
    assert case.category in {"thai_do_phuc_vu", "quy_trinh_kham_bhyt"}
    assert case.facts["amount_vnd"] == 500_000
    assert case.summary
    assert [link.question for link in case.recordings] == ["facility", "story", "contact"]


def test_who_called_is_not_readable_in_the_database(hotline: Scene) -> None:
    hotline.whole_call()
    with hotline.database.begin() as session:
        for table in ("cases", "case_events", "transcripts", "outbox_mails", "recordings"):
            rows = str(session.execute(text(f"SELECT t::text FROM {table} t")).all())
            for secret in ("912345678", "trần thị hoa", "tran thi hoa", "không chín một hai"):
                assert secret not in rows, (table, secret)


def test_a_confirmed_case_is_forwarded_by_mail_without_the_callers_identity(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.forward()
    case = hotline.case(case_id)
    assert case.status == Status.FORWARDED
    assert case.forwarded_at == hotline.now
    assert case.due_at is not None
    (mail,) = hotline.mailbox.taken
    assert mail["To"] == "bv-cho-ray@yte.example"
    body = mail.get_body(("plain",)).get_content() + mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert case.code in body
    assert "năm trăm ngàn" in body.lower() or "500.000" in body
    for secret in ("hoa", "0912345678", "không chín một hai"):
        assert secret not in body.lower()


def test_the_letter_is_written_once_however_often_the_clock_ticks(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    for _ in range(3):
        hotline.forward()
    assert len(hotline.mailbox.taken) == 1


def test_without_confirmation_nothing_leaves(hotline: Scene) -> None:
    hotline.whole_call()
    hotline.forward()
    assert hotline.mailbox.taken == []


def test_a_line_may_let_cases_leave_by_themselves(hotline: Scene) -> None:
    line = hotline.line()
    with hotline.database.begin() as session:
        save_line(session, replace(line, auto_forward=CATEGORIES), hotline.now)
    case = hotline.case(hotline.whole_call(category_key="thai_do_phuc_vu"))
    assert case.status == Status.CONFIRMED
    assert any(event.kind == "confirm" and event.actor == "quy định của đường dây" for event in case.events)


def test_a_media_file_that_is_not_there_yet_is_fetched_later(hotline: Scene, provider: Provider) -> None:
    case_id = hotline.open_case()
    recording_id = hotline.record(case_id, "story", 6, sid="RElate")
    path = next(path for path in provider.answers if path.endswith("RElate"))
    good = provider.answers[path][0]
    provider.answers[path] = [Answer(404), Answer(404), good]
    hotline.work()
    with hotline.database.begin() as session:
        assert session.get_one(Recording, recording_id).state is RecordingState.KEPT
    assert [method for method, seen, _ in provider.seen if seen == path] == ["GET", "GET", "GET"]


def test_an_error_page_is_never_kept_as_a_recording_and_a_person_can_try_again(
    hotline: Scene, provider: Provider
) -> None:
    case_id = hotline.open_case()
    recording_id = hotline.record(case_id, "story", 6, body=b"<?xml version='1.0'?><Error>no</Error>")
    hotline.end_call(case_id)
    for _ in range(12):
        hotline.work()
        hotline.hurry()
    with hotline.database.begin() as session:
        assert session.get_one(Recording, recording_id).state is RecordingState.FAILED
        (failure,) = open_failures(session)
        assert failure.subject == f"recording:{recording_id}"
    assert hotline.case(case_id).status == Status.REVIEW, "the case waits for a person, not for ever"

    hotline.record(case_id, "story", 6)
    path = next(iter(path for path in provider.answers if "REstory" in path))
    assert provider.answers[path]
    with hotline.database.begin() as session:
        assert retry(session, failure.id, by="a@b.example", now=hotline.now)
    hotline.work()
    with hotline.database.begin() as session:
        assert session.get_one(Recording, recording_id).state is RecordingState.KEPT
        assert open_failures(session) == []


def test_a_recording_announced_twice_files_one_case_with_one_recording(hotline: Scene) -> None:
    case_id = hotline.open_case()
    first, second = (hotline.record(case_id, "story", 6, sid="REsame") for _ in range(2))
    hotline.end_call(case_id)
    hotline.end_call(case_id)
    hotline.work()
    assert first == second
    case = hotline.case(case_id)
    assert len(case.recordings) == 1
    assert [event.kind for event in case.events].count("call_ended") == 1


def test_a_step_run_twice_changes_nothing(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    before = [event.kind for event in hotline.case(case_id).events]
    heard = hotline.listener.heard
    line = Pipeline(hotline.tools)
    for link in hotline.case(case_id).recordings:
        line.collect(str(link.recording_id))
        line.transcribe(str(link.recording_id))
    line.structure(str(case_id))
    hotline.work()
    assert [event.kind for event in hotline.case(case_id).events] == before
    assert hotline.listener.heard == heard


def test_the_ears_may_fail_for_a_while(hotline: Scene) -> None:
    hotline.listener.fails_with = ModelMissing()
    case_id = hotline.open_case()
    recording_id = hotline.record(case_id, "story", 6)
    hotline.end_call(case_id)
    hotline.work()
    assert hotline.case(case_id).status == Status.OPEN
    hotline.listener.fails_with = None
    hotline.hurry()
    hotline.work()
    assert hotline.case(case_id).status == Status.REVIEW
    with hotline.database.begin() as session:
        assert [revision.revision for revision in history(session, recording_id)] == [1]


def test_a_recording_that_no_engine_can_hear_still_comes_before_an_inspector(hotline: Scene) -> None:
    hotline.listener.fails_with = EngineFailed()
    case_id = hotline.whole_call()
    assert hotline.case(case_id).status == Status.REVIEW
    with hotline.database.begin() as session:
        waiting = open_failures(session)
        assert len(waiting) == 3
        hotline.listener.fails_with = None
        for failure in waiting:
            retry(session, failure.id, by="a@b.example", now=hotline.now)
    hotline.work()
    assert hotline.case(case_id).subject_unit == "bv-cho-ray"


def test_a_call_without_a_word_leaves_a_row_that_says_why(hotline: Scene) -> None:
    case_id = hotline.open_case()
    hotline.end_call(case_id)
    hotline.work()
    case = hotline.case(case_id)
    assert case.status == Status.SET_ASIDE
    assert "không để lại lời nào" in case.events[-1].data["why"]


def test_a_call_whose_end_nobody_reports_is_taken_to_be_over(hotline: Scene) -> None:
    case_id = hotline.open_case()
    hotline.record(case_id, "story", 6)
    hotline.work()
    assert hotline.case(case_id).status == Status.OPEN
    hotline.later(hours=4)
    Pipeline(hotline.tools).housekeeping()
    hotline.work()
    assert hotline.case(case_id).status == Status.REVIEW


def test_a_life_in_danger_rings_the_alarm_at_once_and_once(hotline: Scene) -> None:
    hotline.listener.spoken[6] = (
        "cứu với ba tôi đang khó thở tím tái ngất xỉu ngay cổng cấp cứu bệnh viện mà không ai cho vào"
    )
    case_id = hotline.whole_call()
    assert hotline.case(case_id).emergency
    assert [mail["Subject"].startswith("KHẨN CẤP") for mail in hotline.mailbox.taken] == [True]


def test_a_mail_server_that_is_down_for_a_day_delays_and_loses_nothing(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.mailbox.answers = ["451 later", "421 closing"]
    hotline.forward()
    for _ in range(2):
        assert hotline.case(case_id).status == Status.CONFIRMED
        hotline.hurry()
        hotline.work()
    assert hotline.case(case_id).status == Status.FORWARDED
    assert len(hotline.mailbox.taken) == 1


def test_a_refused_letter_stays_visible_with_its_reason(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.mailbox.answers = ["550 no such user"]
    hotline.forward()
    with hotline.database.begin() as session:
        (mail,) = outbox.mails_of(session, case_id)
        assert mail.state == "failed"
        assert mail.failure is not None
        assert "550" in mail.failure
        assert len(open_failures(session)) == 1
    assert hotline.case(case_id).status == Status.CONFIRMED


def test_a_crash_between_sending_and_noting_it_is_left_to_a_person(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    Pipeline(hotline.tools).forward_due()
    hotline.work("default")
    with hotline.database.begin() as session:
        (mail,) = outbox.mails_of(session, case_id)
        mail.state = "sending"  # what kill -9 in the middle of SMTP leaves behind
    hotline.work("mail")
    assert hotline.mailbox.taken == [], "never silently sent twice"
    with hotline.database.begin() as session:
        (mail,) = outbox.mails_of(session, case_id)
        assert mail.state == "uncertain"
        outbox.send_again(session, mail.id)
    hotline.work("mail")
    assert hotline.case(case_id).status == Status.FORWARDED
    assert len(hotline.mailbox.taken) == 1


def test_a_unit_without_an_address_is_visible_not_lost(hotline: Scene) -> None:
    with hotline.database.begin() as session:
        unit = next(unit for unit in units_of(session) if unit.slug == "bv-cho-ray")
        save_unit(session, replace(unit, email=""), hotline.now)
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.forward()
    with hotline.database.begin() as session:
        (failure,) = open_failures(session)
        assert "chưa có địa chỉ" in failure.reason
    assert hotline.case(case_id).status == Status.CONFIRMED


def test_a_case_given_to_another_unit_gets_a_second_letter(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.forward()
    with hotline.database.begin() as session:
        case = cases.get(session, case_id, lock=True)
        cases.change_unit(session, case, "bv-binh-dan", now=hotline.now, actor="a@b.example")
    hotline.forward()
    assert [mail["To"] for mail in hotline.mailbox.taken] == ["bv-cho-ray@yte.example", "bv-binh-dan@yte.example"]


def test_the_morning_mail_is_sent_once_a_day_and_counts_yesterday(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.confirm(case_id)
    hotline.forward()
    hotline.mailbox.taken.clear()
    hotline.later(days=1)
    for _ in range(2):
        Pipeline(hotline.tools).daily_mail("2026-11-22")
    hotline.work()
    (mail,) = hotline.mailbox.taken
    text_part = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["To"] == "lanh.dao@soyte.example"
    assert hotline.case(case_id).code in text_part
    assert "Bệnh viện Chợ Rẫy (1)" in text_part


def test_no_morning_is_left_out_when_nobody_worked_for_a_day(hotline: Scene) -> None:
    rounds = pipeline.periodics(forward_every=timedelta(minutes=1), daily_at=time(7))
    (morning,) = (one for one in rounds if one.job == pipeline.DAILY_MAIL)
    for hours in (0, 15, 7):  # the second is past midnight, before the hour
        hotline.later(hours=hours)
        with hotline.database.begin() as session:
            tick(session, morning, hotline.now)
    hotline.work()
    assert [str(mail["Subject"])[-10:] for mail in hotline.mailbox.taken] == ["20/11/2026", "21/11/2026"]


def test_whatever_the_clock_queues_can_be_done(hotline: Scene) -> None:
    with hotline.database.begin() as session:
        for one in pipeline.periodics(forward_every=timedelta(minutes=1), daily_at=time(7)):
            tick(session, one, hotline.now)
    hotline.work()
    with hotline.database.begin() as session:
        assert set(session.scalars(text("SELECT status::text FROM procrastinate_jobs"))) == {"succeeded"}


def test_the_morning_mail_counts_every_late_case_though_it_lists_only_some(
    hotline: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "LATE_SHOWN", 1)
    for _ in range(2):
        hotline.confirm(hotline.whole_call())
    hotline.forward()
    hotline.later(days=30)
    with hotline.database.begin() as session:
        values = digest.daily_values(session, date(2026, 12, 20), {}, hotline.tools.house, hotline.now)
    assert (values["late"], len(values["overdue"])) == (2, 1)
    assert "… và 1 phản ánh khác" in render("daily", values).text


def test_an_empty_day_says_so_in_one_line(hotline: Scene) -> None:
    Pipeline(hotline.tools).daily_mail("2026-11-21")
    hotline.work()
    (mail,) = hotline.mailbox.taken
    assert "không có phản ánh nào được chuyển" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_the_providers_copy_is_deleted_once_ours_is_proven(hotline: Scene, provider: Provider) -> None:
    hotline.whole_call()
    deleted = [path for method, path, _ in provider.seen if method == "DELETE"]
    assert len(deleted) == 3


def test_recordings_past_their_time_are_deleted_and_the_case_says_so(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    hotline.later(days=365 * 30)
    Pipeline(hotline.tools).housekeeping()
    case = hotline.case(case_id)
    assert [event.kind for event in case.events].count("recording_deleted") == 3
    with hotline.database.begin() as session:
        assert set(session.scalars(select(Recording.state))) == {RecordingState.DELETED}


def test_recordings_on_legal_hold_outlive_their_time(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    with hotline.database.begin() as session:
        case = cases.get(session, case_id, lock=True)
        cases.hold(session, case, on=True, now=hotline.now, actor="chanh@soyte.example", why="CV 12/TAND")
        cases.hold(session, case, on=True, now=hotline.now, actor="chanh@soyte.example", why="bấm hai lần")
    late = hotline.record(case_id, "story", 6, sid="RElate")
    hotline.work()
    hotline.later(days=365 * 30)
    Pipeline(hotline.tools).housekeeping()
    with hotline.database.begin() as session:
        assert set(session.scalars(select(Recording.state))) == {RecordingState.KEPT}
        assert session.get_one(Recording, late).legal_hold, "what arrives later is held too"
    assert [event.kind for event in hotline.case(case_id).events].count("held") == 1


def test_a_case_that_waits_for_a_person_does_not_keep_others_from_leaving(hotline: Scene) -> None:
    with hotline.database.begin() as session:
        unit = next(unit for unit in units_of(session) if unit.slug == "bv-cho-ray")
        save_unit(session, replace(unit, email=""), hotline.now)
    stuck, other = hotline.whole_call(), hotline.whole_call()
    hotline.confirm(stuck)
    hotline.forward()
    hotline.confirm(other, unit="bv-binh-dan")
    with hotline.database.begin() as session:
        assert forwarding.waiting(session, limit=1) == [other]
    hotline.forward()
    assert hotline.case(other).status == Status.FORWARDED


def test_a_caller_who_asks_with_the_code_hears_the_state_and_nothing_else(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    code = hotline.case(case_id).code
    with hotline.database.begin() as session:
        answer = cases.status_by_code(session, code)
        assert answer is not None
        assert answer.spoken == "đã được tiếp nhận và đang chờ thanh tra xem xét"
        assert cases.status_by_code(session, "0000000000") is None
        assert cases.status_by_code(session, "ten digits") is None


def test_a_key_pressed_for_anonymity_counts_as_words_do(hotline: Scene) -> None:
    case = hotline.case(hotline.whole_call(anonymous=True))
    assert hearing.suggestion_of(case, hotline.keys).flags.wants_anonymity.value


def test_two_workers_on_one_recording_hear_it_once(hotline: Scene) -> None:
    case_id = hotline.open_case()
    recording_id = hotline.record(case_id, "story", 6)
    with hotline.database.begin() as session:
        session.execute(
            text(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                " SELECT queue_name, task_name, args FROM procrastinate_jobs"
            )
        )
    hotline.end_call(case_id)
    hotline.work()
    with hotline.database.begin() as session:
        assert len(history(session, recording_id)) == 1
        assert session.scalar(select(func.count()).select_from(Case)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
