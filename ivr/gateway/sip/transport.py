"""SIP over UDP as RFC 3261 §17 wants it, around aiosipua, whose transactions repeat nothing.

A repeated request gets its answer again and is seen once; our own requests, and refusals that nobody
acknowledged, are repeated until answered; whoever is not on the list gets silence.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiosipua.headers import parse_via, stringify_via
from aiosipua.message import SipMessage, SipRequest, SipResponse
from aiosipua.transport import SipTransport

from ivr.gateway.limits import AllowList

log = logging.getLogger(__name__)

T1, T2, GIVE_UP = 0.5, 4.0, 32.0
"""Seconds: first and longest pause between repetitions, and how long it is tried. Source: RFC 3261 §17.1."""
MOST_REMEMBERED = 20_000
"""Requests whose answers are remembered; beyond that the oldest are forgotten early."""
PARTNER_SECONDS = 4 * 3600.0
"""How long whom we called is listened to: longer than they may talk."""
LARGEST_MESSAGE = 16_384
_TOLD_EVERY = 60.0
"""Seconds between two lines in the log about the same kind of nonsense."""
Address = tuple[str, int]
Key = tuple[str, str]
"""Branch and method: what RFC 3261 tells transactions apart by."""


@dataclass(slots=True)
class Remembered:
    """A request that was seen: where it came from, and the answer it got."""

    source: Address
    at: float
    answer: bytes | None = None


@dataclass(slots=True)
class Rejected:
    """How many datagrams were dropped, by reason; each reason is logged once a minute."""

    counts: dict[str, int] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)

    def note(self, reason: str, source: Address) -> None:
        """Count one."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        now = time.monotonic()
        if now - self._told.get(reason, -_TOLD_EVERY) >= _TOLD_EVERY:
            self._told[reason] = now
            log.warning("SIP from %s:%d dropped (%s); %d so far", *source, reason, self.counts[reason])


