from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcription.ports import Word
from transcription.rules.readable import readable
from transcription.rules.text import word_set

SATURDAY = date(2026, 11, 21)
NAMES = ("Bệnh viện Chợ Rẫy", "Chợ Rẫy", "Bình Dân", "Nhi Đồng 1", "Gò Vấp")
PAUSE = "|"


def spoken(text: str, gap: float = 0.05) -> list[Word]:
    """Words a quarter of a second long; each "|" is a second of silence."""
    words: list[Word] = []
    clock = 0.0
    for piece in text.split():
        if piece == PAUSE:
            clock += 1.0
            continue
        words.append(Word(piece, clock, clock + 0.25, 0.9))
        clock += 0.25 + gap
    return words


def shown(text: str) -> str:
    return readable(spoken(text), SATURDAY, NAMES).text


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("nó đòi em hai triệu rưỡi", "Nó đòi em 2.500.000 ₫."),
        ("số em không chín không một bảy ba sáu hai năm tám", "Số em 0901 736 258."),
        (
            "mã hát hai chín chấm hai lăm chấm hai sáu không một không năm chấm không không một hai",
            "Mã H29.25.260105.0012.",
        ),
        ("tới lúc tám giờ rưỡi tối", "Tới lúc 8 giờ 30 tối."),
        ("bảy giờ kém mười lăm", "6 giờ 45."),
        ("ngày hai mươi mốt tháng mười một năm hai không hai sáu", "Ngày 21 tháng 11 năm 2026."),
        ("hôm mùng năm tháng một", "Hôm mùng 5 tháng 1."),
        ("hôm thứ ba vừa rồi em khám", "Hôm thứ ba vừa rồi, em khám."),
        ("đồng chi trả hai mươi phần trăm", "Đồng chi trả 20%."),
        ("uống năm trăm mi li gam", "Uống 500 mg."),
        ("gọi một một năm đi", "Gọi 115 đi."),
        ("bệnh viện quận hai", "Bệnh viện quận 2."),
        ("có hai đứa con", "Có hai đứa con."),
        ("bác sĩ ở bệnh viện chợ rẫy", "Bác sĩ ở Bệnh viện Chợ Rẫy."),
        ("khám ở nhi đồng một", "Khám ở Nhi Đồng 1."),
        ("thẻ bhyt với cccd của em", "Thẻ BHYT với CCCD của em."),
        ("gọi hát xê đê xê xin phun thuốc", "Gọi HCDC xin phun thuốc."),
        ("ở tp hcm", "Ở TP.HCM."),
        ("tui tên nguyễn thị lan nè", "Tui tên Nguyễn Thị Lan nè."),
        ("tôi là đỗ thanh vân ờ tôi là bác sĩ", "Tôi là Đỗ Thanh Vân ờ, tôi là bác sĩ."),
        ("tôi không tiện nói tên chuyện tế nhị", "Tôi không tiện nói tên chuyện tế nhị."),
    ],
)
def test_figures_names_and_abbreviations_are_shown_as_written(heard: str, expected: str) -> None:
    assert shown(heard) == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("em nằm ở đó ba ngày | hôm qua mới về nhà", "Em nằm ở đó ba ngày. Hôm qua mới về nhà."),
        ("cái phòng khám đó của | nhà nước", "Cái phòng khám đó của nhà nước."),
        ("alo cho em hỏi chút xíu nha", "Alo, cho em hỏi chút xíu nha."),
        ("bác sĩ không khám mà kê toa | vậy có đúng không", "Bác sĩ không khám mà kê toa. Vậy có đúng không?"),
        ("em chờ ba tiếng rồi mà không ai gọi nhưng mà em không giận", None),
    ],
)
def test_pauses_and_the_words_around_them_end_sentences(heard: str, expected: str | None) -> None:
    text = shown(heard)
    assert text == (expected or "Em chờ ba tiếng rồi mà không ai gọi, nhưng mà em không giận.")


def test_no_sentence_breaks_inside_a_figure_or_name() -> None:
    assert shown("số em không chín không một | bảy ba sáu | hai năm tám") == "Số em 0901 736 258."
    assert shown("khám ở chợ | rẫy") == "Khám ở Chợ Rẫy."
    assert shown("em đi khám hồi ngày | hôm qua") == "Em đi khám hồi ngày hôm qua."


def test_a_figure_keeps_the_words_and_times_it_stands_for() -> None:
    words = spoken("nó đòi hai triệu rưỡi rồi")
    token = readable(words, SATURDAY).tokens[2]
    assert (token.text, token.first, token.last) == ("2.500.000 ₫", 2, 5)
    assert (token.start, token.end) == (words[2].start, words[4].end)


def test_a_relative_day_keeps_its_words_and_carries_the_day_it_means() -> None:
    tokens = readable(spoken("hôm thứ ba vừa rồi"), SATURDAY).tokens
    assert [token.gloss for token in tokens] == ["", "", "", "", "17/11/2026"]
    uncertain = readable(spoken("bữa mùng mười"), SATURDAY).tokens
    assert uncertain[-1].gloss == "10/11/2026?"


def test_an_engine_that_punctuates_keeps_its_own_marks_and_capitals() -> None:
    words = spoken("Tôi khám ở Bình Dân. Họ đòi hai triệu rưỡi, đúng không?")
    assert readable(words, SATURDAY).text == "Tôi khám ở Bình Dân. Họ đòi 2.500.000 ₫, đúng không?"


def test_nothing_heard_is_nothing_shown() -> None:
    assert readable([], SATURDAY).text == ""


PIECES = sorted(
    word_set("tôi hai ba triệu năm rưỡi không chín một hôm qua thứ ạ nha chợ rẫy tên nguyễn văn tp | <b> \x00 . 5/1 à")
)


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.floats(0, 2))
def test_every_word_is_shown_once_and_in_order_whatever_was_heard(pieces: list[str], gap: float) -> None:
    words = spoken(" ".join(pieces), gap)
    tokens = readable(words, SATURDAY, NAMES).tokens
    assert [place for token in tokens for place in range(token.first, token.last)] == list(range(len(words)))
    assert all(token.start <= token.end for token in tokens)
