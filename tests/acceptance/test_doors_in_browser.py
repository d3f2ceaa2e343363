"""The doors in a real browser: a second factor set up and asked for, a stolen laptop, who called, an invitation."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

pytest.importorskip("playwright", reason="the playwright package is not installed: make setup-dev")

from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from casebook.models import OutboxMail, User
from casebook.rules.policy import Role
from casebook.service import users
from tests.acceptance.axe import violations
from tests.acceptance.desk_app import desk_app
from tests.acceptance.screenshots import NOW, ServedDesk, log_in, served_desk, too_wide
from tests.acceptance.seed import PASSWORD
from tests.acceptance.visitors import (
    CHIEF,
    INSPECTOR,
    LEAVING_PAGES,
    RUDE_NURSE,
    Visitors,
    press,
    unfold,
)

pytestmark = LEAVING_PAGES

CUSTODIAN = "giu.danh.tinh@soyte.example"
OPERATOR = "vanhanh@soyte.example"
NEW_PASSWORD = "một câu dài dễ nhớ"


@dataclass
class Doors:
    """A desk that asks for the second factor, whose clock goes on when it is told to."""

    desk: ServedDesk
    moment: list[datetime]

    def later(self, **duration: float) -> None:
        self.moment[0] += timedelta(**duration)

    def code(self, secret: str) -> str:
        """What the phone shows now; the next half minute begins after it."""
        shown = pyotp.TOTP(secret.replace(" ", "")).at(self.moment[0])
        self.later(seconds=31)
        return shown


@pytest.fixture(scope="module")
def served() -> Iterator[ServedDesk]:
    with served_desk() as desk:
        with desk.tools.database.begin() as session:
            made = NOW - timedelta(days=30)
            keeper = users.create(
                session, email=CUSTODIAN, name="Võ Thu Hà", roles=[Role.CUSTODIAN], password=PASSWORD, now=made
            )
            keeper.last_login_at = made
        yield desk


@pytest.fixture
def doors(served: ServedDesk) -> Iterator[Doors]:
    """The seeded desk behind stricter doors; nobody has a second factor yet."""
    forget_factors(served)
    moment = [NOW + timedelta(hours=1)]
    tools = replace(served.tools, second_factor_required=True, clock=lambda: moment[0])
    with serving(tools) as url:
        yield Doors(ServedDesk(url, served.codes, tools), moment)


@pytest.fixture
def lenient(served: ServedDesk) -> Iterator[Doors]:
    """The seeded desk where the second factor may wait, with a clock that can be put forward."""
    forget_factors(served)
    moment = [NOW + timedelta(hours=1)]
    tools = replace(served.tools, clock=lambda: moment[0])
    with serving(tools) as url:
        yield Doors(ServedDesk(url, served.codes, tools), moment)


def forget_factors(served: ServedDesk) -> None:
    """Take away what an earlier story set up."""
    with served.tools.database.begin() as session:
        session.execute(update(User).values(totp_sealed=None, totp_step=None, recovery_hashes=[]))


class serving:  # noqa: N801  (used like a function)
    """Serve a desk on loopback; gives its address."""

    def __init__(self, tools: object) -> None:
        self.server = make_server("127.0.0.1", 0, desk_app(tools), threaded=True)  # type: ignore[arg-type]

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[Doors], Visitors]]:
    """Opens browsers at a desk. No story ends well in which a console complained."""
    opened: list[Visitors] = []

    def open_at(doors: Doors) -> Visitors:
        opened.append(Visitors(browser, doors.desk))
        return opened[-1]

    yield open_at
    for context in browser.contexts:
        context.close()
    assert [line for visitors in opened for line in visitors.heard()] == []


def give_password(page: Page, doors: Doors, email: str) -> None:
    page.goto(f"{doors.desk.url}/desk/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("button.main")


def set_up(page: Page, doors: Doors) -> tuple[str, str]:
    """Do what the set-up page says; gives the secret and a recovery code."""
    secret = str(page.locator(".secret-key").text_content())
    page.fill("#code", doors.code(secret))
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    return secret, page.locator(".recovery-codes li").first.inner_text()


def test_a_second_factor_is_set_up_on_the_way_in_and_asked_for_from_then_on(
    doors: Doors, visit: Callable[[Doors], Visitors]
) -> None:
    page = visit(doors).stranger()
    give_password(page, doors, INSPECTOR)
    expect(page.locator("h1")).to_have_text("Bật bước xác thực thứ hai")
    expect(page.get_by_text("Để sau")).to_have_count(0)
    expect(page.locator("nav.nav a")).to_have_count(0)
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert box["width"] >= 180
    secret, spare = set_up(page, doors)
    page.get_by_role("link", name="Tôi đã cất xong").click()
    expect(page.locator("h1")).to_have_text("Phản ánh")

    other = visit(doors).stranger()
    give_password(other, doors, INSPECTOR)
    expect(other.locator("h1")).to_have_text("Mã xác thực")
    expect(other.locator("#code")).to_be_focused()
    other.keyboard.type("000000")
    press(other, "Enter")
    expect(other.get_by_role("alert")).to_contain_text("Mã không đúng")
    other.fill("#code", doors.code(secret))
    press(other, "Enter")
    expect(other.locator("h1")).to_have_text("Phản ánh")

    without_phone = visit(doors).stranger(scripts=False)
    give_password(without_phone, doors, INSPECTOR)
    without_phone.fill("#code", spare)
    without_phone.get_by_role("button", name="Vào", exact=True).click()
    expect(without_phone.locator("h1")).to_have_text("Phản ánh")


def test_a_stolen_laptop_is_put_out_from_another_browser(lenient: Doors, visit: Callable[[Doors], Visitors]) -> None:
    visitors = visit(lenient)
    laptop, office = visitors.person(INSPECTOR), visitors.person(INSPECTOR)
    expect(laptop.locator("h1")).to_have_text("Phản ánh")
    office.locator(".me summary").click()
    office.get_by_role("link", name="Tài khoản, các phiên đăng nhập").click()
    office.get_by_role("button", name="Đóng mọi phiên khác").click()
    expect(office.get_by_role("status")).to_contain_text("Chỉ còn trình duyệt này")
    laptop.reload()
    expect(laptop.locator("h1")).to_have_text("Bàn làm việc")
    expect(office.locator("h1")).to_have_text("Tài khoản của bạn")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_called_is_asked_for_granted_and_looked_at(
    lenient: Doors, visit: Callable[[Doors], Visitors], *, scripts: bool
) -> None:
    visitors = visit(lenient)
    person = INSPECTOR if scripts else CHIEF
    inspector, keeper = visitors.person(person, scripts=scripts), visitors.person(CUSTODIAN, scripts=scripts)
    case = f"/desk/cases/{lenient.desk.codes[RUDE_NURSE]}"
    visitors.open(inspector, case)
    panel = inspector.locator("#identity")
    masked = panel.locator(".caller").inner_text()
    assert "•" in masked
    panel.get_by_text("Xin xem danh tính").click()
    panel.locator("#why").fill("gọi lại hỏi ngày khám")
    panel.get_by_role("button", name="Gửi yêu cầu").click()
    expect(inspector.locator("#identity")).to_contain_text("đang chờ người giữ danh tính")

    expect(keeper.locator("h1")).to_have_text("Danh tính người phản ánh")
    keeper.reload()
    expect(keeper.locator("main")).to_contain_text("gọi lại hỏi ngày khám")
    keeper.get_by_role("button", name="Đồng ý trong 24 giờ").click()
    expect(keeper.get_by_role("status")).to_contain_text("Đã đồng ý")

    lenient.later(minutes=11)
    visitors.open(inspector, case)
    panel.locator("[name=proof]").fill("không phải mật khẩu")
    panel.get_by_role("button", name="Xem số và phần liên hệ").click()
    expect(inspector.get_by_role("alert").first).to_contain_text("Mật khẩu không đúng")
    panel.locator("[name=proof]").fill(PASSWORD)
    panel.get_by_role("button", name="Xem số và phần liên hệ").click()
    expect(panel.locator(".caller")).not_to_contain_text("•")
    expect(inspector.locator(".events")).to_contain_text("Xem danh tính người phản ánh: gọi lại hỏi ngày khám")


def test_an_operator_invites_somebody_who_chooses_a_password_and_comes_in(
    lenient: Doors, visit: Callable[[Doors], Visitors]
) -> None:
    visitors = visit(lenient)
    operator = visitors.person(OPERATOR)
    visitors.open(operator, "/desk/people")
    operator.get_by_text("Mời người mới").click()
    operator.fill("#p-email", "moi@soyte.example")
    operator.fill("#p-name", "Đỗ Thị Mới")
    operator.get_by_label("Thanh tra viên").check()
    operator.get_by_role("button", name="Gửi thư mời").click()
    expect(operator.get_by_role("status").first).to_contain_text("Đã gửi thư mời Đỗ Thị Mới")

    guest = visitors.stranger()
    visitors.open(guest, link_to(lenient, "moi@soyte.example"))
    guest.fill("#new", NEW_PASSWORD)
    guest.fill("#again", NEW_PASSWORD)
    guest.get_by_role("button", name="Đặt mật khẩu").click()
    guest.fill("#email", "moi@soyte.example")
    guest.fill("#password", NEW_PASSWORD)
    guest.click("button.main")
    expect(guest.locator("h1")).to_have_text("Bật bước xác thực thứ hai")
    guest.get_by_role("link", name="Để sau").click()
    expect(guest.locator("h1")).to_have_text("Phản ánh")

    operator.get_by_role("button", name="Khóa tài khoản").click()
    operator.get_by_role("button", name="Hoàn tác").click()
    expect(operator.get_by_role("button", name="Khóa tài khoản")).to_be_visible()


def link_to(doors: Doors, email: str) -> str:
    with doors.desk.tools.database.begin() as session:
        text = session.scalars(select(OutboxMail.text).where(OutboxMail.recipient == email)).one()
    found = re.search(r"/desk/links/[\w-]+", text)
    assert found
    return found.group()


def tour(doors: Doors, page: Page, look: Callable[[str], None]) -> None:
    """Show every page of people and doors to `look`, unfolded."""

    def at(path: str) -> None:
        page.goto(doors.desk.url + path)
        seen(path)

    def seen(name: str) -> None:
        unfold(page)
        look(name)

    at("/desk/forgot")
    at("/desk/links/khong-con")
    give_password(page, doors, CHIEF)
    expect(page.locator("h1")).to_have_text("Bật bước xác thực thứ hai")
    seen("set-up")
    secret, _ = set_up(page, doors)
    seen("recovery codes")
    for path in ("/desk/account", "/desk/password", "/desk/people", "/desk/people?q=zzz", "/desk/failures"):
        at(path)
    page.goto(f"{doors.desk.url}/desk/people")
    page.get_by_role("link", name="Trần Quốc Bảo").click()
    seen("person")
    doors.later(minutes=11)
    at(f"/desk/cases/{doors.desk.codes[RUDE_NURSE]}")
    at("/desk/account")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    give_password(page, doors, CHIEF)
    expect(page.locator("#code")).to_be_visible()
    seen("code")
    page.fill("#code", doors.code(secret))
    press(page, "Enter")
    expect(page.locator("h1")).to_have_text("Phản ánh")


def tour_of_custodian(doors: Doors, page: Page, look: Callable[[str], None]) -> None:
    """Show the custodian's page to `look`, with a request that waits and one that was granted."""
    log_in(page, doors.desk, CUSTODIAN)
    expect(page.locator("h1")).to_have_text("Danh tính người phản ánh")
    look("identity")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_door_is_open_to_everybody(
    doors: Doors, lenient: Doors, visit: Callable[[Doors], Visitors], axe: str, *, dark: bool
) -> None:
    found: dict[str, list[str]] = {}
    page = visit(doors).stranger(dark=dark)
    tour(doors, page, lambda name: found.update({name: violations(page, axe)}))
    other = visit(lenient).stranger(dark=dark)
    tour_of_custodian(lenient, other, lambda name: found.update({name: violations(other, axe)}))
    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_door_is_scrolled_sideways(
    doors: Doors, lenient: Doors, visit: Callable[[Doors], Visitors], width: int
) -> None:
    found: dict[str, int] = {}
    page = visit(doors).stranger(width)
    tour(doors, page, lambda name: found.update({name: too_wide(page)}))
    other = visit(lenient).stranger(width)
    tour_of_custodian(lenient, other, lambda name: found.update({name: too_wide(other)}))
    assert {name: wide for name, wide in found.items() if wide > 0} == {}
