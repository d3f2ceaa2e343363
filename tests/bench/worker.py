"""One engine in a process of its own: memory and speed on a long message. `python -m tests.bench.worker`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from transcription.choice import EngineChoice, load
from transcription.ports import SAMPLE_RATE, Samples, SpeechEngine

_SECONDS = 180
"""Length of the message: as long as the hotline lets a caller speak."""

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Work:
    """A worker on one thread: MiB at most, CPU seconds a second of sound, and how two threads compare."""

    mebibytes: float
    cpu: float
    two_threads: float
    """Messages in the time of one, when two threads share the engine; needs a machine with two idle cores."""


def measure_worker(choice: EngineChoice, sounds: list[Samples]) -> Work:
    """Measure the engine in a fresh process on `sounds` laid end to end."""
    message = np.concatenate(sounds)
    message = np.resize(message, _SECONDS * SAMPLE_RATE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message.npy"
        np.save(path, message)
        command = [sys.executable, "-m", "tests.bench.worker", choice.name, str(choice.model_path), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Work(**json.loads(done.stdout.splitlines()[-1]))


def _measure(engine: SpeechEngine, message: Samples) -> Work:
    began, cpu = time.perf_counter(), time.process_time()
    engine.transcribe(message)
    alone, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = _peak_mebibytes()
    began = time.perf_counter()
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(engine.transcribe, (message, message)))
    together = time.perf_counter() - began
    return Work(peak, cpu / _SECONDS, 2 * alone / together)


def _peak_mebibytes() -> float:
    """The most memory this process ever held; nan where Linux does not tell.

    Not getrusage: what it tells of a process includes its parent's memory from before `exec`.
    """
    status = _STATUS.read_text() if _STATUS.is_file() else ""
    peaks = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
    return peaks[0] if peaks else float("nan")


if __name__ == "__main__":
    name, model, sound = sys.argv[1:]
    print(json.dumps(asdict(_measure(load(EngineChoice(name, Path(model), "bench")), np.load(sound)))))
