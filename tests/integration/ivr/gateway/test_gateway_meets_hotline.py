"""The whole way in: a telephone calls the gateway, our own webhooks answer it, and a case is filed in PostgreSQL."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from casebook.models import Case
from ivr.adapters.provider import ProviderApi
from ivr.carrier.ledger import Account
from ivr.gateway.backends.sip_backend import SipOptions
from ivr.gateway.server import GatewayOptions, Running, gateway
from ivr.gateway.sound import wav_of
from ivr.models import Call
from ivr.reconcile import Reconciler
from ivr.tools import IvrTools
from ivr.web import create_voice_blueprint
from recordings.models import Recording
from tests.integration.ivr.gateway.conftest import likeness, noise
from tests.integration.ivr.gateway.phone import Phone

ACCOUNT = "AC" + "4" * 32
ANSWERS = [noise(2.0, seed=500 + number) for number in range(3)]


class Brief:
    """A voice that says everything in half a second."""

    identity = "brief"

    def speak(self, text: str) -> bytes:
        return wav_of(noise(0.5, seed=len(text)))


@dataclass
class House:
    """Our webhooks over HTTP, and where a gateway finds them."""

    tools: IvrTools
    options: GatewayOptions

    def rows(self) -> tuple[list[Call], list[Case], list[Recording]]:
        with self.tools.database.begin() as session:
            recordings = select(Recording).order_by(Recording.purpose)
            return (
                list(session.scalars(select(Call))),
                list(session.scalars(select(Case))),
                list(session.scalars(recordings)),
            )


@pytest.fixture
def house(tools: IvrTools, tmp_path: Path) -> Iterator[House]:
    app = Flask("house", static_folder=None)
    app.register_blueprint(create_voice_blueprint(tools))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    options = GatewayOptions(
        account=Account(ACCOUNT, tools.auth_token),
        keys=tools.keys,
        data_dir=tmp_path / "gateway",
        public_url=tools.public_url,
        # The public address has a path that the proxy takes off.
        reach_at=f"http://127.0.0.1:{server.port}",
        sip=SipOptions(bind=("127.0.0.1", 0), ports=range(30800, 30900, 2)),
        drain_seconds=0.2,
        callback_pauses=(0.2, 0.5, 1.0),
    )
    yield House(tools, options)
    server.shutdown()
    thread.join()
    server.server_close()


async def quiet(phone: Phone, seconds: float = 0.6) -> None:
    """Wait until nothing was said to us for a while."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    while loop.time() - start < 30:
        await asyncio.sleep(0.1)
        lately = phone.heard(loop.time() - seconds)
        if len(lately) > seconds * 6000 and np.abs(lately).max() < 100:
            return
    raise TimeoutError("the hotline never stopped talking")


async def settled(house: House, running: Running) -> None:
    """Wait until every callback was made."""
    while running.gateway.conversations or running.gateway.exchange.tasks:
        await asyncio.sleep(0.05)
    del house


@pytest.mark.slow
def test_a_report_by_telephone_is_a_case_with_its_recordings(house: House) -> None:
    async def test() -> tuple[list[np.ndarray], list[str]]:
        async with gateway(house.options, Brief()) as running:
            phone = Phone(running.sip.address)
            await phone.start()
            await phone.dial("0967771010")
            await quiet(phone)
            phone.press("1")
            await quiet(phone)
            phone.press("4")
            for answer in ANSWERS:
                if answer is ANSWERS[2]:
                    await quiet(phone)
                    phone.press("1")
                await phone.beep()
                await phone.speak(answer)
                await asyncio.sleep(0.2)
                phone.press("#")
            await phone.wait_end(60)
            await phone.stop()
            await settled(house, running)
            shelf = running.gateway.exchange.shelf
            kept = sorted(shelf.recordings(), key=lambda row: row.made)
            return [_samples(shelf.sound(row.sid) or b"") for row in kept], [row.sid for row in kept]

    sounds, sids = asyncio.run(test())
    (call,), (case,), recordings = house.rows()
    assert {recording.provider_sid for recording in recordings} == set(sids)
    assert [recording.purpose for recording in recordings] == ["contact", "facility", "story"]
    assert all(min(likeness(sound, said)) > 0.95 for sound, said in zip(sounds, ANSWERS, strict=True))
    assert (call.status, call.case_id, call.dialled) == ("completed", case.id, "+84967771010")
    assert call.quality is not None
    assert call.quality["codec"] == "PCMA"
    assert call.quality["lost"] == 0


@pytest.mark.slow
def test_two_calls_from_one_number_and_one_to_an_unknown_number_are_three_calls(house: House) -> None:
    async def test() -> None:
        async with gateway(house.options, Brief()) as running:
            phones = [Phone(running.sip.address) for _ in range(3)]
            for phone, called in zip(phones, ("0967771010", "0967771010", "0123"), strict=True):
                await phone.start()
                await phone.dial(called)
            for phone in phones:
                await phone.heard_something()
                phone.hang_up()
                await phone.stop()
            await settled(house, running)

    asyncio.run(test())
    calls, cases, _ = house.rows()
    assert [call.status for call in calls] == ["completed"] * 3
    assert len({call.caller_hash for call in calls}) == 1
    assert not cases


@pytest.mark.slow
def test_a_hotline_that_comes_back_learns_of_the_message_by_reconciliation(house: House) -> None:
    away = replace(house.options, reach_at="http://127.0.0.1:9", callback_pauses=())

    async def test() -> str:
        async with gateway(away, Brief()) as running:
            phone = Phone(running.sip.address)
            await phone.start()
            await phone.dial("0967771010")
            await phone.beep()
            await phone.speak(ANSWERS[0])
            phone.hang_up()
            await phone.stop()
            await settled(house, running)
            (recording,) = running.gateway.exchange.shelf.recordings()
            lists = ProviderApi(running.media_url.partition("/2010")[0], ACCOUNT, house.tools.auth_token)
            found = await asyncio.to_thread(Reconciler(house.tools, lists).run)
            assert (found.calls, found.recordings) == (1, 1)
            return recording.sid

    sid = asyncio.run(test())
    (call,), (_case,), (recording,) = house.rows()
    assert (call.status, recording.provider_sid) == ("completed", sid)


def _samples(sound: bytes) -> np.ndarray:
    samples, _ = soundfile.read(io.BytesIO(sound), dtype="int16")
    return np.asarray(samples, np.int16)
