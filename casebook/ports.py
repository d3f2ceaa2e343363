"""What the case book asks of the world outside."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from casebook.rules.call_told import CallTold
from config.errors import PermanentError, TemporaryError


class MailServerAway(TemporaryError):
    """Máy chủ thư không trả lời hoặc tạm từ chối."""


class MailRefused(PermanentError):
    """Máy chủ thư từ chối thư hoặc địa chỉ người nhận."""


class MailUncertain(PermanentError):
    """Mất liên lạc sau khi đã trao nội dung thư: không biết thư đã gửi hay chưa."""


class MailSender(Protocol):
    """Hands one mail to a mail server."""

    def send(self, message: EmailMessage) -> None:
        """Send `message` to its one recipient.

        Raises MailServerAway (try again later), MailRefused (a person must look), or MailUncertain when
        the connection broke after the content was handed over.
        """
        ...


class CallLog(Protocol):
    """Knows the telephone calls that cases came from."""

    def calls_of(self, session: Session, case_id: UUID) -> tuple[CallTold, ...]:
        """Tell the calls of a case, the first one first; none for a case that no call is known of."""
        ...


class NoCalls:
    """A log without calls: the desk where nothing answers the telephone."""

    def calls_of(self, session: Session, case_id: UUID) -> tuple[CallTold, ...]:
        """Tell of no call."""
        return ()
