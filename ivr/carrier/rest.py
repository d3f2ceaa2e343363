"""A carrier's REST face: lists calls and recordings, serves and deletes media.

Shapes, paging and authentication as in Twilio's API 2010-04-01 (twilio.com/docs/voice/api/recording,
…/call-resource, …/usage/twilios-response), so that the provider's own client library reads it.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request

from ivr.carrier.ledger import API_VERSION, Account, CarriedCall, HeldRecording

_LARGEST_PAGE = 1000
_Row = TypeVar("_Row", CarriedCall, HeldRecording)


class Holdings(Protocol):
    """What a carrier remembers; used by many threads at once."""

    def calls(self) -> list[CarriedCall]:
        """All calls, the newest first."""
        ...

    def recordings(self) -> list[HeldRecording]:
        """All recordings that were not deleted, the newest first."""
        ...

    def recording(self, sid: str) -> HeldRecording | None:
        """The recording `sid`, deleted or not; None if there never was one."""
        ...

    def delete(self, sid: str) -> bool:
        """Forget the recording `sid`; false if it is not there (any more)."""
        ...


Media = Callable[[HeldRecording], Response]
"""Sends a recording's sound."""


def media_url(base_url: str, account: Account, sid: str) -> str:
    """Where the recording `sid` is, as told in RecordingUrl: without a suffix, WAV."""
    return f"{base_url}/{API_VERSION}/Accounts/{account.sid}/Recordings/{sid}"


def rest_app(account: Account, base_url: Callable[[], str], holdings: Holdings, media: Media) -> Flask:
    """Build the application; every address below the account's needs its SID and token."""
    app = Flask(__name__, static_folder=None)
    base = f"/{API_VERSION}/Accounts/{account.sid}"

    def recording_json(recording: HeldRecording) -> dict[str, Any]:
        return _recording_json(account, recording, media_url(base_url(), account, recording.sid))

    def call_json(call: CarriedCall) -> dict[str, Any]:
        return _call_json(account, call)

    def authenticate() -> Response | None:
        return None if _authenticated(account) else _error(401, 20003, "Authenticate")

    def list_calls() -> Response:
        return _page("calls", _since(holdings.calls(), "StartTime", "started"), call_json)

    def list_recordings(call: str | None = None) -> Response:
        wanted = call or request.args.get("CallSid")
        rows = [row for row in holdings.recordings() if wanted in (None, row.call_sid)]
        return _page("recordings", _since(rows, "DateCreated", "made"), recording_json)

    def one_call(sid: str) -> Response:
        found = [call for call in holdings.calls() if call.sid == sid]
        return jsonify(call_json(found[0])) if found else not_found()

    def one_recording(sid: str) -> Response:
        recording = holdings.recording(_bare(sid))
        if recording is None or recording.deleted or recording.status != "completed":
            return not_found()
        return jsonify(recording_json(recording)) if sid.endswith(".json") else media(recording)

    def delete_recording(sid: str) -> Response:
        return Response(status=204) if holdings.delete(_bare(sid)) else not_found()

    app.before_request(authenticate)
    app.add_url_rule(f"{base}/Calls.json", view_func=list_calls)
    app.add_url_rule(f"{base}/Calls/<sid>.json", view_func=one_call)
    app.add_url_rule(f"{base}/Calls/<call>/Recordings.json", endpoint="of_call", view_func=list_recordings)
    app.add_url_rule(f"{base}/Recordings.json", view_func=list_recordings)
    app.add_url_rule(f"{base}/Recordings/<sid>", view_func=one_recording)
    app.add_url_rule(f"{base}/Recordings/<sid>", view_func=delete_recording, methods=["DELETE"])
    app.register_error_handler(404, lambda _error: not_found())
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


def not_found() -> Response:
    """Twilio's answer about what is not there."""
    return _error(404, 20404, f"The requested resource {request.path} was not found")


def _bare(sid: str) -> str:
    """The SID without the suffix that chooses a form."""
    return sid.rpartition(".")[0] or sid


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


def _call_json(account: Account, call: CarriedCall) -> dict[str, Any]:
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


def _recording_json(account: Account, recording: HeldRecording, url: str) -> dict[str, Any]:
    return {
        "sid": recording.sid,
        "account_sid": account.sid,
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
        "media_url": url,
        "uri": f"/{API_VERSION}/Accounts/{account.sid}/Recordings/{recording.sid}.json",
    }
