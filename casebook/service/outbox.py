"""Mail that is written down before it is sent, so that none is lost and none silently sent twice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casebook.models import OutboxMail
from casebook.ports import MailSender, MailServerAway, MailUncertain
from config.clock import Clock, local
from config.database.engine import Database
from config.errors import PermanentError
from config.jobs.queue import defer

SEND_MAIL = "send_mail"

LINK = "link"
"""The kind of mails that carry a one-time link: once sent, the link is blotted out of the row."""

_TOKEN = re.compile(r"(/desk/links/)[\w-]+")


class InterruptedDelivery(MailUncertain):
    """Việc gửi bị ngắt giữa chừng: không biết thư đã tới hay chưa. Hãy hỏi người nhận rồi chọn gửi lại hoặc bỏ."""


class NotUncertain(PermanentError):
    """Thư này không ở trạng thái cần quyết định."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to one recipient; two drafts with one `dedupe_key` are the same mail."""

    kind: str
    dedupe_key: str
    recipient: str
    subject: str
    text: str
    html: str
    case_id: UUID | None = None


def post(session: Session, draft: Draft, sender: str, now: datetime) -> UUID | None:
    """Write a mail down with its Message-ID and queue its delivery; None if it was written before."""
    row = insert(OutboxMail).values(
        kind=draft.kind,
        dedupe_key=draft.dedupe_key,
        case_id=draft.case_id,
        recipient=draft.recipient,
        message_id=make_msgid(domain=sender.rpartition("@")[2]),
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        created_at=now,
    )
    mail_id = session.scalar(row.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(OutboxMail.id))
    if mail_id is not None:
        _queue(session, mail_id)
    return mail_id


def deliver(
    database: Database, mail_id: UUID, sender: MailSender, from_address: str, clock: Clock
) -> OutboxMail | None:
    """Send one mail; gives the row if it was sent now, None if there was nothing to do.

    The row says `sending` before the server is spoken to. Found in that state, the mail may or may not
    have gone: it becomes `uncertain`, for a person to decide. Raises what MailSender.send raises.
    """
    with database.begin() as session:
        mail = _claim(session, mail_id)
    if mail is None:
        return None
    if mail.state == "uncertain":
        raise InterruptedDelivery
    # No transaction is open while the mail server is spoken to.
    try:
        sender.send(compose(mail, from_address))
    except MailServerAway as error:
        _settle(database, mail_id, "queued", str(error), None)
        raise
    except MailUncertain as error:
        _settle(database, mail_id, "uncertain", str(error), None)
        raise
    except PermanentError as error:
        _settle(database, mail_id, "failed", str(error), None)
        raise
    return _settle(database, mail_id, "sent", None, clock())


def compose(mail: OutboxMail, from_address: str) -> EmailMessage:
    """Build the message of an outbox row: text and HTML, with the Message-ID it was given at first."""
    message = EmailMessage()
    message["From"] = f"Đường dây nóng Sở Y tế <{from_address}>"
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(local(mail.created_at))
    message["Message-ID"] = mail.message_id
    # RFC 3834: nobody's holiday notice should answer this.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def send_again(session: Session, mail_id: UUID) -> None:
    """A person decided that an uncertain or failed mail is to be sent (once more)."""
    mail = session.get(OutboxMail, mail_id, with_for_update=True)
    if mail is None or mail.state not in {"uncertain", "failed"}:
        raise NotUncertain
    mail.state, mail.failure = "queued", None
    _queue(session, mail_id)


def count_as_sent(session: Session, mail_id: UUID, now: datetime) -> OutboxMail:
    """A person found out that an uncertain mail has arrived."""
    mail = session.get(OutboxMail, mail_id, with_for_update=True)
    if mail is None or mail.state != "uncertain":
        raise NotUncertain
    mail.state, mail.failure, mail.sent_at = "sent", None, now
    return mail


def mails_of(session: Session, case_id: UUID) -> list[OutboxMail]:
    """List the mails about a case, oldest first."""
    rows = select(OutboxMail).where(OutboxMail.case_id == case_id).order_by(OutboxMail.created_at)
    return list(session.scalars(rows))


def _queue(session: Session, mail_id: UUID) -> None:
    defer(session, SEND_MAIL, queue="mail", lock=f"mail:{mail_id}", mail_id=str(mail_id))


def _claim(session: Session, mail_id: UUID) -> OutboxMail | None:
    mail = session.get(OutboxMail, mail_id, with_for_update=True)
    if mail is None or mail.state == "sent":
        return None
    if mail.state == "sending":
        mail.state, mail.failure = "uncertain", InterruptedDelivery.__doc__
    elif mail.state in {"queued", "failed"}:
        # A failed one comes here again only when a person asked for it.
        mail.state = "sending"
        mail.attempts += 1
    return mail


def _settle(database: Database, mail_id: UUID, state: str, failure: str | None, sent_at: datetime | None) -> OutboxMail:
    with database.begin() as session:
        mail = session.get_one(OutboxMail, mail_id, with_for_update=True)
        mail.state, mail.failure, mail.sent_at = state, failure, sent_at
        if mail.kind == LINK and state == "sent":
            # Only the hash of a link's token is kept; the outbox must not keep the token itself.
            mail.text, mail.html = (_TOKEN.sub(r"\1…", face) for face in (mail.text, mail.html))
        return mail
