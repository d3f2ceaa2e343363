"""How many calls a gateway carries: `python -m tests.bench.gateway --calls 20`.

The gateway and its hotline of pages run in processes of their own; this process is the callers. Measured: calls
intact (the story arrives whole), CPU and memory of the gateway for each call, how evenly its packets leave, the time
from INVITE to the first sound. `--soak 10000` makes short calls one after another and looks at the memory.
"""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import click
import numpy as np
import psutil
import soundfile
from rich.console import Console
from rich.table import Table

from config.crypto import KeyRing, generate_key_text
from ivr.gateway.backends.sip_backend import SipOptions
from ivr.gateway.server import GatewayOptions, Running, run_gateway
from tests.integration.ivr.gateway.conftest import Chirping, likeness, noise
from tests.integration.ivr.gateway.phone import Pcm, Phone
from tests.integration.ivr.hotline import ACCOUNT, Answer, running

INTACT = 0.95
"""Correlation of every second of what was said with what was recorded."""
PAGES: dict[str, Answer] = {
    "/voice/incoming": '<Response><Gather numDigits="1" action="/menu"><Say>Xin bấm một.</Say></Gather></Response>',
    "/menu": '<Response><Record action="/said" finishOnKey="#" maxLength="60" trim="do-not-trim"/></Response>',
    "/said": "<Response><Say>Cảm ơn.</Say><Hangup/></Response>",
    "/brief/voice/incoming": "<Response><Say>Xin chào.</Say><Hangup/></Response>",
}


@dataclass
class Carried:
    """What became of one call."""

    number: str
    setup_ms: float
    pace_ms: float
    failure: str = ""
    story: Pcm = field(default_factory=lambda: np.zeros(0, np.int16))


@dataclass(frozen=True)
class Subject:
    """The gateway that is measured."""

    address: tuple[str, int]
    process: psutil.Process
    directory: Path
    keys: KeyRing

    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory_mb(self) -> float:
        return float(self.process.memory_info().rss) / 2**20


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _hotline(pipe: Connection) -> None:
    with running(PAGES) as (hotline, _endpoint):
        pipe.send(hotline.url)
        pipe.recv()


def _keys(text: str) -> KeyRing:
    return KeyRing.parse(text, bytes(32))


def _gateway(directory: Path, public_url: str, calls: int, port: int, key_text: str, pipe: Connection) -> None:
    """Run a gateway in this process."""
    options = GatewayOptions(
        account=ACCOUNT,
        keys=_keys(key_text),
        data_dir=directory,
        public_url=public_url,
        sip=SipOptions(bind=("127.0.0.1", port), ports=range(34000, 34000 + 6 * calls + 200, 2)),
        calls=calls + 10,
        rate=1000,
        drain_seconds=1,
    )

    def ready(started: Running) -> None:
        pipe.send(started.sip.address)

    asyncio.run(run_gateway(options, Chirping(), when_ready=ready))


