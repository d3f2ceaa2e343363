"""Related cases: what was decided about them, and which others may be about the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from casebook.models import Case
from casebook.queries import related as queries
from casebook.queries.case_page import Answer, answers_of
from casebook.queries.related import Decided, Reason
from casebook.rules.policy import Permission
from casebook.service.links_of_cases import APART, LINKED, MERGED
from casebook.web.panels.panel import Looked, Panel, Place

REASONS = {
    Reason.TEXT: "lời kể giống nhau",
    Reason.CALLER: "cùng người gọi",
    Reason.MATTER: "cùng cơ sở, cùng lĩnh vực",
}

KINDS = {LINKED: "Đã liên kết", APART: "Không liên quan", MERGED: "Đã gộp vào đây"}
"""What a decision is called on the page of the case that it was made about."""


def values(looked: Looked) -> Mapping[str, Any] | None:
    """Gather the related cases; the panel of a merged case points to the one that has its matter now."""
    session, case, viewer = looked.session, looked.case, looked.user.viewer
    decided = queries.decided(session, viewer, case)
    siblings = queries.siblings(session, viewer, case)
    past = [*decided, *(sibling.id for sibling in siblings)]
    found = [] if case.merged_into else queries.related(session, viewer, case, past)
    if case.merged_into is None and not found and not any(not other.into for other in decided.values()):
        return None
    return {
        "case": case,
        "found": found,
        "decided": [other for other in decided.values() if not other.into],
        "left_words": _left_words(looked, decided),
        "units": {slug: unit.name for slug, unit in looked.directory.units.items()},
        "reasons": REASONS,
        "kinds": KINDS,
        "handles": viewer.may(Permission.HANDLE_CASES),
    }


def _left_words(looked: Looked, decided: Mapping[UUID, Decided]) -> Mapping[str, list[Answer]]:
    """What was said in cases merged in after the letter had left, by code: it is not this case's to send."""
    taken = {link.taken_from for link in looked.case.recordings}
    merged = {id_: other for id_, other in decided.items() if other.kind == MERGED and not other.into}
    names = [unit.name for unit in looked.directory.units.values()]
    words = {}
    for id_, other in merged.items():
        if id_ not in taken:
            case = looked.session.get_one(Case, id_)
            found = answers_of(looked.session, case, looked.user.viewer, looked.tools.keys, names, identity=False)
            words[other.code] = [answer for answer in found if not answer.secret]
    return words


def merged_values(looked: Looked) -> Mapping[str, Any] | None:
    """Say where the matter of a merged case went; None for a case that has its own."""
    if looked.case.merged_into is None:
        return None
    decided = queries.decided(looked.session, looked.user.viewer, looked.case)
    into = decided.get(looked.case.merged_into)
    handles = looked.user.viewer.may(Permission.HANDLE_CASES)
    return {"case": looked.case, "into": into, "handles": handles}


PANEL = Panel("desk/case/related.html", Place.MORE, values)
MERGED_PANEL = Panel("desk/case/merged.html", Place.TOP, merged_values)
