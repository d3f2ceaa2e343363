"""The real desk on the real database, with people who log in as people do."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casebook.models import Case, CaseEvent, DeskEvent
from casebook.rules.policy import Role, Viewer
from casebook.rules.understanding import Heard, Suggestion
from casebook.service import identity, passwords, users
from casebook.web.tools import DeskTools
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.store import load_directory
from tests.acceptance.desk_app import desk_app, desk_tools, understanding
from tests.acceptance.seed import Call, place

PASSWORD = "một mật khẩu dài"
STORY = "sáng nay tôi đưa mẹ đi khám ở bệnh viện chợ rẫy\ncô điều dưỡng quát là không chờ được thì đi chỗ khác"
CONTACT = "tôi tên là nguyễn thị bích thủy số điện thoại không chín không tám một hai ba bốn năm sáu"
NUMBER = "+84908123456"


def a_call(**changes: Any) -> Call:
    """A plain call about Chợ Rẫy, with changes."""
    call = Call(2.0, "chat_luong", "bệnh viện chợ rẫy", STORY, NUMBER, CONTACT, key="thai_do_phuc_vu")
    return replace(call, **changes)


@dataclass
class Visitor:
    """Somebody's browser."""

    client: FlaskClient
    address: str = "192.0.2.1"
    base: str = "http://localhost"

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, base_url=self.base, environ_base={"REMOTE_ADDR": self.address}, **options)

    def post(self, path: str, fields: dict[str, Any] | None = None, *, at: str = "/desk/password") -> TestResponse:
        """Post a form with the token of the page `at`."""
        token = hidden(self.text(at if path != "/desk/login" else "/desk/login"), "csrf_token")
        return self.bare_post(path, {"csrf_token": token, **(fields or {})})

    def bare_post(self, path: str, fields: dict[str, Any], **options: Any) -> TestResponse:
        surroundings = {"REMOTE_ADDR": self.address}
        return self.client.post(path, base_url=self.base, data=fields, environ_base=surroundings, **options)

    def text(self, path: str) -> str:
        return self.get(path).get_data(as_text=True)

    def log_in(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.post("/desk/login", {"email": email, "password": password, **fields})


@dataclass
class Desk:
    """The desk, its people and its cases."""

    app: Flask
    tools: DeskTools
    moment: list[datetime]
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    @property
    def now(self) -> datetime:
        return self.moment[0]

    def later(self, **duration: float) -> None:
        self.moment[0] += timedelta(**duration)

    def account(self, *roles: Role, email: str = "", name: str = "Nguyễn Hữu Phước") -> str:
        address = email or f"{'-'.join(roles)}@soyte.example"
        with self.tools.database.begin() as session:
            user = users.create(session, email=address, name=name, roles=roles, password=PASSWORD, now=self.now)
            # Somebody who has been here before: nothing is explained to them on the way in.
            user.last_login_at = self.now
        return address

    def stranger(self, address: str = "192.0.2.1") -> Visitor:
        return Visitor(self.app.test_client(), address)

    def https(self) -> Visitor:
        """A browser that reaches the desk by https."""
        base = "https://hotline.example"
        tools = replace(self.tools, house=replace(self.tools.house, base_url=base))
        client = desk_app(tools, base).test_client()
        return Visitor(client, base=base)

    def without_mailbox(self) -> Visitor:
        """The chief's browser at a desk whose mail really goes out."""
        visitor = Visitor(desk_app(replace(self.tools, mailbox=None)).test_client())
        visitor.log_in(self.account(Role.CHIEF_INSPECTOR))
        return visitor

    def broken(self) -> Visitor:
        """A browser that was logged in before the database went away."""
        visitor = self.inspector()
        away = Database("postgresql://nobody@127.0.0.1:1/nowhere")
        broken = desk_app(replace(self.tools, database=away)).test_client()
        cookie = visitor.client.get_cookie("lang_nghe")
        assert cookie is not None
        broken.set_cookie("lang_nghe", cookie.value)
        return Visitor(broken)

    def person(self, *roles: Role, email: str = "") -> Visitor:
        visitor = self.stranger()
        assert visitor.log_in(self.account(*roles, email=email)).status_code == 303
        return visitor

    def chief(self) -> Visitor:
        return self.person(Role.CHIEF_INSPECTOR, Role.OPERATOR, email="chanh@soyte.example")

    def inspector(self, email: str = "thanhtra@soyte.example") -> Visitor:
        return self.person(Role.INSPECTOR, email=email)

    def grant(self, visitor: Visitor, code: str, why: str) -> None:
        """Have a look asked for, and granted by a custodian."""
        assert visitor.post(f"/desk/cases/{code}/identity", {"why": why}).status_code == 303
        custodian = Viewer("giu.danh.tinh@soyte.example", frozenset({Role.CUSTODIAN}))
        with self.tools.database.begin() as session:
            [request] = identity.waiting(session)
            identity.decide(session, request.id, custodian, self.tools.house, grant=True, words="", now=self.now)

    def place(self, **changes: Any) -> str:
        with self.tools.database.begin() as session:
            return place(session, self.tools, a_call(**changes), self.now, self.chance)

    def case(self, code: str) -> Case:
        with self.tools.database.begin() as session:
            case = session.scalars(select(Case).where(Case.code == code)).one()
            _ = [link.question for link in case.recordings]
            return case

    def kinds(self, code: str) -> list[str]:
        return [event.kind for event in self.events(code)]

    def events(self, code: str) -> list[CaseEvent]:
        with self.tools.database.begin() as session:
            rows = select(CaseEvent).join(Case).where(Case.code == code).order_by(CaseEvent.number)
            return list(session.scalars(rows))

    def desk_kinds(self) -> list[str]:
        with self.tools.database.begin() as session:
            return list(session.scalars(select(DeskEvent.kind).order_by(DeskEvent.number)))

    def change(self, code: str, act: Callable[[Session, Case], None]) -> None:
        """Do something to a case behind everybody's back."""
        with self.tools.database.begin() as session:
            act(session, session.scalars(select(Case).where(Case.code == code).with_for_update()).one())

    def count(self, table: type) -> int:
        with self.tools.database.begin() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture(scope="session")
def understand(postgres: str, template_database: str) -> dict[str, Callable[[Heard], Suggestion]]:
    """Where the rules are kept once they were read: that takes a moment."""
    return {}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2, with less work: the desk's people log in hundreds of times here."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def desk(
    database: Database,
    keys: KeyRing,
    now: datetime,
    tmp_path: Path,
    understand: dict[str, Callable[[Heard], Suggestion]],
) -> Desk:
    """An empty desk with the directory that ships and a test mailbox."""
    with database.begin() as session:
        load_directory(session)
    if "rules" not in understand:
        understand["rules"] = understanding(database)
    moment = [now]
    tools = desk_tools(database, keys, lambda: moment[0], tmp_path / "mailbox", understand["rules"])
    return Desk(desk_app(tools), tools, moment)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return html.unescape(found.group(1))


def plain(page: str) -> str:
    """What a reader of a page reads."""
    body = re.sub(r"<(script|style|datalist).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def form_of(page: str) -> dict[str, str]:
    """The case form as a browser would send it, unchanged."""
    form = page[page.index('id="case-form"') : page.index("</form>", page.index('id="case-form"'))]
    fields = {name: hidden(form, name) for name in ("csrf_token", "version", "seen", "subject", "unit")}
    for name in ("category", "level"):
        options = form[form.index(f'name="{name}"') :].split("</select>")[0]
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen.group(1) if chosen else ""
    summary = re.search(r'name="summary"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL)
    assert summary
    return {**fields, "summary": html.unescape(summary.group(1))}
