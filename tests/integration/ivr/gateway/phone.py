"""A telephone in Python, of the same wheels as the gateway but none of its code: aiosipua, aiortp, libsndfile."""

from __future__ import annotations

import asyncio
import io
import time
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import soundfile
from aiortp.dtmf import DTMF_EVENTS, DtmfEvent
from aiortp.packet import RtpPacket
from aiosipua import SipUAS
from aiosipua.auth import SipDigestAuth
from aiosipua.incoming_call import IncomingCall
from aiosipua.message import SipRequest
from aiosipua.outgoing_call import OutgoingCall
from aiosipua.sdp import SdpMessage, build_sdp
from aiosipua.transport import UdpSipTransport
from aiosipua.uac import SipUAC
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
CODECS = {8: ("PCMA", "ALAW"), 0: ("PCMU", "ULAW")}


def encoded(samples: Pcm, codec: int) -> bytes:
    """G.711 by libsndfile."""
    sink = io.BytesIO()
    soundfile.write(sink, samples, 8000, format="RAW", subtype=CODECS[codec][1])
    return sink.getvalue()


def decoded(content: bytes, codec: int) -> Pcm:
    samples, _ = soundfile.read(
        io.BytesIO(content), format="RAW", subtype=CODECS[codec][1], samplerate=8000, channels=1, dtype="int16"
    )
    return np.asarray(samples, np.int16)


@dataclass
class Ear(asyncio.DatagramProtocol):
    """What arrives on the telephone's sound socket."""

    packets: list[tuple[float, RtpPacket]] = field(default_factory=list)
    udp: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.udp = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.packets.append((time.monotonic(), RtpPacket.parse(data)))


class Wire(UdpSipTransport, asyncio.DatagramProtocol):
    """aiosipua's transport, whose own socket does not open on Python 3.11 (it takes it for no datagram one)."""

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp_transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=self.local_addr)
        self.local_addr = self._udp_transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._dispatch(data, addr)


