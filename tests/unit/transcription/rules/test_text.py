import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.rules.text import clean, fold, nfc, syllables, tone_of, without_tone


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Bệnh viện Quận Hai", "benh vien quan hai"),
        ("Đường  Đinh Tiên Hoàng,\tTP.HCM", "duong dinh tien hoang tp hcm"),
        ("ĐƯỢC được", "duoc duoc"),
        ("khám_chữa-bệnh", "kham chua benh"),
        ("", ""),
        ("...", ""),
    ],
)
def test_folding_keeps_only_plain_letters_digits_and_single_spaces(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("thuý", "thúy"),
        ("khoẻ", "khỏe"),
        ("Hoàn", "hoàn"),
        ("quý", "quý"),
        ("qúy", "quý"),
        ("gìơ", "giờ"),
        ("giếng", "giếng"),
        ("gì", "gì"),
        ("khuỷu", "khuỷu"),
        ("ngoại", "ngoại"),
        ("thuở", "thuở"),
        ("của", "của"),
        ("mía", "mía"),
        ("được", "được"),
        ("Nguyễn", "nguyễn"),
    ],
)
def test_a_syllable_has_one_spelling_wherever_its_tone_mark_was_put(one: str, other: str) -> None:
    assert syllables(one) == [other]
    assert syllables(unicodedata.normalize("NFD", one)) == [other]


def test_i_and_y_are_left_as_written() -> None:
    assert syllables("bác sĩ, bác sỹ, công ty") == ["bác", "sĩ", "bác", "sỹ", "công", "ty"]


def test_foreign_words_and_numbers_pass_untouched() -> None:
    assert syllables("Café 115 covid-19") == ["café", "115", "covid", "19"]


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("<b>đau</b> bụng", "đau  bụng"),
        ("a < b > c", "a < b > c"),
        ("đau\x00bụng\u200b", "đau bụng"),
        ("x<!-- bỏ -->y", "x y"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("&lt;i&gt;đau", "đau"),
    ],
)
def test_cleaning_removes_markup_and_invisible_characters(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


@given(st.text())
def test_cleaning_and_folding_any_text_give_stable_results(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert nfc(clean(text)) == clean(text)
    assert " ".join(syllables(text)) == nfc(" ".join(syllables(text)))


def test_a_syllable_gives_its_tone_and_its_shape() -> None:
    assert tone_of("được") == "\u0323"
    assert tone_of("hai") == ""
    assert without_tone("mười") == "mươi"
