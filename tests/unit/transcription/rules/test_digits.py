import pytest

from transcription.rules.digits import find_digit_runs
from transcription.rules.text import words_of


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("không chín một hai", "0912"),
        ("ba số bảy", "777"),
        ("bốn con tám", "8888"),
        ("hai số không ba năm", "0035"),
        ("chín mươi sáu ba mươi", "9630"),
        ("chín mươi sáu mươi", "9060"),
        ("mười hai mười ba", "1213"),
        ("tám mười hai", "812"),
        ("chín trăm lẻ hai", "902"),
        ("bảy trăm bảy mươi bảy", "777"),
        ("chín trăm", "900"),
        ("0912 345", "0912345"),
        ("không chín ờ dạ một hai", "0912"),
    ],
)
def test_digits_are_strung_together_from_every_way_of_saying_them(said: str, digits: str) -> None:
    assert [run.digits for run in find_digit_runs(words_of(said))] == [digits]


def test_a_generous_hearing_mends_tens_and_a_misheard_beginning() -> None:
    [run] = find_digit_runs(["chín", "mười", "hai", "bốn"], generous=True)
    assert run.digits == "924"
    assert [run.digits for run in find_digit_runs("hong chín không".split(), generous=True)] == ["090"]
    assert find_digit_runs("hong chín không".split()) == []


def test_a_misheard_word_counts_only_between_digits() -> None:
    [run] = find_digit_runs(["không", "chín", "tắm", "một", "nằm"])
    assert (run.digits, run.doubtful) == ("0981", 1)
    assert find_digit_runs(["tắm", "nằm", "sau", "bay"], at_least=2) == []


def test_separators_said_aloud_are_kept_with_the_piece_they_precede() -> None:
    [run] = find_digit_runs(["hai", "chín", "chấm", "hai", "lăm", "gạch", "không", "một"])
    assert [piece.separator for piece in run.pieces] == ["", "", ".", "", "-", ""]