class ReliableTransport(SipTransport, asyncio.DatagramProtocol):
    """The UDP transport that aiosipua's user agents run on. Port 0 takes a free one, told in `local_addr`."""

    def __init__(self, bind: Address, allow: AllowList, strangers: bool = False) -> None:
        """`strangers`: those not on the list `allow` may speak too, and are asked for a password later."""
        super().__init__(local_addr=bind)
        self.rejected = Rejected()
        self._allow = allow
        self._strangers = strangers
        self._partners: dict[str, float] = {}
        self._udp: asyncio.DatagramTransport | None = None
        self._seen: OrderedDict[Key, Remembered] = OrderedDict()
        self._repeating: dict[Key, asyncio.TimerHandle] = {}
        self._asked: dict[str, tuple[SipRequest, Address]] = {}

    async def start(self) -> None:
        """Open the socket."""
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=self.local_addr)
        self.local_addr = self._udp.get_extra_info("sockname")[:2]

    async def stop(self) -> None:
        """Close the socket and repeat nothing any more."""
        for timer in self._repeating.values():
            timer.cancel()
        self._repeating.clear()
        if self._udp:
            self._udp.close()
            self._udp = None

    # Receiving

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Take a datagram: a message is handled, whatever else it is is dropped and counted."""
        source = (str(addr[0]), int(addr[1]))
        if not data.strip(b"\r\n\0 "):
            return  # A keep-alive through a NAT.
        if not self._strangers and not self._knows(source[0]):
            self.rejected.note("not on the list", source)
            return
        message = self._parsed(data, source)
        if isinstance(message, SipRequest):
            self._take_request(message, source)
        elif message is not None:
            self._take_response(message, source)

    def error_received(self, exc: Exception) -> None:
        """Ignore that a peer's port is closed: repetition gives up by itself."""

    def _knows(self, host: str) -> bool:
        """Whether `host` is on the list, or we spoke to it of late."""
        return self._allow.admits(host) or self._partners.get(host, 0.0) > time.monotonic()

    def _parsed(self, data: bytes, source: Address) -> SipRequest | SipResponse | None:
        try:
            if len(data) > LARGEST_MESSAGE:
                raise ValueError("too long")
            message = SipMessage.parse(data)
            if not (message.headers.get("via") and message.call_id and message.cseq):
                raise ValueError("no Via, Call-ID or CSeq")
            _ = message.via, message.from_addr, message.to_addr, message.contact
        except Exception:  # noqa: BLE001 - anybody can send anything; the parser fails in many ways
            self.rejected.note("not SIP", source)
            return None
        return message

    def _take_request(self, request: SipRequest, source: Address) -> None:
        _stamp_source(request, source)
        if request.method == "ACK":
            self._stop_repeating((_branch(request), "INVITE"))
            self._hand_on(request, source)
            return
        key = (_branch(request), request.method)
        if key in self._seen:
            answer = self._seen[key].answer
            if answer and self._udp:
                self._udp.sendto(answer, source)
            return
        self._remember(key, source)
        self._hand_on(request, source)

    def _remember(self, key: Key, source: Address) -> None:
        now = time.monotonic()
        self._seen[key] = Remembered(source, now)
        while self._seen and (
            len(self._seen) > MOST_REMEMBERED or now - next(iter(self._seen.values())).at > 2 * GIVE_UP
        ):
            self._seen.popitem(last=False)

    def _take_response(self, response: SipResponse, source: Address) -> None:
        method = response.cseq.method.upper() if response.cseq else ""
        key = (_branch(response), method)
        if response.status_code >= 200 or method == "INVITE":
            self._stop_repeating(key)
        if method == "INVITE" and response.status_code >= 300:
            self._acknowledge(response)
        self._hand_on(response, source)

    def _acknowledge(self, response: SipResponse) -> None:
        """ACK a refusal, which is the transaction's to do (RFC 3261 §17.1.1.3)."""
        asked = self._asked.get(_branch(response))
        if asked is None or self._udp is None:
            return
        invite, addr = asked
        ack = SipRequest(method="ACK", uri=invite.uri)
        for name, value in (
            ("Via", invite.get_header("via")),
            ("From", invite.get_header("from")),
            ("To", response.get_header("to")),
            ("Call-ID", invite.call_id),
            ("CSeq", f"{invite.cseq.seq if invite.cseq else 1} ACK"),
            ("Max-Forwards", "70"),
        ):
            ack.headers.append(name, value or "")
        self._udp.sendto(bytes(ack), addr)

    def _hand_on(self, message: SipRequest | SipResponse, source: Address) -> None:
        if self.on_message is None:
            return
        try:
            self.on_message(message, source)
        except Exception:  # one strange message must not end the reception of others
            log.exception("A SIP message from %s:%d could not be handled", *source)

    # Sending

    def send(self, message: SipRequest | SipResponse, addr: Address) -> None:
        """Send a message; a request is repeated until it is answered."""
        if self._udp is None:
            return
        data = bytes(message)
        self._udp.sendto(data, addr)
        if isinstance(message, SipRequest) and message.method != "ACK":
            key = (_branch(message), message.method)
            self._meet(addr[0])
            if message.method == "INVITE":
                self._asked[key[0]] = (message, addr)
            self._repeat(key, data, addr, T1, time.monotonic() + GIVE_UP)

    def _meet(self, host: str) -> None:
        """Listen to whom we call, on the list or not."""
        now = time.monotonic()
        self._partners = {known: until for known, until in self._partners.items() if until > now}
        self._partners[host] = now + PARTNER_SECONDS

    def send_reply(self, response: SipResponse) -> None:
        """Answer where the request came from, whatever it says of itself: it may sit behind a NAT."""
        method = response.cseq.method.upper() if response.cseq else ""
        key = (_branch(response), method)
        seen = self._seen.get(key)
        if seen is None or self._udp is None:
            return
        seen.answer = bytes(response)
        self._udp.sendto(seen.answer, seen.source)
        if method == "INVITE" and response.status_code >= 300:
            self._repeat(key, seen.answer, seen.source, T1, time.monotonic() + GIVE_UP)

    def send_stateless(self, response: SipResponse, addr: Address) -> None:
        """Answer and forget the request: a flood must not fill the memory."""
        method = response.cseq.method.upper() if response.cseq else ""
        self._seen.pop((_branch(response), method), None)
        if self._udp:
            self._udp.sendto(bytes(response), addr)

    def _repeat(self, key: Key, data: bytes, addr: Address, pause: float, until: float) -> None:
        def again() -> None:
            if self._udp is None or time.monotonic() > until:
                self._stop_repeating(key)
                return
            self._udp.sendto(data, addr)
            self._repeat(key, data, addr, min(2 * pause, T2), until)

        self._repeating[key] = asyncio.get_running_loop().call_later(pause, again)

    def _stop_repeating(self, key: Key) -> None:
        timer = self._repeating.pop(key, None)
        if timer:
            timer.cancel()
        if key[1] == "INVITE" and key[0] in self._asked:
            # Kept a little longer: a lost ACK is asked for by a repeated refusal.
            asyncio.get_running_loop().call_later(GIVE_UP, self._asked.pop, key[0], None)


def _branch(message: SipRequest | SipResponse) -> str:
    """The branch of the topmost Via, with the Call-ID so that old user agents without one work too."""
    vias = message.via
    branch = (vias[0].branch if vias else None) or ""
    return f"{branch} {message.call_id}"


def _stamp_source(request: SipRequest, source: Address) -> None:
    """Write where the request came from into its topmost Via (RFC 3261 §18.2.1, RFC 3581)."""
    first, *rest = request.headers.get("via")
    via = parse_via(first)
    via.params["received"] = source[0]
    if "rport" in via.params:
        via.params["rport"] = str(source[1])
    request.headers.remove("Via")
    for value in (stringify_via(via), *rest):
        request.headers.append("Via", value)
