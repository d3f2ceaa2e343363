"""What a change of a line, a unit or a recorded prompt did, in plain Vietnamese: field by field, before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casebook.rules import wording
from casebook.rules.unit_names import KINDS, REGIONS

State = Mapping[str, Any] | None

NOTHING = "(không có)"

DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
"""The days of the week; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that a change touched: what it is called, how it stood before and after."""

    field: str
    before: str
    after: str


def differences(kind: str, before: State, after: State, units: Mapping[str, str]) -> tuple[Difference, ...]:
    """List what differs between two states of the same thing; `units` names units by slug."""
    old, new = _told(kind, before, units), _told(kind, after, units)
    fields = [*new, *(field for field in old if field not in new)]
    return tuple(
        Difference(field, old.get(field) or NOTHING, new.get(field) or NOTHING)
        for field in fields
        if old.get(field, "") != new.get(field, "")
    )


def _told(kind: str, state: State, units: Mapping[str, str]) -> dict[str, str]:
    if state is None:
        return {}
    return _TELLERS[kind](state, units)


def _line(line: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, str]:
    fixed = {
        "Tên đường dây": line["name"],
        "Số điện thoại": line["number"],
        "Tên gọi khác của số": ", ".join(line["aliases"]),
        "Đơn vị phụ trách": units.get(line["owner"], line["owner"]),
        "Lời chào": line["greeting"],
        "Lời báo ghi âm": line["notice"]["text"],
        "Phiên bản lời báo": line["notice"]["version"],
        "Kênh bảo mật": _yes(line["confidential"]),
        "Đường dây mặc định": _yes(line["is_default"]),
        "Hỏi lĩnh vực": _yes(line["ask_category"]),
        "Lĩnh vực mặc định": wording.category(line["category"]) if line["category"] else "",
        "Giữ bản ghi": f"{line['retention_days']} ngày",
        "Tự chuyển không cần xác nhận": "; ".join(wording.category(slug) for slug in line["auto_forward"]),
        "Giờ làm việc": hours(line["hours"]),
    }
    asked = {f"Câu hỏi “{question_name(q['key'])}”": _question(q) for q in line["questions"]}
    desks = {f"Nhánh phím {b['key']}": _branch(b, units) for b in line["branches"]}
    return {**fixed, **asked, **desks}


def question_name(key: str) -> str:
    """Name a question of a line."""
    return wording.QUESTIONS.get(key, key)


def _question(question: Mapping[str, Any]) -> str:
    must = ", bắt buộc" if question["required"] else ""
    spoken = f"nói tối đa {question['max_seconds']} giây, im lặng {question['silence_seconds']} giây thì dừng"
    return f"{spoken}, phím kết thúc {question['finish_keys']}{must}"


def _branch(branch: Mapping[str, Any], units: Mapping[str, str]) -> str:
    unit = units.get(branch["unit"], branch["unit"])
    return f"{branch['name']} → {branch['target']} ({unit}), đổ chuông {branch['ring_seconds']} giây"


def hours(spans: Sequence[Mapping[str, Any]]) -> str:
    """Write opening hours: `thứ Hai, thứ Ba 07:30-11:30`; none given means always."""
    told = (f"{_days(span['days'])} {span['start'][:5]}-{span['end'][:5]}" for span in spans)
    return "; ".join(told) or "suốt ngày đêm"


def _days(days: list[int]) -> str:
    ordered = sorted(days)
    run = len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1))
    return f"{DAYS[ordered[0]]} đến {DAYS[ordered[-1]]}" if run else ", ".join(DAYS[day] for day in ordered)


def _unit(unit: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, str]:
    return {
        "Tên đơn vị": unit["name"],
        "Loại": KINDS.get(unit["kind"], unit["kind"]),
        "Khu vực": REGIONS.get(unit["region"], unit["region"]),
        "Trực thuộc": units.get(unit["parent"], unit["parent"]),
        "Tên gọi khác": ", ".join(unit["aliases"]),
        "Thư điện tử": unit["email"],
        "Tình trạng": "ngừng hoạt động" if unit["retired"] else "đang hoạt động",
    }


def _units(listed: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{units.get(slug, slug)}: {field}": text
        for slug, unit in listed.items()
        if unit is not None
        for field, text in _unit(unit, units).items()
    }


def _sound(sound: Mapping[str, Any], _units: Mapping[str, str]) -> dict[str, str]:
    return {"Bản thu": f"tệp {sound['suffix'].lstrip('.').upper()}, dấu {sound['sha256'][:8]}"}


def _yes(value: bool) -> str:
    return "có" if value else "không"


_TELLERS: dict[str, Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, str]]] = {
    "line": _line,
    "unit": _unit,
    "units": _units,
    "sound": _sound,
}
