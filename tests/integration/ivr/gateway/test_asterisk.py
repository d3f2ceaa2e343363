"""The backend for agencies on a real Asterisk, with the very files that operators are given (docs/asterisk)."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ivr.gateway.backends.ari import AriBackend
from ivr.gateway.backends.ari_client import read_ari
from ivr.gateway.server import GatewayOptions, gateway
from tests.integration.ivr.gateway.conftest import Chirping, Line, chirp, likeness, noise
from tests.integration.ivr.gateway.phone import Phone
from tests.integration.ivr.gateway.test_calls_by_sip import PAGES, RECORD, STORY, WELCOME
from tests.integration.ivr.hotline import Answer, running

ASTERISK = shutil.which("asterisk", path="/usr/sbin:/usr/bin:/usr/local/sbin")
FILES = Path(__file__).parents[4] / "docs" / "asterisk"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ASTERISK is None, reason="no Asterisk here (Debian bookworm has none; bullseye's 16 will do)"),
]

MAIN = """[directories]
astetcdir => {root}
astmoddir => {modules}
astvarlibdir => /var/lib/asterisk
astdbdir => {root}
astkeydir => {root}
astdatadir => /usr/share/asterisk
astagidir => {root}
astspooldir => {root}/spool
astrundir => {root}
astlogdir => {root}/log
[options]
verbose = 0
transmit_silence = yes
"""
PJSIP = """[udp]
type=transport
protocol=udp
bind=127.0.0.1:{sip}
[trunk]
type=endpoint
transport=udp
context=from-trunk
disallow=all
allow=alaw,ulaw
dtmf_mode=rfc4733
direct_media=no
rtp_symmetric=yes
rewrite_contact=yes
aors=trunk
[trunk]
type=aor
contact=sip:127.0.0.1:{colleague}
[trunk]
type=identify
endpoint=trunk
match=127.0.0.1
"""
OTHERS = {
    "extensions.conf": "[from-trunk]\ninclude => lang-nghe\n#include extensions_lang_nghe.conf\n",
    "ari.conf": "[general]\nenabled = yes\n#include ari_lang_nghe.conf\n",
    "rtp.conf": "[general]\nrtpstart=33000\nrtpend=33400\n",
    "logger.conf": "[general]\n[logfiles]\nmessages => notice,warning,error\n",
    "modules.conf": "[modules]\nautoload=yes\nnoload => chan_sip.so\nnoload => res_hep.so\nnoload => chan_iax2.so\n"
    "noload => cel_sqlite3_custom.so\nnoload => cdr_sqlite3_custom.so\nnoload => chan_skinny.so\n"
    "noload => chan_mgcp.so\nnoload => chan_unistim.so\nnoload => pbx_dundi.so\nnoload => res_xmpp.so\n",
    "stasis.conf": "",
    "features.conf": "",
    "indications.conf": "[general]\ncountry=us\n[us]\ndescription=US\nring=440+480/2000,0/4000\n",
}


@dataclass(frozen=True)
class Pbx:
    """A running Asterisk."""

    sip: tuple[str, int]
    ari_url: str
    root: Path


def _free(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def asterisk(root: Path) -> Iterator[Pbx]:
    """Run Asterisk with a configuration of its own below `root`."""
    modules = next(path for path in Path("/usr/lib").rglob("asterisk/modules") if path.is_dir())
    sip, http = _free(socket.SOCK_DGRAM), _free(socket.SOCK_STREAM)
    for name in ("spool/recording", "log", "sounds"):
        (root / name).mkdir(parents=True)
    for name, content in OTHERS.items():
        (root / name).write_text(content)
    (root / "asterisk.conf").write_text(MAIN.format(root=root, modules=modules))
    (root / "pjsip.conf").write_text(PJSIP.format(sip=sip, colleague=_free(socket.SOCK_DGRAM)))
    for name in ("extensions_lang_nghe.conf", "ari_lang_nghe.conf"):
        shutil.copy(FILES / name, root)
    own = (FILES / "http_lang_nghe.conf").read_text()
    (root / "http.conf").write_text(own.replace("bindport = 8088", f"bindport = {http}"))
    assert ASTERISK
    process = subprocess.Popen(
        [ASTERISK, "-f", "-C", str(root / "asterisk.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield Pbx(("127.0.0.1", sip), f"http://lang-nghe:doi-mat-khau-nay@127.0.0.1:{http}/ari", root)
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Agency:
    """A gateway behind an Asterisk."""

    line: Line
    pbx: Pbx

    def phone(self) -> Phone:
        return Phone(self.pbx.sip)


@pytest.fixture(scope="module")
def pbx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pbx]:
    with asterisk(tmp_path_factory.mktemp("asterisk")) as started:
        yield started


async def _connected(backend: object) -> None:
    assert isinstance(backend, AriBackend)
    async with asyncio.timeout(60):
        await backend.client.connected.wait()


def agency(options: GatewayOptions, pbx: Pbx, pages: dict[str, Answer], test: object) -> None:
    """Run `test` with a gateway on `pbx`."""
    with running(pages) as (hotline, _endpoint):

        async def go() -> None:
            wanted = replace(
                options, public_url=hotline.url, ari=read_ari(pbx.ari_url, str(pbx.root / "sounds"), "trunk")
            )
            async with gateway(wanted, Chirping()) as started:
                await _connected(started.backend)
                await test(Agency(Line(started, hotline), pbx))  # type: ignore[operator]

        asyncio.run(go())


async def dialled(phone: Phone) -> None:
    """Call; an Asterisk that has just started says 503 for a moment."""
    await phone.start()
    for attempt in range(20):
        try:
            await phone.dial()
        except RuntimeError:
            if attempt == 19:
                raise
            await asyncio.sleep(0.5)
        else:
            return


def test_a_call_through_asterisk_is_heard_keyed_and_recorded(options: GatewayOptions, pbx: Pbx) -> None:
    async def test(house: Agency) -> None:
        phone, line = house.phone(), house.line
        await dialled(phone)
        await phone.heard_something()
        await asyncio.sleep(1.0)
        phone.press("1")
        await phone.beep()
        await phone.speak(STORY)
        await asyncio.sleep(0.4)
        phone.press("#")
        await phone.wait_end()
        told = await line.told("/voice/status")
        await line.told("/recorded")
        await phone.stop()
        (recording,) = line.recordings()
        assert min(likeness(line.sound(recording), STORY)) > 0.95
        assert max(likeness(phone.heard(), chirp(WELCOME)[:4800])) > 0.95
        assert (line.hotline.at("/menu")[0]["Digits"], line.hotline.at("/said")[0]["Digits"]) == ("1", "#")
        assert (told["From"], told["To"], told["CallStatus"]) == ("0912345678", "0967771010", "completed")
        assert int(told["X-Quality-Received"]) > 100

    agency(options, pbx, PAGES, test)


def test_a_hang_up_in_a_message_keeps_it_through_asterisk(options: GatewayOptions, pbx: Pbx) -> None:
    async def test(house: Agency) -> None:
        phone, line = house.phone(), house.line
        await dialled(phone)
        await phone.beep()
        await phone.speak(STORY[:16000])
        phone.hang_up()
        assert (await line.told("/recorded"))["RecordingStatus"] == "completed"
        await line.told("/voice/status")
        await phone.stop()
        (recording,) = line.recordings()
        assert min(likeness(line.sound(recording), STORY[:16000])) > 0.95

    agency(options, pbx, {"/voice/incoming": f"<Response>{RECORD}</Response>"}, test)


def test_silence_ends_a_message_through_asterisk(options: GatewayOptions, pbx: Pbx) -> None:
    async def test(house: Agency) -> None:
        phone, line = house.phone(), house.line
        await dialled(phone)
        await phone.beep()
        await phone.speak(noise(2.0, seed=4))
        told = await line.told("/said", seconds=10)
        assert told["Digits"] == ""
        assert 3 <= int(told["RecordingDuration"]) <= 6
        await phone.wait_end()
        await phone.stop()

    agency(options, pbx, {"/voice/incoming": f"<Response>{RECORD}</Response>"}, test)


def test_a_refusal_through_asterisk_is_a_busy_line(options: GatewayOptions, pbx: Pbx) -> None:
    async def test(house: Agency) -> None:
        phone = house.phone()
        await phone.start()
        with pytest.raises(RuntimeError, match="486"):
            await phone.dial()
        assert (await house.line.told("/voice/status"))["CallStatus"] == "busy"
        await phone.stop()

    agency(options, pbx, {"/voice/incoming": '<Response><Reject reason="busy"/></Response>'}, test)
