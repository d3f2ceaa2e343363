"""Puts recognition errors into written calls: `python -m tests.bench.mishearing calls.jsonl written.jsonl [--seed 7]`.

A syllable confusion model: wrong tones, onsets, finals and vowels as people and recognisers confuse them, real
syllables weighted by how often they are said, some dropped or said twice, errors in bursts; about one in six.
It knows nothing of how the matcher judges nearness, so that the matcher is not measured by its own ideas. The errors
follow from the seed, each call's id and the syllables of the shipped examples: as long as those are the same, so is
what comes out. Fills `text_asr_noisy` from `text_asr` (or `text`).
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from casebook.understanding_files import UNDERSTANDING_DATA
from transcription.rules.text import syllables

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_ONSET_GROUPS = (
    "l n", "l n", "tr ch", "tr ch", "s x", "s x", "d gi v r", "d gi v r", "kh h", "c kh", "ph v", "b v", "đ t", "th t",
    "ng nh", "m b", "h _", "ng _", "g h", "th kh", "đ d", "b đ", "l r", "gi nh", "qu h", "n nh", "c g",
)  # fmt: skip
_CODA_GROUPS = ("n ng", "n ng", "n nh", "c t", "c t", "ch t", "m n", "p t", "ng nh", "c _", "n _", "t _", "i _", "u _")
_VOWEL_GROUPS = (
    "a ă â", "o ô ơ", "e ê", "u ư", "i ê", "iê i", "ươ ư", "uô u", "o u", "ô u", "a o", "ai ay", "ao au", "ây ay",
    "ưa ua", "oi ôi", "uôi ui", "ươi ưi", "iêu iu", "yê iê", "oa a", "uy i",
)  # fmt: skip
_DIGIT_SOUNDS = {
    "không": ("công", "hông", "khôn"), "một": ("mốt", "mọt", "mộc"), "hai": ("hài", "ai", "hay"), "ba": ("bà", "bả"),
    "bốn": ("bổn", "bố"), "năm": ("nằm", "lăm"), "sáu": ("sau", "xấu"), "bảy": ("bẩy", "bày"),
    "tám": ("tạm", "thám"), "chín": ("chính", "trí"), "mươi": ("mười", "muôi"), "mười": ("mươi", "người"),
}  # fmt: skip
_RATE, _BURST, _DROP, _TWICE = 0.15, 0.32, 0.075, 0.025
_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu", *"đbcdghklmnprstvx")
_FINALS = ("ng", "nh", "ch", *"cmnpt")


@lru_cache(maxsize=1)
def spoken_often() -> Mapping[str, int]:
    """How often each syllable is said in the shipped invented calls."""
    lines = (UNDERSTANDING_DATA / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return Counter(s for line in lines for s in syllables(json.loads(line)["text_asr"]))


def noisy(text: str, seed: str) -> str:
    """`text` with recognition errors; the same `seed` gives the same errors."""
    chance = random.Random(seed)
    rate = max(0.06, chance.gauss(_RATE, 0.045))
    heard: list[str] = []
    wrong = False
    for syllable in text.split():
        wrong = chance.random() < (_BURST if wrong else rate)
        heard.extend(_misheard(syllable, chance) if wrong else [syllable])
    return " ".join(heard)


def _misheard(syllable: str, chance: random.Random) -> list[str]:
    dice = chance.random()
    if dice < _DROP:
        return []
    if dice < _DROP + _TWICE:
        return [syllable, syllable]
    if syllable in _DIGIT_SOUNDS and chance.random() < 0.6:
        return [chance.choice(_DIGIT_SOUNDS[syllable])]
    return [_confused(syllable, chance)]


@lru_cache(maxsize=10_000)
def _alike(syllable: str) -> tuple[tuple[str, float], ...]:
    """Real syllables that `syllable` is taken for, one or two changes away, each with its weight."""
    often = spoken_often()
    once = _changed(syllable)
    twice = {other for near in once for other in _changed(near)} - set(once) - {syllable}
    near = {other: 3.0 for other in once if other in often} | {other: 0.25 for other in twice if other in often}
    return tuple(sorted((other, weight * often[other] ** 0.5) for other, weight in near.items()))


def _confused(syllable: str, chance: random.Random) -> str:
    alike = _alike(syllable)
    if not alike:
        return chance.choice(sorted(spoken_often()))
    return chance.choices([other for other, _ in alike], [weight for _, weight in alike])[0]


def _changed(syllable: str) -> frozenset[str]:
    """Syllables one confusion away: tone, onset, final or vowels."""
    onset, vowels, coda, tone = _parts(syllable)
    found = {_joined(onset, vowels, coda, other) for other in _TONES}
    found |= {_joined(other, vowels, coda, tone) for other in _others(onset, _ONSET_GROUPS)}
    found |= {_joined(onset, vowels, other, tone) for other in _others(coda, _CODA_GROUPS)}
    found |= {_joined(onset, other, coda, tone) for other in _others(vowels, _VOWEL_GROUPS)}
    return frozenset(found - {syllable})


def _others(part: str, groups: tuple[str, ...]) -> set[str]:
    near = {other for group in groups if (part or "_") in group.split() for other in group.split()}
    return {other.replace("_", "") for other in near} - {part}


def _parts(syllable: str) -> tuple[str, str, str, str]:
    letters, tone = [], ""
    for mark in unicodedata.normalize("NFD", syllable):
        if mark in _TONES and mark:
            tone = mark
        else:
            letters.append(mark)
    bare = unicodedata.normalize("NFC", "".join(letters))
    onset = next((o for o in _ONSETS if bare.startswith(o) and len(bare) > len(o)), "")
    rest = bare[len(onset) :]
    coda = next((c for c in _FINALS if rest.endswith(c) and len(rest) > len(c)), "")
    return onset, rest[: len(rest) - len(coda)], coda, tone


def _joined(onset: str, vowels: str, coda: str, tone: str) -> str:
    """The syllable, its tone on the vowel where it is written."""
    place = max((i for i, letter in enumerate(vowels) if letter in "ăâêôơư"), default=-1)
    if place < 0:
        place = 0 if len(vowels) == 1 or (not coda and len(vowels) == 2 and vowels not in ("oa", "oe", "uy")) else 1
        place = 0 if vowels in ("oa", "oe", "uy") and not coda else min(place, len(vowels) - 1)
    marked = vowels[: place + 1] + tone + vowels[place + 1 :]
    return unicodedata.normalize("NFC", onset + marked + coda)


def main() -> None:
    """Write the calls with their noisy form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", type=Path)
    parser.add_argument("written", type=Path, help="where to write the calls with their noisy form")
    parser.add_argument("--seed", default="7")
    arguments = parser.parse_args()
    calls = [json.loads(line) for line in arguments.calls.read_text(encoding="utf-8").splitlines() if line.strip()]
    for call in calls:
        call["text_asr_noisy"] = noisy(call.get("text_asr") or call["text"], f"{arguments.seed} {call['id']}")
    lines = (json.dumps(call, ensure_ascii=False) for call in calls)
    arguments.written.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
