"""Saying in the page's language what was worded below the web: errors, faults, warnings."""

from __future__ import annotations

from flask_babel import gettext

from config.errors import HotlineError
from config.told import said


def in_words(error: HotlineError) -> str:
    """Say what an error says."""
    return in_language(error.told)


def in_language(text: str) -> str:
    """Say a text in the page's language, with its values, if it has any, filled in anew."""
    return said(text, gettext)
