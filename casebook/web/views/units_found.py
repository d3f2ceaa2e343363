"""Units for the picker: what fits the words typed so far."""

from __future__ import annotations

from dataclasses import dataclass

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.policy import Permission
from casebook.rules.unit_names import FoundUnit, unit_index
from casebook.web.doors import Route
from casebook.web.forms import LONGEST_LINE
from casebook.web.shown import Views
from casebook.web.telling import in_language
from config.directory.store import units_of


@dataclass(frozen=True, slots=True)
class UnitsFound(Views):
    """Answers the unit picker."""

    def routes(self) -> tuple[Route, ...]:
        """List the address that the picker asks."""
        return (Route("/units.json", "units_found", self.units, Permission.READ_CASES),)

    def units(self) -> ResponseReturnValue:
        """List the units that `q` may mean, the likeliest first."""
        with self.begin() as session:
            units = units_of(session)
        found = unit_index(units, self.tools.areas).search(request.args.get("q", "")[:LONGEST_LINE])
        return jsonify([_told(one) for one in found])


def _told(found: FoundUnit) -> dict[str, str | bool]:
    """What the picker shows: the address itself stays here, only whether there is one matters."""
    return {
        "name": found.unit.name,
        "kind": _(found.kind),
        "place": _(found.place),
        "by": in_language(found.by),
        "email": bool(found.unit.email),
    }
