"""A gateway on the loopback interface, a hotline of pages behind it, and telephones to call it with."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from config.crypto import KeyRing
from ivr.carrier.ledger import CarriedCall, HeldRecording
from ivr.gateway.backends.sip_backend import SipOptions
from ivr.gateway.exchange import LiveEar
from ivr.gateway.server import GatewayOptions, Running, gateway
from ivr.gateway.sound import wav_of
from tests.integration.ivr.gateway.phone import Pcm, Phone
from tests.integration.ivr.hotline import ACCOUNT, Answer, Hotline, running


class Chirping:
    """A voice that says each text as its own noise, 0.1 s for each character."""

    identity = "chirping"

    def speak(self, text: str) -> bytes:
        return wav_of(chirp(text))


def chirp(text: str) -> Pcm:
    """What the voice makes of `text`."""
    return noise(len(text) / 10, seed=len(text))


def noise(seconds: float, seed: int = 0) -> Pcm:
    """Sound that is like nothing else: noise in the band of the telephone."""
    chance = np.random.default_rng(seed)
    return (np.sin(np.cumsum(chance.normal(0.6, 0.25, round(seconds * 8000)))) * 8000).astype(np.int16)


def likeness(heard: Pcm, said: Pcm) -> list[float]:
    """How like `said` the best-fitting stretch of `heard` is, by correlation, second for second."""
    if len(heard) < len(said):
        heard = np.concatenate((heard, np.zeros(len(said) - len(heard), np.int16)))
    wide, narrow = heard.astype(float), said.astype(float)
    size = 1 << (len(wide) + len(narrow)).bit_length()
    fit = np.fft.irfft(np.fft.rfft(wide, size) * np.conj(np.fft.rfft(narrow, size)), size)[
        : len(wide) - len(narrow) + 1
    ]
    start = int(np.argmax(np.abs(fit)))
    part = wide[start : start + len(narrow)]
    seconds = range(0, max(1, len(narrow) - 3999), 8000)
    return [_correlation(part[at : at + 8000], narrow[at : at + 8000]) for at in seconds]


def _correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """How alike two stretches are; silence is like nothing."""
    return abs(float(np.corrcoef(first, second)[0, 1])) if np.ptp(first) and np.ptp(second) else 0.0


@dataclass
class Line:
    """The running gateway with what tests look at."""

    running: Running
    hotline: Hotline

    @property
    def address(self) -> tuple[str, int]:
        return self.running.sip.address

    def calls(self) -> list[CarriedCall]:
        return self.running.gateway.exchange.shelf.calls()

    def recordings(self) -> list[HeldRecording]:
        return self.running.gateway.exchange.shelf.recordings()

    def sound(self, recording: HeldRecording) -> Pcm:
        samples, rate = soundfile.read(
            io.BytesIO(self.running.gateway.exchange.shelf.sound(recording.sid) or b""), dtype="int16"
        )
        assert rate == 8000
        return np.asarray(samples, np.int16)

    @asynccontextmanager
    async def phone(self, number: str = "0912345678", codec: int = 8) -> AsyncIterator[Phone]:
        phone = Phone(self.address, number, codec)
        await phone.start()
        try:
            yield phone
        finally:
            await phone.stop()

    async def told(self, path: str, count: int = 1, seconds: float = 10.0) -> dict[str, str]:
        """Wait until the hotline was asked for `path` so many times; gives the last parameters."""
        async with asyncio.timeout(seconds):
            while len(self.hotline.at(path)) < count:
                await asyncio.sleep(0.02)
        return self.hotline.at(path)[count - 1]


Serve = Callable[..., Any]


@pytest.fixture
def options(tmp_path: Path, keys: KeyRing) -> GatewayOptions:
    return GatewayOptions(
        account=ACCOUNT,
        keys=keys,
        data_dir=tmp_path / "gateway",
        public_url="set by the hotline",
        prompts_dir=tmp_path / "prompts",
        sip=SipOptions(bind=("127.0.0.1", 0), ports=range(30000, 30400, 2)),
        calls=50,
        rate=100,
        drain_seconds=0.2,
        webhook_seconds=3.0,
        callback_pauses=(0.2, 0.5, 1.0),
    )


@pytest.fixture
def serve(options: GatewayOptions) -> Serve:
    """Runs a test against a gateway whose hotline has the given pages."""

    def serving(
        pages: dict[str, Answer], test: Callable[[Line], Any], live: LiveEar | None = None, **changes: Any
    ) -> Hotline:
        with running(pages) as (hotline, _endpoint):

            async def go() -> None:
                wanted = replace(options, public_url=hotline.url, **changes)
                async with gateway(wanted, Chirping(), live) as started:
                    await test(Line(started, hotline))

            asyncio.run(go())
            return hotline

    return serving
