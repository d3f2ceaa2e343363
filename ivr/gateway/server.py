"""The gateway: a carrier of our own that answers SIP calls and talks to the hotline as Twilio would."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aiohttp import ClientSession, TCPConnector

from config.clock import system_clock
from config.crypto import KeyRing
from ivr.adapters.synthesis import Synthesiser
from ivr.carrier.ledger import Account
from ivr.carrier.rest import media_url
from ivr.carrier.webhook import WEBHOOK_TIMEOUT
from ivr.gateway.backends.ari import AriBackend
from ivr.gateway.backends.ari_client import AriOptions
from ivr.gateway.backends.sip_backend import SipBackend, SipOptions
from ivr.gateway.exchange import Exchange, LiveEar
from ivr.gateway.interpreter import Conversation
from ivr.gateway.leg import Leg
from ivr.gateway.limits import Admission
from ivr.gateway.prompts import OwnFiles, Prompts
from ivr.gateway.recordings_server import recordings_server
from ivr.gateway.shelf import Shelf, open_shelf
from ivr.gateway.webhooks import CALLBACK_PAUSES, HotlineClient

log = logging.getLogger(__name__)

WORKERS = 4
"""Threads for voices, files and the list of calls: what would block the sound."""
SWITCH_SECONDS = 0.001
"""How long a thread may keep Python to itself: the sound's turn comes every 20 ms."""
MOST_CONNECTIONS = 200
"""HTTP connections to the hotline at once."""
FORGET_EVERY = 6 * 3600.0
LAST_WORDS_SECONDS = 10.0
"""How long callbacks may still take when the gateway stops; reconciliation tells the rest."""


class Backend(Protocol):
    """A way for calls to come in."""

    async def start(self) -> None:
        """Begin to take calls."""
        ...

    async def stop(self) -> None:
        """Take no more."""
        ...


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """How a gateway is set. `public_url` is the hotline's, `reach_at` where it really is (None: there).

    `keys` seal what it keeps. Calls come by `sip`, or by an Asterisk at `ari` if one is given. `media_bind` serves
    recordings, `media_url` is where the hotline finds them (None: there).
    `texts` are the prompts' words by name; `warm` what is said so often that it is made ready at the start.
    `calls` at once, `rate` new ones a second, `drain_seconds` for calls in progress when it stops.
    """

    account: Account
    keys: KeyRing
    data_dir: Path
    public_url: str
    reach_at: str | None = None
    prompts_dir: Path = Path("config/prompts")
    texts: Mapping[str, str] = field(default_factory=dict)
    warm: tuple[str, ...] = ()
    sip: SipOptions = field(default_factory=SipOptions)
    ari: AriOptions | None = None
    media_bind: tuple[str, int] = ("127.0.0.1", 0)
    media_url: str | None = None
    calls: int = 100
    rate: float = 10.0
    longest_call: float = 7200.0
    drain_seconds: float = 60.0
    webhook_seconds: float = WEBHOOK_TIMEOUT
    callback_pauses: tuple[float, ...] = CALLBACK_PAUSES


