"""The provider's REST face on this machine: lists calls and recordings, serves and deletes media.

Shapes, paging and authentication as in Twilio's API 2010-04-01 (twilio.com/docs/voice/api/recording,
…/call-resource, …/usage/twilios-response), so that the provider's own client library reads it.
"""

from __future__ import annotations

import hmac
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from config.errors import HotlineError
from ivr.caller.ledger import API_VERSION, Account, CarriedCall, HeldRecording, Ledger
from ivr.caller.script import MediaFault

DEFAULT_PORT = 8791
NOT_YET_REQUESTS = 2
"""How many requests get 404 before a recording that is not ready yet is there."""
_LARGEST_PAGE = 1000
_POLL = 0.02
"""Seconds until the server sees that it is to stop."""
_Row = TypeVar("_Row", CarriedCall, HeldRecording)


class PortBusyError(HotlineError):
    """The port that recordings are to be served on is taken."""


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
        self._server = _bind(host, port, _rest(self))
        self.url = f"http://{host}:{self._server.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), daemon=True)

    def __enter__(self) -> MediaServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def media_url(self, sid: str) -> str:
        """Where the recording `sid` is, as told in RecordingUrl: without a suffix, WAV."""
        return f"{self.url}/{API_VERSION}/Accounts/{self.account.sid}/Recordings/{sid}"


def _bind(host: str, port: int, app: Flask) -> BaseWSGIServer:
    """Open the port first: where it is taken, werkzeug by itself would end the program."""
    try:
        opened = socket.create_server((host, port))
    except OSError as error:
        raise PortBusyError(f"Không mở được cổng {port} để phát bản ghi âm: {error.strerror}.") from error
    with opened:  # werkzeug duplicates it
        return make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=opened.fileno())


class _QuietHandler(WSGIRequestHandler):
    """Leaves the terminal to the conversation."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


def _rest(server: MediaServer) -> Flask:
    """Build the application; every address below the account's needs its SID and token."""
    app = Flask(__name__, static_folder=None)
    base = f"/{API_VERSION}/Accounts/{server.account.sid}"
    ledger = server.ledger

    def authenticate() -> Response | None:
        return None if _authenticated(server.account) else _error(401, 20003, "Authenticate")

    def list_calls() -> Response:
        return _page("calls", _since(ledger.calls(), "StartTime", "started"), _call_json(server.account))

    def list_recordings(call: str | None = None) -> Response:
        wanted = call or request.args.get("CallSid")
        rows = [row for row in ledger.recordings() if wanted in (None, row.call_sid)]
        return _page("recordings", _since(rows, "DateCreated", "made"), _recording_json(server))

    def one_call(sid: str) -> Response:
        found = [call for call in ledger.calls() if call.sid == sid]
        return jsonify(_call_json(server.account)(found[0])) if found else _not_found()

    def one_recording(sid: str) -> Response:
        return _one_recording(server, sid)

    def delete_recording(sid: str) -> Response:
        return Response(status=204) if ledger.delete(_bare(sid)) else _not_found()

    app.before_request(authenticate)
    app.add_url_rule(f"{base}/Calls.json", view_func=list_calls)
    app.add_url_rule(f"{base}/Calls/<sid>.json", view_func=one_call)
    app.add_url_rule(f"{base}/Calls/<call>/Recordings.json", endpoint="of_call", view_func=list_recordings)
    app.add_url_rule(f"{base}/Recordings.json", view_func=list_recordings)
    app.add_url_rule(f"{base}/Recordings/<sid>", view_func=one_recording)
    app.add_url_rule(f"{base}/Recordings/<sid>", view_func=delete_recording, methods=["DELETE"])
    app.register_error_handler(404, lambda _error: _not_found())
    return app


def _authenticated(account: Account) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    right_name = hmac.compare_digest((given.username or "").encode(), account.sid.encode())
    return right_name and hmac.compare_digest((given.password or "").encode(), account.auth_token.encode())


def _error(status: int, code: int, message: str) -> Response:
    body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    response = jsonify({**body, "status": status})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response


def _not_found() -> Response:
    return _error(404, 20404, f"The requested resource {request.path} was not found")


def _bare(sid: str) -> str:
    """The SID without the suffix that chooses a form."""
    return sid.rpartition(".")[0] or sid


