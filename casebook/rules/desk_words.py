"""What people did at the desk beside the cases, told in plain Vietnamese, and the kinds an auditor asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from casebook.rules.timeline import Names, told

GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "doors": (
        "Đăng nhập, đăng xuất",
        ("login", "login_refused", "code_refused", "proof_refused", "logout", "session_ended", "sessions_ended"),
    ),
    "listening": ("Nghe bản ghi", ("played",)),
    "identity": (
        "Danh tính người phản ánh",
        ("identity_viewed", "identity_asked", "identity_granted", "identity_refused", "identity_withdrawn"),
    ),
    "exports": ("Tải dữ liệu ra", ("exported", "accounts_exported")),
    "people": (
        "Tài khoản",
        (
            "account_made",
            "account_closed",
            "account_opened",
            "roles_changed",
            "password_changed",
            "password_reset",
            "account_changed",
            "reading_rights_given",
            "link_sent",
            "link_used",
            "second_factor_set",
            "second_factor_reset",
            "recovery_codes_renewed",
            "recovery_code_used",
            "sign_on_linked",
        ),
    ),
    "directory": (
        "Đường dây, đơn vị, lời thoại",
        ("directory_changed", "directory_undone", "directory_redone"),
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


_THINGS = {"line": "đường dây", "unit": "đơn vị", "units": "danh sách đơn vị", "sound": "bản thu lời thoại"}


def _directory(done: str) -> Callable[[Mapping[str, Any]], str]:
    def tell(data: Mapping[str, Any]) -> str:
        thing = _THINGS.get(str(data.get("of")), "danh bạ")
        return f"{done} {thing} “{data.get('slug')}” (thay đổi số {data.get('change')})"

    return tell


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
    "code_refused": _fixed("Gõ sai mã xác thực"),
    "proof_refused": _fixed("Không chứng tỏ được mình trước khi xem nội dung mật"),
    "session_ended": lambda data: f"Đóng một phiên đăng nhập của {data.get('account')} ({data.get('browser')})",
    "sessions_ended": lambda data: f"Đóng {data.get('count')} phiên đăng nhập của {data.get('account')}",
    "account_changed": lambda data: f"Đổi tên hay phạm vi của {data.get('account')}",
    "reading_rights_given": lambda data: f"Trao quyền đọc nội dung mật cho {data.get('account')}",
    "link_sent": lambda data: f"Gửi liên kết đặt mật khẩu cho {data.get('account')}",
    "link_used": _fixed("Đặt mật khẩu bằng liên kết trong thư"),
    "second_factor_set": _fixed("Bật bước xác thực thứ hai"),
    "second_factor_reset": lambda data: f"Đặt lại bước xác thực thứ hai của {data.get('account')}",
    "recovery_codes_renewed": _fixed("Lấy mã dự phòng mới"),
    "recovery_code_used": lambda data: f"Đăng nhập bằng mã dự phòng (còn {data.get('left')})",
    "sign_on_linked": _fixed("Nối tài khoản với đăng nhập một lần"),
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
    "directory_changed": _directory("Đổi"),
    "directory_undone": _directory("Hoàn tác việc đổi"),
    "directory_redone": _directory("Làm lại việc đổi"),
    "chains_sealed": lambda data: f"Niêm phong {data.get('events')} sự kiện phản ánh",
    "chains_proven": _proven,
    "proof_asked": _fixed("Yêu cầu kiểm tra nhật ký"),
}
