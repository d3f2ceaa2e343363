"""The printed conversation: what a reader sees, and whose number stays hidden."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ivr.caller.events import Asked, Dialled, Ended, Event, Heard, Pressed, Spoke, Trouble, What
from ivr.caller.transcript import Printer

ASKED = Asked("http://127.0.0.1:8080/voice/step?n=1", "POST", {"From": "+84901234567"}, 200, b"", 0.0124)
LOST = Asked("http://127.0.0.1:8080/voice/step?n=1", "POST", {}, 0, b"", 0.0)


def printed(what: What, webhooks: bool = False) -> str:
    sink = io.StringIO()
    Printer(Console(file=sink, width=120, color_system=None), webhooks)(Event(83.4, what))
    return " ".join(sink.getvalue().split())


@pytest.mark.parametrize(
    ("what", "line"),
    [
        (Heard("Xin chào [Quý vị]."), "1:23 tổng đài Xin chào [Quý vị]."),
        (Heard("", "http://127.0.0.1/voice/prompts/menu.mp3"), "1:23 tổng đài ♪ menu.mp3"),
        (Pressed("1"), "1:23 người gọi bấm 1"),
        (Pressed("12#"), "1:23 người gọi bấm 1 2 #"),
        (Pressed(""), "1:23 người gọi (không bấm phím)"),
        (Spoke(7.6, "Tôi chờ lâu"), "1:23 người gọi ● 8 giây “Tôi chờ lâu”"),
        (Spoke(7.6, name="story.wav"), "1:23 người gọi ● 8 giây story.wav"),
        (Dialled("115", "no-answer"), "1:23 nhà mạng nối máy tới 115: không ai nghe máy"),
        (Dialled("+84912345678", "busy"), "1:23 nhà mạng nối máy tới 091 ••• ••78: máy bận"),
        (Dialled("sip:desk@a.example", "completed"), "1:23 nhà mạng nối máy tới sip:desk@a.example: đã nói chuyện"),
        (Trouble(11200, "HTTP 500"), "1:23 nhà mạng lỗi 11200: HTTP 500"),
        (Ended("caller", "completed"), "1:23 nhà mạng Người gọi gác máy."),
        (ASKED, ""),
    ],
)
def test_an_event_is_one_line(what: What, line: str) -> None:
    assert printed(what) == line


def test_webhooks_are_lines_only_on_demand() -> None:
    assert printed(ASKED, webhooks=True) == "1:23 nhà mạng POST /voice/step?n=1 → 200, 12 ms"
    assert printed(LOST, webhooks=True) == "1:23 nhà mạng POST /voice/step?n=1 → không trả lời, 0 ms"


def test_a_long_sentence_stays_in_its_column() -> None:
    sink = io.StringIO()
    Printer(Console(file=sink, width=60, color_system=None))(Event(0.0, Heard("xin chào " * 20)))
    first, *others = sink.getvalue().splitlines()
    assert first.startswith("0:00  tổng đài  xin chào")
    assert others
    assert all(line.startswith((" " * 16 + "xin", " " * 16 + "chào")) for line in others)
