"""What a reader outside the Department may see of a caller's words.

Source: the caller's identity is secret and is stripped before anything goes to the unit complained about
(Law on Denunciations 2018 Art. 47, 56).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from casebook.rules.wording import WITHHELD
from transcription.rules.readable import ReadableText


def redacted(words: Sequence[str], spans: Iterable[tuple[int, int]]) -> list[str]:
    """Replace each run of withheld words by one mark; `spans` are first and last word, inclusive."""
    withheld = {index for first, last in spans for index in range(first, last + 1)}
    shown: list[str] = []
    for index, word in enumerate(words):
        if index not in withheld:
            shown.append(word)
        elif not shown or shown[-1] != WITHHELD:
            shown.append(WITHHELD)
    return shown


def redacted_text(text: ReadableText, spans: Iterable[tuple[int, int]]) -> str:
    """Write a readable text with a mark for each run of withheld words; punctuation stays."""
    withheld = {index for first, last in spans for index in range(first, last + 1)}
    shown: list[str] = []
    for token in text.tokens:
        if withheld.isdisjoint(range(token.first, token.last)):
            shown.append(token.text)
            continue
        if shown and shown[-1] == WITHHELD:
            shown.pop()
        # A mark at the end of what is withheld belongs to the sentence.
        shown.append(WITHHELD + token.text[len(token.text.rstrip(".,?!")) :])
    return " ".join(shown)


def sentence(words: Sequence[str]) -> str:
    """Join words into a sentence with a capital and a full stop; nothing for no words."""
    text = " ".join(words).strip()
    return text[:1].upper() + text[1:] + "." if text else ""