@contextmanager
def subject(directory: Path, path: str, calls: int) -> Iterator[Subject]:
    """Run a gateway whose calls begin at `path` of the hotline."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    hotline = context.Process(target=_hotline, args=(theirs,), daemon=True)
    hotline.start()
    key_text = generate_key_text()
    arguments = (directory, ours.recv() + path, calls, _free_port(), key_text, theirs)
    gateway = context.Process(target=_gateway, args=arguments, daemon=True)
    gateway.start()
    address = ours.recv()
    try:
        yield Subject(address, psutil.Process(gateway.pid), directory, _keys(key_text))
    finally:
        gateway.terminate()
        gateway.join(10)
        ours.send(None)
        hotline.join(5)


async def _carry(target: Subject, number: int, seconds: float) -> Carried:
    """One call: the prompt, a key, the story, the hash."""
    phone = Phone(target.address, f"09{number:08d}")
    story = noise(seconds, seed=number)
    await phone.start()
    try:
        await phone.dial(wait=20)
        first = await phone.heard_something(10)
        phone.press("1")
        await phone.beep(15)
        await phone.speak(story)
        await asyncio.sleep(0.3)
        phone.press("#")
        await phone.wait_end(20)
        pace = phone.pace()
        return Carried(phone.number, 1000 * (first - phone.invited), 1000 * float(np.std(pace)), story=story)
    except (RuntimeError, TimeoutError) as error:
        return Carried(phone.number, 0.0, 0.0, failure=repr(error))
    finally:
        await phone.stop()


async def _carry_all(target: Subject, calls: int, seconds: float, every: float) -> list[Carried]:
    async def one(number: int) -> Carried:
        await asyncio.sleep(number * every)
        return await _carry(target, number, seconds)

    return list(await asyncio.gather(*(one(number) for number in range(calls))))


def _intact(target: Subject, carried: list[Carried]) -> int:
    """How many stories are found whole among the recordings."""
    kept = [target.keys.open(path.read_bytes(), f"shelf:{path.stem}") for path in target.directory.glob("RE*.sealed")]
    sounds = [soundfile.read(io.BytesIO(sound), dtype="int16")[0] for sound in kept]
    return sum(
        any(min(likeness(sound, call.story)) > INTACT for sound in sounds) for call in carried if not call.failure
    )


def at_once(console: Console, calls: int, seconds: float) -> None:
    """Carry `calls` at once, each with a story of `seconds`, and say what it cost."""
    with tempfile.TemporaryDirectory() as directory, subject(Path(directory), "", calls) as target:
        asyncio.run(_carry_all(target, 1, 1.0, 0.0))
        memory, cpu, began = target.memory_mb(), target.cpu_seconds(), time.monotonic()
        for kept in target.directory.glob("RE*.sealed"):
            kept.unlink()
        carried = asyncio.run(_carry_all(target, calls, seconds, 0.05))
        took, used = time.monotonic() - began, target.cpu_seconds() - cpu
        peak = target.memory_mb()
        talked = calls * (seconds + 3.0)
        well = [call for call in carried if not call.failure]
        table = Table("Measured", "Value", "Aim")
        table.add_row("calls intact", f"{_intact(target, carried)} of {calls}", "all")
        table.add_row("CPU for each call", f"{100 * used / talked:.2f} % of a core", "0.6 %")
        table.add_row("memory for each call", f"{(peak - memory) / calls:.2f} MB", "1 MB")
        table.add_row("packet pace, standard deviation", f"{np.median([call.pace_ms for call in well]):.2f} ms", "2 ms")
        table.add_row("set-up time, p95", f"{np.percentile([call.setup_ms for call in well], 95):.0f} ms", "300 ms")
        table.add_row("wall clock", f"{took:.0f} s", "")
        console.print(table)
        for failure in sorted({call.failure for call in carried if call.failure}):
            console.print(f"failed: {failure}")


async def _brief(target: Subject, number: int) -> bool:
    phone = Phone(target.address, f"09{number:08d}")
    await phone.start()
    try:
        await phone.dial(wait=10)
        await phone.wait_end(10)
    except (RuntimeError, TimeoutError):
        return False
    finally:
        await phone.stop()
    return True


async def _soak(console: Console, target: Subject, calls: int, width: int) -> None:
    done, step = 0, max(width, calls // 10)
    while done < calls:
        good = 0
        for start in range(done, min(done + step, calls), width):
            batch = range(start, min(start + width, done + step, calls))
            good += sum(await asyncio.gather(*(_brief(target, number) for number in batch)))
        made = min(step, calls - done)
        done += made
        console.print(f"{done} calls, {good} of the last {made} well, memory {target.memory_mb():.1f} MB")


@click.command()
@click.option("--calls", default=10, show_default=True, help="Calls at once.")
@click.option("--seconds", default=5.0, show_default=True, help="Seconds of each story.")
@click.option("--soak", default=0, show_default=True, help="Make so many short calls one after another instead.")
@click.option("--width", default=10, show_default=True, help="Calls at once in a soak.")
def main(calls: int, seconds: float, soak: int, width: int) -> None:
    """Measure the gateway."""
    console = Console()
    if not soak:
        at_once(console, calls, seconds)
        return
    with tempfile.TemporaryDirectory() as directory, subject(Path(directory), "/brief", width) as target:
        asyncio.run(_soak(console, target, soak, width))


if __name__ == "__main__":
    main()
