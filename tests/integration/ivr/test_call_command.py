"""The command `call` against a hotline that talks the real dialogue of the lines as they ship."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import requests
from rich.console import Console

from casebook.rules.codes import new_code
from config.directory import DATA, Line, read_lines, read_prompts
from ivr.adapters.sound import quiet_wav
from ivr.book import call_book
from ivr.caller.command import CallOptions, Surroundings, place_call
from ivr.caller.script import Callbacks, MediaFault
from ivr.rules.dialogue import CaseOpened, Input, Keys, OpenCase, Recorded, State, Turn, advance, begin
from ivr.twiml import Renderer, Voice, call_links
from tests.integration.ivr.hotline import ACCOUNT, Hotline, running

LINES = read_lines(DATA / "lines.toml")
CODE = new_code(lambda _limit: 42_000_000)


class FixedVoice:
    """Says everything as two seconds of silence, and remembers it."""

    identity = "fixed"

    def __init__(self) -> None:
        self.said: list[str] = []

    def speak(self, text: str) -> bytes:
        self.said.append(text)
        return quiet_wav(2.0)


@dataclass
class Talk:
    """The dialogue of one line behind the small hotline, with its state in memory."""

    line: Line
    voice: Voice
    state: State = field(default_factory=State)

    def incoming(self, _params: dict[str, str]) -> str:
        return self.render(begin(self.line, closed=False))

    def step(self, params: dict[str, str]) -> str:
        heard: Input = Keys(params.get("Digits", ""))
        if "RecordingSid" in params:
            heard = Recorded(params["Digits"] == "hangup")
        return self.render(advance(self.line, self.state, heard))

    def render(self, turn: Turn) -> str:
        if any(isinstance(action, OpenCase) for action in turn.actions):
            said = tuple(action for action in turn.actions if not isinstance(action, OpenCase))
            opened = advance(self.line, turn.state, CaseOpened(CODE))
            turn = replace(opened, actions=(*said, *opened.actions))
        self.state = turn.state
        links = call_links(self.voice.base_url, self.line.slug, turn.state.serial)
        return Renderer(self.voice, self.line.slug, links, "115").render(turn.actions)


def collect_later(params: dict[str, str]) -> str:
    """Answer a recording callback and fetch the recording a moment later, as the real hotline does."""
    if params["RecordingStatus"] == "completed":
        threading.Timer(0.05, fetch, [params["RecordingUrl"]]).start()
    return "<Response/>"


def fetch(url: str) -> None:
    """Fetch a recording; when callbacks come twice, the provider may be gone before the second fetch."""
    with suppress(requests.ConnectionError):
        requests.get(url, auth=(ACCOUNT.sid, ACCOUNT.auth_token), timeout=5)


@dataclass
class Scene:
    """A hotline that talks, a caller's surroundings, and what was printed."""

    hotline: Hotline
    around: Surroundings
    voice: FixedVoice
    printed: io.StringIO

    def call(self, options: CallOptions) -> int:
        return place_call(options, self.around, Console(file=self.printed, width=100, color_system=None))


@pytest.fixture(params=[line.slug for line in LINES])
def line(request: pytest.FixtureRequest) -> Line:
    return next(line for line in LINES if line.slug == request.param)


def scene_of(line: Line, collects: bool = True) -> Iterator[Scene]:
    with running({}) as (hotline, _):
        book = call_book(read_prompts(DATA / "prompts.toml"), LINES)
        talk = Talk(line, Voice(book, Path("/nowhere"), hotline.url))
        hotline.pages = {"/voice/incoming": talk.incoming, "/voice/step": talk.step}
        if collects:
            hotline.pages["/voice/recording"] = collect_later
        voice = FixedVoice()
        around = Surroundings(
            hotline.url, ACCOUNT, LINES, voice, lambda code: f"{hotline.url}/cases/{code}", media_port=0
        )
        yield Scene(hotline, around, voice, io.StringIO())


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield from scene_of(LINES[0])


def test_the_bundled_call_reports_on_every_line(line: Line) -> None:
    for scene in scene_of(line):
        assert scene.call(CallOptions(line.number)) == 0
        asked = [question.key for question in line.questions if not question.door]
        told = [params["q"] for params in scene.hotline.at("/voice/recording")]
        assert told == asked
        assert len(scene.voice.said) == len(asked)
        assert f"{scene.hotline.url}/cases/{CODE}" in scene.printed.getvalue()


def test_the_conversation_is_printed_without_the_callers_number(scene: Scene) -> None:
    scene.call(CallOptions("0967771010", caller="+84901234567"))
    printed = scene.printed.getvalue()
    assert "090 ••• ••67 gọi 096 777 1010" in printed
    assert "234" not in printed.replace(CODE, "")
    assert "Đường dây nóng Sở Y tế Thành phố Hồ Chí Minh xin nghe." in printed
    assert "“Bệnh viện Chợ Rẫy”" in printed
    assert "bấm  4" in printed
    assert "Tổng đài kết thúc cuộc gọi." in printed


def test_a_story_alone_is_told_where_the_story_is_asked(scene: Scene, tmp_path: Path) -> None:
    story = tmp_path / "story.wav"
    story.write_bytes(quiet_wav(4.0))
    assert scene.call(CallOptions("0967771010", say=(story,))) == 0
    told = [(params["q"], params["RecordingStatus"]) for params in scene.hotline.at("/voice/recording")]
    assert told == [("facility", "absent"), ("story", "completed")]
    assert "story.wav" in scene.printed.getvalue()


def test_a_caller_who_gives_a_contact_opens_its_door(scene: Scene) -> None:
    assert scene.call(CallOptions("0967771010", text=("Nơi", "Chuyện", "Tôi"))) == 0
    assert [params["q"] for params in scene.hotline.at("/voice/recording")] == ["facility", "story", "contact"]
    assert scene.voice.said == ["Nơi", "Chuyện", "Tôi"]


def test_keys_may_lead_elsewhere(scene: Scene) -> None:
    assert scene.call(CallOptions("0967771010", keys="skip,skip,skip", text=("Chuyện",))) == 0
    assert [params["RecordingStatus"] for params in scene.hotline.at("/voice/recording")][-1] == "completed"


def test_webhooks_are_shown_on_demand(scene: Scene) -> None:
    scene.call(CallOptions("0967771010", callbacks=Callbacks.TWICE, show_webhooks=True))
    printed = scene.printed.getvalue()
    assert "POST /voice/incoming → 200" in printed
    assert printed.count("POST /voice/status → 200") == 2


def test_recordings_nobody_fetches_are_reported_after_the_wait() -> None:
    for scene in scene_of(LINES[0], collects=False):
        assert scene.call(CallOptions("0967771010", wait=0.1)) == 1
        assert "chưa tải hết bản ghi âm" in scene.printed.getvalue()


def test_media_that_is_broken_is_never_collected(scene: Scene) -> None:
    assert scene.call(CallOptions("0967771010", media_fault=MediaFault.ERROR_PAGE, wait=0.3)) == 1


def test_a_hotline_that_does_not_answer_is_reported(scene: Scene) -> None:
    scene.hotline.pages = {}
    scene.around = replace(scene.around, public_url="http://127.0.0.1:9")
    assert scene.call(CallOptions("0967771010")) == 1
    printed = scene.printed.getvalue()
    assert "lỗi 11200" in printed
    assert "Nhà mạng cắt cuộc gọi" in printed
