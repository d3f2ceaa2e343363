"""A unit's answer in a real browser: from the letter's link to the accepted reply, with scripts and without."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import FilePayload, Page, expect

from casebook.models import Case, CaseFile, OutboxMail
from casebook.rules import codes
from casebook.rules.policy import Role
from casebook.service import users
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, served_desk, too_wide
from tests.acceptance.seed import CALLS, PASSWORD, place
from tests.acceptance.visitors import (
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    unfold,
)
from tests.attachments import PLACE, jpeg, tiff

pytestmark = LEAVING_PAGES

OFFICER, UNIT = "canbo@cho-ray.example", "bv-cho-ray"
FIRST = "Bệnh viện đã nhắc nhở điều dưỡng."
SECOND = "Bệnh viện đã họp kiểm điểm, xin lỗi gia đình và gửi kèm biên bản."
MISSING = "Chưa nêu đã làm việc với ai; đề nghị gửi biên bản."
PHOTO: FilePayload = {
    "name": "biên bản.jpg",
    "mimeType": "image/jpeg",
    "buffer": jpeg(exif=tiff(6), comment=PLACE),
}
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def desk() -> Iterator[ServedDesk]:
    """The seeded desk with an officer of Chợ Rẫy; each story files its own case."""
    with served_desk() as served:
        with served.tools.database.begin() as session:
            user = users.create(
                session,
                email=OFFICER,
                name="Đỗ Thị Lan",
                roles=[Role.UNIT_OFFICER],
                password=PASSWORD,
                now=NOW,
                unit=UNIT,
            )
            user.last_login_at = NOW
        yield served


@pytest.fixture
def code(desk: ServedDesk) -> str:
    """A case that was just sent to Chợ Rẫy."""
    call = replace(CALLS[RUDE_NURSE], hours_ago=4.0, then=("confirm", "forward"))
    with desk.tools.database.begin() as session:
        code = place(session, desk.tools, call, NOW, random.Random(3))
        session.scalars(select(Case).where(Case.code == code)).one().responsible_unit = UNIT
    return code


def case_of(desk: ServedDesk, code: str) -> Case:
    with desk.tools.database.begin() as session:
        return session.scalars(select(Case).where(Case.code == code)).one()


def rows(desk: ServedDesk, table: Any, code: str) -> list[Any]:
    with desk.tools.database.begin() as session:
        return list(session.scalars(select(table).join(Case, Case.id == table.case_id).where(Case.code == code)))


def come_by_the_letter(visitors: Visitors, page: Page, code: str) -> None:
    """Open the letter's link as a stranger and log in."""
    visitors.open(page, f"/desk/cases/{code}")
    page.fill("#email", OFFICER)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"**/desk/unit/cases/{code}")


def send_reply(page: Page, words: str, photo: FilePayload | None = None) -> None:
    page.fill("#words", words)
    if photo is not None:
        page.set_input_files("#reply-files", photo)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi trả lời")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_unit_answers_is_asked_for_more_answers_again_and_is_accepted(
    visitors: Visitors, code: str, scripts: bool
) -> None:
    desk = visitors.desk
    unit, inspector = visitors.stranger(360, scripts=scripts), visitors.person(INSPECTOR, scripts=scripts)
    come_by_the_letter(visitors, unit, code)
    expect(unit.locator("h1")).to_contain_text(codes.readable(code))
    assert case_of(desk, code).status == "forwarded", "opening the link acts on nothing"
    unit.get_by_role("button", name="Đã nhận phản ánh").click()
    expect(unit.get_by_role("status")).to_contain_text("đơn vị đã nhận")
    assert case_of(desk, code).status == "acknowledged"
    send_reply(unit, FIRST, PHOTO)
    expect(unit.locator(".replies")).to_contain_text("biên bản.jpg")

    visitors.open(inspector, f"/desk/cases/{code}")
    panel = inspector.locator("#replies")
    expect(panel).to_contain_text(FIRST)
    with inspector.expect_download() as saved:
        panel.get_by_role("link", name="biên bản.jpg").click()
    assert saved.value.suggested_filename == "biên bản.jpg"
    assert Path(saved.value.path()).read_bytes() == PHOTO["buffer"]
    panel.locator("summary", has_text="Gửi lại đơn vị").click()
    inspector.fill("#words-return", MISSING)
    panel.locator("form[action$='/reply/return'] button").click()
    expect(inspector.get_by_role("status")).to_contain_text("Đã gửi lại đơn vị")
    assert [mail.kind for mail in rows(desk, OutboxMail, code)].count("returned") == 1

    unit.reload()
    expect(unit.locator("main")).to_contain_text("Thanh tra Sở đề nghị trả lời lại")
    expect(unit.locator(".note.bad")).to_contain_text(MISSING)
    send_reply(unit, SECOND)

    inspector.reload()
    inspector.get_by_role("button", name="Chấp nhận và kết thúc").click()
    expect(inspector.get_by_role("status")).to_contain_text("Đã chấp nhận trả lời")
    case = case_of(desk, code)
    assert (case.status, case.reply) == ("closed", SECOND)
    unit.reload()
    expect(unit.locator(".replies li").first).to_contain_text("Được chấp nhận")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(visitors: Visitors, code: str, tmp_path: Path) -> None:
    page, large = visitors.person(OFFICER), tmp_path / "to.jpg"
    large.write_bytes(bytes(11 * 1024 * 1024))
    visitors.open(page, f"/desk/unit/cases/{code}")
    page.fill("#words", FIRST)
    page.set_input_files("#reply-files", large)
    page.get_by_role("button", name="Gửi trả lời").click()
    assert page.locator("#reply-files").evaluate("field => field.validationMessage").startswith("Mỗi tệp tối đa 10 MB")
    assert case_of(visitors.desk, code).status == "forwarded"
    page.set_input_files("#reply-files", PHOTO)
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi trả lời")


