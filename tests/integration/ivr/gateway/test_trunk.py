"""The gateway at a carrier: registration with a password, calls out, and the habits of other people's switches."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from aiosipua.message import SipMessage, SipRequest, SipResponse
from aiosipua.sdp import serialize_sdp

from ivr.gateway.server import GatewayOptions
from ivr.gateway.sip.digest import Gatekeeper
from ivr.gateway.sip.offer import our_offer
from ivr.gateway.sip.replies import reply_to
from ivr.gateway.sip.trunk import Trunk
from tests.integration.ivr.gateway.conftest import Line, Serve, likeness
from tests.integration.ivr.gateway.test_calls_by_sip import PAGES, RECORD, STORY

DIAL = '<Response><Dial action="/dialled" timeout="4"><Number>+84283930991</Number></Dial></Response>'


@dataclass
class Carrier(asyncio.DatagramProtocol):
    """A carrier's switch: it wants a password, and answers calls with `status`."""

    status: int = 486
    seen: list[SipRequest] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    gatekeeper: Gatekeeper = field(default_factory=lambda: Gatekeeper({"842838": "secret"}, "carrier"))
    udp: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.udp = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = SipMessage.parse(data)
        if isinstance(request, SipRequest) and request.method != "ACK":
            self.seen.append(request)
            answer = self._answer(request)
            if answer and self.udp:
                self.udp.sendto(bytes(answer), addr)

    def _answer(self, request: SipRequest) -> SipResponse | None:
        if request.method in ("REGISTER", "INVITE") and not self.gatekeeper.admits(request):
            return reply_to(request, 401, {"WWW-Authenticate": self.gatekeeper.challenge()})
        if request.method == "REGISTER":
            self.registered.append(request.get_header("Contact") or "")
            return reply_to(request, 200, {"Expires": request.get_header("Expires") or "60"})
        if request.method == "INVITE":
            return reply_to(request, self.status) if self.status else None
        return reply_to(request, 200)

    @property
    def port(self) -> int:
        assert self.udp
        return int(self.udp.get_extra_info("sockname")[1])

    def methods(self) -> list[str]:
        return [request.method for request in self.seen]


def with_carrier(
    serve: Serve, options: GatewayOptions, carrier: Carrier, test: Callable[[Line], Any], pages: Any = None
) -> None:
    """Run `test` with a gateway that has a trunk at `carrier`."""

    async def go(line: Line) -> None:
        backend = line.running.sip
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: carrier, local_addr=("127.0.0.1", 0))
        trunk = Trunk("842838", "secret", "127.0.0.1", carrier.port, "ims.example.vn")
        backend._plant.trunk = trunk
        task = asyncio.create_task(backend._reach_trunk(trunk))
        try:
            await test(line)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await asyncio.sleep(0.05)
            if carrier.udp:
                carrier.udp.close()

    serve(pages or PAGES, go, sip=replace(options.sip, register=True))


def test_it_registers_with_its_password_and_leaves_when_it_stops(serve: Serve, options: GatewayOptions) -> None:
    carrier = Carrier()

    async def test(line: Line) -> None:
        async with asyncio.timeout(5):
            while not carrier.registered:
                await asyncio.sleep(0.02)
        assert carrier.registered == [f"<sip:842838@127.0.0.1:{line.address[1]}>"]
        assert carrier.seen[0].uri == "sip:ims.example.vn"

    with_carrier(serve, options, carrier, test)
    assert carrier.seen[-1].get_header("Expires") == "0"


@pytest.mark.parametrize(("status", "told"), [(486, "busy"), (480, "no-answer"), (503, "failed"), (0, "no-answer")])
def test_a_number_is_rung_through_the_trunk(serve: Serve, options: GatewayOptions, status: int, told: str) -> None:
    carrier = Carrier(status)

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await line.told("/dialled", seconds=12)
        assert line.hotline.at("/dialled")[0]["DialCallStatus"] == told
        invites = [request for request in carrier.seen if request.method == "INVITE"]
        assert invites[-1].uri == "sip:0283930991@ims.example.vn"
        assert "842838@ims.example.vn" in (invites[-1].get_header("From") or "")
        assert ("CANCEL" in carrier.methods()) is (status == 0)

    with_carrier(serve, options, carrier, test, {"/voice/incoming": DIAL, "/dialled": "<Response><Hangup/></Response>"})


