"""The local test mailbox, shown only while no mail server is set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import abort
from flask.typing import ResponseReturnValue

from casebook.adapters import mail_sink
from casebook.adapters.mail_sink import Letter
from casebook.rules.policy import Permission
from casebook.web.doors import Route
from casebook.web.shown import Views
from casebook.web.views.case import framed


@dataclass(frozen=True, slots=True)
class Mailbox(Views):
    """The pages of the mailbox."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        needs = Permission.READ_MAILBOX
        return (
            Route("/mailbox", "mailbox", self.mailbox, needs),
            Route("/mailbox/<key>", "mailbox_letter", self.letter, needs),
            Route("/mailbox/<key>/html", "mailbox_html", self.html, needs),
        )

    def mailbox(self) -> ResponseReturnValue:
        """List the mails, newest first."""
        letters = mail_sink.letters(self._directory())
        with self.begin() as session:
            return self.show(session, "mailbox.html", letters=letters)

    def letter(self, key: str) -> ResponseReturnValue:
        """Show one mail: as text, and as the reader's program would."""
        letter = self._letter(key)
        with self.begin() as session:
            return self.show(session, "mailbox_letter.html", letter=letter)

    def html(self, key: str) -> ResponseReturnValue:
        """Give a mail's HTML for the frame."""
        letter = self._letter(key)
        if letter.html is None:
            abort(404)
        return framed(letter.html)

    def _directory(self) -> Path:
        if self.tools.mailbox is None:
            abort(404)
        return self.tools.mailbox

    def _letter(self, key: str) -> Letter:
        letter = mail_sink.letter(self._directory(), key)
        if letter is None:
            abort(404)
        return letter
