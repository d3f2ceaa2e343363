"""Mails to the people of the desk about their accounts, and about looks at who called.

What a link opens acts only when its form is sent: programs that read mail follow every link.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import render
from casebook.models import Case, IdentityRequest, User
from casebook.rules import wording
from casebook.rules.policy import ROLE_NAMES, Permission, Role
from casebook.service import outbox, users
from casebook.tools import House

IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a mail says: a few sentences, facts by name, one button."""

    title: str
    paragraphs: tuple[str, ...]
    link: str
    button: str
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""

    def values(self, name: str, city: str) -> dict[str, Any]:
        """Give what the template shows to `name`."""
        own = {slot: getattr(self, slot) for slot in ("title", "paragraphs", "link", "button", "facts", "note")}
        return {**own, "name": name, "city": city}


@dataclass(frozen=True, slots=True)
class Post:
    """The way to the outbox: who writes, when, and about which case."""

    session: Session
    house: House
    now: datetime
    kind: str
    case_id: UUID | None = None
    key: str = field(default_factory=lambda: str(uuid4()))

    def to(self, recipients: Iterable[tuple[str, str]], notice: Notice) -> None:
        """Write a mail to each (address, name)."""
        for address, name in recipients:
            rendered = render("notice", notice.values(name, self.house.city))
            draft = outbox.Draft(
                kind=self.kind,
                dedupe_key=f"{self.kind}:{self.key}:{address}",
                recipient=address,
                subject=notice.title,
                text=rendered.text,
                html=rendered.html,
                case_id=self.case_id,
            )
            outbox.post(self.session, draft, self.house.mail_from, self.now)


def invitation(roles: Iterable[Role], link: str, until: datetime) -> Notice:
    """Ask somebody to choose a password for their new account."""
    return Notice(
        "Mời dùng bàn làm việc đường dây nóng",
        ("Anh/chị được mở một tài khoản trên hệ thống đường dây nóng của Sở Y tế. Hãy chọn mật khẩu để bắt đầu.",),
        link,
        "Chọn mật khẩu",
        (("Vai trò", _roles(roles)), ("Liên kết dùng được đến", wording.moment(until))),
        "Liên kết chỉ dùng được một lần. Nếu không biết vì sao nhận thư này, hãy bỏ qua: không có gì xảy ra.",
    )


def reset(link: str, until: datetime) -> Notice:
    """Let somebody who forgot it choose a new password."""
    return Notice(
        "Đặt lại mật khẩu bàn làm việc",
        ("Có người, có lẽ là anh/chị, xin đặt lại mật khẩu của tài khoản này.",),
        link,
        "Đặt mật khẩu mới",
        (("Liên kết dùng được đến", wording.moment(until)),),
        "Không phải anh/chị xin? Hãy bỏ qua thư này: mật khẩu cũ vẫn dùng được.",
    )


def factor_reset(house: House) -> Notice:
    """Tell somebody that their second factor was taken away."""
    return Notice(
        "Bước xác thực thứ hai đã được đặt lại",
        ("Người vận hành vừa đặt lại bước xác thực thứ hai của tài khoản này. Hãy thiết lập lại ở lần đăng nhập tới.",),
        f"{house.base_url}/desk/login",
        "Đăng nhập",
        note="Không phải anh/chị nhờ? Hãy báo ngay cho Chánh Thanh tra.",
    )


def rights_given(user: User, gained: Iterable[Role], by: str, house: House) -> Notice:
    """Tell those who answer for secrets that somebody else may read them from now on."""
    return Notice(
        f"Trao quyền đọc nội dung mật: {user.name}",
        ("Một tài khoản được trao vai trò đọc kênh bảo mật hoặc quyết định việc xem danh tính người phản ánh.",),
        f"{house.base_url}/desk/",
        "Mở bàn làm việc",
        (("Tài khoản", f"{user.name} ({user.email})"), ("Vai trò mới", _roles(gained)), ("Người trao", by)),
        "Nếu việc này không đúng, hãy báo ngay cho người vận hành và kiểm toán.",
    )


def identity_asked(request: IdentityRequest, asker: str, house: House) -> Notice:
    """Ask a custodian to decide."""
    return Notice(
        f"Yêu cầu xem danh tính, phản ánh {request.code}",
        ("Một thanh tra viên xin xem ai đã gọi. Hãy đồng ý hoặc từ chối.",),
        f"{house.base_url}/desk/identity",
        "Xem và quyết định",
        (("Mã số", request.code), ("Người hỏi", asker), ("Lý do", request.why)),
    )


def identity_decided(request: IdentityRequest, house: House) -> Notice:
    """Tell who asked what the custodian decided."""
    facts = [("Mã số", request.code), ("Lý do của anh/chị", request.why)]
    if request.granted:
        title, said = (
            f"Được xem danh tính, phản ánh {request.code}",
            "Yêu cầu được đồng ý. Mỗi lần xem đều được ghi lại.",
        )
        facts.append(("Được xem đến", wording.moment(request.good_until)))
    else:
        title, said = f"Không được xem danh tính, phản ánh {request.code}", "Yêu cầu bị từ chối."
    if request.decision:
        facts.append(("Lời của người giữ danh tính", request.decision))
    return Notice(title, (said,), house.case_link(request.code), "Mở phản ánh", tuple(facts))


def glass_broken(case: Case, by: str, why: str, house: House) -> Notice:
    """Tell the custodians that somebody looked without waiting for them."""
    return Notice(
        f"Đã xem danh tính khẩn cấp, phản ánh {case.code}",
        ("Phản ánh báo nguy hiểm tính mạng; danh tính người gọi đã được xem ngay, không chờ quyết định.",),
        f"{house.base_url}/desk/identity",
        "Mở trang danh tính",
        (("Mã số", case.code), ("Người xem", by), ("Lý do", why)),
        "Hãy hỏi lại nếu lý do không thỏa đáng.",
    )


def custodians(session: Session) -> list[tuple[str, str]]:
    """List who decides about identities, by address and name."""
    return [(user.email, user.name) for user in users.who_may(session, Permission.GRANT_IDENTITY)]


def guardians(session: Session, house: House) -> list[tuple[str, str]]:
    """List who answers for secrets: custodians and chiefs; where there are none, the supervisors of the settings."""
    permissions = (Permission.GRANT_IDENTITY, Permission.READ_CONFIDENTIAL)
    found = {user.email: user.name for permission in permissions for user in users.who_may(session, permission)}
    return sorted(found.items()) or [(address, "lãnh đạo Sở") for address in house.supervisors]


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(ROLE_NAMES[role] for role in roles))
