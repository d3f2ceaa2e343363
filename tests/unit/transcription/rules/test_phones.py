import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.rules.number_words import DIGITS
from transcription.rules.phones import find_phones, phone_kind
from transcription.rules.text import words_of

SPOKEN = {str(value): word for word, value in DIGITS.items()}
MOBILE_PREFIXES = ["032", "039", "056", "059", "070", "079", "081", "086", "090", "097", "098"]


def numbers(text: str) -> list[str]:
    return [match.digits for match in find_phones(words_of(text))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("số tôi 0901 736 258, cần gì đem lên", "0901736258"),
        ("0901.736.258", "0901736258"),
        ("0901-736-258", "0901736258"),
        ("+84901736258", "0901736258"),
        ("cộng tám bốn chín không một bảy ba sáu hai năm tám", "0901736258"),
        ("không chín không một bảy ba sáu hai năm tám", "0901736258"),
        ("không chín không một bẩy ba sáu hai lăm tám", "0901736258"),
        ("không chín mươi mốt hai ba bốn năm sáu bảy tám", "0912345678"),
        ("không chín mốt hai ba bốn năm sáu bảy tám", "0912345678"),
        ("không chín trăm lẻ hai ba số bảy một hai ba năm", "0902777123"),
        ("không chín trăm linh hai bảy trăm bảy mươi bảy một hai ba", "0902777123"),
        ("không ba sáu tám mười hai ba bốn năm sáu", "0368123456"),
        ("không chín mười hai ba bốn năm sáu bảy tám", "0912345678"),
        ("không tám sáu chín ờ hai không dạ bốn bốn rồi một bảy nghen", "0869204417"),
        ("không chín tám chấm ba bốn năm chấm sáu bảy tám chín", "0983456789"),
        ("không chín lẻ ba một hai ba bốn năm sáu", "0903123456"),
        ("không ba chín sáu năm trăm tám mốt bảy bốn không", "0396581740"),
        ("số không chín đá tám một sáu không hai bảy bốn", "0938160274"),
        ("công chín bảy sáu năm bốn không tám ai ba", "0976540823"),
        ("(028) 3829 1234", "02838291234"),
        ("không chín không hai con tám một hai ba bốn năm", "0908812345"),
        ("không hai tám ba tám hai bốn bảy hai hai không", "02838247220"),
        ("một chín không không sáu ba tám năm sáu ba", "1900638563"),
        ("số em chín không một bảy ba sáu hai năm tám", "0901736258"),
        ("khong chin khong mot bay ba sau hai nam tam", "0901736258"),
        ("số tôi 0901 736 258, 2 ngày nữa gọi", "0901736258"),
        ("không chín không một bảy ba sáu hai năm tám hai ngày nữa gọi", "0901736258"),
    ],
)
def test_a_phone_number_is_heard_in_every_form(said: str, expected: str) -> None:
    assert numbers(said) == [expected]


@pytest.mark.parametrize(
    "said",
    [
        "một một năm phải không",
        "hồ sơ hát hai chín chấm hai lăm chấm hai năm một hai hai hai chấm không ba không một",
        "hồ sơ hát hai chín chấm hai lăm chậm hai năm mộc hai không một chậm thông bốn năm sáu",
        "số hồ sơ 2026-0118-77",
        "căn cước số không bảy chín một chín ba không một hai ba bốn năm",
        "đóng 12.800.000 đồng",
        "hai mươi triệu năm trăm ngàn",
        "không biết không rõ",
        "",
    ],
)
def test_other_numbers_are_no_phones(said: str) -> None:
    assert numbers(said) == []


def test_a_misheard_digit_is_guessed_with_less_sureness() -> None:
    [clear] = find_phones(["không", "chín", "không", "tám", "ba", "một", "sáu", "bốn", "bảy", "hai"])
    [guessed] = find_phones(["không", "chín", "không", "tắm", "ba", "một", "sáu", "bốn", "bảy", "hai"])
    assert guessed.digits == clear.digits == "0908316472"
    assert guessed.sureness < clear.sureness


def test_a_number_of_the_wrong_length_is_kept_only_where_a_phone_was_announced_and_hardly_sure() -> None:
    assert numbers("chín chín chín chín chín chín chín chín chín một một") == []
    [match] = find_phones(["số", "điện", "thoại", "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám"])
    assert (match.kind, match.digits) == ("unknown", "012345678")
    assert match.sureness < 0.5


@pytest.mark.parametrize(
    ("digits", "kind"),
    [
        ("0901736258", "mobile"),
        ("0563318240", "mobile"),
        ("0111111111", "unknown"),
        ("02838247220", "landline"),
        ("02543852222", "landline"),
        ("1900638563", "service"),
        ("19009095", "service"),
        ("115", "unknown"),
    ],
)
def test_kinds_follow_the_numbering_plan(digits: str, kind: str) -> None:
    assert phone_kind(digits) == kind


@given(st.sampled_from(MOBILE_PREFIXES), st.integers(0, 9_999_999))
def test_any_mobile_number_said_digit_by_digit_is_heard(prefix: str, rest: int) -> None:
    digits = f"{prefix}{rest:07}"
    said = [SPOKEN[digit] for digit in digits]
    assert [match.digits for match in find_phones(["số", *said, "nha"])] == [digits]
