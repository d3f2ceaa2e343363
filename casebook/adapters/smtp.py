"""Sending mail by SMTP (RFC 5321), with STARTTLS and login where the URL says so."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from casebook.ports import MailRefused, MailServerAway, MailUncertain
from config.errors import SettingsError
from config.told import Told

TIMEOUT = 20.0
"""Seconds for each exchange with the mail server."""

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}

Security = Literal["none", "starttls", "tls"]

_AWAY = "Máy chủ thư không trả lời hoặc tạm từ chối. (%(reply)s)"
_REFUSED = "Máy chủ thư từ chối thư hoặc địa chỉ người nhận. (%(reply)s)"


class BadMailUrl(SettingsError):
    """HOTLINE_SMTP_URL phải có dạng smtp://[tên:mật khẩu@]máy chủ:cổng[?starttls=1] hoặc smtps://…"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = None

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """Read `smtp://user:pass@host:587?starttls=1` or `smtps://…`; raises BadMailUrl."""
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise BadMailUrl
        wants_starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] not in {"0", "false", "no"}
        security: Security = "tls" if parts.scheme == "smtps" else "starttls" if wants_starttls else "none"
        return cls(
            host=parts.hostname,
            port=parts.port or DEFAULT_PORTS[parts.scheme],
            security=security,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """A MailSender that opens one SMTP connection a mail."""

    server: MailServer

    def send(self, message: EmailMessage) -> None:
        """Send `message`; see `casebook.ports.MailSender`."""
        with self._session() as smtp:
            _envelope(smtp, message)
            _hand_over(smtp, message)

    def check(self) -> None:
        """See that the server answers and takes our login; raises as `send` does."""
        with self._session() as smtp:
            smtp.noop()

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """An open connection; the server's and the network's errors come out as ours."""
        try:
            smtp = self._connect()
            try:
                yield smtp
            finally:
                # What the server says to QUIT changes nothing about a mail that it has taken.
                with suppress(smtplib.SMTPException, OSError):
                    smtp.quit()
        except smtplib.SMTPResponseException as error:
            raise _translated(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            where = f"{self.server.host}:{self.server.port}"
            raise MailServerAway(Told(_AWAY, reply=f"{where}: {error}")) from error

    def _connect(self) -> smtplib.SMTP:
        server = self.server
        if server.security == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        if server.security == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        return smtp


def _envelope(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    smtp.ehlo_or_helo_if_needed()
    for code, reply in (smtp.mail(parseaddr(message["From"])[1]), smtp.rcpt(parseaddr(message["To"])[1])):
        if code >= 400:
            raise _translated(code, reply)


def _hand_over(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        code, reply = smtp.data(message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise MailUncertain from error
    if code >= 400:
        raise _translated(code, reply)


def _translated(code: int, reply: bytes | str) -> MailServerAway | MailRefused:
    """Turn an SMTP reply into ours: 4yz may pass with time, 5yz will not (RFC 5321, 4.2.1)."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    said = f"{code} {text}"
    return MailServerAway(Told(_AWAY, reply=said)) if 400 <= code < 500 else MailRefused(Told(_REFUSED, reply=said))
