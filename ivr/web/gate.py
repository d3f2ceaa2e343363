"""The gate of the webhooks: only the carrier comes in, and whoever is turned away is counted."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Request, abort

from config.clock import local
from config.database.engine import DatabaseAway
from ivr.signature import HEADER, count_rejection, is_genuine, public_address
from ivr.tools import IvrTools

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gate:
    """Lets genuine requests of the carrier through."""

    tools: IvrTools

    def check(self, request: Request) -> None:
        """Abort with 403 unless `request` bears the carrier's signature over the public address."""
        signature = request.headers.get(HEADER)
        query = request.query_string.decode("latin-1")
        address = public_address(self.tools.public_url, request.path, query)
        if is_genuine(self.tools.auth_token, address, request.form, signature):
            return
        self._count("wrong_signature" if signature else "unsigned")
        abort(403)

    def _count(self, reason: str) -> None:
        now = self.tools.clock()
        log.warning("A webhook was turned away: %s", reason)
        try:
            with self.tools.database.begin() as session:
                count_rejection(session, local(now).date(), reason)
        except DatabaseAway:
            log.warning("The rejection could not be counted: the database is away")
