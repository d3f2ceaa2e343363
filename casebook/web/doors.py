"""The doors of the desk: each address says who may enter, and nobody else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from casebook.rules.policy import Permission
from casebook.web.nav import entries
from casebook.web.people import DeskUser, present

View = Callable[..., ResponseReturnValue]
HOME = "/desk/"
FRONT = "listing"
"""The name of the page at HOME."""

KEPT_UNDER = tuple(
    f"{HOME}{page}" for page in ("cases/", "unit/cases/", "operator/", "people", "identity/", "filters", "bulk")
)
"""Where what is typed is kept when a session ends: wherever there is more to type than a log-in and a search."""

CASE, UNIT_CASE = "case", "desk.unit_case"
"""The Department's page of a case, and its unit's."""


class Door(Enum):
    """Who may enter where no single permission decides."""

    ANYONE = "anyone"
    LOGGED_IN = "logged in"
    HALF_IN = "logged in, perhaps before the second factor was set up"


@dataclass(frozen=True, slots=True)
class Route:
    """An address of the desk: what answers, and what a person needs to enter."""

    rule: str
    name: str
    view: View
    needs: Permission | Door
    methods: tuple[str, ...] = ("GET",)


def open_doors(blueprint: Blueprint, routes: tuple[Route, ...]) -> None:
    """Put guarded routes on a blueprint."""
    for route in routes:
        blueprint.add_url_rule(route.rule, route.name, _guarded(route), methods=list(route.methods))


def _guarded(route: Route) -> View:
    @wraps(route.view)
    def enter(**arguments: Any) -> ResponseReturnValue:
        if route.needs is Door.ANYONE:
            return route.view(**arguments)
        user = present()
        if user is None:
            return _stopped()
        if user.must_set_up and route.needs is not Door.HALF_IN:
            return redirect(f"{url_for('desk.second_factor')}?next={quote(_here())}", 303)
        if isinstance(route.needs, Permission) and not user.viewer.may(route.needs):
            return _elsewhere(user, route)
        return route.view(**arguments)

    return enter


def _stopped() -> ResponseReturnValue:
    """A stranger goes to the log-in page; who was typing when their session ended keeps their words."""
    if request.method == "POST" and request.path.startswith(KEPT_UNDER):
        # Answered by `casebook.web.trouble_pages`, with the log-in form that carries what was posted.
        abort(401)
    return to_login()


def _elsewhere(user: DeskUser, route: Route) -> ResponseReturnValue:
    """Who comes in by the front door without reading cases is led to their first page; all else is refused.

    The letter's link leads to the Department's page of a case: a unit's officer goes on to their own.
    """
    if route.name == CASE and user.viewer.may(Permission.READ_UNIT_CASES):
        return redirect(url_for(UNIT_CASE, **request.view_args or {}), 303)
    own = entries(user.viewer, has_mailbox=False)
    if route.name != FRONT or not own:
        abort(403)
    return redirect(url_for(own[0].endpoint), 303)


def to_login() -> ResponseReturnValue:
    """Send a stranger to the log-in page, and back here afterwards."""
    return redirect(f"{url_for('desk.login')}?next={quote(_here())}", 303)


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else HOME


def local_address(text: str) -> str:
    """Give `text` if it is an address of the desk, else the desk's own: nobody is led away by a link."""
    parts = urlsplit(text)
    plain = text.isprintable() and "\\" not in text and not parts.scheme and not parts.netloc
    return text if plain and parts.path.startswith(HOME) and ".." not in parts.path else HOME
