"""What can be wrong with a line or with all lines together, field by field, in words for whoever filled it in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from config.directory.lines import CATEGORIES, Branch, Choice, Line, Question, Span
from config.directory.units import DirectoryError, Fault, complaint
from config.phone import e164, is_phone
from config.told import Told

LEAST_ANSWER = 5
"""Seconds that a question must leave to speak."""

LONGEST_ANSWER = 7200
"""Seconds: what a recording may last (`recordings.audio.MAX_DURATION_S`)."""

SILENCES = range(2, 61)
"""Seconds of silence after which an answer may count as ended."""

RINGS = range(5, 301)
"""Seconds that a desk may be rung."""

LONGEST_KEPT = 36_500
"""Days: a hundred years."""

_KEYS = re.compile(r"[0-9*#]+")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_DAYS = frozenset(range(7))


def faults_of(line: Line) -> tuple[Fault, ...]:
    """List what contradicts itself in a line, or could leave a caller stuck."""
    return (
        *_said(line),
        *_reached(line),
        *_menu(line),
        *_questions(line.questions),
        *_branches(line.branches),
        *_hours(line.hours),
        *_cases(line),
    )


def check_line(line: Line) -> None:
    """Raise DirectoryError, with its faults, where a line contradicts itself or could leave a caller stuck."""
    refuse(Told("đường dây %(slug)s", slug=line.slug), faults_of(line))


def check_lines(lines: Iterable[Line]) -> None:
    """Raise DirectoryError where lines share a slug or a number, or not exactly one is the default."""
    refuse(Told("các đường dây"), tuple(_together(tuple(lines))))


def refuse(place: str, faults: tuple[Fault, ...]) -> None:
    """Raise DirectoryError with `faults`, if there are any."""
    if faults:
        raise DirectoryError(complaint(place, faults), faults)


def _together(lines: tuple[Line, ...]) -> Iterator[Fault]:
    for slug in _repeated(line.slug for line in lines):
        yield Fault("slug", Told("hai đường dây cùng mã “%(slug)s”", slug=slug))
    numbers = [(number, line) for line in lines for number in {e164(n) for n in (line.number, *line.aliases)}]
    for number in _repeated(number for number, _ in numbers):
        names = ", ".join(f"“{line.name}”" for found, line in numbers if found == number)
        text = "số hoặc tên gọi %(number)s dùng chung cho các đường dây %(names)s"
        yield Fault("number", Told(text, number=number, names=names))
    if sum(line.is_default for line in lines) != 1:
        yield Fault("is_default", "phải có đúng một đường dây mặc định (is_default), để trả lời các số lạ")


def _said(line: Line) -> Iterator[Fault]:
    if not line.name.strip():
        yield Fault("name", "chưa có tên đường dây")
    if not line.greeting.strip():
        yield Fault("greeting", "chưa có lời chào")
    if not line.notice.text.strip():
        yield Fault("notice_text", "chưa có lời báo ghi âm")
    if not _VERSION.fullmatch(line.notice.version):
        yield Fault("notice_version", "phiên bản lời báo chỉ gồm chữ không dấu, số, dấu chấm và gạch, như 2026-2")


def _reached(line: Line) -> Iterator[Fault]:
    if not is_phone(e164(line.number)):
        yield Fault("number", Told("“%(number)s” không phải số điện thoại gọi được", number=line.number))
    for alias in line.aliases:
        if not e164(alias):
            yield Fault("aliases", Told("“%(alias)s” không dùng làm tên gọi khác của số được", alias=alias))


def _menu(line: Line) -> Iterator[Fault]:
    choices = {option.choice for option in line.menu}
    for key in _repeated(option.key for option in line.menu):
        yield Fault("menu", Told("phím %(key)s của danh mục chính được dùng hai lần", key=key))
    if not {Choice.REPORT, Choice.EMERGENCY} <= choices:
        yield Fault("menu", "danh mục chính thiếu phím phản ánh hoặc phím cấp cứu")
    if (Choice.GUIDANCE in choices) != bool(line.branches):
        yield Fault("branches", "đường dây có phím hướng dẫn thì phải có ít nhất một nhánh, không có phím thì không")


def _questions(questions: tuple[Question, ...]) -> Iterator[Fault]:
    for key in _repeated(question.key for question in questions):
        yield Fault("questions", Told("câu hỏi “%(key)s” có hai lần", key=key))
    if not any(question.required for question in questions):
        yield Fault("questions", "phải có ít nhất một câu bắt buộc, nếu không cuộc gọi có thể kết thúc mà chưa nói gì")
    for question in questions:
        field = f"question_{question.key}"
        if not LEAST_ANSWER <= question.max_seconds <= LONGEST_ANSWER:
            yield Fault(
                field,
                Told("thời gian nói phải từ %(least)s đến %(most)s giây", least=LEAST_ANSWER, most=LONGEST_ANSWER),
            )
        if question.silence_seconds not in SILENCES:
            yield Fault(
                field, Told("khoảng lặng phải từ %(least)s đến %(most)s giây", least=SILENCES[0], most=SILENCES[-1])
            )
        if not _KEYS.fullmatch(question.finish_keys):
            yield Fault(field, "phím kết thúc chỉ gồm các phím 0-9, * và #, ít nhất một phím")


def _branches(branches: tuple[Branch, ...]) -> Iterator[Fault]:
    for key in _repeated(branch.key for branch in branches):
        yield Fault("branches", Told("phím %(key)s của danh mục hướng dẫn được dùng hai lần", key=key))
    for branch in branches:
        field = f"branch_{branch.key}"
        if branch.key not in "123456789" or len(branch.key) != 1:
            yield Fault(field, Told("phím “%(key)s” của nhánh phải là một phím từ 1 đến 9", key=branch.key))
        if not branch.name.strip():
            yield Fault(field, Told("nhánh phím %(key)s chưa có tên", key=branch.key))
        if not e164(branch.target):
            yield Fault(field, Told("nhánh phím %(key)s chưa có số máy hoặc địa chỉ SIP gọi được", key=branch.key))
        if branch.ring_seconds not in RINGS:
            yield Fault(
                field, Told("thời gian đổ chuông phải từ %(least)s đến %(most)s giây", least=RINGS[0], most=RINGS[-1])
            )


def _hours(hours: tuple[Span, ...]) -> Iterator[Fault]:
    for place, span in enumerate(hours):
        field = f"hours_{place}"
        if not span.days or not set(span.days) <= _DAYS:
            yield Fault(field, "khung giờ làm việc chưa chọn ngày nào")
        if span.start >= span.end:
            start, end = f"{span.start:%H:%M}", f"{span.end:%H:%M}"
            yield Fault(field, Told("giờ bắt đầu %(start)s phải trước giờ kết thúc %(end)s", start=start, end=end))


def _cases(line: Line) -> Iterator[Fault]:
    if not 1 <= line.retention_days <= LONGEST_KEPT:
        text = "bản ghi phải được giữ ít nhất 1 ngày, nhiều nhất %(days)s ngày"
        yield Fault("retention_days", Told(text, days=LONGEST_KEPT))
    for category in {*line.auto_forward, line.category} - {"", *CATEGORIES}:
        yield Fault("category", Told("không có lĩnh vực “%(category)s”", category=category))
    if line.confidential and line.auto_forward:
        yield Fault("auto_forward", "đường dây bảo mật không được tự chuyển: mỗi phản ánh phải có người xác nhận")


def _repeated(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, count in Counter(names).items() if count > 1)
