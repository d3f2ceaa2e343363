"""How alike two Vietnamese syllables sound, as people and recognisers confuse them.

Confusions covered: onsets l/n, tr/ch, s/x, d/gi/v/r, kh/h and others; finals n/ng/nh, c/t/ch; nearby vowels;
tones, hỏi and ngã above all.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_ONSETS = ("ngh", "ng", "nh", "gh", "gi", "kh", "ph", "th", "tr", "ch", "qu",
           "đ", "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x")  # fmt: skip
_ONSET_SPELLING = {"ngh": "ng", "gh": "g", "k": "c", "qu": "c", "q": "c"}
_CODAS = ("ng", "nh", "ch", "c", "m", "n", "p", "t")
_VOWEL_FAMILY = str.maketrans({"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "y": "i"})


def _pairs(table: dict[float, tuple[str, ...]]) -> dict[tuple[str, str], float]:
    """Costs by pair, both ways round; of a pair in several groups the last counts."""
    return {pair: cost for cost, groups in table.items() for group in groups for pair in permutations(group.split(), 2)}


_ONSET_COST = _pairs({
    0.35: ("đ t", "m b", "đ b", "g h", "c t", "l đ", "nh ng h"),
    0.30: ("ph v", "b v", "c kh g", "ng nh", "d đ", "ph h", "nh d", "gi nh", "l r", "th kh"),
    0.22: ("th t", "nh n", "kh h", "c h", "s th", "ch x"),
    0.12: ("l n", "tr ch gi", "s x", "d gi v r"),
})  # fmt: skip
_CODA_COST = _pairs({
    0.30: ("n t", "ng c", "m p", "nh ch"),
    0.20: ("m n", "m ng", "p t", "p c"),
    0.10: ("n ng nh", "t c ch"),
})  # fmt: skip
_OTHER_ONSET, _NO_ONSET, _OTHER_CODA, _NO_CODA = 0.5, 0.4, 0.4, 0.3
_TONE, _HOI_NGA = 0.1, 0.03
_VOWEL_SHADE, _VOWEL_STEP = 0.15, 0.3
_BLURRED_ONSETS = {"n": "l", "ch": "tr", "x": "s", "gi": "d", "v": "d", "r": "d"}
_BLURRED_CODAS = {"nh": "n", "ng": "n", "c": "t", "ch": "t"}
_MERGED_CODAS = {"m": "n", "p": "t"}
FAR = 1.0
"""The cost of two syllables with nothing in common."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A syllable's parts: first consonant, vowels, last consonant, tone (0 level, 1-5 marked), vowels without shade."""

    onset: str
    vowels: str
    coda: str
    tone: str
    key: str


@lru_cache(maxsize=20_000)
def sound(syllable: str) -> Sound:
    """Split a lower-case syllable into its sounds; anything else is taken as far as it goes."""
    tone, letters = "0", []
    for mark in unicodedata.normalize("NFD", syllable):
        if mark in _TONES:
            tone = _TONES[mark]
        else:
            letters.append(mark)
    bare = unicodedata.normalize("NFC", "".join(letters))
    onset = next((o for o in _ONSETS if bare.startswith(o)), "")
    rest = bare[len(onset) :] or ("i" if onset == "gi" else "")
    coda = next((c for c in _CODAS if rest.endswith(c)), "")
    vowels = rest[: len(rest) - len(coda)]
    if onset == "qu" and vowels:
        vowels = "o" + vowels if vowels[0] in "aăe" else "u" + vowels
    return Sound(_ONSET_SPELLING.get(onset, onset), vowels, coda, tone, vowels.translate(_VOWEL_FAMILY))


def _vowel_cost(one: Sound, other: Sound) -> float:
    if one.vowels == other.vowels:
        return 0.0
    if one.key == other.key:
        return _VOWEL_SHADE
    if one.key and other.key and (one.key in other.key or other.key in one.key):
        return _VOWEL_STEP
    return 2 * _VOWEL_STEP


def between(one: Sound, other: Sound) -> float:
    """How unlike two sounds are: 0 the same, FAR (1) nothing in common."""
    cost = _vowel_cost(one, other)
    if one.onset != other.onset:
        default = _OTHER_ONSET if one.onset and other.onset else _NO_ONSET
        cost += _ONSET_COST.get((one.onset, other.onset), default)
    if one.coda != other.coda:
        default = _OTHER_CODA if one.coda and other.coda else _NO_CODA
        cost += _CODA_COST.get((one.coda, other.coda), default)
    if one.tone != other.tone:
        cost += _HOI_NGA if one.tone in "34" and other.tone in "34" else _TONE
    return min(cost, FAR)


@lru_cache(maxsize=200_000)
def distance(one: str, other: str) -> float:
    """How unlike two lower-case syllables sound: 0 the same, FAR (1) nothing in common."""
    return 0.0 if one == other else between(sound(one), sound(other))


def vowel_key(syllable: str) -> str:
    """The vowels without shade or tone: syllables of different keys are never close."""
    return sound(syllable).key


@lru_cache(maxsize=20_000)
def sounding(syllable: str) -> str:
    """The syllable as a blurred sound: no tone, consonants that people and recognisers confuse made one."""
    parts = sound(syllable)
    return _BLURRED_ONSETS.get(parts.onset, parts.onset) + parts.vowels + _BLURRED_CODAS.get(parts.coda, parts.coda)


@lru_cache(maxsize=20_000)
def blurred(syllable: str) -> str:
    """The syllable by what most hearers agree on: as `sounding`, and without shade of vowel, all like endings one."""
    parts = sound(syllable)
    onset = _BLURRED_ONSETS.get(parts.onset, parts.onset)
    return onset + parts.key + (_MERGED_CODAS.get(parts.coda) or _BLURRED_CODAS.get(parts.coda, parts.coda))
