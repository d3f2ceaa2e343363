"""What `check` prints."""

from __future__ import annotations

from rich.console import Console

from config.checks import mind, wrong
from ivr.wiring.commands.check import table_of


def shown(text: str, fix: str) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table_of([("Tài khoản thoại", mind(text, fix)), ("Kho bản ghi", wrong(text, fix))]))
    return capture.get()


def test_a_fix_is_told_whole_however_narrow_the_window() -> None:
    fix = "Đặt HOTLINE_TWILIO_ACCOUNT_SID và HOTLINE_TWILIO_AUTH_TOKEN."
    page = shown("Chưa có tài khoản", fix)
    columns = "".join(line.split("│")[4].strip() for line in page.splitlines() if line.count("│") > 4)
    assert columns.replace(" ", "").count(fix.replace(" ", "")) == 2


def test_brackets_in_a_finding_are_text() -> None:
    assert "[/var/x]" in shown("Không ghi được [/var/x]", "")
