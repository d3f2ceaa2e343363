"""Saving the present list under a name, calling it otherwise, deleting it and taking that back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.rules.policy import Permission
from casebook.service import saved_filters
from casebook.web import forms
from casebook.web.doors import Route
from casebook.web.lane import filters_of
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.telling import in_words
from config.errors import PermanentError

DELETED = "deleted_filter"
"""In the person's session: name and query of the list that they deleted last, until it was shown once."""


@dataclass(frozen=True, slots=True)
class Saved(Views):
    """The buttons of saved lists."""

    def routes(self) -> tuple[Route, ...]:
        """List the addresses."""
        reads, post = Permission.READ_CASES, ("POST",)
        return (
            Route("/filters", "save_filter", self.save, reads, post),
            Route("/filters/<uuid:filter_id>/name", "rename_filter", self.rename, reads, post),
            Route("/filters/<uuid:filter_id>/delete", "delete_filter", self.delete, reads, post),
        )

    def save(self) -> ResponseReturnValue:
        """Save the list whose query the form holds; one that was deleted a moment ago comes back this way too."""
        name, query = forms.line("name"), filters_of(request.form.get("list", "")).query()
        try:
            with self.begin() as db:
                saved_filters.save(db, person().id, name, query, self.now)
        except PermanentError as error:
            flash(in_words(error), "bad")
        else:
            flash(_("Đã lưu bộ lọc “%(name)s”.", name=name), "good")
        return _to_list(query)

    def rename(self, filter_id: UUID) -> ResponseReturnValue:
        """Call a saved list otherwise."""
        query = filters_of(request.form.get("list", "")).query()
        try:
            with self.begin() as db:
                saved = saved_filters.rename(db, person().id, filter_id, forms.line("name"))
        except PermanentError as error:
            flash(in_words(error), "bad")
        else:
            flash(_("Bộ lọc giờ có tên “%(name)s”.", name=saved.name), "good")
        return _to_list(query)

    def delete(self, filter_id: UUID) -> ResponseReturnValue:
        """Delete a saved list; the page that follows offers to take it back."""
        query = filters_of(request.form.get("list", "")).query()
        try:
            with self.begin() as db:
                saved = saved_filters.delete(db, person().id, filter_id)
        except PermanentError as error:
            flash(in_words(error), "bad")
        else:
            session[DELETED] = [saved.name, saved.query]
        return _to_list(query)


def just_deleted() -> tuple[str, str] | None:
    """Give name and query of the list that was deleted a moment ago, once."""
    match session.pop(DELETED, None):
        case [str(name), str(query)]:
            return name, query
    return None


def _to_list(query: str) -> ResponseReturnValue:
    return redirect(f"{url_for('desk.listing')}?{query}", 303)