def test_without_a_trunk_a_number_cannot_be_rung(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            assert (await line.told("/dialled"))["DialCallStatus"] == "failed"

    serve({"/voice/incoming": DIAL, "/dialled": "<Response><Hangup/></Response>"}, test)


def test_the_network_says_who_calls(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone("anonymous") as phone:
            phone.invite("0967771010", headers={"P-Asserted-Identity": "<sip:+84912345678@ims.example.vn>"})
            assert (await line.told("/voice/incoming"))["From"] == "+84912345678"
            phone.cancel()

    serve(PAGES, test)


def test_keys_by_info_are_keys(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.heard_something()
            assert phone.call
            phone.uac.send_info(
                phone.call.dialog, "Signal=5\r\nDuration=160\r\n", "application/dtmf-relay", phone.target
            )
            assert (await line.told("/menu"))["Digits"] == "5"

    serve(PAGES, test)


def test_terms_may_come_with_the_acknowledgement(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            host, port = line.address
            assert phone.ear.udp
            sound = phone.ear.udp.get_extra_info("sockname")[1]
            call = phone.uac.send_invite("sip:1@127.0.0.1", f"sip:0967771010@{host}:{port}", line.address, None)
            phone.call = call
            await call.wait_answered(5)
            assert call.sdp_answer
            assert call.sdp_answer.rtp_address
            ack = call.dialog.create_request("ACK", via_host="127.0.0.1", via_port=phone._transport.local_addr[1])
            ack.headers.set_single("CSeq", "1 ACK")
            ack.text = serialize_sdp(our_offer("127.0.0.1", sound))
            ack.headers.set_single("Content-Type", "application/sdp")
            phone._transport.send(ack, line.address)
            await phone.heard_something()

    serve(PAGES, test)


def test_a_caller_who_insists_on_it_acknowledges_the_ringing(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            call = phone.invite("0967771010", headers={"Require": "100rel"})
            await call.wait_answered(5)
            phone.answered = 1.0
            await phone.heard_something()

    serve(PAGES, test)


class Listener(asyncio.DatagramProtocol):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.heard.append(data)


def test_a_telephone_that_registers_is_content(serve: Serve) -> None:
    async def test(line: Line) -> None:
        ear = Listener()
        udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: ear, local_addr=("127.0.0.1", 0))
        answers = ear.heard
        register = (
            "REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKr1\r\n"
            "From: <sip:desk@127.0.0.1>;tag=1\r\nTo: <sip:desk@127.0.0.1>\r\nCall-ID: r1\r\nCSeq: 1 REGISTER\r\n"
            "Contact: <sip:desk@127.0.0.1:5070>\r\nContent-Length: 0\r\n\r\n"
        )
        udp.sendto(register.encode(), line.address)
        async with asyncio.timeout(3):
            while not answers:
                await asyncio.sleep(0.02)
        udp.close()
        assert answers[0].startswith(b"SIP/2.0 200")
        assert re.search(rb"Contact: <sip:desk@127.0.0.1:5070>;expires=\d+", answers[0])

    serve(PAGES, test)


def test_a_call_whose_sound_stops_for_long_is_ended(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.gateway.backends.line_leg.DEAD_SECONDS", 1.0)
    monkeypatch.setattr("ivr.gateway.backends.sip_backend._SWEEP_SECONDS", 0.2)

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await asyncio.sleep(2.0)
            await phone.speak(STORY[:8000])
            phone.mute()
            told = await line.told("/voice/status")
            assert told["CallStatus"] == "completed"
        (recording,) = line.recordings()
        assert min(likeness(line.sound(recording), STORY[:8000])) > 0.95

    record = RECORD.replace('timeout="2"', 'timeout="20"')
    serve({"/voice/incoming": f"<Response>{record}</Response>"}, test)
