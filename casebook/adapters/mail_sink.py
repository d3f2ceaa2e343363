"""The local test mailbox: takes mail by SMTP while no mail server is set, and keeps it in a Maildir.

For trying the hotline out. It has no login and no encryption, so it listens on this machine only.
"""

from __future__ import annotations

import ipaddress
import logging
import mailbox
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import FrameType
from typing import Any

from aiosmtpd.controller import Controller

from config.errors import SettingsError

log = logging.getLogger(__name__)

MAX_BYTES = 5 * 1024 * 1024
"""Of one mail; our own letters are a few kilobytes."""

KEPT = 500
"""Newest mails that stay; a test mailbox must not fill the disk."""


class SinkNotLocal(SettingsError):
    """HOTLINE_MAIL_SINK_BIND phải là địa chỉ của chính máy này (127.0.0.1, ::1 hoặc localhost)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail of the test mailbox; `at` is when the sender wrote it, None if it does not say."""

    key: str
    subject: str
    sender: str
    recipient: str
    at: datetime | None
    text: str
    html: str | None


class Keeper:
    """What aiosmtpd hands mails to."""

    def __init__(self, directory: Path) -> None:
        self._box = _open(directory)
        self._alone = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep a mail (RFC 5321, 4.1.1.4); the reply says whether it was."""
        try:
            self.keep(envelope.original_content, envelope.rcpt_tos)
        except OSError as error:
            log.exception("the test mailbox cannot keep a mail")
            return f"452 {error.strerror}"
        return "250 OK"

    def keep(self, content: bytes, recipients: list[str]) -> None:
        """Put a mail into the mailbox and let the oldest go."""
        message = mailbox.MaildirMessage(message_from_bytes(content))
        message["X-Envelope-To"] = ", ".join(recipients)
        with self._alone:
            self._box.add(message)
            self._forget_old()

    def _forget_old(self) -> None:
        keys = sorted(self._box.keys(), key=_arrival)
        for key in keys[:-KEPT]:
            self._box.discard(key)


@contextmanager
def mail_sink(bind: str, directory: Path) -> Iterator[Controller]:
    """Take mail at `bind` (host:port) while the block lasts; raises SinkNotLocal, OSError if the port is taken."""
    host, port = _local_address(bind)
    controller = Controller(Keeper(directory), hostname=host, port=port, data_size_limit=MAX_BYTES)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def run_mail_sink(bind: str, directory: Path) -> None:
    """Take mail until told to stop (SIGINT, SIGTERM); raises as `mail_sink` does."""
    stop = threading.Event()

    def leave(_sign: int, _frame: FrameType | None) -> None:
        stop.set()

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, leave)
    with mail_sink(bind, directory):
        log.info("test mailbox listens on %s, keeps mail in %s", bind, directory)
        stop.wait()


def letters(directory: Path, limit: int = 100) -> list[Letter]:
    """List the mails, newest first; none when no mail ever came."""
    if not directory.is_dir():
        return []
    box = _open(directory)
    newest = sorted(box.keys(), key=_arrival, reverse=True)[:limit]
    found = (_letter(box, key) for key in newest)
    return [letter for letter in found if letter is not None]


def letter(directory: Path, key: str) -> Letter | None:
    """Give one mail; None if there is none with this key."""
    return _letter(_open(directory), key) if directory.is_dir() else None


def _letter(box: mailbox.Maildir, key: str) -> Letter | None:
    try:
        raw = box.get_bytes(key)
    except KeyError:
        return None
    message = message_from_bytes(raw, policy=policy.default)
    html = message.get_body(("html",))
    return Letter(
        key=key,
        subject=str(message["Subject"] or "(không có tiêu đề)"),
        sender=str(message["From"] or ""),
        recipient=str(message["X-Envelope-To"] or message["To"] or ""),
        at=_written_at(message),
        text=_body(message),
        html=html.get_content() if html else None,
    )


def _body(message: EmailMessage) -> str:
    plain = message.get_body(("plain",))
    return str(plain.get_content()) if plain else ""


def _written_at(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _arrival(key: str) -> tuple[int, str]:
    """Order a Maildir's keys by when they came: a key begins with the second, then `M` and the microsecond."""
    second, _, rest = key.partition(".")
    micro = rest[1:].partition("P")[0]
    return int(second or 0) * 1_000_000 + (int(micro) if micro.isdigit() else 0), key


def _open(directory: Path) -> mailbox.Maildir:
    directory.parent.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(directory, create=True)


def _local_address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise SinkNotLocal
    return host, int(port)
