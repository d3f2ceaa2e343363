"""What `check` prints."""

from __future__ import annotations

import pytest
from rich.console import Console

from config.checks import Verdict, mind, wrong
from config.settings import Settings
from config.told import Told
from ivr.wiring.commands.check import second_factor, table_of


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


def test_the_terminal_is_told_in_vietnamese_with_the_values() -> None:
    page = shown(Told("%(n)s đơn vị chưa có địa chỉ", n=3), Told("Đặt vào [%(folder)s]", folder="/var/x"))
    assert "3 đơn vị" in page
    assert "[/var/x]" in page


@pytest.mark.parametrize(
    ("public", "asked", "verdict", "told"),
    [
        ("https://hotline.example", None, Verdict.WELL, "Bắt buộc"),
        (None, None, Verdict.MIND, "KHÔNG bắt buộc"),
        ("https://hotline.example", "optional", Verdict.MIND, "KHÔNG BẮT BUỘC trên địa chỉ công khai"),
    ],
)
def test_a_desk_that_a_password_alone_opens_is_told_loudly(
    public: str | None, asked: str | None, verdict: Verdict, told: str
) -> None:
    finding = second_factor(Settings(_env_file=None, public_url=public, second_factor=asked))
    assert finding.verdict is verdict
    assert told in finding.text
