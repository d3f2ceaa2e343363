"""What a panel of a case's page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.web.people import DeskUser
from casebook.web.tools import DeskTools, Directory


class Place(StrEnum):
    """Where on the page a panel stands."""

    TOP = "top"
    CALL = "call"
    FORM = "form"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Looked:
    """What a panel is made from: the case, who looks at it and by what means.

    `identity` says that this is a look at the caller, already written down.
    """

    session: Session
    case: Case
    user: DeskUser
    tools: DeskTools
    directory: Directory
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page; `values` gives what its template shows as `panel`, None where it is not shown."""

    template: str
    place: Place
    values: Callable[[Looked], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel that is shown, with its values."""

    template: str
    values: Mapping[str, Any]


def shown_panels(panels: Iterable[Panel], looked: Looked) -> dict[str, list[Shown]]:
    """Give the panels that are shown, by place."""
    found: dict[str, list[Shown]] = {place.value: [] for place in Place}
    for panel in panels:
        values = panel.values(looked)
        if values is not None:
            found[panel.place].append(Shown(panel.template, values))
    return found
