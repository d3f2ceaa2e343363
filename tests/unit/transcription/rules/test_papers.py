import pytest

from transcription.rules.papers import Papers


@pytest.mark.parametrize(
    ("said", "long", "own"),
    [
        ("biên nhận", False, True),
        ("biên nhận của tôi", True, True),
        ("biên nhận của tôi", False, False),
        ("biên nhận của tôi số", False, True),
        ("viên nhận số", False, True),
        ("công văn số", False, True),
        ("công văn", True, False),
        ("hóa đơn số", True, False),
        ("đơn số", False, True),
        ("số máy", True, False),
        ("ba mã", True, True),
        ("không chín mã", True, False),
        ("mà", True, False),
    ],
)
def test_a_bare_number_is_a_papers_after_its_name(said: str, long: bool, own: bool) -> None:
    words = said.split()
    assert Papers(words).own_plain(len(words), long=long) is own


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("số biên nhận in mờ tôi đeo kính đọc mãi mới ra", True),
        ("giấy giới thiệu", True),
        ("phiếu thuốc ghi số đăng ký", False),
        ("hồ sơ nộp rồi còn giấy phép thì số", False),
        ("tôi gọi hỏi", False),
    ],
)
def test_a_number_of_a_papers_shape_may_stand_farther_off(said: str, own: bool) -> None:
    words = said.split()
    assert Papers(words).own_shaped(len(words)) is own


def test_text_without_diacritics_is_read_as_such() -> None:
    words = "ma cua toi la".split()
    assert Papers(words).own_plain(len(words), long=True)
