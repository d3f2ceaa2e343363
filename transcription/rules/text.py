"""Vietnamese text as every rule wants it: one spelling, comparable, without what was never said."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""The five written tones as combining marks: huyền, sắc, ngã, hỏi, nặng."""

_TONE = re.compile(f"[{TONES}]")
_VOWELS = "aăâeêioôơuưy"
_SYLLABLE = re.compile(f"(qu|gi(?=[{_VOWELS}])|[^{_VOWELS}]*)([{_VOWELS}]+)(ch|ng|nh|[cmnpt])?")
_SHAPED = "ăâêôơư"
_WRITTEN = re.compile(
    r"\d+(?:[.,]\d+)*+(?=(?:vn)?đ(?![^\W_]))"  # 50.000đ: the number, then its currency
    r"|\+?\d+(?:[.,/:-]\d+)++(?![^\W_]|[.-][^\W_])"  # 2.500.000  5/1/2026  12:30
    r"|[^\W\d_]*\d[^\W_]*(?:[.-][^\W_]*\d[^\W_]*)*"  # H29.25-251127-0085  51F-123.45  500k
    r"|[^\W\d_]{1,3}-\d{3,}"  # AB-1234
    r"|\+\d+|[^\W_]+|[%₫°]",
    re.IGNORECASE,
)
_RUN = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<(?:!--.*?--|/?[a-z!?][^<>]*)>", re.IGNORECASE | re.DOTALL)
_KEPT_CONTROLS = "\n\t"
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def nfc(text: str) -> str:
    """`text` in Unicode's composed form (NFC), the one form kept everywhere."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """`text` for comparison: lower case, no diacritics, đ as d, punctuation as single spaces."""
    bare = unicodedata.normalize("NFD", text.casefold())
    letters = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(_RUN.findall(letters.replace("đ", "d")))


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """`fold` of one word, remembered: calls say the same few thousand syllables."""
    return fold(word)


def syllables(text: str) -> list[str]:
    """The runs of letters and digits in `text`: lower case, NFC, tone marks in one place (hoà is hòa)."""
    return [_settle_tone(run) for run in _RUN.findall(nfc(text).lower())]


def word_set(text: str) -> frozenset[str]:
    """The words of a list written with spaces, for look-up."""
    return frozenset(text.split())


def words_of(text: str) -> list[str]:
    """The words of written text as the rules read them: lower case, numbers and codes kept whole.

    "Trả 2.500.000đ, gọi 0912 345 678" gives trả, 2.500.000, đ, gọi, 0912, 345, 678.
    """
    return [_settle_tone(found.lower()) for found in _WRITTEN.findall(nfc(text))]


def clean(text: str) -> str:
    """`text` (NFC) without markup and control or invisible characters; line breaks and tabs stay."""
    plain = _TAG.sub(" ", html.unescape(nfc(text)))
    return nfc("".join(map(_visible, plain))).strip()


def tone_of(syllable: str) -> str:
    """The combining tone mark a syllable carries, or "" for the level tone."""
    found = _TONE.search(unicodedata.normalize("NFD", syllable))
    return found.group() if found else ""


def without_tone(syllable: str) -> str:
    """The syllable without its tone but with its vowel shapes: "được" gives "đươc"."""
    return nfc(_TONE.sub("", unicodedata.normalize("NFD", syllable)))


def _visible(char: str) -> str:
    if char in _KEPT_CONTROLS or unicodedata.category(char) not in _HIDDEN:
        return char
    # Zero-width joiners split no word; other controls stood where a space could.
    return "" if unicodedata.category(char) == "Cf" else " "


def _settle_tone(syllable: str) -> str:
    """Put the tone mark where the older, more common spelling has it: hòa, thúy, khỏe, hoàn, quý."""
    tone, bare = tone_of(syllable), without_tone(syllable)
    parts = _SYLLABLE.fullmatch(bare) if tone else None
    if parts is None:
        return syllable
    place = parts.start(2) + _tone_place(parts.group(2), closed=bool(parts.group(3)))
    return nfc(bare[: place + 1] + tone + bare[place + 1 :])


def _tone_place(vowels: str, *, closed: bool) -> int:
    shaped = [place for place, vowel in enumerate(vowels) if vowel in _SHAPED]
    if shaped:
        return shaped[-1]
    if len(vowels) == 1:
        return 0
    return 1 if closed or len(vowels) > 2 else 0
