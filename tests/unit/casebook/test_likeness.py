"""How alike two stories are, and the marks by which nearly equal ones find each other."""

from __future__ import annotations

import random

import pytest

from casebook.rules.likeness import ALIKE, BANDS, likeness, marks_of, runs_of
from transcription.rules.text import fold

QUEUE = fold(
    "sáng nay tôi đưa mẹ đi khám ở bệnh viện chợ rẫy chờ từ sáu giờ đến mười một giờ mà không ai gọi tên"
    " hỏi thì cô điều dưỡng quát là không chờ được thì đi chỗ khác"
)
BILL = fold(
    "tuần trước phòng khám thu tôi năm triệu đồng tiền siêu âm nhưng không đưa hóa đơn bác sĩ còn bảo tôi"
    " phải mua thêm thuốc bổ mới khỏi bệnh tôi thấy rất vô lý"
)


def misheard(text: str, share: float) -> str:
    """The same words as another pass of a speech engine may hear them."""
    chance = random.Random(5)
    return " ".join("nham" if chance.random() < share else word for word in text.split())


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        (QUEUE, QUEUE, 1.0, 1.0),
        (QUEUE, BILL, 0.0, 0.05),
        (QUEUE, misheard(QUEUE, 0.06), 0.5, 0.99),
        (QUEUE, f"{QUEUE} tôi gọi lần thứ hai rồi", 0.7, 0.99),
        (f"1234567897 {QUEUE}", f"9876543210 {QUEUE}", 1.0, 1.0),
        (QUEUE, "", 0.0, 0.0),
        ("alo alo", "alo alo", 0.0, 0.0),
    ],
)
def test_stories_are_as_alike_as_the_runs_of_words_they_share(one: str, other: str, least: float, most: float) -> None:
    assert least <= likeness(one, other) <= most
    assert likeness(one, other) == likeness(other, one)


def test_what_is_withheld_makes_no_two_stories_alike() -> None:
    hidden = " ".join(["da che"] * 20)
    assert likeness(hidden, hidden) == 0.0
    assert runs_of("toi ten la [da che] o quan ba".replace("[", "").replace("]", "")) == runs_of("toi ten la o quan ba")


def test_a_story_heard_again_shares_a_mark_and_a_strange_one_does_not() -> None:
    heard_again = misheard(QUEUE, 0.06)
    assert likeness(QUEUE, heard_again) >= ALIKE
    assert set(marks_of(QUEUE)) & set(marks_of(heard_again))
    assert not set(marks_of(QUEUE)) & set(marks_of(BILL))


def test_marks_are_words_that_an_index_takes_as_they_are_and_never_change() -> None:
    marks = marks_of(QUEUE)
    assert len(marks) == BANDS
    assert all(mark.isalnum() and mark.isascii() and mark == mark.lower() for mark in marks)
    # Kept in the database: another version must find what this one wrote.
    assert marks[0] == "b0x4951efbcee"


@pytest.mark.parametrize("text", ["", "a lo", "123 456 789 000 111 222 333 444"])
def test_a_story_that_says_too_little_has_no_marks(text: str) -> None:
    assert marks_of(text) == ()
