"""What is stuck and what people decide about it; the morning mail on demand; the test mailbox."""

from __future__ import annotations

import re
import smtplib
import time
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update

from casebook.adapters import mail_sink
from casebook.adapters.mail_sink import SinkNotLocal
from casebook.models import Case, OutboxMail
from casebook.rules.policy import Role
from config.jobs.models import FailedStep
from config.jobs.steps import Step, note_failure
from tests.integration.casebook.hotline_house import free_port

from .conftest import Desk, plain

REFUSED = "Nhà cung cấp từ chối tài khoản của ta."


def fail(desk: Desk, subject: str, reason: str = REFUSED, job: str = "collect") -> str:
    """Put a step on the failed list; gives its id."""
    kind, _, key = subject.partition(":")
    step = Step(job, "default", lambda **_: None, lambda _: subject)
    with desk.tools.database.begin() as session:
        note_failure(session, step, {f"{kind}_id": key}, reason, desk.now)
        return str(session.scalars(select(FailedStep.id).where(FailedStep.subject == subject)).one())


def mail_of(desk: Desk) -> OutboxMail:
    with desk.tools.database.begin() as session:
        return session.scalars(select(OutboxMail)).one()


def test_a_failed_step_is_shown_with_its_case_and_reason_and_can_be_retried(desk: Desk) -> None:
    code = desk.place()
    failure = fail(desk, f"recording:{desk.case(code).recordings[0].recording_id}")
    visitor = desk.inspector()
    page = visitor.text("/desk/failures")
    assert "Tải bản ghi âm" in page
    assert f"/desk/cases/{code}" in page
    assert "Nhà cung cấp từ chối tài khoản của ta." in page
    assert '<span class="count bad">1</span>' in page
    assert visitor.post(f"/desk/failures/{failure}/retry").status_code == 303
    assert "Không có bước nào dừng lại" in visitor.text("/desk/failures")
    with desk.tools.database.begin() as session:
        assert session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'collect'")) == 1
    assert desk.desk_kinds()[-1] == "retried"
    visitor.post(f"/desk/failures/{failure}/retry")
    assert "Bước này đã được xử lý trước đó" in visitor.text("/desk/failures")


def test_a_reason_is_shown_as_text(desk: Desk) -> None:
    fail(desk, f"recording:{uuid4()}", "<script>alert(1)</script>")
    assert "<script>alert" not in desk.chief().text("/desk/failures")


def test_an_operator_retries_but_reads_no_case(desk: Desk) -> None:
    code = desk.place()
    failure = fail(desk, f"case:{desk.case(code).id}")
    visitor = desk.person(Role.OPERATOR)
    page = visitor.text("/desk/failures")
    assert code not in page
    assert "Tải bản ghi âm" in page
    assert visitor.post(f"/desk/failures/{failure}/retry").status_code == 303


def test_an_uncertain_letter_is_decided_by_a_person_either_way(desk: Desk) -> None:
    code = desk.place(then=("confirm", "failed"))
    visitor = desk.inspector()
    assert "Không rõ đã tới chưa" in visitor.text("/desk/failures")
    mail = mail_of(desk)
    answer = visitor.post(f"/desk/mails/{mail.id}/arrived", {"next": f"/desk/cases/{code}"})
    assert answer.location == f"/desk/cases/{code}"
    assert (mail_of(desk).state, desk.case(code).status) == ("sent", "forwarded")
    assert desk.case(code).due_at is not None
    assert "Xác nhận thư đã tới" in plain(visitor.text(f"/desk/cases/{code}"))
    assert visitor.post(f"/desk/mails/{mail.id}/arrived").status_code == 409


def test_a_failed_letter_is_sent_again_on_a_persons_word(desk: Desk) -> None:
    code = desk.place(then=("confirm", "failed"))
    visitor = desk.inspector()
    mail = mail_of(desk)
    fail(desk, f"mail:{mail.id}", job="send_mail")
    assert visitor.post(f"/desk/mails/{mail.id}/again", {"next": "https://evil.example"}).location == "/desk/"
    assert mail_of(desk).state == "queued"
    assert "mail_sent_again" in desk.kinds(code)
    with desk.tools.database.begin() as session:
        assert session.scalar(select(FailedStep.resolved_at).where(FailedStep.job == "send_mail")) == desk.now


def test_a_confidential_cases_mail_is_decided_only_with_clearance(desk: Desk) -> None:
    desk.place(line="ve_benh_moi_tien", key=None, then=("confirm", "failed"))
    mail = mail_of(desk)
    assert desk.inspector().post(f"/desk/mails/{mail.id}/again").status_code == 404
    assert desk.chief().post(f"/desk/mails/{mail.id}/again").status_code == 303


@pytest.mark.parametrize("what", ["again", "arrived"])
def test_a_mail_that_is_not_there_cannot_be_decided(desk: Desk, what: str) -> None:
    assert desk.chief().post(f"/desk/mails/{uuid4()}/{what}").status_code == 404


