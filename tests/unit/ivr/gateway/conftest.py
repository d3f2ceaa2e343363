"""A hotline made of pages, and a call to it in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.crypto import KeyRing, generate_key_text
from ivr.carrier.ledger import Account
from ivr.carrier.twiml import Document, parse
from ivr.carrier.webhook import Webhook, WebhookError
from ivr.gateway.exchange import Exchange
from ivr.gateway.fake_leg import FakeLeg
from ivr.gateway.interpreter import Conversation
from ivr.gateway.prompts import OwnFiles, Prompts
from ivr.gateway.shelf import Shelf, open_shelf
from ivr.gateway.sound import tone
from tests.unit.ivr.gateway.virtual_time import Inline, run

KEYS = KeyRing.parse(generate_key_text(), bytes(32))

URL = "https://hotline.example"
ACCOUNT = Account("AC" + "1" * 32, "a-token")


class Humming:
    """A voice that hums a tenth of a second for each character."""

    identity = "humming"

    def speak(self, text: str) -> bytes:
        return tone(300, len(text) / 10).wav()


@dataclass
class PagedHotline:
    """Answers by path, after `seconds`; a page that is an int is that HTTP status."""

    pages: Mapping[str, str | int]
    seconds: float = 0.1
    asked: list[Webhook] = field(default_factory=list)
    told: list[Webhook] = field(default_factory=list)

    def address(self, path: str) -> str:
        return URL + path

    async def document(self, webhook: Webhook) -> Document:
        self.asked.append(webhook)
        await asyncio.sleep(self.seconds)
        page = self.pages.get(webhook.url.removeprefix(URL), "<Response/>")
        if isinstance(page, int):
            raise WebhookError(11200, f"HTTP {page}", webhook.url)
        return parse(page.encode(), webhook.url)

    async def tell(self, webhook: Webhook) -> bool:
        self.told.append(webhook)
        return True

    async def sound(self, url: str) -> bytes:
        raise WebhookError(11200, "HTTP 404", url)


@dataclass
class Held:
    """A call that is over."""

    leg: FakeLeg
    hotline: PagedHotline
    shelf: Shelf
    seconds: float

    @property
    def paths(self) -> list[str]:
        return [webhook.url.removeprefix(URL) for webhook in self.hotline.asked]

    def asked(self, path: str) -> Mapping[str, str]:
        return next(webhook.params for webhook in self.hotline.asked if webhook.url == URL + path)

    def told(self, path: str) -> Mapping[str, str]:
        return next(webhook.params for webhook in self.hotline.told if webhook.url == URL + path)

    @property
    def status(self) -> str:
        return self.told("/voice/status")["CallStatus"]


Hold = Callable[..., Held]


@pytest.fixture
def hold(tmp_path: Path) -> Hold:
    """Holds a conversation: what the leg's caller does, and the hotline's pages."""

    def held(leg: FakeLeg, pages: Mapping[str, str | int], seconds: float = 0.1) -> Held:
        hotline, shelf = PagedHotline(pages, seconds), open_shelf(tmp_path / "shelf", KEYS)

        async def talk() -> float:
            prompts = Prompts(Humming(), OwnFiles(tmp_path, URL), {"menu": "Xin bấm phím."}, hotline.sound, Inline())
            exchange = Exchange(
                ACCOUNT,
                hotline,  # type: ignore[arg-type]
                prompts,
                shelf,
                lambda sid: f"{URL}/media/{sid}",
                Inline(),
                clock=lambda: datetime(2026, 11, 21, tzinfo=UTC),
            )
            await Conversation(leg, exchange).run()
            while exchange.tasks:
                await asyncio.wait(exchange.tasks)
            return asyncio.get_running_loop().time()

        took = run(talk())
        return Held(leg, hotline, shelf, took)

    return held
