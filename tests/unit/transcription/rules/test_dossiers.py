import pytest

from transcription.rules.dossiers import find_dossiers
from transcription.rules.text import words_of


def codes(text: str) -> list[str]:
    return [match.code for match in find_dossiers(words_of(text))]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Hồ sơ H29.25.260105.0012, tôi rút rồi", "H29.25.260105.0012"),
        ("mã H29.25-251127-0085, theo quy định", "H29.25-251127-0085"),
        ("mã 000.17.25.H29-230101-0001", "000.17.25.H29-230101-0001"),
        (
            "hờ hai chín chấm hai mươi lăm chấm hai sáu không một không năm chấm không không một hai",
            "H29.25.260105.0012",
        ),
        (
            "hát hai chín chấm hai lăm chấm hai sáu không một không năm chấm không không một hai",
            "H29.25.260105.0012",
        ),
        (
            "hắt hai mươi chín chấm hai nhăm chấm hai sáu không một không năm chấm hai số không mười hai",
            "H29.25.260105.0012",
        ),
        ("hát hai chín hai lăm hai sáu không một không năm không không một hai", "H29.25.260105.0012"),
        (
            "hát hai chín chấm hai mươi lăm gạch hai năm một một hai bảy gạch không không tám năm",
            "H29.25-251127-0085",
        ),
        ("hat hai chin cham hai lam cham hai sau khong mot khong nam cham khong khong mot hai", "H29.25.260105.0012"),
        (
            "hát hai chín chấm hai lăm chấm hai sáu không một không năm chấm không không một hai ba tuần nay rồi",
            "H29.25.260105.0012",
        ),
        ("biên nhận không không một hai ba bốn", "001234"),
        ("giấy tiếp nhận hồ sơ số 2025/0341", "2025/0341"),
        ("mã tra cứu là tám tám một hai bốn năm", "881245"),
        ("biên nhận số 004718. Hẹn trả", "004718"),
        ("biên nhận số không không bốn bảy một tám hẹn trả", "004718"),
        ("mã hồ sơ là hai năm không một bốn bảy", "250147"),
        ("số hồ sơ của tôi là 12345", "12345"),
        ("phiếu hẹn số AB-1234", "AB-1234"),
    ],
)
def test_a_dossier_code_is_written_as_on_paper_however_it_was_read_out(said: str, expected: str) -> None:
    assert codes(said) == [expected]


@pytest.mark.parametrize(
    "said",
    [
        "hồ sơ nộp hai mươi ngày rồi",
        "hồ sơ của tôi, số điện thoại 0901 736 258",
        "hồ sơ tôi nộp ngày 5/1/2026",
        "đóng 1.050.000 đồng",
        "phiếu khám số năm",
        "",
    ],
)
def test_other_numbers_are_no_dossiers(said: str) -> None:
    assert codes(said) == []


def test_a_code_with_an_impossible_date_is_less_sure() -> None:
    said = "hát hai chín chấm hai lăm chấm hai sáu {} không năm chấm không không một hai"
    [sound] = find_dossiers(said.format("không một").split())
    [broken] = find_dossiers(said.format("chín chín").split())
    assert broken.sureness < 0.7 < sound.sureness


def test_the_letter_may_be_lost_if_the_rest_fits() -> None:
    said = "khác hai chín chấm hai lăm chấm hai sáu không một không năm chấm không không một hai"
    [match] = find_dossiers(said.split())
    assert (match.code, match.start) == ("H29.25.260105.0012", 1)
    assert match.sureness < 0.95


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hờ hai chính chấm hay nằm hách hai sáu không một không sáu gạch không một bốn không", "260106.0140"),
        ("mã hát hay chín chấm hai lăm chấm hay năm một hai một một chân khôn không chính ba", "251211.0093"),
        ("mã ai mươi chín chấm hai lăm chấm hai lăm mười hai không chín chấm không hai sáu ba", "251209.0263"),
        ("hồ sơ hát hai chín chấm hai năm mười hai không một chấm hai số không năm sáu", "251201.0056"),
        ("số hờ hai chín hai lăm hai năm mười hai mười hai không mộc năm không", "251212.0150"),
        ("hát hai chín chấm hai lăm chấm hai năm mọt hai hai không một chấm không năm không chín", "251201.0509"),
    ],
)
def test_a_misheard_code_is_mended_by_its_form_and_less_sure(said: str, expected: str) -> None:
    [match] = find_dossiers(said.split())
    assert match.code == f"H29.25.{expected}"
    assert 0.3 < match.sureness < 0.9


@pytest.mark.parametrize(
    "said",
    [
        "hồ sơ hát hai chín chấm hai lăm chấm hai một một",
        "mã hai chín tôi quên rồi",
        "hồ sơ hai người nộp chín lần không ai nhận",
    ],
)
def test_a_piece_of_a_code_is_none(said: str) -> None:
    assert codes(said) == []
