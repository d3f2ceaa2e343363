"""A folder of recordings with what is said in each, and the names to listen for in them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from tests.bench.scoring import normalised
from transcription.ports import SAMPLE_RATE, Samples

MANIFEST = "manifest.tsv"
"""Tab-separated, with at least the columns `file` and `transcript`."""

_RARE = 2
"""How often at most each syllable of a rare pair is said in the whole folder."""


class NoClips(Exception):
    """The folder has no recordings with a manifest."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording (16 kHz mono) and what is said in it."""

    name: str
    samples: Samples
    transcript: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE


def read_folder(folder: Path, limit: int | None = None) -> list[Clip]:
    """The clips that the folder's manifest names, at most `limit`. Raises NoClips."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise NoClips(f"{manifest} is not there: a folder needs a {MANIFEST} with the columns file and transcript.")
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[:limit]
    return [Clip(row["file"], _samples(folder / row["file"]), row["transcript"]) for row in rows]


def rare_pairs(clips: Sequence[Clip]) -> dict[str, str]:
    """A pair of rare syllables in each clip that has one: clip's name -> pair. They stand for names."""
    spoken = {clip.name: normalised(clip.transcript).split() for clip in clips}
    counts = Counter(syllable for syllables in spoken.values() for syllable in syllables)
    pairs: dict[str, str] = {}
    for name, syllables in spoken.items():
        rare = [(one, two) for one, two in pairwise(syllables) if max(counts[one], counts[two]) <= _RARE]
        if rare:
            rarest = min(rare, key=lambda pair: counts[pair[0]] + counts[pair[1]])
            pairs[name] = " ".join(rarest)
    return pairs


def _samples(path: Path) -> Samples:
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = sound.mean(axis=1)
    return np.asarray(mono if rate == SAMPLE_RATE else resample_poly(mono, SAMPLE_RATE, rate), np.float32)
