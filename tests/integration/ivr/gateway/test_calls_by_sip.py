"""Calls to the gateway by SIP and RTP on the loopback interface, with a telephone of other people's code."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace

import numpy as np
import pytest
import requests
from aiosipua.auth import SipDigestAuth
from aiosipua.sdp import build_sdp

from ivr.gateway.backends.sip_backend import SipOptions, SipPortBusy
from ivr.gateway.server import GatewayOptions, gateway
from ivr.gateway.sound import wav_of
from tests.integration.ivr.gateway.conftest import Chirping, Line, Serve, chirp, likeness, noise
from tests.integration.ivr.gateway.phone import Pcm, Phone
from tests.integration.ivr.hotline import ACCOUNT, Answer, slow

WELCOME = "Xin chào Quý vị, xin bấm phím một."
"""3.4 s as the test's voice says it."""
ASK = f'<Response><Gather numDigits="1" action="/menu" timeout="3"><Say>{WELCOME}</Say></Gather></Response>'
RECORD = (
    '<Record action="/said" finishOnKey="#" timeout="2" maxLength="20" trim="do-not-trim" '
    'recordingStatusCallback="/recorded" recordingStatusCallbackEvent="completed absent"/>'
)
PAGES: dict[str, Answer] = {
    "/voice/incoming": ASK,
    "/menu": f"<Response>{RECORD}</Response>",
    "/said": "<Response><Say>Cảm ơn.</Say><Hangup/></Response>",
}
STORY = noise(3.0, seed=77)


async def report(phone: Phone, story: Pcm = STORY) -> None:
    """Hear the prompt, press a key, tell the story, press the hash, listen to the end."""
    await phone.dial()
    await phone.heard_something()
    await asyncio.sleep(0.3)
    phone.press("1")
    await asyncio.sleep(1.0)
    await phone.speak(story)
    await asyncio.sleep(0.2)
    phone.press("#")
    await phone.wait_end()


@pytest.mark.parametrize("codec", [8, 0])
def test_a_caller_hears_the_prompt_presses_a_key_and_is_recorded_whole(serve: Serve, codec: int) -> None:
    async def test(line: Line) -> None:
        async with line.phone(codec=codec) as phone:
            await report(phone)
            (recording,) = line.recordings()
            told = await line.told("/voice/status")
            heard = phone.heard()
        assert min(likeness(line.sound(recording), STORY)) > 0.95
        # A second of the prompt was heard before the key cut it.
        assert len(heard) / 8000 < 10
        assert max(likeness(heard, chirp(WELCOME)[:2400])) > 0.95
        assert line.hotline.at("/menu")[0]["Digits"] == "1"
        assert line.hotline.at("/said")[0]["Digits"] == "#"
        assert line.hotline.at("/recorded")[0]["RecordingSid"] == recording.sid
        assert all(seen.signed for seen in line.hotline.seen)
        assert told["CallStatus"] == "completed"
        assert told["X-Quality-Codec"] == ("PCMA" if codec == 8 else "PCMU")
        assert told["X-Quality-Lost"] == "0"
        assert int(told["X-Quality-Setup"]) < 1000

    serve(PAGES, test)


