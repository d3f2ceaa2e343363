"""Saying in the page's language what was worded below the web: errors, faults, warnings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.mofile import read_mo
from flask_babel import get_locale, gettext

from config.errors import HotlineError
from config.told import Written, said

TRANSLATIONS = Path(__file__).parent.parent / "translations"


def in_words(error: HotlineError) -> str:
    """Say what an error says."""
    return in_language(error.told)


def in_language(text: str) -> str:
    """Say a text in the page's language, with its values, if it has any, filled in anew."""
    return said(text, gettext)


def kept_in_language(text: str) -> str:
    """Say a text in the page's language that was kept filled in: why something failed, what a browser is called.

    What others said, such as a server's own reply, stays as it is.
    """
    in_its_language = in_language(text)
    return in_its_language if in_its_language != text else in_language(_written(str(get_locale())).recall(text))


@cache
def _written(language: str) -> Written:
    """Give the texts that have a translation into a language; none for the one that they are written in."""
    file = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"
    if not file.exists():
        return Written(())
    with file.open("rb") as open_file:
        return Written(str(message.id) for message in read_mo(open_file) if message.id)
