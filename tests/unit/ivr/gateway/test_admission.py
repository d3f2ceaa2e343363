"""Who may call, how many at once, and how passwords are asked for."""

from __future__ import annotations

import pytest
from aiosipua.auth import SipDigestAuth, answer_challenge
from aiosipua.message import SipRequest, SipResponse

from config.errors import SettingsError
from ivr.gateway.limits import Admission, AllowList, networks
from ivr.gateway.sip.digest import Gatekeeper
from ivr.gateway.sip.offer import NoCommonGround, answer_to, read_sdp
from ivr.gateway.sip.trunk import read_trunk


@pytest.mark.parametrize(
    ("allow", "host", "admitted"),
    [
        (("127.0.0.0/8", "::1"), "127.0.0.1", True),
        (("127.0.0.0/8", "::1"), "::1", True),
        (("203.0.113.7",), "203.0.113.7", True),
        (("203.0.113.7",), "203.0.113.8", False),
        (("10.0.0.0/8",), "not an address", False),
        ((), "198.51.100.1", False),
    ],
)
def test_only_those_on_the_list_are_listened_to(allow: tuple[str, ...], host: str, admitted: bool) -> None:
    assert AllowList(networks(allow)).admits(host) is admitted


def test_a_list_that_is_none_is_a_clear_error() -> None:
    with pytest.raises(SettingsError, match="HOTLINE_GATEWAY_ALLOW"):
        networks(["banana"])


def test_one_call_too_many_hears_busy_until_another_ends() -> None:
    admission = Admission(calls=2, rate=100)
    for _ in range(2):
        assert admission.ask() is None
        admission.enter()
    assert admission.ask() == 486
    admission.leave()
    assert admission.ask() is None
    assert admission.refused == {486: 1, 503: 0}


def test_calls_too_fast_are_put_off_and_let_in_again_later() -> None:
    moment = [0.0]
    admission = Admission(calls=1000, rate=5, now=lambda: moment[0])
    assert [admission.ask() for _ in range(12)] == [None] * 10 + [503] * 2
    moment[0] += 1.0
    assert [admission.ask() for _ in range(6)] == [None] * 5 + [503]


def test_a_gateway_that_stops_takes_nobody() -> None:
    admission = Admission(calls=10, rate=10)
    admission.draining = True
    assert admission.ask() == 503


def answered(gatekeeper: Gatekeeper, user: str, password: str, challenge: str | None = None) -> SipRequest:
    refusal = SipResponse(status_code=401)
    refusal.headers.set_single("WWW-Authenticate", challenge or gatekeeper.challenge())
    request = SipRequest(method="INVITE", uri="sip:0967771010@hotline.example")
    given = answer_challenge(SipDigestAuth(user, password), refusal, 401, "INVITE", request.uri)
    assert given
    request.headers.set_single(*given)
    return request


def test_a_password_opens_and_a_wrong_one_does_not() -> None:
    gatekeeper = Gatekeeper({"trunk": "secret"})
    assert gatekeeper.admits(answered(gatekeeper, "trunk", "secret"))
    assert not gatekeeper.admits(answered(gatekeeper, "trunk", "wrong"))
    assert not gatekeeper.admits(answered(gatekeeper, "nobody", "secret"))
    assert not gatekeeper.admits(SipRequest(method="INVITE", uri="sip:0967771010@hotline.example"))


def test_a_challenge_of_somebody_else_is_no_challenge_of_ours() -> None:
    gatekeeper = Gatekeeper({"trunk": "secret"})
    for challenge in (Gatekeeper({}).challenge(), 'Digest realm="hotline", nonce="1", qop="auth"'):
        assert not gatekeeper.admits(answered(gatekeeper, "trunk", "secret", challenge))


def test_without_passwords_no_stranger_comes_in() -> None:
    assert not Gatekeeper({}).admits(SipRequest(method="INVITE", uri="sip:x@y"))


SDP = "v=0\r\no=u 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio {port} {proto} {types}\r\n{more}"
MAPS = "a=rtpmap:101 telephone-event/8000\r\n"


def offer(
    host: str = "192.0.2.9", port: int = 4000, proto: str = "RTP/AVP", types: str = "8 0 101", more: str = MAPS
) -> str:
    return SDP.format(host=host, port=port, proto=proto, types=types, more=more)


@pytest.mark.parametrize(
    ("text", "law", "keys", "sends"),
    [
        (offer(), "PCMA", 101, True),
        (offer(types="0 8 101"), "PCMU", 101, True),
        (offer(types="18 8 96", more="a=rtpmap:96 telephone-event/8000\r\n"), "PCMA", 96, True),
        (offer(types="8", more=""), "PCMA", None, True),
        (offer(more=MAPS + "a=sendonly\r\n"), "PCMA", 101, False),
        (offer(host="0.0.0.0"), "PCMA", 101, False),
    ],
)
def test_an_offer_of_sound_is_agreed_to(text: str, law: str, keys: int | None, sends: bool) -> None:
    terms, answer = answer_to(read_sdp(text), "192.0.2.1", 20000, "1")
    assert (terms.law.name, terms.keys, terms.sends) == (law, keys, sends)
    audio = answer.audio
    assert audio
    assert (audio.port, audio.formats[0]) == (20000, str(terms.law.payload_type))
    assert (str(keys) in audio.formats) is (keys is not None)


@pytest.mark.parametrize(
    "text",
    [
        offer(types="18 9", more=""),
        offer(port=0),
        offer(proto="RTP/SAVP"),
        "v=0\r\n",
        "",
        "m=audio banana RTP/AVP 8",
        offer(more="a=rtpmap:x PCMA/8000\r\n"),
    ],
)
def test_an_offer_without_plain_g711_is_none(text: str) -> None:
    with pytest.raises(NoCommonGround):
        answer_to(read_sdp(text), "192.0.2.1", 20000, "1")


def test_a_trunk_is_read_from_its_address() -> None:
    trunk = read_trunk("sip://842838:p%40ss@203.0.113.7:5070/ims.example.vn")
    assert (trunk.uri, trunk.address, trunk.password) == ("sip:842838@ims.example.vn", ("203.0.113.7", 5070), "p@ss")
    assert trunk.number_uri("+84912345678") == "sip:0912345678@ims.example.vn"
    assert trunk.number_uri("115") == "sip:115@ims.example.vn"


@pytest.mark.parametrize("text", ["", "sip://host", "http://u:p@host", "sip://u:p@host:99999", "sip:u@host"])
def test_a_trunk_that_cannot_be_read_is_named_and_not_shown(text: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_trunk(text)
    assert "HOTLINE_GATEWAY_TRUNK" in str(error.value)
