"""Texts with values, said again in another language."""

from __future__ import annotations

import pytest

from config.directory.line_checks import refuse
from config.directory.units import DirectoryError, Fault
from config.errors import PermanentError
from config.told import Told, Written, said

ENGLISH = {
    "%(n)s tệp": "%(n)s files",
    "Đang ở “%(state)s”.": "Its state is “%(state)s”.",
    "Chờ chuyển": "Waiting",
    "đường dây %(slug)s": "line %(slug)s",
    "chưa có tên": "no name",
}


def english(text: str) -> str:
    return ENGLISH.get(text, text)


@pytest.mark.parametrize(
    ("text", "vietnamese", "other"),
    [
        (Told("%(n)s tệp", n=12), "12 tệp", "12 files"),
        (Told("Đang ở “%(state)s”.", state=Told("Chờ chuyển")), "Đang ở “Chờ chuyển”.", "Its state is “Waiting”."),
        (Told("Đang ở “%(state)s”.", state="Chờ chuyển"), "Đang ở “Chờ chuyển”.", "Its state is “Chờ chuyển”."),
        (Told("Giảm 50%"), "Giảm 50%", "Giảm 50%"),
        (Told("%(n)s tệp", n="50%(n)s"), "50%(n)s tệp", "50%(n)s files"),
        ("Chờ chuyển", "Chờ chuyển", "Waiting"),
        ("", "", ""),
    ],
)
def test_a_text_is_said_in_another_language_with_its_own_values(text: str, vietnamese: str, other: str) -> None:
    assert text == vietnamese
    assert said(text, english) == other


WRITTEN = Written(
    (
        "Nhà cung cấp trả lời HTTP %(status)s.",
        "Nhà cung cấp trả lời HTTP %(status)s khi tải bản ghi.",
        "Máy chủ thư từ chối. (%(reply)s)",
        "Bản %(name)s khác với bản %(name)s đã ghi.",
        "%(one)s và %(other)s",
        "Đang ở đâu đó không có giá trị nào.",
    )
)


@pytest.mark.parametrize(
    ("kept", "written", "values"),
    [
        ("Nhà cung cấp trả lời HTTP 500.", "Nhà cung cấp trả lời HTTP %(status)s.", {"status": "500"}),
        (
            "Nhà cung cấp trả lời HTTP 500 khi tải bản ghi.",
            "Nhà cung cấp trả lời HTTP %(status)s khi tải bản ghi.",
            {"status": "500"},
        ),
        (
            "Máy chủ thư từ chối. (550 100% no\nsuch (user))",
            "Máy chủ thư từ chối. (%(reply)s)",
            {"reply": "550 100% no\nsuch (user)"},
        ),
        ("Bản a khác với bản a đã ghi.", "Bản %(name)s khác với bản %(name)s đã ghi.", {"name": "a"}),
    ],
)
def test_what_was_kept_filled_in_is_found_again_with_its_values(
    kept: str, written: str, values: dict[str, str]
) -> None:
    found = WRITTEN.recall(kept)
    assert isinstance(found, Told)
    assert (found, found.text, found.values) == (kept, written, values)


@pytest.mark.parametrize("kept", ["", "Connection refused", "Bản a khác với bản b đã ghi.", "Cha và mẹ người bệnh"])
def test_what_nobody_wrote_stays_as_it_is(kept: str) -> None:
    assert WRITTEN.recall(kept) is kept


def test_an_error_keeps_the_values_that_its_plain_words_have_lost() -> None:
    error = PermanentError(Told("%(n)s tệp", n=2))
    assert str(error) == "2 tệp"
    assert said(error.told, english) == "2 files"


def test_an_error_without_words_says_its_docstring() -> None:
    assert PermanentError().told == PermanentError.__doc__


def test_all_that_is_wrong_in_one_place_is_said_at_once() -> None:
    faults = (Fault("name", "chưa có tên"), Fault("n", Told("%(n)s tệp", n=1)))
    with pytest.raises(DirectoryError) as refused:
        refuse(Told("đường dây %(slug)s", slug="tc"), faults)
    assert str(refused.value) == "đường dây tc: chưa có tên; 1 tệp"
    assert said(refused.value.told, english) == "line tc: no name; 1 files"