def test_a_whole_prompt_arrives_as_it_was_made(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.wait_end()
            assert min(likeness(phone.heard(), chirp(WELCOME))) > 0.95

    serve({"/voice/incoming": f"<Response><Say>{WELCOME}</Say></Response>"}, test)


def test_the_operators_own_file_is_heard_before_any_synthesis(serve: Serve, options: GatewayOptions) -> None:
    def pages(url: str) -> str:
        return f"<Response><Play>{url}/voice/prompts/greeting.wav</Play></Response>"

    async def test(line: Line) -> None:
        line.hotline.pages["/voice/incoming"] = pages(line.hotline.url)
        async with line.phone() as phone:
            await phone.dial()
            await phone.wait_end()
            assert min(likeness(phone.heard(), own)) > 0.95
        assert not line.hotline.at("/voice/prompts/greeting.wav")

    own = noise(2.0, seed=5)
    options.prompts_dir.mkdir()
    (options.prompts_dir / "greeting.wav").write_bytes(wav_of(own))
    serve({}, test)


def test_lost_packets_leave_a_gap_and_nothing_moves(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            phone.lose = set(range(5, 1000, 20))
            await report(phone)
            (recording,) = line.recordings()
            told = await line.told("/voice/status")
        sound = line.sound(recording)
        assert len(sound) / 8000 == pytest.approx(recording.seconds, abs=0.01)
        assert min(likeness(sound, STORY)) > 0.9
        assert int(told["X-Quality-Lost"]) > 5

    serve(PAGES, test)


def test_a_hang_up_in_the_middle_keeps_what_was_said(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.heard_something()
            phone.press("1")
            await asyncio.sleep(1.0)
            await phone.speak(STORY[:16000])
            phone.hang_up()
            told = await line.told("/recorded")
            await line.told("/voice/status")
        (recording,) = line.recordings()
        assert told["RecordingStatus"] == "completed"
        assert min(likeness(line.sound(recording), STORY[:16000])) > 0.95
        assert (await line.told("/said"))["Digits"] == "hangup"

    serve(PAGES, test)


def test_a_hang_up_in_the_prompt_ends_the_call(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.heard_something()
            phone.hang_up()
            assert (await line.told("/voice/status"))["CallStatus"] == "completed"
        assert not line.recordings()
        assert not line.running.gateway.conversations

    serve(PAGES, test)


def test_a_caller_who_gives_up_while_the_hotline_thinks_is_cancelled(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            phone.invite("0967771010")
            await asyncio.sleep(0.3)
            phone.cancel()
            assert (await line.told("/voice/status"))["CallStatus"] == "canceled"
            await asyncio.sleep(0.1)
            assert 487 in phone.seen

    serve({"/voice/incoming": slow(1.0, ASK)}, test)


def test_a_silent_caller_is_asked_again(serve: Serve) -> None:
    pages = {"/voice/incoming": f"<Response>{RECORD}<Redirect>/again</Redirect></Response>", "/again": "<Response/>"}

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.wait_end()
            assert (await line.told("/recorded"))["RecordingStatus"] == "absent"
        assert line.hotline.at("/again")

    serve(pages, test)


@pytest.mark.parametrize(("reason", "status"), [("busy", 486), ("rejected", 603)])
def test_a_refused_call_gets_its_sip_status(serve: Serve, reason: str, status: int) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            with pytest.raises(RuntimeError, match=str(status)):
                await phone.dial()
            await line.told("/voice/status")
        assert not line.running.sip.endpoint.parties

    serve({"/voice/incoming": f'<Response><Reject reason="{reason}"/></Response>'}, test)


def test_a_hotline_that_is_down_is_replaced_by_its_fallback(serve: Serve) -> None:
    def broken(_params: dict[str, str]) -> str:
        raise RuntimeError("the test's hotline is broken on purpose")

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await asyncio.sleep(2.0)
            await phone.speak(STORY[:8000])
            phone.hang_up()
            await line.told("/recorded")
        fallback = line.hotline.at("/voice/fallback")[0]
        assert fallback["ErrorCode"] == "11200"
        assert fallback["ErrorUrl"].endswith("/voice/incoming")
        assert line.recordings()

    pages: dict[str, Answer] = {
        "/voice/incoming": broken,
        "/voice/fallback": f"<Response><Say>Sự cố.</Say>{RECORD}</Response>",
    }
    serve(pages, test)


@pytest.mark.slow
def test_with_no_hotline_at_all_a_message_is_still_taken(serve: Serve, options: GatewayOptions) -> None:
    async def test(line: Line) -> None:
        line.running.gateway.exchange.client.public_url = "http://127.0.0.1:9"
        async with line.phone() as phone:
            await phone.dial()
            await asyncio.sleep(16.5)
            await phone.speak(STORY)
            phone.press("#")
            await phone.wait_end()
        (recording,) = line.recordings()
        assert min(likeness(line.sound(recording), STORY)) > 0.95

    serve({}, test)


@pytest.mark.slow
def test_ten_calls_at_once_are_all_recorded_whole(serve: Serve) -> None:
    async def one(line: Line, number: int) -> Pcm:
        story = noise(3.0, seed=100 + number)
        async with line.phone(f"09000000{number:02d}") as phone:
            await report(phone, story)
        return story

    async def test(line: Line) -> None:
        stories = await asyncio.gather(*(one(line, number) for number in range(10)))
        sounds = {
            call.caller: line.sound(recording)
            for recording in line.recordings()
            for call in line.calls()
            if call.sid == recording.call_sid
        }
        for number, story in enumerate(stories):
            assert min(likeness(sounds[f"09000000{number:02d}"], story)) > 0.95

    serve(PAGES, test)


def test_a_call_is_put_on_hold_and_taken_back(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            await phone.heard_something()
            assert phone.call
            held = phone.offer()
            held.media[0].attributes.pop("sendrecv")
            held.media[0].attributes["sendonly"] = []
            phone.uac.send_reinvite(phone.call.dialog, held, phone.target)
            await asyncio.sleep(0.5)
            quiet = len(phone.ear.packets)
            await asyncio.sleep(0.5)
            assert len(phone.ear.packets) == quiet
            phone.uac.send_reinvite(phone.call.dialog, phone.offer(), phone.target)
            await phone.wait_end()
            assert len(phone.ear.packets) > quiet + 50
            assert phone.seen.count(200) >= 3

    serve({"/voice/incoming": f"<Response><Say>{WELCOME}</Say></Response>"}, test)


def test_a_telephone_without_g711_is_told_so(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            offer = build_sdp("127.0.0.1", 4000, 18, "G729")
            with pytest.raises(RuntimeError, match="488"):
                await phone.invite("0967771010", offer=offer).wait_answered(5)

    serve(PAGES, test)


def test_one_call_too_many_hears_busy(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as first, line.phone("0912345678") as second, line.phone() as third:
            await first.dial()
            await second.dial()
            with pytest.raises(RuntimeError, match="486"):
                await third.dial()
            first.hang_up()
            await line.told("/voice/status")
            await asyncio.sleep(0.1)
            await third.dial()

    serve(PAGES, test, calls=2)


def test_strangers_are_asked_for_a_password_where_there_are_any(serve: Serve, options: GatewayOptions) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as stranger, line.phone() as friend:
            with pytest.raises(RuntimeError, match="401"):
                await stranger.dial()
            await friend.dial(auth=SipDigestAuth("friend", "secret"))

    serve(PAGES, test, sip=replace(options.sip, passwords={"friend": "secret"}, allow=("192.0.2.0/24",)))


def test_without_passwords_those_not_on_the_list_get_silence(serve: Serve, options: GatewayOptions) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            with pytest.raises(TimeoutError):
                await phone.dial(wait=1.0)
            assert phone.seen == []
        assert line.running.sip.transport.rejected.counts["not on the list"] >= 1

    serve(PAGES, test, sip=replace(options.sip, allow=("192.0.2.0/24",)))


INVITE = (
    "{method} sip:0967771010@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch}\r\n"
    "From: <sip:0912345678@127.0.0.1>;tag=1\r\nTo: <sip:0967771010@127.0.0.1>\r\nCall-ID: {branch}@test\r\n"
    "CSeq: 1 {method}\r\nContact: <sip:0912345678@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\n{more}\r\n"
)


AT_ONCE, QUIET = 20, 1.0
"""So many datagrams are sent without a pause; after so many seconds without an answer no more is awaited."""


def datagrams(line: Line, *texts: str | bytes) -> list[str]:
    """Send datagrams and give what comes back until it is quiet for a moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(QUIET)
        port = sock.getsockname()[1]
        for number, text in enumerate(texts):
            sock.sendto(text.replace("{port}", str(port)).encode() if isinstance(text, str) else text, line.address)
            if number % AT_ONCE == AT_ONCE - 1:
                # Else the sockets' buffers overflow on a busy machine, and the gateway never sees the rest.
                time.sleep(0.01)
        answers = []
        try:
            while True:
                answers.append(sock.recv(65536).decode().split("\r\n")[0])
        except TimeoutError:
            return answers


def request(method: str, branch: str, more: str = "Content-Length: 0\r\n") -> str:
    return INVITE.format(method=method, branch=branch, more=more, port="{port}")


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (request("OPTIONS", "o1"), "SIP/2.0 200 OK"),
        (request("BYE", "b1"), "SIP/2.0 481 Call/Transaction Does Not Exist"),
        (request("CANCEL", "c1"), "SIP/2.0 481 Call/Transaction Does Not Exist"),
        (request("SUBSCRIBE", "s1"), "SIP/2.0 405 Method Not Allowed"),
        (request("INFO", "i1"), "SIP/2.0 481 Call/Transaction Does Not Exist"),
        (
            request(
                "INVITE", "v1", "Content-Type: application/sdp\r\nContent-Length: 24\r\n\r\nm=audio banana RTP/AVP 8"
            ),
            "SIP/2.0 488 Not Acceptable Here",
        ),
    ],
)
def test_requests_outside_a_call_are_answered(serve: Serve, sent: str, answer: str) -> None:
    async def test(line: Line) -> None:
        answers = await asyncio.to_thread(datagrams, line, sent)
        assert answers == [answer]

    serve(PAGES, test)


def test_a_repeated_request_is_one_request(serve: Serve) -> None:
    async def test(line: Line) -> None:
        invite = request("INVITE", "twice")
        answers = await asyncio.to_thread(datagrams, line, invite, invite, invite)
        assert any("200" in answer for answer in answers)
        assert len(line.hotline.at("/voice/incoming")) == 1

    serve(PAGES, test)


@pytest.mark.slow
def test_garbage_and_a_flood_of_calls_leave_the_call_in_progress_unharmed(serve: Serve) -> None:
    chance = np.random.default_rng(3)
    garbage = [chance.bytes(int(chance.integers(1, 400))) for _ in range(500)]
    floods = [request("INVITE", f"flood{number}") for number in range(500)]

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            calling = asyncio.create_task(report(phone))
            await asyncio.sleep(2.0)
            answers = await asyncio.to_thread(
                datagrams, line, *garbage, *floods, request("INVITE", "x", "Bad\r\n" * 300)
            )
            await calling
            (recording,) = [row for row in line.recordings() if row.seconds > 3]
        assert min(likeness(line.sound(recording), STORY)) > 0.9
        assert any("486" in answer or "503" in answer for answer in answers)
        transport = line.running.sip.transport
        assert transport.rejected.counts["not SIP"] >= 100
        assert len(transport._seen) < 300

    serve(PAGES, test, calls=5, rate=2.0)


def test_a_recording_is_served_with_the_token_until_it_is_deleted(serve: Serve) -> None:
    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await report(phone)
            told = await line.told("/recorded")
        url = told["RecordingUrl"]

        def collect() -> None:
            assert requests.get(url, timeout=5).status_code == 401
            answer = requests.get(url + ".wav", auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=5)
            assert answer.content[:4] == b"RIFF"
            deleted = requests.delete(url, auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=5)
            assert deleted.status_code == 204
            assert requests.get(url, auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=5).status_code == 404

        await asyncio.to_thread(collect)
        assert not line.recordings()
        assert not line.running.gateway.exchange.shelf.path(told["RecordingSid"]).exists()

    serve(PAGES, test)


@pytest.mark.slow
def test_calls_in_progress_may_end_before_the_gateway_does(serve: Serve) -> None:
    async def test(line: Line) -> None:
        phone = Phone(line.address)
        await phone.start()
        await phone.dial()
        await phone.heard_something()
        ending = asyncio.create_task(line.running.gateway.drain(10.0))
        late = Phone(line.address)
        await late.start()
        with pytest.raises(RuntimeError, match="503"):
            await late.dial()
        await phone.wait_end()
        await ending
        await phone.stop()
        await late.stop()
        assert min(likeness(phone.heard(), chirp(WELCOME))) > 0.95

    serve({"/voice/incoming": f"<Response><Say>{WELCOME}</Say></Response>"}, test)


@pytest.mark.slow
def test_somebody_else_is_rung_and_the_two_hear_each_other(serve: Serve, options: GatewayOptions) -> None:
    """The hotline's gateway rings another gateway, which plays a prompt and records: the colleague."""

    async def test(line: Line) -> None:
        colleague = SipOptions(bind=("127.0.0.1", 0), ports=range(30600, 30700, 2))
        other_options = replace(
            options, data_dir=options.data_dir / "other", public_url=line.hotline.url + "/other", sip=colleague
        )
        async with gateway(other_options, Chirping()) as other:
            host, port = other.sip.address
            line.hotline.pages["/voice/incoming"] = (
                f'<Response><Dial action="/dialled"><Sip>sip:colleague@{host}:{port}</Sip></Dial></Response>'
            )
            async with line.phone() as phone:
                await phone.dial()
                await asyncio.sleep(2.2)
                await phone.speak(STORY)
                await asyncio.sleep(0.3)
                phone.press("#")
                await phone.wait_end()
                heard = phone.heard()
            (recording,) = other.gateway.exchange.shelf.recordings()
            samples = Line(other, line.hotline).sound(recording)
        assert min(likeness(samples, STORY)) > 0.9
        assert min(likeness(heard, chirp("Alo, tôi nghe."))) > 0.9
        assert line.hotline.at("/dialled")[0]["DialCallStatus"] == "completed"

    pages: dict[str, Answer] = {
        "/other/voice/incoming": f"<Response><Say>Alo, tôi nghe.</Say>{RECORD}</Response>",
        "/said": "<Response><Hangup/></Response>",
        "/dialled": "<Response><Hangup/></Response>",
    }
    serve(pages, test)


def test_a_taken_sip_port_is_a_clear_error(serve: Serve, options: GatewayOptions) -> None:
    async def test(_line: Line) -> None:
        raise AssertionError("the gateway started")

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        bind = ("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(SipPortBusy, match=str(bind[1])):
            serve({}, test, sip=replace(options.sip, bind=bind))
