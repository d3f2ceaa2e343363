"""The language of the pages: Vietnamese, or English for who asks for it.

What pages say is written in Vietnamese and looked up in `casebook/translations`; a text without a translation
stays Vietnamese.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from markupsafe import escape

from casebook.web.doors import Door, Route, local_address
from casebook.web.shown import Views
from casebook.web.telling import TRANSLATIONS, in_language

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
"""Languages of the pages, each by its own name."""

USUAL = "vi"
COOKIE = "lang_nghe_language"
COOKIE_SECONDS = 365 * 24 * 60 * 60


def speak(app: Flask) -> None:
    """Have the application's templates speak the language that the browser was told to ask for."""
    Babel(app, default_locale=USUAL, locale_selector=chosen, default_translation_directories=str(TRANSLATIONS))
    # Jinja's own `_` takes a looked up text for safe markup and for a pattern, also one that holds an outsider's words.
    app.jinja_env.globals.update(_=said, gettext=said)
    app.context_processor(lambda: {"language": str(get_locale() or USUAL), "LANGUAGES": LANGUAGES})


def said(text: str, **values: object) -> str:
    """Say a text of a page in its language; the text and its values are escaped, unless they are markup."""
    found = escape(in_language(text))
    return found % values if values else found


def chosen() -> str:
    """Give the language that the browser carries; Vietnamese unless it is one of ours."""
    asked = request.cookies.get(COOKIE, USUAL)
    return asked if asked in LANGUAGES else USUAL


@dataclass(frozen=True, slots=True)
class Languages(Views):
    """The switch between languages."""

    def routes(self) -> tuple[Route, ...]:
        """List the address of the switch."""
        return (Route("/language", "language", self.switch, Door.ANYONE, ("POST",)),)

    def switch(self) -> ResponseReturnValue:
        """Remember the language in the browser and go back to the page."""
        response = make_response(redirect(local_address(request.form.get("next", "")), 303))
        wanted = request.form.get("language", USUAL)
        if wanted in LANGUAGES:
            secure = self.tools.house.base_url.startswith("https://")
            response.set_cookie(
                COOKIE, wanted, max_age=COOKIE_SECONDS, path="/desk", secure=secure, httponly=True, samesite="Lax"
            )
        return response
