"""The mails to people of the desk, as files a person can read: tests/unit/casebook/mails/notice-*.

After a wanted change: `UPDATE_MAILS=1 pytest tests/unit/casebook/test_notices.py`, then read the difference.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casebook.adapters.mail_templates import render
from casebook.models import Case, IdentityRequest, User
from casebook.rules.policy import Role
from casebook.service import notices
from casebook.service.notices import Notice
from casebook.tools import House

MAILS = Path(__file__).parent / "mails"
UNTIL = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
HOUSE = House("https://hotline.example", "duong-day-nong@soyte.example", ())
LINK = "https://hotline.example/desk/links/M4s0"
REQUEST = IdentityRequest(code="5378230789", asked_by="mai@soyte.example", why="gọi lại hỏi <ngày khám>")
GRANTED = IdentityRequest(code="5378230789", why="gọi lại hỏi ngày khám", granted=True, decision="", good_until=UNTIL)
REFUSED = IdentityRequest(code="5378230789", why="tò mò", granted=False, decision="Hãy hỏi qua cơ sở trước.")
USER = User(name="Đỗ Thị Mới", email="moi@soyte.example")
BY = "vanhanh@soyte.example"

NOTICES = {
    "invitation": notices.invitation([Role.INSPECTOR, Role.CUSTODIAN], LINK, UNTIL),
    "reset": notices.reset(LINK, UNTIL),
    "rights": notices.rights_given(USER, [Role.CUSTODIAN], BY, HOUSE),
    "factor": notices.factor_reset(HOUSE),
    "asked": notices.identity_asked(REQUEST, "Lê Thị Thanh Mai (mai@soyte.example)", HOUSE),
    "granted": notices.identity_decided(GRANTED, HOUSE),
    "refused": notices.identity_decided(REFUSED, HOUSE),
    "glass": notices.glass_broken(Case(code="5378230789"), "Lê Thị Thanh Mai", "bệnh nhân khó thở", HOUSE),
}


@pytest.mark.parametrize("name", NOTICES)
def test_a_notice_reads_as_agreed(name: str) -> None:
    rendered = render("notice", NOTICES[name].values("Võ Thu Hà", HOUSE.city))
    for suffix, text in (("txt", rendered.text), ("html", rendered.html)):
        path = MAILS / f"notice-{name}.{suffix}"
        if os.environ.get("UPDATE_MAILS"):
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), path


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_a_subject_is_one_short_line(notice: Notice) -> None:
    assert "\n" not in notice.title
    assert len(notice.title) < 80


def test_what_somebody_typed_is_no_markup() -> None:
    rendered = render("notice", NOTICES["asked"].values("Võ Thu Hà", HOUSE.city))
    assert "&lt;ngày khám&gt;" in rendered.html
    assert "<ngày khám>" in rendered.text
