"""Serves the gateway's recordings to the hotline until it has collected them, in the shape of Twilio's API."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Response, send_file

from ivr.carrier.ledger import Account, HeldRecording
from ivr.carrier.rest import not_found, rest_app
from ivr.carrier.serving import ThreadServer
from ivr.gateway.shelf import Shelf


def recordings_server(account: Account, shelf: Shelf, host: str, port: int) -> ThreadServer:
    """Serve what is on `shelf`, with `account` as user name and password; raises PortBusyError."""
    server: list[ThreadServer] = []
    app = rest_app(account, lambda: server[0].url, shelf, _media(shelf))
    server.append(ThreadServer(app, host, port))
    return server[0]


def _media(shelf: Shelf) -> Callable[[HeldRecording], Response]:
    def media(recording: HeldRecording) -> Response:
        sound = shelf.sound(recording.sid)
        return not_found() if sound is None else send_file(io.BytesIO(sound), mimetype="audio/x-wav")

    return media
