"""The webhooks of the carrier: each validates, writes once, answers. Nothing here uses the network."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Response, abort, request, send_from_directory
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from config.database.engine import DatabaseAway
from config.directory.prompts import AUDIO_SUFFIXES
from config.phone import e164
from ivr import service
from ivr.rules.facts import BadRequest, call_facts, heard_in, recording_facts, serial
from ivr.tools import IvrTools
from ivr.twiml import Voice, empty_document, fallback_document, fallback_farewell
from ivr.web.gate import Gate

log = logging.getLogger(__name__)

PROMPT_SECONDS = 3600
"""How long a carrier may keep a prompt's audio file."""

UNSIGNED = frozenset({"prompt"})
"""What a carrier fetches without signing: sounds, no data."""


class Webhooks:
    """The views of the blueprint `voice`, bound to their tools."""

    def __init__(self, tools: IvrTools) -> None:
        self.tools = tools
        self.gate = Gate(tools)

    def incoming(self) -> Response:
        """Answer a call to one of our numbers."""
        facts, params = call_facts(request.form), request.form
        return self._talk(lambda session: service.incoming(session, self.tools, facts, params, self.tools.clock()))

    def step(self) -> Response:
        """Go on after keys, a recording, or the end of a connection."""
        facts, params = call_facts(request.form), request.form
        heard, number = heard_in(params), serial(request.args)
        told = recording_facts(params, request.args) if "RecordingSid" in params else None
        return self._talk(
            lambda session: service.step(session, self.tools, facts, number, heard, told, params, self.tools.clock())
        )

    def recording(self) -> Response:
        """Take note of a recording; 503 while the database is away, so that it is told again or reconciled."""
        call_sid = call_facts(request.form).sid
        told, line = recording_facts(request.form, request.args), request.args.get("line", "")
        return self._listen(
            lambda session: service.recording(
                session, self.tools, call_sid, line, told, request.form, self.tools.clock()
            )
        )

    def status(self) -> Response:
        """Take note of where a call stands; 503 while the database is away."""
        facts = call_facts(request.form)
        return self._listen(
            lambda session: service.status(session, self.tools, facts, request.form, self.tools.clock())
        )

    def fallback(self) -> Response:
        """Apologise and take a message, without the database."""
        if "done" in request.args:
            return _twiml(fallback_farewell(*self._apology()))
        self._note_fallback(request.values)
        return _twiml(fallback_document(*self._apology()))

    def prompt(self, name: str) -> Response:
        """Serve an operator's audio file."""
        if not name.endswith(AUDIO_SUFFIXES):
            abort(404)
        return send_from_directory(self.tools.prompts_dir.resolve(), name, max_age=PROMPT_SECONDS)

    def _talk(self, work: Callable[[Session], str]) -> Response:
        try:
            with self.tools.database.begin() as session:
                reply = work(session)
        except Exception:  # whatever is broken on our side, the caller must hear something
            log.exception("A webhook could not be answered; the caller gets the fallback")
            return _twiml(fallback_document(*self._apology()))
        return _twiml(reply)

    def _apology(self) -> tuple[Voice, str, str]:
        """Give the voice, line and emergency number of a reply that the database has no part in."""
        lineup = self.tools.lineup.without_database()
        line = lineup.answering(e164(request.values.get("To", "")))
        return self.tools.voice(lineup.book), line.slug, self.tools.emergency_number

    def _listen(self, work: Callable[[Session], object]) -> Response:
        try:
            with self.tools.database.begin() as session:
                work(session)
        except DatabaseAway:
            abort(503)
        return _twiml(empty_document())

    def _note_fallback(self, params: MultiDict[str, str]) -> None:
        try:
            facts = call_facts(params)
            with self.tools.database.begin() as session:
                service.fallback(session, facts.sid, params, self.tools.clock())
        except Exception:  # the fallback answers whatever else is broken, a strange request included
            log.warning("The use of the fallback could not be written down", exc_info=True)


def create_voice_blueprint(tools: IvrTools) -> Blueprint:
    """Make the blueprint `voice` with everything under `/voice/`."""
    views = Webhooks(tools)
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")

    @blueprint.before_request
    def only_the_carrier() -> None:
        endpoint = (request.endpoint or "").rpartition(".")[2]
        if endpoint not in UNSIGNED:
            views.gate.check(request)

    blueprint.add_url_rule("/incoming", "incoming", views.incoming, methods=["POST"])
    blueprint.add_url_rule("/step", "step", views.step, methods=["POST"])
    blueprint.add_url_rule("/dial", "dial", views.step, methods=["POST"])
    blueprint.add_url_rule("/recording", "recording", views.recording, methods=["POST"])
    blueprint.add_url_rule("/status", "status", views.status, methods=["POST"])
    blueprint.add_url_rule("/fallback", "fallback", views.fallback, methods=["GET", "POST"])
    blueprint.add_url_rule("/prompts/<name>", "prompt", views.prompt, methods=["GET"])
    blueprint.register_error_handler(BadRequest, _refuse)
    return blueprint


def _refuse(error: BadRequest) -> Response:
    return Response(str(error), status=400, mimetype="text/plain")


def _twiml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
