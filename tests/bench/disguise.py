"""What a disguised voice still says, and how far it is from its owner: `python -m tests.bench.disguise`.

On recordings of consenting speakers, as `tests.bench.speech` takes them. Words: the default engine's errors before
and after. Voice: the cosine distance of long-term mel spectra between a clip and its disguise, beside that of two
clips of one folder (mostly of different speakers), which is the reference.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recordings import audio, disguise
from recordings.audio import SAMPLE_RATE
from tests.bench.clips import Clip, read_folder
from tests.bench.scoring import normalised, score
from tests.bench.speech import FOLDER, MODELS
from transcription.choice import choose, load
from transcription.ports import Samples, SpeechEngine

BANDS, WINDOW = 40, 512


def main(arguments: Sequence[str] | None = None) -> None:
    """Print errors and distances."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--limit", type=int, default=40)
    options = parser.parse_args(arguments)
    clips = read_folder(options.folder, options.limit)
    engine = load(choose("auto", None, MODELS))
    changed = [audio.samples(disguise.disguised(audio.to_wav(clip.samples), [])) for clip in clips]
    print(f"{len(clips)} clips")
    print(f"WER as recorded  {_errors(engine, clips, [clip.samples for clip in clips]):6.1f} %")
    print(f"WER disguised    {_errors(engine, clips, changed):6.1f} %")
    own = [_distance(clip.samples, made) for clip, made in zip(clips, changed, strict=True)]
    others = [_distance(one.samples, other.samples) for one, other in pairwise(clips)]
    print(f"voice: to its disguise {np.median(own):.3f}, to another clip {np.median(others):.3f} (median distance)")


def _errors(engine: SpeechEngine, clips: Sequence[Clip], sounds: Sequence[Samples]) -> float:
    heard = [" ".join(segment.text for segment in engine.transcribe(sound)) for sound in sounds]
    return score([normalised(clip.transcript) for clip in clips], [normalised(text) for text in heard]).words


def _distance(one: Samples, other: Samples) -> float:
    a, b = _long_term(one), _long_term(other)
    return float(1 - a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _long_term(samples: Samples) -> NDArray[np.float64]:
    """The mean log-mel spectrum of what is loud, without its own mean: how a voice is coloured."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[:: WINDOW // 2] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    loud = power[power.sum(axis=1) > np.median(power.sum(axis=1))]
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 4000 / 700), BANDS + 1) / 2595) - 1)
    bins = np.clip((edges / SAMPLE_RATE * WINDOW).astype(int), 0, power.shape[1] - 1)
    bands = np.array([loud[:, low : max(high, low + 1)].mean() for low, high in pairwise(bins)])
    logged = np.log(bands + 1e-10)
    return np.asarray(logged - logged.mean())


if __name__ == "__main__":
    main()
