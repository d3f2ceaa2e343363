"""What two sides agree on about sound: SDP offers and answers. Source: RFC 3264, RFC 8866, RFC 4733 §2.4."""

from __future__ import annotations

from aiosipua.sdp import (
    MediaDescription,
    SdpMessage,
    SdpNegotiationError,
    build_sdp,
    negotiate_sdp,
    parse_sdp,
)

from config.errors import HotlineError
from ivr.gateway.g711 import ALAW, LAWS, ULAW
from ivr.gateway.line import Address, Terms

KEYS = "telephone-event"
KEYS_TYPE = 101
"""The payload type we offer for keys, as everybody does."""
_PLAIN = "RTP/AVP"
_NOWHERE = "0.0.0.0"  # noqa: S104 - an address in SDP (RFC 3264 §8.4), bound by nobody


class NoCommonGround(HotlineError):
    """The other side offers no plain G.711 sound."""


def read_sdp(text: str) -> SdpMessage:
    """Read a session description; raises NoCommonGround if it is none."""
    try:
        return parse_sdp(text)
    except (ValueError, IndexError) as error:
        raise NoCommonGround(f"not SDP: {error}") from error


def answer_to(offer: SdpMessage | None, host: str, port: int, session: str) -> tuple[Terms, SdpMessage]:
    """Agree to `offer` with sound at `host`:`port`; gives the terms and the answer. Raises NoCommonGround."""
    audio = offer.audio if offer else None
    if offer is None or audio is None or audio.port == 0 or audio.proto != _PLAIN:
        raise NoCommonGround("no plain RTP sound is offered")
    keys = _keys_type(audio)
    try:
        answer, chosen = negotiate_sdp(offer, host, port, list(LAWS), keys or 0, session_id=session)
    except SdpNegotiationError as error:
        raise NoCommonGround(str(error)) from error
    return Terms(LAWS[chosen], keys, _remote(offer), _wants_sound(offer, audio)), answer


def our_offer(host: str, port: int) -> SdpMessage:
    """Offer A-law and mu-law sound at `host`:`port`."""
    offer = build_sdp(host, port, ALAW.payload_type, ALAW.name, dtmf_payload_type=KEYS_TYPE)
    audio = offer.media[0]
    audio.formats.insert(1, str(ULAW.payload_type))
    audio.attributes["rtpmap"].insert(1, f"{ULAW.payload_type} {ULAW.name}/8000")
    return offer


def terms_of(answer: SdpMessage | None) -> Terms:
    """The terms that `answer` to our offer makes; raises NoCommonGround."""
    audio = answer.audio if answer else None
    law = (
        next((LAWS[codec.payload_type] for codec in audio.codecs if codec.payload_type in LAWS), None)
        if audio
        else None
    )
    if answer is None or audio is None or law is None or audio.port == 0:
        raise NoCommonGround("the answer has no G.711 sound")
    return Terms(law, _keys_type(audio), _remote(answer), _wants_sound(answer, audio))


def _keys_type(audio: MediaDescription) -> int | None:
    return next((codec.payload_type for codec in audio.codecs if codec.encoding_name.lower() == KEYS), None)


def _remote(sdp: SdpMessage) -> Address:
    remote = sdp.rtp_address
    if remote is None:
        raise NoCommonGround("there is no address to send sound to")
    return remote


def _wants_sound(sdp: SdpMessage, audio: MediaDescription) -> bool:
    """False while the other side holds the call, in either of the two ways there are."""
    directions = set(audio.attributes) | set(sdp.attributes)
    return not directions & {"sendonly", "inactive"} and _remote(sdp)[0] != _NOWHERE
