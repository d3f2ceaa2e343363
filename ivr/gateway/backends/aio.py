"""The backend for everywhere: SIP by aiosipua, sound by ourselves, one process, no PBX."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from dataclasses import dataclass

from aiosipua import IncomingCall
from aiosipua.auth import SipDigestAuth
from aiosipua.headers import parse_address, parse_uri
from aiosipua.outgoing_call import OutgoingCall

from ivr.gateway.backends.line_leg import LineLeg, NoPort, Plant
from ivr.gateway.g711 import ALAW
from ivr.gateway.leg import DialStatus, HungUp, Leg
from ivr.gateway.line import Address, Terms
from ivr.gateway.sip.offer import NoCommonGround, answer_to, our_offer, terms_of
from ivr.gateway.sip.replies import USER_AGENT

log = logging.getLogger(__name__)

_PRACK_LOOK = 0.02
"""Seconds between two looks whether the ringing was acknowledged."""
_STATUSES = {486: DialStatus.BUSY, 600: DialStatus.BUSY, 408: DialStatus.NO_ANSWER, 480: DialStatus.NO_ANSWER}


class InboundLeg(LineLeg):
    """A citizen's call."""

    def __init__(self, plant: Plant, call: IncomingCall) -> None:
        super().__init__(plant, _caller(plant, call), _user(call.invite.uri) or _user(call.callee))
        self._call = call
        self._answered = False
        self._over = False

    async def answer(self) -> None:
        """Take the call; raises HungUp, also where the caller offers no sound that we know (488)."""
        host = self._plant.told_host(self._call.source_addr[0])
        offer = self._call.sdp_offer
        try:
            # With no offer in the INVITE ours goes out, and the terms come with the ACK.
            terms = answer_to(offer, host, 1, "0")[0] if offer else Terms(ALAW, None, ("", 0), False)
            port = await self._open(terms)
        except NoCommonGround as error:
            log.info("A call was refused: %s", error)
            await self.reject(488)
            raise HungUp from error
        except NoPort:
            log.error("A call was refused: every port for sound is taken")
            await self.reject(503)
            raise
        if self.gone.is_set():
            self._close()
            raise HungUp
        await self._acknowledged()
        session = str(int(time.time()))
        self._call.accept(answer_to(offer, host, port, session)[1] if offer else our_offer(host, port))
        self._answered = True
        self._start_ticking()

    async def _acknowledged(self) -> None:
        """Wait until the caller acknowledged the ringing, where they insisted on doing so; raises HungUp."""
        while self._call._reliable_task is not None:
            await asyncio.sleep(_PRACK_LOOK)
            if self.gone.is_set():
                self._close()
                raise HungUp

    async def reject(self, status: int) -> None:
        """Refuse the call."""
        if self._answered or self._over or self.gone.is_set():
            return
        self._over = True
        self._call.reject(status)
        self._plant.endpoint.forget(self._call)
        self.gone.set()
        self._close()

    async def hang_up(self) -> None:
        """End the call, if it has not ended."""
        if self._over or self.gone.is_set():
            return
        self._over = True
        self._call.hangup()
        self._plant.endpoint.forget(self._call)
        self.gone.set()
        self._close()


async def ring(plant: Plant, target: str, caller_id: str, timeout: float) -> Leg | DialStatus:
    """Ring `target`, a number through the trunk or a SIP address; gives the leg that answered, else why not."""
    try:
        return await OutboundLeg(plant, caller_id, target).call(timeout)
    except (NoPort, NoCommonGround, OSError, ValueError) as error:
        log.warning("%s could not be rung: %s", "A SIP address" if ":" in target else "A number", error)
        return DialStatus.FAILED


class OutboundLeg(LineLeg):
    """Somebody whom a caller is connected to."""

    _call: OutgoingCall | None = None

    async def call(self, timeout: float) -> OutboundLeg | DialStatus:
        """Ring; gives itself once answered, else why not. Cancelling gives up ringing."""
        plan = await self._plan()
        host = self._plant.told_host(plan.remote[0])
        port = await self._open(Terms(ALAW, None, plan.remote, False))
        uac = self._plant.endpoint.uac
        self._call = uac.send_invite(
            plan.from_uri, plan.to_uri, plan.remote, our_offer(host, port), user_agent=USER_AGENT, auth=plan.auth
        )
        self._plant.endpoint.parties[self._call.call_id] = self
        try:
            await self._call.wait_answered(timeout)
        except TimeoutError:
            return self._given_up(DialStatus.NO_ANSWER)
        except RuntimeError:
            status = _STATUSES.get(self._call._reject_code, DialStatus.FAILED)
            return self._given_up(status)
        except asyncio.CancelledError:
            self._given_up(DialStatus.CANCELED)
            raise
        assert self.line is not None
        self.line.agree(terms_of(self._call.sdp_answer))
        self._start_ticking()
        return self

    def ended(self) -> None:
        """The other side is gone."""
        if self._call is not None:
            # aiosipua 0.7.1 goes on refreshing the session of a call that the other side ended.
            self._call._cancel_session_timer()
        super().ended()

    async def answer(self) -> None:
        """Nothing to do: it was us who called."""

    async def reject(self, status: int) -> None:
        """Give up."""
        await self.hang_up()

    async def hang_up(self) -> None:
        """End the call, if it has not ended."""
        if self._call is not None and not self.gone.is_set():
            self._call.hangup(self._plant.endpoint.uac)
            self._plant.endpoint.parties.pop(self._call.call_id, None)
        self.ended()

    async def _plan(self) -> DialPlan:
        if self.called.startswith(("sip:", "sips:")):
            uri = parse_uri(self.called)
            remote = await _resolve(uri.host, uri.port or 5060)
            return DialPlan(
                f"sip:{_user(self.caller) or 'hotline'}@{self._plant.told_host(remote[0])}", self.called, remote
            )
        trunk = self._plant.trunk
        if trunk is None:
            raise ValueError("there is no trunk to ring numbers through (HOTLINE_GATEWAY_TRUNK)")
        return DialPlan(trunk.uri, trunk.number_uri(self.called), await _resolve(*trunk.address), trunk.auth)

    def _given_up(self, status: DialStatus) -> DialStatus:
        if self._call is not None:
            self._call.cancel(self._plant.endpoint.uac)
            self._plant.endpoint.parties.pop(self._call.call_id, None)
        self.ended()
        return status


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How a call goes out: in whose name, to whom, and where its packets go."""

    from_uri: str
    to_uri: str
    remote: Address
    auth: SipDigestAuth | None = None


async def _resolve(host: str, port: int) -> Address:
    """The address behind a host name; raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    return str(found[0][4][0]), int(found[0][4][1])


def _caller(plant: Plant, call: IncomingCall) -> str:
    """Who calls: the network's word (RFC 3325), believed of those on the list only, before the caller's own."""
    trusted = plant.trusts(call.source_addr[0])
    asserted = call.invite.get_header("P-Asserted-Identity") if trusted else None
    return (parse_address(asserted).uri.user or "") if asserted else _user(call.caller)


def _user(uri: str) -> str:
    """The user of a SIP address, "" without one."""
    return parse_uri(uri).user or "" if "@" in uri else ""
