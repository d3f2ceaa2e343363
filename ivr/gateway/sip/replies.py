"""Answers to requests that begin no dialogue of ours: refusals, and what needs no state."""

from __future__ import annotations

from collections.abc import Mapping

from aiosipua.message import SipRequest, SipResponse
from aiosipua.utils import generate_tag

USER_AGENT = "Lang-Nghe"
REASONS: Mapping[int, str] = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    415: "Unsupported Media Type",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}
_COPIED = ("From", "Call-ID", "CSeq")


def reply_to(request: SipRequest, status: int, headers: Mapping[str, str] | None = None) -> SipResponse:
    """Build the answer `status` to `request`, with `headers` added. Source: RFC 3261 §8.2.6."""
    response = SipResponse(status_code=status, reason_phrase=REASONS.get(status, ""))
    for via in request.headers.get("via"):
        response.headers.append("Via", via)
    for name in _COPIED:
        value = request.get_header(name)
        if value:
            response.headers.set_single(name, value)
    to = request.get_header("To") or ""
    response.headers.set_single("To", to if "tag=" in to else f"{to};tag={generate_tag()}")
    response.headers.set_single("User-Agent", USER_AGENT)
    for name, value in (headers or {}).items():
        response.headers.set_single(name, value)
    return response
