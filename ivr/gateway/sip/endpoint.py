"""The gateway's SIP user agent: lets calls in or refuses them, and tells each leg what happens to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiosipua import IncomingCall, SipUAS
from aiosipua.message import SipRequest, SipResponse
from aiosipua.sdp import SdpMessage
from aiosipua.uac import SipUAC

from ivr.gateway.limits import OVERLOADED, Admission, AllowList
from ivr.gateway.sip.digest import Gatekeeper
from ivr.gateway.sip.offer import NoCommonGround, read_sdp
from ivr.gateway.sip.replies import USER_AGENT, reply_to
from ivr.gateway.sip.transport import Address, ReliableTransport

log = logging.getLogger(__name__)

SESSION_SECONDS = 1800
"""How long a call may last without a sign of life from the other side's SIP (RFC 4028)."""
RETRY_SECONDS = 5
"""When a caller who was refused for too many calls is asked to try again."""
REGISTERED_SECONDS = 3600
"""How long a telephone that registers takes itself to be known."""
_FOR_STRANGERS = frozenset({"INVITE", "REGISTER"})
"""What is asked a password for; whatever else strangers send is not answered."""
_SDP = "application/sdp"
_INFO_KEY = re.compile(r"^\s*(?:Signal\s*=\s*)?([0-9*#])\s*$", re.IGNORECASE | re.MULTILINE)


class Party(Protocol):
    """A leg as the endpoint sees it."""

    def ended(self) -> None:
        """The other side is gone."""
        ...

    def renegotiated(self, offer: SdpMessage) -> SdpMessage:
        """The other side wants other terms; gives the answer. Raises NoCommonGround."""
        ...

    def answered_late(self, answer: SdpMessage) -> None:
        """The terms came with the ACK."""
        ...

    def pressed(self, key: str) -> None:
        """A key came by SIP INFO."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may come in without a password, with which, and how many."""

    allow: AllowList
    gatekeeper: Gatekeeper
    admission: Admission


