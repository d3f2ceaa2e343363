"""The alarm of the desk, for pages that are not told of it as it happens."""

from __future__ import annotations

from dataclasses import dataclass

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from casebook.queries import alarms
from casebook.rules import codes
from casebook.rules.policy import Permission
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views


@dataclass(frozen=True, slots=True)
class Alarms(Views):
    """What rings now."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        return (Route("/alarms", "alarms", self.alarms, Permission.READ_CASES),)

    def alarms(self) -> ResponseReturnValue:
        """Give the emergencies that wait, each with its address."""
        with self.begin() as session:
            ringing = alarms.ringing(session, person().viewer)
        answer = jsonify(ringing_now(ringing, url_for("desk.case", code="0").removesuffix("0")))
        answer.headers["Cache-Control"] = "no-store"
        return answer


def ringing_now(ringing: list[str], case_page: str) -> list[dict[str, str]]:
    """Write emergencies for a page's script: each code, readable, with its address under `case_page`."""
    return [{"code": codes.readable(code), "href": case_page + code} for code in ringing]
