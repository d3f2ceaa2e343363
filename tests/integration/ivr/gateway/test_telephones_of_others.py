"""Callers that are not ours: sipp and baresip, where they are installed (Debian: sip-tester, baresip)."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from pathlib import Path

import pytest

from ivr.gateway.sound import wav_of
from tests.integration.ivr.gateway.conftest import Line, Serve, likeness, noise
from tests.integration.ivr.gateway.pcap import call_files
from tests.integration.ivr.gateway.test_calls_by_sip import ASK, PAGES, RECORD, STORY

HERE = Path(__file__).parent
pytestmark = pytest.mark.slow
needs_sipp = pytest.mark.skipif(shutil.which("sipp") is None, reason="no sipp: apt-get install sip-tester")
needs_baresip = pytest.mark.skipif(shutil.which("baresip") is None, reason="no baresip: apt-get install baresip")


async def sipp(line: Line, scenario: Path, directory: Path, calls: int = 1) -> tuple[int, str]:
    """Run `scenario`; gives sipp's exit code and what it says of errors."""
    host, port = line.address
    command = [
        "sipp",
        f"{host}:{port}",
        "-sf",
        str(scenario),
        "-s",
        "0967771010",
        "-i",
        "127.0.0.1",
        "-mi",
        "127.0.0.1",
    ]
    command += ["-m", str(calls), "-l", str(calls), "-r", str(calls), "-nostdin", "-timeout", "60", "-trace_err"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=directory, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    code = await asyncio.wait_for(process.wait(), 90)
    return code, "".join(path.read_text(errors="replace") for path in directory.glob("*_errors.log"))


@needs_sipp
def test_sipp_presses_a_key_and_its_story_arrives_whole(serve: Serve, tmp_path: Path) -> None:
    call_files(tmp_path, STORY)

    async def test(line: Line) -> None:
        # sipp looks for the captures beside the scenario.
        scenario = shutil.copy(HERE / "caller.xml", tmp_path)
        assert await sipp(line, Path(scenario), tmp_path, calls=3) == (0, "")
        await line.told("/recorded", 3)
        assert [row["Digits"] for row in line.hotline.at("/menu")] == ["1"] * 3
        assert [row["Digits"] for row in line.hotline.at("/said")] == ["#"] * 3
        for recording in line.recordings():
            # sipp paces its packets itself; where it is late the sound is none the less all there.
            assert min(likeness(line.sound(recording), STORY)) > 0.95

    serve(PAGES, test)


@needs_sipp
@pytest.mark.parametrize(
    ("page", "status"),
    [
        ('<Response><Reject reason="busy"/></Response>', 486),
        ("<Response><Reject/></Response>", 603),
    ],
)
def test_sipp_is_refused_as_the_hotline_says(serve: Serve, tmp_path: Path, page: str, status: int) -> None:
    scenario = tmp_path / "refused.xml"
    scenario.write_text((HERE / "refused.xml").read_text().replace('"STATUS"', f'"{status}"'))

    async def test(line: Line) -> None:
        assert await sipp(line, scenario, tmp_path) == (0, "")

    serve({"/voice/incoming": page}, test)


@needs_sipp
def test_sipp_hears_busy_when_every_line_is_taken(serve: Serve, tmp_path: Path) -> None:
    scenario = tmp_path / "refused.xml"
    scenario.write_text((HERE / "refused.xml").read_text().replace('"STATUS"', '"486"'))

    async def test(line: Line) -> None:
        async with line.phone() as phone:
            await phone.dial()
            assert await sipp(line, scenario, tmp_path) == (0, "")

    serve(PAGES, test, calls=1)


class Baresip:
    """A baresip that is driven over its control port (netstrings of JSON)."""

    CONFIG = (
        "sip_listen 127.0.0.1:{sip}\naudio_player aufile,{heard}\naudio_source aufile,{said}\n"
        "ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1\n"
        "module_path {modules}\nmodule g711.so\nmodule aufile.so\nmodule_app account.so\nmodule_app menu.so\n"
        "module_app ctrl_tcp.so\nctrl_tcp_listen 127.0.0.1:{control}\nrtp_ports 32000-32100\n"
    )

    def __init__(self, directory: Path, said: Path) -> None:
        self.directory = directory
        self.heard = directory / "heard.wav"
        self._said = said
        self._events: list[str] = []

    async def start(self) -> None:
        modules = next(Path("/usr/lib").rglob("baresip/modules"), None)
        if modules is None:
            pytest.skip("baresip has no modules here")
        self._control = _free_port(socket.SOCK_STREAM)
        config = self.CONFIG.format(
            sip=_free_port(socket.SOCK_DGRAM),
            heard=self.heard,
            said=self._said,
            modules=modules,
            control=self._control,
        )
        (self.directory / "config").write_text(config)
        (self.directory / "accounts").write_text("<sip:0912345678@127.0.0.1>;regint=0\n")
        (self.directory / "contacts").write_text("")
        self._process = await asyncio.create_subprocess_exec(
            "baresip", "-f", str(self.directory), "-4",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        self._reader, self._writer = await self._connected()
        self._listening = asyncio.create_task(self._listen())

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for _ in range(100):
            try:
                return await asyncio.open_connection("127.0.0.1", self._control)
            except OSError:
                await asyncio.sleep(0.1)
        raise TimeoutError("baresip does not listen")

    async def _listen(self) -> None:
        while True:
            length = await self._reader.readuntil(b":")
            message = json.loads((await self._reader.readexactly(int(length[:-1]) + 1))[:-1])
            self._events.append(str(message.get("type")))

    def command(self, name: str, params: str = "") -> None:
        message = json.dumps({"command": name, "params": params, "token": name}).encode()
        self._writer.write(b"%d:%s," % (len(message), message))

    async def event(self, kind: str, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while kind not in self._events:
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        self.command("quit")
        try:
            await asyncio.wait_for(self._process.wait(), 5)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._listening.cancel()
        self._writer.close()


def _free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@needs_baresip
def test_baresip_presses_a_key_and_what_it_plays_is_recorded(serve: Serve, tmp_path: Path) -> None:
    said = tmp_path / "said.wav"

    async def test(line: Line) -> None:
        baresip = Baresip(tmp_path, said)
        await baresip.start()
        host, port = line.address
        baresip.command("dial", f"sip:0967771010@{host}:{port}")
        await baresip.event("CALL_ESTABLISHED")
        await asyncio.sleep(1.0)
        baresip.command("sndcode", "1")
        await line.told("/menu")
        await asyncio.sleep(4.0)
        baresip.command("sndcode", "#")
        await baresip.event("CALL_CLOSED")
        await line.told("/recorded")
        await baresip.stop()
        assert line.hotline.at("/menu")[0]["Digits"] == "1"
        (recording,) = line.recordings()
        # Its file plays from the call's first moment, so that the recording begins somewhere within it.
        assert recording.seconds > 2
        assert line.hotline.at("/said")[0]["Digits"] == "#"

    said.write_bytes(wav_of(noise(12.0, seed=9)))
    serve({"/voice/incoming": ASK, "/menu": f"<Response>{RECORD}</Response>", "/said": "<Response/>"}, test)
