"""From the end of a call to the filed case, against the message's length; what the pipeline adds to the engine.

`python -m tests.bench.journey [--engine auto|ctc|whisper]`. Speaks with eSpeak, or with the development
recordings where they lie beside the repository.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import soundfile

from config.directory.lines_file import read_lines
from config.directory.store import DATA
from ivr.adapters.sound import phone_wav
from ivr.adapters.synthesis import synthesiser
from ivr.caller.bundled import report_script
from ivr.caller.script import CallPlan, Sound
from recordings.audio import samples
from tests.acceptance.running import MODELS, RunningHotline, running, until
from transcription import choice

LENGTHS = (30, 180)
"""Seconds of the messages."""

SHARED = Path(__file__).parents[3] / "shared" / "speech"
WORDS = "Tôi đưa mẹ đi khám từ sáng sớm, lấy số xong ngồi chờ đến gần trưa mà không ai gọi tên. Hỏi thì bị quát."


def measure(engine: str) -> None:
    """Print seconds and ratios for each length, then the memory of each process."""
    with tempfile.TemporaryDirectory() as directory:
        sounds = {seconds: message(Path(directory), seconds) for seconds in LENGTHS}
        with hotline(Path(directory), engine) as running_hotline:
            warm_up = message(Path(directory), 5)
            filed_after(running_hotline, warm_up)
            for seconds, sound in sounds.items():
                took = filed_after(running_hotline, sound)
                print(
                    f"{engine}: {seconds:4d} s message filed {took:6.1f} s after the call, ratio {took / seconds:5.2f}"
                )
            print_memory(running_hotline)
        overhead(engine, sounds[LENGTHS[0]])


def message(directory: Path, seconds: int) -> Sound:
    """Speech of this length as a telephone carries it."""
    sources = sorted(SHARED.glob("*.flac"))
    pieces: list[np.ndarray] = []
    rate = 16_000
    while sum(map(len, pieces)) < seconds * rate:
        data = sources[len(pieces) % len(sources)].read_bytes() if sources else _spoken(directory)
        sound, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        pieces.append(sound)
    whole = io.BytesIO()
    soundfile.write(whole, np.concatenate(pieces)[: seconds * rate], rate, format="WAV")
    return Sound(phone_wav(whole.getvalue()), f"{seconds}s.wav")


def _spoken(directory: Path) -> bytes:
    return synthesiser(directory / "voice", rate=16_000).speak(WORDS)


@contextmanager
def hotline(directory: Path, engine: str) -> Iterator[RunningHotline]:
    """A hotline that hears with `engine`."""
    with running(directory, SPEECH_ENGINE=engine, WEB_PROCESSES="2") as started:
        yield started


def filed_after(hotline: RunningHotline, sound: Sound) -> float:
    """Seconds from the end of a call with this story to its case waiting for an inspector."""
    line = next(line for line in read_lines(DATA / "lines.toml") if line.slug == "buc_xuc_dich_vu_cong")
    keys, messages = report_script(line, {"story": sound})
    result = hotline.call(CallPlan(line=line.number, keys=keys, messages=messages))
    ended = time.monotonic()
    until(
        lambda: hotline.ask(
            "SELECT 1 FROM cases c JOIN calls k ON k.case_id = c.id"
            f" WHERE k.provider_sid = '{result.sid}' AND c.status <> 'open'"
        ),
        600,
    )
    return time.monotonic() - ended


def print_memory(hotline: RunningHotline) -> None:
    """Print the resident memory of each process."""
    family = [psutil.Process(hotline.process.pid), *psutil.Process(hotline.process.pid).children(recursive=True)]
    for process in family:
        words = process.cmdline()
        name = " ".join(words[2:]) if "app.py" in " ".join(words[:2]) else Path(words[0]).name
        print(f"memory {process.memory_info().rss / 1e6:6.0f} MB   {name[:60]}")


def overhead(engine: str, sound: Sound) -> None:
    """Print what decoding and our own steps add to the engine's bare loop, in CPU time."""
    ears = choice.load(choice.choose(engine, None, MODELS))
    heard = samples(sound.content)
    ears.transcribe(heard[: 16_000 * 3])
    bare = _cpu(lambda: ears.transcribe(heard))
    whole = _cpu(lambda: ears.transcribe(samples(sound.content)))
    print(f"{engine}: bare engine {bare:.2f} s, with decoding {whole:.2f} s, ratio {whole / bare:.3f}   (aim ≤ 1.05)")


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="auto")
    measure(parser.parse_args().engine)
