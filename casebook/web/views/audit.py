"""The auditor's page: what everybody did, and whether what was written down still stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casebook.pipeline import PROVE_CHAINS
from casebook.queries import audit_trail
from casebook.rules.desk_words import GROUPS
from casebook.rules.policy import Permission
from casebook.service import audit
from casebook.web.doors import Route
from casebook.web.people import person
from casebook.web.shown import Views
from casebook.web.tools import Directory
from config.jobs.queue import defer


@dataclass(frozen=True, slots=True)
class AuditPages(Views):
    """The pages of what was done."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        return (
            Route("/audit", "audit", self.trail, Permission.READ_AUDIT),
            Route("/audit/verify", "audit_verify", self.verify, Permission.READ_AUDIT, ("POST",)),
        )

    def trail(self) -> ResponseReturnValue:
        """Show the events, the newest first; never what a case says or who called."""
        wanted = audit_trail.read_wanted(request.args)
        # An auditor reads what was done to every case and no case: past the wall, and only events.
        with self.tools.database.begin() as session:
            names = Directory.read(session).names(session)
            page = audit_trail.trail(session, wanted, names, request.args.get("after"))
            proof = audit_trail.last_proof(session)
            return self.show(
                session,
                "audit.html",
                wanted=wanted,
                page=page,
                proof=proof,
                people=sorted(names.people.items()),
                groups=GROUPS,
                is_first="after" not in request.args,
            )

    def verify(self) -> ResponseReturnValue:
        """Have the chains looked through now, in the background."""
        with self.begin() as session:
            defer(session, PROVE_CHAINS, queueing_lock=PROVE_CHAINS)
            audit.record(session, "proof_asked", person().email, self.now)
        flash(_("Đang kiểm tra các chuỗi sự kiện; kết quả sẽ hiện ở trang này sau ít phút."), "good")
        return redirect(url_for("desk.audit"), 303)
