import pytest

from transcription.rules.digit_sounds import digits_like
from transcription.rules.text import folded


@pytest.mark.parametrize(
    ("heard", "digit"),
    [("không", 0), ("hông", 0), ("mộc", 1), ("hài", 2), ("khai", 2), ("bà", 3), ("bổn", 4), ("nằm", 5), ("sau", 6),
     ("bẩy", 7), ("thám", 8), ("chính", 9)],
)  # fmt: skip
def test_a_misheard_digit_is_nearest_to_itself(heard: str, digit: int) -> None:
    assert digits_like(heard)[0][0] == digit


@pytest.mark.parametrize("heard", ["tôi", "gạch", "phòng", "hẹn", "79", "bhyt", ""])
def test_other_words_sound_like_no_digit(heard: str) -> None:
    assert digits_like(heard) == ()


def test_a_digit_itself_is_nothing_else() -> None:
    assert digits_like("năm") == ((5, 0.0),)
    assert digits_like("lăm") == ((5, 0.0),)


def test_the_distance_grows_with_what_differs() -> None:
    [(_, tone), *_] = digits_like("chìn")
    [(_, tone_and_ending), *_] = digits_like("chính")
    [(_, more), *_] = digits_like("chí")
    assert 0 < tone < tone_and_ending < more


def test_words_are_folded_one_by_one() -> None:
    assert folded("Đường") == "duong"