def test_units_that_no_letter_reaches_are_listed_with_their_cases(desk: Desk) -> None:
    code = desk.place()
    with desk.tools.database.begin() as session:
        session.execute(text("UPDATE units SET email = '' WHERE slug IN ('bv-cho-ray', 'bv-tu-du')"))
        session.execute(update(Case).where(Case.code == code).values(responsible_unit="bv-cho-ray"))
    page = plain(desk.chief().text("/desk/failures"))
    assert page.index("Bệnh viện Chợ Rẫy · 1 phản ánh đang chờ") < page.index("Bệnh viện Từ Dũ")


@pytest.mark.parametrize(("day", "told"), [("yesterday", "20/11/2026"), ("today", "21/11/2026")])
def test_the_morning_mail_is_sent_when_somebody_asks(desk: Desk, day: str, told: str) -> None:
    visitor = desk.chief()
    for _ in range(2):
        desk.later(seconds=1)
        assert visitor.post("/desk/daily", {"day": day, "next": "/desk/"}).status_code == 303
    assert f"tổng hợp ngày {told}" in visitor.text("/desk/")
    assert desk.count(OutboxMail) == 2
    assert desk.desk_kinds()[-1] == "daily_asked"


def letter(subject: str, html: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@soyte.example", "b@yte.example", subject
    message["Date"] = "Sat, 21 Nov 2026 09:30:00 +0700"
    message.set_content("Nội dung thư.")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_what_is_sent_by_smtp_is_read_at_the_desk_newest_first(desk: Desk, tmp_path: Path) -> None:
    port = free_port()
    bind = f"127.0.0.1:{port}"
    with mail_sink.mail_sink(bind, tmp_path / "mailbox"):
        for number in (1, 2, 3):
            with smtplib.SMTP("127.0.0.1", port) as smtp:
                smtp.send_message(letter(f"Thư số {number}", "<b>Xin chào</b><script>alert(1)</script>"))
            time.sleep(0.01)
    visitor = desk.chief()
    page = visitor.text("/desk/mailbox")
    assert [int(n) for n in re.findall(r"Thư số (\d)", page)] == [3, 2, 1]
    link = re.search(r'href="(/desk/mailbox/[^"]+)"', page)
    assert link
    shown = visitor.text(link.group(1))
    assert "Nội dung thư." in shown
    assert "b@yte.example" in shown
    assert 'sandbox title="Nội dung thư"' in shown
    framed = visitor.get(f"{link.group(1)}/html")
    assert "<b>Xin chào</b>" in framed.get_data(as_text=True)
    assert framed.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_test_mailbox_takes_no_mail_that_is_too_big(tmp_path: Path) -> None:
    port = free_port()
    bind = f"127.0.0.1:{port}"
    big = letter("To quá")
    big.set_content("x" * (mail_sink.MAX_BYTES + 1))
    with (
        mail_sink.mail_sink(bind, tmp_path / "box"),
        smtplib.SMTP("127.0.0.1", port) as smtp,
        pytest.raises(smtplib.SMTPResponseException),
    ):
        smtp.send_message(big)
    assert mail_sink.letters(tmp_path / "box") == []


def test_the_test_mailbox_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_sink, "KEPT", 2)
    keeper = mail_sink.Keeper(tmp_path / "box")
    for number in (1, 2, 3):
        keeper.keep(letter(f"Thư số {number}").as_bytes(), ["b@yte.example"])
    assert [found.subject for found in mail_sink.letters(tmp_path / "box")] == ["Thư số 3", "Thư số 2"]


@pytest.mark.parametrize("bind", ["0.0.0.0:8025", "192.0.2.1:25", "[::]:8025"])
def test_the_test_mailbox_listens_to_this_machine_only(bind: str, tmp_path: Path) -> None:
    with pytest.raises(SinkNotLocal), mail_sink.mail_sink(bind, tmp_path / "box"):
        pass


def test_an_empty_mailbox_says_how_to_fill_it_and_a_wrong_letter_is_not_found(desk: Desk) -> None:
    visitor = desk.chief()
    assert "Chưa có thư nào" in visitor.text("/desk/mailbox")
    for key in ("khong-co", "..%2f..%2fetc%2fpasswd", "%00"):
        assert visitor.get(f"/desk/mailbox/{key}").status_code == 404


def test_without_the_sink_there_is_no_mailbox(desk: Desk) -> None:
    without = desk.without_mailbox()
    assert without.get("/desk/mailbox").status_code == 404
    assert "Hộp thư thử" not in without.text("/desk/")


def test_when_the_database_is_away_the_desk_says_so_and_shows_nothing_else(desk: Desk) -> None:
    visitor = desk.broken()
    answer = visitor.get("/desk/")
    assert answer.status_code == 503
    assert "Hệ thống tạm thời bận" in answer.get_data(as_text=True)


def test_a_case_with_trouble_is_marked_in_the_list(desk: Desk) -> None:
    code, fine = desk.place(), desk.place()
    fail(desk, f"case:{desk.case(code).id}")
    page = desk.inspector().text("/desk/")
    row = page[page.index(f"/desk/cases/{code}") :].split("</li>")[0]
    assert "Có lỗi" in row
    assert "Có lỗi" not in page[page.index(f"/desk/cases/{fine}") :].split("</li>")[0]