class Gateway:
    """A running gateway: its calls, and what they share."""

    def __init__(self, exchange: Exchange, admission: Admission) -> None:
        self.exchange = exchange
        self.admission = admission
        self.conversations: dict[asyncio.Task[None], Conversation] = {}

    def take(self, leg: Leg) -> None:
        """Begin the conversation on `leg`."""
        self.admission.enter()
        conversation = Conversation(leg, self.exchange)
        task = asyncio.get_running_loop().create_task(conversation.run())
        self.conversations[task] = conversation
        task.add_done_callback(self._over)

    async def drain(self, seconds: float) -> None:
        """Let no new call in, and wait for those in progress, then for what is still to be told."""
        self.admission.draining = True
        if self.conversations:
            log.info("Waiting for %d calls to end", len(self.conversations))
            await asyncio.wait(self.conversations, timeout=seconds)
        for task in list(self.conversations):
            task.cancel()
        if self.conversations:
            await asyncio.wait(self.conversations)
        if self.exchange.tasks:
            await asyncio.wait(self.exchange.tasks, timeout=LAST_WORDS_SECONDS)

    def _over(self, task: asyncio.Task[None]) -> None:
        self.admission.leave()
        del self.conversations[task]


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that takes calls: for tests and for `run_gateway`."""

    gateway: Gateway
    backend: SipBackend | AriBackend
    media_url: str

    @property
    def sip(self) -> SipBackend:
        """The backend of a gateway that takes calls by SIP itself; raises TypeError for another."""
        if not isinstance(self.backend, SipBackend):
            raise TypeError("calls come through Asterisk")
        return self.backend


@asynccontextmanager
async def gateway(options: GatewayOptions, voice: Synthesiser, live: LiveEar | None = None) -> AsyncIterator[Running]:
    """Take calls while the context lasts; at its end those in progress are waited for."""
    sys.setswitchinterval(SWITCH_SECONDS)
    shelf = open_shelf(options.data_dir, options.keys)
    shelf.end_unfinished(system_clock())
    workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="gateway")
    try:
        with recordings_server(options.account, shelf, *options.media_bind) as server:
            async with ClientSession(connector=TCPConnector(limit=MOST_CONNECTIONS)) as http:
                exchange = _exchange(options, http, shelf, voice, workers, options.media_url or server.url)
                exchange.live = live
                async with _taking_calls(options, http, exchange) as (house, backend):
                    yield Running(house, backend, options.media_url or server.url)
    finally:
        workers.shutdown()
        shelf.close()


@asynccontextmanager
async def _taking_calls(
    options: GatewayOptions, http: ClientSession, exchange: Exchange
) -> AsyncIterator[tuple[Gateway, SipBackend | AriBackend]]:
    house = Gateway(exchange, Admission(options.calls, options.rate))
    backend = _backend(options, http, house)
    beside = [asyncio.create_task(_forget(exchange)), asyncio.create_task(exchange.prompts.warm(options.warm))]
    await backend.start()
    try:
        yield house, backend
    finally:
        await house.drain(options.drain_seconds)
        await backend.stop()
        for task in beside:
            task.cancel()


def _exchange(
    options: GatewayOptions,
    http: ClientSession,
    shelf: Shelf,
    voice: Synthesiser,
    workers: ThreadPoolExecutor,
    media_base: str,
) -> Exchange:
    client = HotlineClient(
        http,
        options.account.auth_token,
        options.public_url,
        options.reach_at,
        options.webhook_seconds,
        options.callback_pauses,
    )
    own = OwnFiles(options.prompts_dir, options.public_url)
    return Exchange(
        account=options.account,
        client=client,
        prompts=Prompts(voice, own, options.texts, client.sound, workers),
        shelf=shelf,
        media_url=lambda sid: media_url(media_base, options.account, sid),
        workers=workers,
        longest_call=options.longest_call,
    )


def _backend(options: GatewayOptions, http: ClientSession, house: Gateway) -> SipBackend | AriBackend:
    if options.ari:
        return AriBackend(http, options.ari, house.admission, house.take)
    return SipBackend(options.sip, house.admission, house.take)


async def run_gateway(
    options: GatewayOptions,
    voice: Synthesiser,
    live: LiveEar | None = None,
    when_ready: Callable[[Running], None] = lambda _running: None,
) -> None:
    """Take calls until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with gateway(options, voice, live) as running:
        log.info("The gateway takes calls")
        when_ready(running)
        await stop.wait()
        log.info("The gateway stops")


async def _forget(exchange: Exchange) -> None:
    """Now and then forget what is too old to be asked for."""
    while True:
        await asyncio.sleep(FORGET_EVERY)
        await asyncio.get_running_loop().run_in_executor(exchange.workers, exchange.shelf.forget_old, exchange.clock())
