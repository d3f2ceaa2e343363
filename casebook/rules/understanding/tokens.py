"""Answers as one run of spoken syllables, each knowing which word of which answer it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transcription.ports import Word
from transcription.rules.text import clean

from .shapes import QUESTIONS, WordSpan

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
"""The digits as they are said, from nought to nine."""

_PIECE = re.compile(r"\d+|[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…;]\W*$")
_SHORT_FOR = {
    "bv": "bệnh viện", "ttyt": "trung tâm y tế", "bvđk": "bệnh viện đa khoa", "đhyd": "đại học y dược",
    "bhyt": "bảo hiểm y tế", "bhxh": "bảo hiểm xã hội", "tp": "thành phố", "hcm": "hồ chí minh", "q": "quận",
    "syt": "sở y tế", "bs": "bác sĩ",
}  # fmt: skip
_MAX_WORDS = 6_000
"""About half an hour of talk; what comes after it is not read for a suggestion."""


@dataclass(frozen=True, slots=True)
class Token:
    """One syllable: lower-case text, the word it came from, and whether a pause follows by punctuation."""

    text: str
    question: str
    word: int
    raw: str
    confidence: float
    clause_end: bool
    sentence_end: bool


def spoken(number: str) -> list[str]:
    """The syllables of a written number: one or two digits as a number, more digit by digit.

    >>> " ".join(spoken("12")), " ".join(spoken("115"))
    ('mười hai', 'một một năm')
    """
    if len(number) != 2 or number[0] == "0":
        return [DIGITS[int(digit)] for digit in number]
    tens, ones = int(number[0]), int(number[1])
    head = ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return head + ([_ones_after_tens(tens, ones)] if ones else [])


def _ones_after_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    return "mốt" if ones == 1 and tens > 1 else DIGITS[ones]


def syllables_of(text: str) -> list[str]:
    """The lower-case syllables of written text, its numbers and usual abbreviations spoken."""
    pieces = _PIECE.findall(unicodedata.normalize("NFC", text).lower())
    return [syllable for piece in pieces for syllable in _as_said(piece)]


def _as_said(piece: str) -> list[str]:
    return spoken(piece) if piece.isdecimal() else _SHORT_FOR.get(piece, piece).split()


def tokenize(answers: Mapping[str, Sequence[Word]]) -> tuple[Token, ...]:
    """The syllables of all answers, in the order in which the questions are asked."""
    questions = [question for question in QUESTIONS if question in answers]
    questions += sorted(set(answers) - set(QUESTIONS))
    tokens = [
        token
        for question in questions
        for index, word in enumerate(answers[question])
        for token in _tokens(word, question, index)
    ]
    return tuple(tokens[:_MAX_WORDS])


def _tokens(word: Word, question: str, index: int) -> list[Token]:
    syllables = [s for s in syllables_of(_ascii_digits(clean(word.text))) if len(s) <= 24]
    ends_sentence = bool(_SENTENCE_END.search(word.text))
    ends_clause = ends_sentence or word.text.rstrip("\"'”’)").endswith((",", ":"))
    last = len(syllables) - 1
    return [
        Token(s, question, index, word.text, word.confidence, ends_clause and i == last, ends_sentence and i == last)
        for i, s in enumerate(syllables)
    ]  # fmt: skip


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.digit(c)) if unicodedata.digit(c, None) is not None else c for c in text)


def span(tokens: Sequence[Token], first: int, last: int, answers: Mapping[str, Sequence[Word]]) -> WordSpan:
    """The words behind tokens `first` to `last` (inclusive), cut at the end of the first one's answer."""
    question, start = tokens[first].question, tokens[first].word
    while last > first and tokens[last].question != question:
        last -= 1
    end = tokens[last].word
    words = " ".join(word.text for word in answers[question][start : end + 1])
    return WordSpan(question, start, end, words)
