"""The page of health: what runs, what waits, what stands still, each with what to do, and nothing about anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text, update

from casebook.models import OutboxMail
from casebook.queries.health import take_pulse
from casebook.rules.policy import Role
from config.jobs.models import Tick
from config.jobs.queue import defer

from .conftest import Desk, Visitor, plain
from .test_troubles import fail

HEALTH = "/desk/operator/health"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR)


def health(operator: Visitor) -> str:
    return plain(operator.text(HEALTH))


def test_a_house_where_nothing_runs_says_what_to_start(operator: Visitor) -> None:
    page = health(operator)
    assert "Không có tiến trình làm việc nào" in page
    assert "python app.py worker" in page
    assert "python app.py clock" in page
    assert "Chưa gửi thư nào" in page
    assert "Chưa có cuộc gọi nào" in page


def test_what_the_command_checks_is_on_the_page_too(operator: Visitor) -> None:
    assert "Bộ nghe · CTC được đặt trong cấu hình; mô hình ctc đã cài Ổn" in health(operator)


def test_a_living_worker_and_clock_are_well(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
        session.add(Tick(job="housekeeping", fires_at=desk.now - timedelta(seconds=30)))
    page = health(operator)
    assert "1 tiến trình đang chạy" in page
    assert "Bộ hẹn giờ · Đang chạy" in page
    desk.later(minutes=6)
    assert "Ngừng từ 09:29 ngày 21/11/2026" in health(operator)


def test_a_worker_that_is_silent_counts_no_more(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        stopped = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 hours')"
        session.execute(text(stopped))
    assert "Tiến trình cuối cùng ngừng 2 giờ trước" in health(operator)


def test_a_queue_tells_how_much_waits_and_since_when(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        for _ in range(3):
            defer(session, "send_mail", queue="mail", mail_id=str(uuid4()))
        session.execute(text("UPDATE procrastinate_events SET at = at - interval '20 minutes'"))
    assert "Hàng đợi gửi thư · 3 việc đang chờ, 0 đang làm; việc cũ nhất chờ 20 phút" in health(operator)
    assert "Hàng đợi chép lời · 0 việc đang chờ" in health(operator)


def test_a_job_that_waits_for_its_next_try_does_not_count_as_stuck(desk: Desk) -> None:
    with desk.tools.database.begin() as session:
        defer(session, "send_mail", queue="mail", mail_id="x")
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'"))
        mail = next(queue for queue in take_pulse(session).queues if queue.name == "mail")
    assert (mail.waiting, mail.later, mail.oldest) == (0, 1, timedelta())


def test_failed_steps_and_the_last_mail_and_call_are_told_without_any_case(desk: Desk, operator: Visitor) -> None:
    code = desk.place(then=("confirm", "forward"))
    with desk.tools.database.begin() as session:
        session.execute(update(OutboxMail).values(state="sent", sent_at=desk.now - timedelta(minutes=12)))
    fail(desk, f"case:{desk.case(code).id}")
    page = health(operator)
    assert "1 bước dừng lại, 0 thư cần quyết định" in page
    assert "Thư gửi gần nhất · 09:18 ngày 21/11/2026, 12 phút trước" in page
    assert "Cuộc gọi gần nhất ·" in page
    assert code not in page
    assert "@" not in page.replace(Role.OPERATOR + "@soyte.example", "")


def test_the_page_sums_up_and_refreshes_itself(operator: Visitor) -> None:
    page = operator.text(HEALTH)
    assert 'data-refresh="20"' in page
    assert "việc cần sửa ngay" in page
