"""What was typed into a form that could not be taken, because the session had ended: carried over the log-in."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Request, request

from casebook.rules.policy import ROLE_NAMES
from casebook.rules.unit_names import REGIONS
from casebook.web.doors import KEPT_UNDER
from casebook.web.shown import Views
from config.directory.store import lines_of

KEPT = "kept."
"""Begins the names of fields that a log-in page carries for somebody whose session ended while typing."""

SECRETS = frozenset({"csrf_token", "proof", "password", "old", "new", "again", "code", "step"})
"""What is never kept: passwords, one-time codes, and what proves that a form is ours."""

UNTYPED = frozenset({"version", "list", "next", "seen", "do", "on"})
"""What pages write into their forms by themselves: a post of nothing else lost no words."""

LABELS = {
    "category": "Lĩnh vực",
    "subject": "Cơ sở được phản ánh",
    "unit": "Đơn vị có trách nhiệm",
    "level": "Mức xử lý",
    "summary": "Tóm tắt",
    "text": "Bản chép lời",
    "why": "Lý do",
    "words": "Nội dung",
    "name": "Tên",
    "number": "Số điện thoại",
    "aliases": "Tên gọi khác",
    "greeting": "Lời chào",
    "notice_text": "Lời báo ghi âm",
    "email": "Thư điện tử",
}
"""What fields are called where they are shown again."""

CHOICES = {"roles": "Vai trò", "lines": "Chỉ thấy các đường dây", "regions": "Chỉ thấy các khu vực"}
"""What lists of boxes are called, of which several may be ticked."""

BUTTONS = {
    "forward": "Xác nhận và chuyển ngay",
    "confirm": "Xác nhận, chuyển theo lượt",
    "grant": "Đồng ý trong 24 giờ",
    "refuse": "Từ chối",
}
"""What is about to be done, where that is more than saving."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed: where it was posted, and the fields in their order; a list of boxes is a field for each."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The fields that a person typed."""
        return [(name, text) for name, text in self.fields if name in LABELS and text]

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The boxes that were ticked, by the name of their list."""
        found = {name: [text for field, text in self.fields if field == name] for name in CHOICES}
        return {name: values for name, values in found.items() if values}

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The fields that go along unseen."""
        return [(name, text) for name, text in self.fields if name not in CHOICES and not (name in LABELS and text)]

    @property
    def button(self) -> str:
        """What the button says that sends it again."""
        return BUTTONS.get(dict(self.fields).get("do", ""), "Lưu")

    @classmethod
    def of(cls, path: str, fields: list[tuple[str, str]]) -> Kept | None:
        """Keep what may be kept; None where that is nothing that somebody typed."""
        kept = tuple((name, text) for name, text in fields if name not in SECRETS)
        return cls(path, kept) if any(text and name not in UNTYPED for name, text in kept) else None


def kept_from(asked: Request) -> Kept | None:
    """Keep what was posted where we keep it; None for any other post, and for one from another site."""
    origin = urlsplit(asked.headers.get("Origin", ""))
    foreign = asked.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    if asked.method != "POST" or foreign or (origin.netloc and origin.netloc != asked.host):
        return None
    return Kept.of(asked.path, list(asked.form.items(multi=True))) if asked.path.startswith(KEPT_UNDER) else None


def kept_again() -> Kept | None:
    """Read what a log-in page carried."""
    path = request.form.get("kept_path", "")
    carried = [(name, text) for name, text in request.form.items(multi=True) if name.startswith(KEPT)]
    fields = [(name.removeprefix(KEPT), text) for name, text in carried]
    return Kept.of(path, fields) if path.startswith(KEPT_UNDER) and ".." not in path else None


@dataclass(frozen=True, slots=True)
class TypedAgain(Views):
    """The page that shows again what was typed, to be sent once more."""

    def page(self, kept: Kept, status: int) -> tuple[str, int]:
        """Show it; what was ticked is called by its name."""
        with self.begin() as session:
            lines = {line.slug: line.name for line in lines_of(session)}
        titles = {"roles": {role.value: title for role, title in ROLE_NAMES.items()}, "regions": REGIONS}
        return self.show(
            None, "typed_again.html", status, kept=kept, labels=LABELS, lists=CHOICES, titles=titles, lines=lines
        )