class Phone:
    """Calls `target` (host, port); `await dial(number)`, then say, press, hear, hang up."""

    def __init__(self, target: tuple[str, int], number: str = "0912345678", codec: int = 8) -> None:
        self.target = target
        self.number = number
        self.codec = codec
        self.ear = Ear()
        self.hung_up = asyncio.Event()
        self.call: OutgoingCall | None = None
        self.invited = 0.0
        self.answered = 0.0
        self.seen: list[int] = []
        self.lose: set[int] = set()
        """Sequence positions (from 0) of sound packets that are never sent."""
        self._transport = Wire(local_addr=("127.0.0.1", 0))
        self._queue = bytearray()
        self._keys: list[str] = []
        self._muted = False
        self._tasks: list[asyncio.Task[None]] = []
        self._sequence, self._timestamp = 65530, 4294967000
        """Close to their ends, so that every call crosses them."""
        self._sent = 0

    async def start(self) -> None:
        self._uas = SipUAS(self._transport)
        self.uac = SipUAC(self._transport)
        self._uas.uac = self.uac
        self._uas.on_bye = self._bye
        await self._uas.start()
        seen = self._uas._on_message

        def note(message: object, addr: tuple[str, int]) -> None:
            status = getattr(message, "status_code", None)
            if status is not None:
                self.seen.append(status)
            seen(message, addr)  # type: ignore[arg-type]

        self._transport.on_message = note
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self.ear, local_addr=("127.0.0.1", 0))

    def offer(self) -> SdpMessage:
        assert self.ear.udp is not None
        port = self.ear.udp.get_extra_info("sockname")[1]
        return build_sdp("127.0.0.1", port, self.codec, CODECS[self.codec][0])

    def invite(
        self,
        number: str,
        auth: SipDigestAuth | None = None,
        offer: SdpMessage | None = None,
        headers: dict[str, str] | None = None,
    ) -> OutgoingCall:
        host, port = self.target
        self.invited = time.monotonic()
        self.call = self.uac.send_invite(
            f"sip:{self.number}@127.0.0.1",
            f"sip:{number}@{host}:{port}",
            self.target,
            offer or self.offer(),
            auth=auth,
            extra_headers=headers,
        )
        return self.call

    async def dial(self, number: str = "0967771010", auth: SipDigestAuth | None = None, wait: float = 10.0) -> None:
        """Call; raises RuntimeError with the SIP status if refused."""
        await self.invite(number, auth).wait_answered(wait)
        self.answered = time.monotonic()
        self._tasks.append(asyncio.create_task(self._speak()))

    def say(self, samples: Pcm) -> None:
        """Say `samples` after what is being said."""
        self._queue += encoded(samples, self.codec)

    async def speak(self, samples: Pcm) -> None:
        """Say `samples` and wait until they are said."""
        self.say(samples)
        while self._queue:
            await asyncio.sleep(0.02)

    def press(self, keys: str) -> None:
        self._keys += keys

    def mute(self) -> None:
        """Send no packets at all any more."""
        self._muted = True

    def hang_up(self) -> None:
        assert self.call is not None
        self.call.hangup(self.uac)

    def cancel(self) -> None:
        assert self.call is not None
        self.call.cancel(self.uac)

    async def wait_end(self, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            await self.hung_up.wait()

    async def heard_something(self, seconds: float = 5.0) -> float:
        """Wait for sound that is not silence; gives when it came."""
        async with asyncio.timeout(seconds):
            while True:
                for at, packet in self.ear.packets:
                    if packet.payload_type == self.codec and np.abs(decoded(packet.payload, self.codec)).max() > 100:
                        return at
                await asyncio.sleep(0.01)

    def heard(self, since: float = 0.0) -> Pcm:
        """Everything heard, in the order of the packets."""
        payloads = [
            packet.payload for at, packet in self.ear.packets if at >= since and packet.payload_type == self.codec
        ]
        return decoded(b"".join(payloads), self.codec)

    async def beep(self, seconds: float = 60.0) -> None:
        """Wait for the next beep (1000 Hz) to be over."""
        async with asyncio.timeout(seconds):
            while not self._beeps():
                await asyncio.sleep(0.05)
            while self._beeps():
                await asyncio.sleep(0.02)

    def _beeps(self) -> bool:
        lately = self.heard(time.monotonic() - 0.15)[-800:].astype(float)
        power = np.abs(np.fft.rfft(lately, 800)) ** 2
        # 10 Hz a line: the tone is in lines 98 to 102.
        return float(power.sum()) > 1e9 and float(power[97:104].sum()) > 0.8 * float(power.sum())

    def pace(self) -> NDArray[np.float64]:
        """Seconds between the packets that came."""
        return np.diff([at for at, _ in self.ear.packets])

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        if self.ear.udp:
            self.ear.udp.close()
        await self._uas.stop()
        await asyncio.sleep(0)

    def _bye(self, _call: IncomingCall, _request: SipRequest) -> None:
        self.hung_up.set()

    async def _speak(self) -> None:
        assert self.call is not None
        assert self.call.sdp_answer is not None
        remote = self.call.sdp_answer.rtp_address
        assert remote is not None
        deadline = time.monotonic()
        while not self.hung_up.is_set():
            if self._keys:
                deadline = await self._press(self._keys.pop(0), remote, deadline)
            elif not self._muted:
                frame = bytes(self._queue[:160]).ljust(160, encoded(np.zeros(1, np.int16), self.codec))
                del self._queue[:160]
                self._send(self.codec, frame, remote)
                self._timestamp = (self._timestamp + 160) % 2**32
            deadline += 0.02
            await asyncio.sleep(max(0.0, deadline - time.monotonic()))

    async def _press(self, key: str, remote: tuple[str, int], deadline: float) -> float:
        for step in range(1, 9):
            event = DtmfEvent(DTMF_EVENTS[key], step >= 6, 10, min(step, 6) * 160)
            self._send(101, event.serialize(), remote, marker=int(step == 1))
            deadline += 0.02
            await asyncio.sleep(max(0.0, deadline - time.monotonic()))
        self._timestamp = (self._timestamp + 9 * 160) % 2**32
        return deadline

    def _send(self, payload_type: int, payload: bytes, remote: tuple[str, int], marker: int = 0) -> None:
        packet = RtpPacket(payload_type, marker, self._sequence, self._timestamp, 0x1234, payload)
        self._sequence = (self._sequence + 1) % 65536
        if self._sent not in self.lose and self.ear.udp:
            self.ear.udp.sendto(packet.serialize(), remote)
        self._sent += 1
