"""What happened to a case, in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import casebook
from casebook.rules.states import Action
from casebook.rules.timeline import Names, actor_name, told

NAMES = Names(
    units={"bv-tu-du": "Bệnh viện Từ Dũ", "thanh-tra-so": "Thanh tra Sở Y tế"},
    lines={"chat_luong": "Chất lượng khám, chữa bệnh"},
    people={"mai@soyte.example": "Lê Thị Thanh Mai"},
)


@pytest.mark.parametrize(
    ("kind", "data", "text"),
    [
        ("opened", {"line": "chat_luong"}, "Tiếp nhận qua đường dây “Chất lượng khám, chữa bệnh”"),
        ("opened", {"line": "x", "orphan": True}, "Tiếp nhận qua đường dây “x”, không rõ cuộc gọi"),
        ("recording_added", {"question": "story"}, "Nhận bản ghi “Nội dung phản ánh”"),
        ("change_unit", {"unit_after": "bv-tu-du"}, "Chọn đơn vị: Bệnh viện Từ Dũ"),
        (
            "change_unit",
            {"unit_before": "thanh-tra-so", "unit_after": "bv-tu-du"},
            "Đổi đơn vị: từ Thanh tra Sở Y tế sang Bệnh viện Từ Dũ",
        ),
        ("confirm", {"unit": "don-vi-cu"}, "Xác nhận; chuyển cho don-vi-cu"),
        ("edited", {"fields": ["category", "summary"]}, "Sửa lĩnh vực, tóm tắt"),
        ("close", {"why": "đã xong"}, "Kết thúc: đã xong"),
        ("close", {}, "Kết thúc: (không ghi lý do)"),
        ("reopen", {"why": "gọi lại", "after": "review"}, "Mở lại (Chờ kiểm tra): gọi lại"),
        ("identity_viewed", {"why": "gọi lại"}, "Xem danh tính người phản ánh: gọi lại"),
        ("một-việc-mới", {}, "Sự kiện “một-việc-mới”"),
    ],
)
def test_events_read_as_people_speak(kind: str, data: dict[str, object], text: str) -> None:
    assert told(kind, data, NAMES) == text


def test_people_are_named_and_the_system_is_itself() -> None:
    assert actor_name("mai@soyte.example", NAMES) == "Lê Thị Thanh Mai"
    assert actor_name("hệ thống", NAMES) == "hệ thống"


def test_every_kind_of_event_that_is_written_can_be_told() -> None:
    root = Path(casebook.__file__).parent.parent
    sources = [path for package in ("casebook", "ivr") for path in (root / package).rglob("*.py")]
    found = {
        kind
        for path in sources
        for kind in re.findall(r'events\.record\(\s*\w+,\s*[\w.]+,\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert len(found) >= 8
    for kind in found | {action.value for action in Action}:
        assert "Sự kiện" not in told(kind, {}, NAMES), kind
