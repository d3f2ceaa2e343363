"""What people did at the desk beside the cases, told in plain Vietnamese, and the kinds an auditor asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casebook.rules.timeline import Names, told

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "doors": ("Đăng nhập, đăng xuất", ("login", "login_refused", "logout")),
    "listening": ("Nghe bản ghi", ("played",)),
    "identity": ("Danh tính người phản ánh", ("identity_viewed",)),
    "exports": ("Tải dữ liệu ra", ("exported", "accounts_exported")),
    "people": (
        "Tài khoản",
        ("account_made", "account_closed", "account_opened", "roles_changed", "password_changed", "password_reset"),
    ),
    "proof": ("Kiểm tra nhật ký", ("chains_sealed", "chains_proven", "proof_asked")),
}
"""Groups of kinds by the name that a URL says, with their title."""


def told_at_desk(kind: str, data: Mapping[str, Any], names: Names) -> str:
    """Tell an event of the desk; a kind of a case's events is told as there."""
    teller = _TELLERS.get(kind)
    return teller(data) if teller else told(kind, data, names)


def _fixed(text: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda _data: text


def _proven(data: Mapping[str, Any]) -> str:
    broken = data.get("broken")
    if not broken:
        return f"Kiểm tra nhật ký: còn nguyên ({data.get('events')} sự kiện)"
    where = f"phản ánh {broken['code']}" if broken.get("code") else "nhật ký chung"
    return f"Kiểm tra nhật ký: ĐỨT ở {where}, sự kiện số {broken.get('number')}: {broken.get('why')}"


_TELLERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "login": _fixed("Đăng nhập"),
    "login_refused": _fixed("Đăng nhập không thành công"),
    "logout": _fixed("Đăng xuất"),
    "account_made": lambda data: f"Tạo tài khoản {data.get('account')}",
    "account_closed": lambda data: f"Đóng tài khoản {data.get('account')}",
    "account_opened": lambda data: f"Mở lại tài khoản {data.get('account')}",
    "roles_changed": lambda data: f"Đổi vai trò của {data.get('account')}",
    "password_changed": _fixed("Đổi mật khẩu"),
    "password_reset": lambda data: f"Đặt lại mật khẩu của {data.get('account')}",
    "exported": lambda data: f"Tải danh sách phản ánh ({data.get('rows')} dòng)",
    "accounts_exported": lambda data: f"Tải bảng theo đơn vị ({data.get('days')} ngày)",
    "retried": _fixed("Cho làm lại một bước mắc lỗi"),
    "daily_asked": lambda data: f"Yêu cầu gửi thư tổng hợp ngày {data.get('day')}",
    "mail_sent_again": _fixed("Gửi lại một thư"),
    "mail_counted_sent": _fixed("Xác nhận một thư đã tới"),
    "chains_sealed": lambda data: f"Niêm phong {data.get('events')} sự kiện phản ánh",
    "chains_proven": _proven,
    "proof_asked": _fixed("Yêu cầu kiểm tra nhật ký"),
}
