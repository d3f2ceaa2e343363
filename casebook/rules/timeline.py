"""What happened to a case, told in plain Vietnamese: one line an event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casebook.rules import wording
from casebook.rules.codes import readable
from casebook.rules.file_types import KIND_NAMES
from casebook.rules.states import LABELS, Status


@dataclass(frozen=True, slots=True)
class Names:
    """What slugs are called: units, lines and people (by the address that events name them with)."""

    units: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def unit(self, slug: Any) -> str:
        """Name a unit, also one that is in the directory no more."""
        return self.units.get(slug, str(slug)) if slug else "chưa chọn đơn vị"


FIELDS = {
    "category": "lĩnh vực",
    "subject": "cơ sở được phản ánh",
    "unit": "đơn vị có trách nhiệm",
    "level": "mức xử lý",
    "summary": "tóm tắt",
}
"""What the fields of the case form are called in a sentence."""


ACTS = {
    "confirm": "Xác nhận",
    "change_unit": "Đổi đơn vị",
    "close": "Kết thúc",
    "set_aside": "Không xử lý tiếp",
    "reopen": "Mở lại",
    "return_to_queue": "Trả về chờ kiểm tra",
}
"""What acts that can be undone are called."""

_EMERGENCY_KEY = {
    False: "Người gọi bấm phím cấp cứu; máy nối tới số cấp cứu",
    True: "Người gọi bấm phím cấp cứu nhưng số cấp cứu không nghe máy: hãy gọi lại ngay",
}


def told(kind: str, data: Mapping[str, Any], names: Names) -> str:
    """Tell an event; a kind that is not known yet is shown by its name."""
    teller = _TELLERS.get(kind)
    return teller(data, names) if teller else f"Sự kiện “{kind}”"


def actor_name(actor: str, names: Names) -> str:
    """Name who did it: a person by name, the system as itself."""
    return names.people.get(actor, actor)


def _opened(data: Mapping[str, Any], names: Names) -> str:
    line = names.lines.get(data.get("line", ""), data.get("line", ""))
    return f"Tiếp nhận qua đường dây “{line}”" + (", không rõ cuộc gọi" if data.get("orphan") else "")


def _structured(data: Mapping[str, Any], names: Names) -> str:
    unit = f", đơn vị: {names.unit(data['unit'])}" if data.get("unit") else ""
    return f"Lập phản ánh từ lời nói, gợi ý lĩnh vực: {wording.category(data.get('category'))}{unit}"


def _changed_unit(data: Mapping[str, Any], names: Names) -> str:
    before, after = names.unit(data.get("unit_before")), names.unit(data.get("unit_after"))
    return f"Chọn đơn vị: {after}" if not data.get("unit_before") else f"Đổi đơn vị: từ {before} sang {after}"


def _edited(data: Mapping[str, Any], _names: Names) -> str:
    return "Sửa " + ", ".join(FIELDS.get(name, name) for name in data.get("fields", ()))


def _taken_over(data: Mapping[str, Any], names: Names) -> str:
    holder = actor_name(str(data.get("holder_before", "")), names)
    return f"Lấy lại từ {holder} để " + ("tự xử lý" if data.get("kept") else "người khác nhận")


def _question(data: Mapping[str, Any]) -> str:
    question = str(data.get("question", ""))
    return wording.QUESTIONS.get(question, question)


def _corrected(data: Mapping[str, Any]) -> str:
    words = f"bản chép lời “{_question(data)}”"
    if data.get("restored"):
        return f"Trở lại {words} lần {data['restored']} (thành lần {data.get('revision')})"
    return f"Sửa {words} (lần {data.get('revision')})"


def _because(told_as: str, name: str) -> Callable[[Mapping[str, Any], Names], str]:
    return lambda data, _names: f"{told_as}: {data.get(name) or '(không ghi lý do)'}"


def _fixed(text: str) -> Callable[[Mapping[str, Any], Names], str]:
    return lambda _data, _names: text


def _file(did: str) -> Callable[[Mapping[str, Any], Names], str]:
    return lambda data, _names: f"{did} tệp đính kèm ({KIND_NAMES.get(data.get('type', ''), 'tệp')})"


def _about(told_as: str) -> Callable[[Mapping[str, Any], Names], str]:
    def tell(data: Mapping[str, Any], _names: Names) -> str:
        why = f": {data['why']}" if data.get("why") else ""
        other = readable(str(data["other"])) if data.get("other") else "của kênh bảo mật"
        return f"{told_as} {other}{why}"

    return tell


def _undone(data: Mapping[str, Any], _names: Names) -> str:
    kind = str(data.get("undone", {}).get("kind", ""))
    return f"Hoàn tác “{ACTS.get(kind, kind)}”"


def _asker(data: Mapping[str, Any], names: Names) -> str:
    return actor_name(str(data.get("asker", "")), names)


def _looked(data: Mapping[str, Any], _names: Names) -> str:
    how = "Xem danh tính ngay vì khẩn cấp" if data.get("unasked") else "Xem danh tính người phản ánh"
    return f"{how}: {data.get('why') or '(không ghi lý do)'}"


def _status(data: Mapping[str, Any]) -> str:
    known = {status.value: label for status, label in LABELS.items()}
    return known.get(data.get("after", ""), known[Status.REVIEW])


_TELLERS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "opened": _opened,
    "recording_added": lambda data, _: f"Nhận bản ghi “{_question(data)}”",
    "recording_deleted": _fixed("Xóa bản ghi vì hết thời hạn lưu"),
    "held": _because("Giữ bản ghi theo yêu cầu pháp lý", "why"),
    "released": _because("Thôi giữ bản ghi theo yêu cầu pháp lý", "why"),
    "emergency_key": lambda data, _: _EMERGENCY_KEY[bool(data.get("unreached"))],
    "call_ended": _fixed("Cuộc gọi kết thúc"),
    "structure": _structured,
    "edited": _edited,
    "transcript_corrected": lambda data, _: _corrected(data),
    "confirm": lambda data, names: f"Xác nhận; chuyển cho {names.unit(data.get('unit'))}",
    "change_unit": _changed_unit,
    "forward_asked": _fixed("Yêu cầu chuyển ngay"),
    "letter_written": lambda data, names: f"Soạn phiếu chuyển gửi {names.unit(data.get('unit'))}",
    "forward": lambda data, names: f"Đã chuyển đến {names.unit(data.get('unit'))}",
    "acknowledge": _fixed("Đơn vị báo đã nhận"),
    "reply": _fixed("Ghi nhận trả lời của đơn vị"),
    "reply_accepted": _fixed("Chấp nhận trả lời của đơn vị"),
    "send_back": _because("Gửi lại đơn vị để trả lời lại", "why"),
    "file_added": _file("Thêm"),
    "file_taken": _file("Tải về"),
    "file_shared": _file("Cho đơn vị xem"),
    "file_hidden": _file("Thôi cho đơn vị xem"),
    "file_removed": _file("Gỡ"),
    "file_restored": _file("Lấy lại"),
    "note_added": _fixed("Thêm ghi chú nội bộ"),
    "note_removed": _fixed("Gỡ ghi chú nội bộ"),
    "note_restored": _fixed("Lấy lại ghi chú nội bộ"),
    "close": _because("Kết thúc", "why"),
    "set_aside": _because("Không xử lý tiếp", "why"),
    "reopen": lambda data, _: f"Mở lại ({_status(data)}): {data.get('why') or '(không ghi lý do)'}",
    "taken": _fixed("Nhận xử lý"),
    "given_back": _fixed("Trả lại hàng đợi để người khác nhận"),
    "taken_over": _taken_over,
    "return_to_queue": _fixed("Trả về chờ kiểm tra"),
    "undone": _undone,
    "linked": _about("Liên kết với phản ánh"),
    "kept_apart": _about("Ghi nhận không liên quan đến phản ánh"),
    "link_undone": _about("Hoàn tác quyết định về phản ánh"),
    "merge": _about("Gộp vào phản ánh"),
    "took_over": _about("Nhận gộp phản ánh"),
    "merge_undone": _about("Hoàn tác việc gộp với phản ánh"),
    "split_off": _about("Tách một phần sang phản ánh"),
    "split_from": _about("Tách ra từ phản ánh"),
    "split_undone": _about("Hoàn tác việc tách với phản ánh"),
    "caller_muted": _because("Tạm chặn số gọi đến", "why"),
    "call_muted": _fixed("Số gọi đến đang bị tạm chặn"),
    "played": lambda data, _: f"Nghe bản ghi “{_question(data)}”",
    "identity_asked": _because("Xin xem danh tính người phản ánh", "why"),
    "identity_granted": lambda data, names: f"Đồng ý cho {_asker(data, names)} xem danh tính trong 24 giờ",
    "identity_refused": lambda data, names: f"Từ chối cho {_asker(data, names)} xem danh tính: {data.get('words')}",
    "identity_withdrawn": lambda data, names: f"Thu lại việc cho {_asker(data, names)} xem danh tính",
    "identity_viewed": _looked,
    "disguise_asked": lambda data, _: f"Yêu cầu tạo bản đã đổi giọng của “{_question(data)}”",
    "redaction_changed": lambda data, _: f"Sửa phần che danh tính ở “{_question(data)}”",
    "alarm_raised": _because("Báo động khẩn cấp", "reason"),
    "mail_sent_again": lambda data, _: f"Quyết định gửi lại thư cho {data.get('recipient')}",
    "mail_counted_sent": lambda data, _: f"Xác nhận thư đã tới {data.get('recipient')}",
}