def _one_recording(server: MediaServer, sid: str) -> Response:
    recording = server.ledger.recording(_bare(sid))
    if recording is None or recording.deleted or recording.status != "completed":
        return _not_found()
    if sid.endswith(".json"):
        return jsonify(_recording_json(server)(recording))
    return _media(server, recording)


def _media(server: MediaServer, recording: HeldRecording) -> Response:
    """Send the sound, or what the recording's fault makes of it."""
    before = server.ledger.ask(recording.sid)
    match server.faults.get(recording.sid, MediaFault.NONE):
        case MediaFault.NOT_YET if before < NOT_YET_REQUESTS:
            return _not_found()
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


def _since(rows: Sequence[_Row], parameter: str, moment: str) -> list[_Row]:
    """The rows within `parameter>=` and `parameter<=`, dates or times in UTC as Twilio takes them."""
    first, last = (request.args.get(parameter + sign) for sign in (">", "<"))
    kept = [row for row in rows if first is None or _day_or_time(row, moment, first) >= first]
    return [row for row in kept if last is None or _day_or_time(row, moment, last) <= last]


def _day_or_time(row: CarriedCall | HeldRecording, moment: str, like: str) -> str:
    """The row's moment written as precisely as `like`, so that the two compare as text."""
    when: datetime = getattr(row, moment)
    day_only = len(like) == len(date.min.isoformat())
    return when.astimezone(UTC).strftime("%Y-%m-%d" if day_only else "%Y-%m-%dT%H:%M:%SZ")


def _page(name: str, rows: Sequence[_Row], as_json: Callable[[_Row], dict[str, Any]]) -> Response:
    """One page of `rows`, with the address of the next as Twilio gives it."""
    size = min(max(request.args.get("PageSize", 50, type=int), 1), _LARGEST_PAGE)
    number = max(request.args.get("Page", 0, type=int), 0)
    start = number * size
    shown = [as_json(row) for row in rows[start : start + size]]
    return jsonify(
        {
            name: shown,
            "page": number,
            "page_size": size,
            "start": start,
            "end": start + max(len(shown) - 1, 0),
            "uri": request.full_path.rstrip("?"),
            "first_page_uri": _page_uri(0, size),
            "previous_page_uri": _page_uri(number - 1, size) if number else None,
            "next_page_uri": _page_uri(number + 1, size) if start + size < len(rows) else None,
        }
    )


def _page_uri(number: int, size: int) -> str:
    kept = {key: value for key, value in request.args.items() if key not in ("Page", "PageSize", "PageToken")}
    paging = {"PageSize": str(size), "Page": str(number), "PageToken": f"PA{number}"}
    return f"{request.path}?{urlencode(kept | paging)}"


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment.astimezone(UTC))


def _call_json(account: Account) -> Callable[[CarriedCall], dict[str, Any]]:
    def as_json(call: CarriedCall) -> dict[str, Any]:
        return {
            "sid": call.sid,
            "account_sid": account.sid,
            "from": call.caller,
            "to": call.called,
            "status": call.status,
            "direction": "inbound",
            "duration": None if call.duration is None else str(call.duration),
            "start_time": _written(call.started),
            "end_time": _written(call.ended),
            "date_created": _written(call.started),
            "date_updated": _written(call.ended or call.started),
            "api_version": API_VERSION,
            "uri": f"/{API_VERSION}/Accounts/{account.sid}/Calls/{call.sid}.json",
        }

    return as_json


def _recording_json(server: MediaServer) -> Callable[[HeldRecording], dict[str, Any]]:
    def as_json(recording: HeldRecording) -> dict[str, Any]:
        return {
            "sid": recording.sid,
            "account_sid": server.account.sid,
            "call_sid": recording.call_sid,
            "status": recording.status,
            "duration": str(round(recording.seconds)),
            "channels": 1,
            "source": "RecordVerb",
            "error_code": None,
            "start_time": _written(recording.made),
            "date_created": _written(recording.made),
            "date_updated": _written(recording.made),
            "api_version": API_VERSION,
            "media_url": server.media_url(recording.sid),
            "uri": f"/{API_VERSION}/Accounts/{server.account.sid}/Recordings/{recording.sid}.json",
        }

    return as_json
