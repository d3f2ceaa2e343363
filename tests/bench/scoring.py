"""How what was heard is compared with what was said: normalised first, so that spelling does not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import jiwer
import numpy as np
from num2words import num2words

from transcription.rules.text import nfc, syllables

_ALO = re.compile(r"\b(alo|alô)\b")
_PERCENT = "%"
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}\b)")
_DIGITS = re.compile(r"\d+")
_ENDING_N = re.compile(r"-n\b")
_Y_FOR_I = re.compile(r"\b([hklmst])([yýỳỷỹỵ])\b")
_I_OF_Y = dict(zip("yýỳỷỹỵ", "iíìỉĩị", strict=True))
_READ_AS_NUMBER = 6
"""Digits up to which a figure is read as one number; longer ones, and those that begin with 0, one by one."""


@dataclass(frozen=True, slots=True)
class Score:
    """Rates of error in percent: of words, of letters, and of words without their diacritics."""

    words: float
    letters: float
    bare_words: float


@dataclass(frozen=True, slots=True)
class JudgedWord:
    """A word that was heard: how sure the engine was (0-1), and whether it was said."""

    confidence: float
    right: bool


def normalised(text: str) -> str:
    """`text` in lower case, without punctuation, figures as words, one spelling of each syllable."""
    text = _THOUSANDS.sub("", nfc(text).lower().replace(_PERCENT, " phần trăm "))
    text = _ENDING_N.sub(" ", _DIGITS.sub(_spoken, text))
    text = re.sub(r"[\W_]", " ", text)
    text = _Y_FOR_I.sub(lambda found: found[1] + _I_OF_Y[found[2]], _ALO.sub("a lô", text))
    return " ".join(syllables(text))


def bare(text: str) -> str:
    """`text` without diacritics."""
    apart = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def score(said: Sequence[str], heard: Sequence[str]) -> Score:
    """The rates of error over all clips together."""
    truth, guess = [normalised(text) for text in said], [normalised(text) for text in heard]
    bare_truth, bare_guess = [bare(text) for text in truth], [bare(text) for text in guess]
    return Score(100 * jiwer.wer(truth, guess), 100 * jiwer.cer(truth, guess), 100 * jiwer.wer(bare_truth, bare_guess))


def judged(said: str, heard: Iterable[tuple[str, float]]) -> list[JudgedWord]:
    """Each word heard, with its confidence, right or wrong by alignment with what was said."""
    words = [(part, confidence) for text, confidence in heard for part in normalised(text).split()]
    if not words:
        return []
    aligned = jiwer.process_words(normalised(said), " ".join(part for part, _ in words))
    right = {
        place
        for chunk in aligned.alignments[0]
        if chunk.type == "equal"
        for place in range(chunk.hyp_start_idx, chunk.hyp_end_idx)
    }
    return [JudgedWord(confidence, place in right) for place, (_, confidence) in enumerate(words)]


def area_under_curve(words: Sequence[JudgedWord]) -> float:
    """How often a right word is surer than a wrong one (0.5 is chance); nan if all are right or all wrong."""
    right = np.array([word.confidence for word in words if word.right])
    wrong = np.array([word.confidence for word in words if not word.right])
    if not len(right) or not len(wrong):
        return float("nan")
    surer = (right[:, None] > wrong).mean() + 0.5 * (right[:, None] == wrong).mean()
    return float(surer)


def calibration_error(words: Sequence[JudgedWord], bins: int = 10) -> float:
    """Expected calibration error: the mean distance of confidence and share right, over equal bins of it."""
    groups: list[list[JudgedWord]] = [[] for _ in range(bins)]
    for word in words:
        groups[min(int(word.confidence * bins), bins - 1)].append(word)
    off = sum(abs(sum(word.confidence - word.right for word in group)) for group in groups)
    return off / max(1, len(words))


def _spoken(figure: re.Match[str]) -> str:
    digits = figure[0]
    one_by_one = (len(digits) > 1 and digits[0] == "0") or len(digits) > _READ_AS_NUMBER
    parts = digits if one_by_one else [digits]
    return " " + " ".join(num2words(int(part), lang="vi") for part in parts) + " "
