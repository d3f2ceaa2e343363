"""The operator in a real browser: a line changed and changed back, a prompt recorded, a look at the health."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Page, expect

from casebook.rules.policy import Role
from casebook.service import users
from ivr.adapters.sound import quiet_wav
from tests.acceptance.axe import violations
from tests.acceptance.screenshots import NOW, ServedDesk, served_desk, too_wide
from tests.acceptance.seed import PASSWORD
from tests.acceptance.visitors import (
    CHIEF,
    LEAVING_PAGES,
    Visitors,
    unfold,
)
from tests.translations import is_vietnamese

pytestmark = LEAVING_PAGES

OPERATOR = "van-hanh@soyte.example"
PAGES = (
    "lines",
    "lines/dich_vu_cong",
    "lines/chat_luong/confidential",
    "units?q=zzz",
    "units/bv-cho-ray",
    "new-unit",
    "unit-table",
    "prompts?show=recorded",
    "prompts/menu",
    "health",
    "changes",
)


@pytest.fixture(scope="module")
def desk() -> Iterator[ServedDesk]:
    with served_desk() as served:
        with served.tools.database.begin() as session:
            users.create(
                session, email=OPERATOR, name="Trần Văn Hành", roles=[Role.OPERATOR], password=PASSWORD, now=NOW
            )
        yield served


def open_page(visitors: Visitors, page: Page, path: str) -> None:
    visitors.open(page, f"/desk/operator/{path}")


@pytest.mark.parametrize(("width", "shown"), [(360, 2), (1280, 4)])
def test_what_does_not_fit_the_menu_stands_under_more_also_without_scripts(
    visitors: Visitors, width: int, shown: int
) -> None:
    page = visitors.person(CHIEF, width, scripts=False)
    links = page.locator(".nav a:visible")
    expect(links).to_have_count(shown)
    assert len({box["y"] for link in links.all() if (box := link.bounding_box())}) == 1, "the menu is one line"
    page.locator(".nav-more summary").click()
    page.get_by_role("link", name="Vận hành").click()
    expect(page.locator("h1")).to_have_text("Đường dây")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_line_is_changed_shown_as_it_will_sound_and_changed_back(visitors: Visitors, *, scripts: bool) -> None:
    page = visitors.person(OPERATOR, scripts=scripts)
    page.get_by_role("link", name="Vận hành").click()
    page.get_by_role("link", name="Chất lượng khám, chữa bệnh").click()
    before = page.locator("#l-greeting").input_value()
    page.locator("#l-greeting").fill("Sở Y tế xin nghe.")
    page.get_by_role("button", name="Xem thử trước khi lưu").click()
    expect(page.locator(".call .says").first).to_contain_text("Sở Y tế xin nghe.")
    expect(page.get_by_role("status").first).to_contain_text("chưa lưu")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lưu")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".changes .undone").first).to_contain_text("Sở Y tế xin nghe.")
    open_page(visitors, page, "lines/chat_luong")
    expect(page.locator("#l-greeting")).to_have_value(before)


def test_a_mistake_is_marked_at_its_field_and_nothing_typed_is_lost(visitors: Visitors) -> None:
    page = visitors.person(OPERATOR)
    open_page(visitors, page, "lines/chat_luong")
    page.locator("#l-name").fill("Tên đang gõ dở")
    page.locator("#l-number").fill("không phải số")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#l-number")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e-number")).to_contain_text("không phải số điện thoại")
    expect(page.locator("#l-name")).to_have_value("Tên đang gõ dở")


def test_a_prompt_is_recorded_heard_and_left_to_the_machine_again(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.person(OPERATOR, width=360)
    recording = tmp_path / "loi.wav"
    recording.write_bytes(quiet_wav(5.0, 16_000))
    open_page(visitors, page, "prompts/goodbye")
    expect(page.get_by_text("Chưa có bản thu.")).to_be_visible()
    page.set_input_files("#p-file", recording)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã nhận bản thu")
    expect(page.get_by_text("goodbye.wav")).to_be_visible()
    expect(page.locator(".note.warn").first).to_contain_text("Bản thu nhỏ")
    length = page.locator("audio").evaluate(
        "audio => new Promise(done => { audio.preload = 'metadata';"
        " audio.onloadedmetadata = () => done(audio.duration); audio.load(); })"
    )
    assert length == pytest.approx(5.0, abs=0.1)
    page.get_by_role("button", name="Bỏ bản thu, để máy đọc").click()
    expect(page.get_by_text("Chưa có bản thu.")).to_be_visible()


def test_a_prompt_plays_where_it_stands_in_the_list(visitors: Visitors) -> None:
    page = visitors.person(OPERATOR)
    open_page(visitors, page, "prompts")
    heard = page.locator("a.listen").first
    heard.click()
    expect(heard).to_have_attribute("aria-pressed", "true")
    heard.click()
    expect(heard).not_to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/operator/prompts")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_health_is_english_throughout_for_who_asks_for_it(visitors: Visitors, width: int, axe: str) -> None:
    page = visitors.person(OPERATOR, width=width)
    open_page(visitors, page, "health")
    expect(page.get_by_text("79 lời thoại chưa có tệp thu sẵn")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("79 prompts have no recording")).to_be_visible()
    expect(page.get_by_text("Record them and put them into /srv/lang-nghe/prompts")).to_be_visible()
    assert [line for line in page.locator("main").inner_text().splitlines() if is_vietnamese(line)] == []
    assert too_wide(page) <= 0
    assert violations(page, axe) == []


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, False), (1280, True)])
def test_nothing_on_the_operators_pages_keeps_anybody_out(
    visitors: Visitors, width: int, axe: str, *, dark: bool
) -> None:
    page = visitors.person(OPERATOR, width=width, dark=dark)
    found = {}
    for path in PAGES:
        open_page(visitors, page, path)
        unfold(page)
        wide = too_wide(page)
        found[path] = [*violations(page, axe), *([f"{wide} px too wide"] if wide > 0 else [])]
    assert {path: faults for path, faults in found.items() if faults} == {}