def test_a_refused_file_leaves_the_words_in_the_form(visitors: Visitors, code: str) -> None:
    page = visitors.person(OFFICER, 360)
    visitors.open(page, f"/desk/unit/cases/{code}")
    page.fill("#words", SECOND)
    page.set_input_files("#reply-files", {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": b"MZ" + bytes(99)})
    page.get_by_role("button", name="Gửi trả lời").click()
    expect(page.get_by_role("alert")).to_contain_text("“anh.jpg”: Nội dung là chương trình máy tính")
    expect(page.locator("#words")).to_have_value(SECOND)


def test_an_inspector_shows_the_unit_a_photo_and_leaves_a_note(visitors: Visitors, code: str) -> None:
    inspector, unit = visitors.person(INSPECTOR), visitors.person(OFFICER)
    visitors.open(inspector, f"/desk/cases/{code}")
    inspector.set_input_files("#case-files", PHOTO)
    inspector.locator("#files form[enctype] button").click()
    inspector.get_by_role("button", name="Cho đơn vị xem").click()
    inspector.fill("#note-words", "Ảnh do người dân gửi ngày 19/11.")
    inspector.get_by_role("button", name="Thêm ghi chú").click()
    expect(inspector.locator("#notes")).to_contain_text("Ảnh do người dân gửi ngày 19/11.")
    visitors.open(unit, f"/desk/unit/cases/{code}")
    with unit.expect_download() as saved:
        unit.get_by_role("link", name="tai-lieu-1.jpg").click()
    assert PLACE not in Path(saved.value.path()).read_bytes()
    expect(unit.locator("main")).not_to_contain_text("người dân gửi")
    inspector.locator("#files").get_by_role("button", name="Gỡ").click()
    unit.reload()
    expect(unit.get_by_role("link", name="tai-lieu-1.jpg")).to_have_count(0)
    inspector.locator("#files").get_by_role("button", name="Lấy lại").click()
    expect(inspector.locator("#files")).to_contain_text("biên bản.jpg")
    assert len(rows(visitors.desk, CaseFile, code)) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_units_pages_fit_and_break_no_rule_of_accessibility(
    visitors: Visitors, code: str, width: int, axe: str
) -> None:
    unit, inspector = visitors.person(OFFICER, width), visitors.person(INSPECTOR, width)
    found = {}
    visitors.open(unit, f"/desk/unit/cases/{code}")
    found["new"] = [*violations(unit, axe), *wide(unit)]
    send_reply(unit, FIRST, PHOTO)
    visitors.open(inspector, f"/desk/cases/{code}")
    inspector.fill("#note-words", "Xem kỹ biên bản.")
    inspector.get_by_role("button", name="Thêm ghi chú").click()
    expect(inspector.locator("#notes")).to_contain_text("Gỡ")
    unfold(inspector)
    found["inspector"] = [*violations(inspector, axe), *wide(inspector)]
    inspector.fill("#words-return", MISSING)
    inspector.locator("form[action$='/reply/return'] button").click()
    expect(inspector.locator("#replies")).to_contain_text("Đã gửi lại đơn vị")
    for name, path in {
        "sent back": f"/desk/unit/cases/{code}",
        "list": "/desk/unit",
        "nothing found": "/desk/unit?q=zzz",
        "404": "/desk/unit/cases/0000000000",
    }.items():
        visitors.open(unit, path)
        found[name] = [*violations(unit, axe), *wide(unit)]
    assert {name: broken for name, broken in found.items() if broken} == {}


def wide(page: Page) -> list[str]:
    pixels = too_wide(page)
    return [f"{pixels} px too wide"] if pixels > 0 else []
