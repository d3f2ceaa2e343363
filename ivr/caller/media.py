"""The provider on this machine: its REST face over what the test caller's calls left behind, with faults."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

from flask import Response

from ivr.caller.script import MediaFault
from ivr.carrier.ledger import Account, HeldRecording, Ledger
from ivr.carrier.rest import media_url, not_found, rest_app
from ivr.carrier.serving import PortBusyError, ThreadServer

__all__ = ["DEFAULT_PORT", "NOT_YET_REQUESTS", "MediaServer", "PortBusyError"]

DEFAULT_PORT = 8791
NOT_YET_REQUESTS = 2
"""How many requests get 404 before a recording that is not ready yet is there."""


class MediaServer:
    """Serves one account's calls and recordings over HTTP on the loopback interface.

    Use as a context manager; `url` is the base for `HOTLINE_TWILIO_API_URL`. Port 0 takes a free one.
    Raises PortBusyError.
    """

    def __init__(self, account: Account, port: int = 0, host: str = "127.0.0.1") -> None:
        self.account = account
        self.ledger = Ledger()
        self.faults: dict[str, MediaFault] = {}
        """What is wrong with a recording's media, by its SID."""
        app = rest_app(account, lambda: self.url, self.ledger, lambda recording: _media(self, recording))
        self._server = ThreadServer(app, host, port)
        self.url = self._server.url

    def __enter__(self) -> MediaServer:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)

    def media_url(self, sid: str) -> str:
        """Where the recording `sid` is, as told in RecordingUrl: without a suffix, WAV."""
        return media_url(self.url, self.account, sid)


def _media(server: MediaServer, recording: HeldRecording) -> Response:
    """Send the sound, or what the recording's fault makes of it."""
    before = server.ledger.ask(recording.sid)
    match server.faults.get(recording.sid, MediaFault.NONE):
        case MediaFault.NOT_YET if before < NOT_YET_REQUESTS:
            return not_found()
        case MediaFault.ERROR_PAGE:
            page = b"<?xml version='1.0'?><TwilioResponse><RestException/></TwilioResponse>"
            return Response(page, mimetype="application/xml")
        case MediaFault.EMPTY:
            return Response(b"", mimetype="audio/x-wav")
        case MediaFault.TRUNCATED:
            return _cut_short(recording.content)
        case _:
            response = Response(_whole(server.ledger, recording), mimetype="audio/x-wav")
            response.headers["Content-Length"] = str(len(recording.content))
            return response


def _whole(ledger: Ledger, recording: HeldRecording) -> Iterator[bytes]:
    """The sound; asked for more after it, the server has sent it all."""
    yield recording.content
    ledger.fetch(recording.sid)


def _cut_short(content: bytes) -> Response:
    response = Response(content[: len(content) // 2], mimetype="audio/x-wav")
    response.automatically_set_content_length = False
    response.headers["Content-Length"] = str(len(content))
    return response
