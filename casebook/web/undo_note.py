"""What is said after an act that can be taken back: the sentence, and the button that undoes it."""

from __future__ import annotations

from flask import flash, url_for
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.codes import readable
from casebook.service import undoing
from casebook.web.people import person
from casebook.web.tools import DeskTools


def offer_undo(text: str, path: str, *, about: str = "", **fields: str | int) -> None:
    """Say `text` on the next page, with a button that posts `fields` to `path`; `about` names the case."""
    said = {"text": text, "about": about, "path": path}
    fields_told = {name: str(value) for name, value in fields.items()}
    # A message may be anything that a session keeps: base.html tells a sentence from one with a button.
    flash({**said, "fields": fields_told}, "good")  # type: ignore[arg-type]


def undo_number(session: Session, case: Case, tools: DeskTools) -> int | None:
    """Give the number of the act that this person took just now, if it can be undone."""
    now = tools.clock()
    event = undoing.last_act(session, case, now)
    return event.number if event and event.at == now and event.actor == person().email else None


def say(text: str, code: str, number: int | None) -> None:
    """Say that an act on the case with this code is done, with its undoing where there is one."""
    if number is None:
        flash(text, "good")
    else:
        offer_undo(text, url_for("desk.undo_act", code=code), about=readable(code), event=number)
