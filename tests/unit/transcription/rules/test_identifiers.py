import pytest

from transcription.rules.identifiers import find_identifiers
from transcription.rules.text import words_of


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("cccd 079193012345", "cccd", "079193012345"),
        ("căn cước không bảy chín một chín ba không một hai ba bốn năm", "cccd", "079193012345"),
        ("079 193 012345", "cccd", "079193012345"),
        ("chứng minh nhân dân 024567891", "cmnd", "024567891"),
        ("thẻ GD4797931234567", "bhyt", "GD4797931234567"),
        ("thẻ gờ đê bốn bảy chín bảy chín ba một hai ba bốn năm sáu bảy", "bhyt", "GD4797931234567"),
        ("mã thẻ bảo hiểm 7931234567", "bhyt", "7931234567"),
        ("xe 51F-123.45", "plate", "51F-123.45"),
        ("xe 51F12345", "plate", "51F12345"),
        ("biển số 59X1 123.45", "plate", "59X1-123.45"),
        ("biển số xe năm chín ích một một hai ba chấm bốn lăm", "plate", "59X1-12345"),
        ("biển số năm mươi mốt ép một hai ba bốn lăm", "plate", "51F-12345"),
    ],
)
def test_identity_numbers_are_found_written_and_spoken(said: str, kind: str, value: str) -> None:
    assert [(match.kind, match.value) for match in find_identifiers(words_of(said))] == [(kind, value)]


@pytest.mark.parametrize(
    "said",
    ["số tôi 0901 736 258", "H29.25.260105.0012", "đóng 12.800.000 đồng", "phòng 302", "covid-19", "khoa b12", ""],
)
def test_other_numbers_identify_nobody(said: str) -> None:
    assert find_identifiers(words_of(said)) == []