class SipEndpoint:
    """One SIP address. `on_call` is given every call that was let in and makes the party that follows it."""

    def __init__(
        self,
        transport: ReliableTransport,
        doors: Doors,
        on_call: Callable[[IncomingCall], Party],
        advertised: Address | None = None,
    ) -> None:
        self.transport = transport
        self.parties: dict[str, Party] = {}
        self._doors = doors
        self._on_call = on_call
        self.uac = SipUAC(transport, advertised_addr=advertised)
        self._uas = SipUAS(
            transport,
            user_agent=USER_AGENT,
            uac=self.uac,
            advertised_addr=advertised,
            session_expires=SESSION_SECONDS,
        )
        self._wire()

    def _wire(self) -> None:
        uas = self._uas
        uas.on_invite = self._came
        uas.on_bye = lambda call, _request: self._gone(call.call_id)
        uas.on_cancel = lambda request, _addr: self._gone(request.call_id or "")
        uas.on_prack_timeout = lambda call: self._gone(call.call_id)
        uas.on_ack_timeout = lambda call: self._gone(call.call_id)
        uas.on_session_expired = lambda call: self._gone(call.call_id)
        uas.on_reinvite = self._renegotiate
        uas.on_update = self._update

    async def start(self) -> None:
        """Open the socket."""
        await self._uas.start()
        self.transport.on_message = self._sort

    async def stop(self) -> None:
        """Close the socket."""
        await self._uas.stop()

    def forget(self, call: IncomingCall) -> None:
        """Forget a call that is over on our side."""
        self.parties.pop(call.call_id, None)
        # aiosipua 0.7.1 keeps a call until the other side's BYE, and has no public way to let it go.
        if self._uas._calls.pop(call.call_id, None) is not None:
            call._stop_retransmissions()
            self._uas._remove_invite_transaction(call.invite)

    # Requests, before aiosipua sees them

    def _sort(self, message: SipRequest | SipResponse, source: Address) -> None:
        if isinstance(message, SipRequest):
            if self._is_stranger(message, source) and message.method not in _FOR_STRANGERS:
                return  # Whoever scans for telephones learns nothing.
            status = self._refusal(message, source)
            if status is not None:
                self._refuse(message, status, source)
                return
            own = {"INFO": self._info, "REGISTER": self._registered}.get(message.method)
            if own:
                own(message)
                return
            if message.method == "ACK" and message.body:
                self._late_answer(message)
        self._uas._on_message(message, source)

    def _is_stranger(self, request: SipRequest, source: Address) -> bool:
        """Whether a request comes from an address that is not on the list, and belongs to no call of ours."""
        return not self._doors.allow.admits(source[0]) and request.call_id not in self.parties

    def _refusal(self, request: SipRequest, source: Address) -> int | None:
        """The status to refuse `request` with; None if it may go on."""
        if request.body and request.content_type == _SDP and not _is_sdp(request.text):
            return 488
        to = request.to_addr
        if request.method not in _FOR_STRANGERS or (to and to.tag):
            return None
        if self._is_stranger(request, source) and not self._doors.gatekeeper.admits(request):
            return 401
        if request.method == "REGISTER":
            return None
        if request.call_id in self.parties:
            return 482
        return self._doors.admission.ask()

    def _refuse(self, request: SipRequest, status: int, source: Address) -> None:
        if request.method == "ACK":
            return
        headers = {}
        if status == 401:
            headers["WWW-Authenticate"] = self._doors.gatekeeper.challenge()
        if status == OVERLOADED:
            headers["Retry-After"] = str(RETRY_SECONDS)
        self.transport.send_stateless(reply_to(request, status, headers), source)

    def _registered(self, request: SipRequest) -> None:
        """Content a telephone that insists on registering; nobody is ever called there."""
        headers = {"Expires": str(REGISTERED_SECONDS)}
        contact = request.get_header("Contact")
        if contact and contact != "*":
            headers["Contact"] = f"{contact.partition(';expires')[0]};expires={REGISTERED_SECONDS}"
        self.transport.send_reply(reply_to(request, 200, headers))

    def _info(self, request: SipRequest) -> None:
        """Keys by SIP INFO, as some trunks still send them (application/dtmf-relay and dtmf)."""
        party = self.parties.get(request.call_id or "")
        self.transport.send_reply(reply_to(request, 200 if party else 481))
        key = _INFO_KEY.search(request.text)
        if party and key:
            party.pressed(key[1])

    def _late_answer(self, ack: SipRequest) -> None:
        party = self.parties.get(ack.call_id or "")
        if party and ack.content_type == _SDP and _is_sdp(ack.text):
            party.answered_late(read_sdp(ack.text))

    # What aiosipua tells

    def _came(self, call: IncomingCall) -> None:
        # A caller who insists on it acknowledges the ringing too (RFC 3262).
        insists = any("100rel" in value.lower() for value in call.invite.headers.get("require"))
        call.ringing(reliable=insists)
        self.parties[call.call_id] = self._on_call(call)

    def _gone(self, call_id: str) -> None:
        party = self.parties.pop(call_id, None)
        if party:
            party.ended()

    def _renegotiate(self, call: IncomingCall) -> None:
        party = self.parties.get(call.call_id)
        try:
            if party is None or call.sdp_offer is None:
                raise NoCommonGround("nothing to renegotiate")
            answer = party.renegotiated(call.sdp_offer)
        except NoCommonGround as error:
            log.info("New terms of a call were refused: %s", error)
            self.transport.send_reply(reply_to(call.invite, 488))
            return
        call.accept(answer)

    def _update(self, call: IncomingCall, request: SipRequest) -> SdpMessage | None:
        party = self.parties.get(call.call_id)
        if party is None or not request.body:
            return None
        try:
            return party.renegotiated(read_sdp(request.text))
        except NoCommonGround:
            return None


def _is_sdp(text: str) -> bool:
    try:
        read_sdp(text)
    except NoCommonGround:
        return False
    return True
