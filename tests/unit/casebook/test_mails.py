"""The mails that leave, as files a person can read: tests/unit/casebook/mails.

After a wanted change: `UPDATE_MAILS=1 pytest tests/unit/casebook/test_mails.py`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from casebook.adapters.mail_templates import Kind, render

MAILS = Path(__file__).parent / "mails"

LETTER: dict[str, Any] = {
    "city": "THÀNH PHỐ HỒ CHÍ MINH",
    "code": "5378230789",
    "unit": "Bệnh viện Chợ Rẫy",
    "line": "Chất lượng khám, chữa bệnh (0967771010)",
    "received": "08:53 ngày 20/11/2026",
    "category": "Thái độ phục vụ",
    "subject": "Bệnh viện Chợ Rẫy",
    "level": "Mức 2 (48 giờ)",
    "due": "hết ngày 24/11/2026",
    "facts": [("Số tiền nêu trong phản ánh", "500.000 ₫"), ("Ngày xảy ra", "20/11/2026")],
    "answers": [
        ("Cơ sở được phản ánh", "Bệnh viện Chợ Rẫy."),
        ("Nội dung phản ánh", "Tôi là [đã che], sáng nay cô điều dưỡng quát mẹ tôi <b>rất to</b>."),
    ],
    "link": "https://hotline.example/desk/cases/5378230789",
}

CASE = {
    "code": "5378230789",
    "category": "Thái độ phục vụ",
    "unit": "Bệnh viện Chợ Rẫy",
    "due": "hết ngày 24/11/2026",
    "summary": "Điều dưỡng quát người bệnh.",
    "link": "https://hotline.example/desk/cases/5378230789",
}

DAILY: dict[str, Any] = {
    "city": "THÀNH PHỐ HỒ CHÍ MINH",
    "day": "20/11/2026",
    "empty": False,
    "forwarded": 1,
    "new": 3,
    "failed": 1,
    "units": [("Bệnh viện Chợ Rẫy", [CASE])],
    "late": 1,
    "overdue": [CASE],
    "failures_link": "https://hotline.example/desk/failures",
    "desk_link": "https://hotline.example/desk/",
}

EMPTY = {**DAILY, "empty": True, "forwarded": 0, "new": 0, "failed": 0, "units": [], "late": 0, "overdue": []}

ALARM: dict[str, Any] = {
    "city": "THÀNH PHỐ HỒ CHÍ MINH",
    "code": "5378230789",
    "line": "Chất lượng khám, chữa bệnh (0967771010)",
    "received": "08:53 ngày 20/11/2026",
    "reason": "Lời kể có: khó thở, tím tái.",
    "summary": "Ba tôi đang khó thở tím tái mà chưa ai cấp cứu.",
    "link": "https://hotline.example/desk/cases/5378230789",
}


RETURNED: dict[str, Any] = {
    "city": "THÀNH PHỐ HỒ CHÍ MINH",
    "code": "5378230789",
    "unit": "Bệnh viện Chợ Rẫy",
    "words": "Đơn vị chưa nói rõ đã làm việc với ai.\nĐề nghị gửi kèm biên bản <có chữ ký>.",
    "due": "hết ngày 26/11/2026",
    "link": "https://hotline.example/desk/cases/5378230789",
}


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("letter", "letter", LETTER),
        ("letter-unheard", "letter", {**LETTER, "answers": [], "facts": []}),
        ("daily", "daily", DAILY),
        ("daily-empty", "daily", EMPTY),
        ("alarm", "alarm", ALARM),
        ("returned", "returned", RETURNED),
    ],
)
def test_a_mail_reads_as_agreed(name: str, kind: Kind, values: dict[str, Any]) -> None:
    rendered = render(kind, values)
    for suffix, text in (("txt", rendered.text), ("html", rendered.html)):
        path = MAILS / f"{name}.{suffix}"
        if os.environ.get("UPDATE_MAILS"):
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), path


def test_what_a_caller_said_cannot_become_markup() -> None:
    rendered = render("letter", LETTER)
    assert "&lt;b&gt;rất to&lt;/b&gt;" in rendered.html
    assert "<b>rất to</b>" in rendered.text


def test_a_missing_value_is_an_error_and_not_a_hole_in_a_letter() -> None:
    with pytest.raises(UndefinedError):
        render("letter", {name: value for name, value in LETTER.items() if name != "due"})
