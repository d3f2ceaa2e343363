import pytest

from transcription.rules.sentences import LONG_PAUSE, SHORT_PAUSE, find_marks


def marked(text: str) -> str:
    """The words with their marks; "/" is a short pause, "|" a long one."""
    words: list[str] = []
    pauses: list[float] = []
    for piece in text.split():
        if piece in "/|":
            pauses[-1] = LONG_PAUSE if piece == "|" else SHORT_PAUSE
        else:
            words.append(piece)
            pauses.append(0.05)
    marks = find_marks(words, pauses)
    return " ".join(word + mark for word, mark in zip(words, marks, strict=True))


@pytest.mark.parametrize(
    "expected",
    [
        "em đau bụng dữ lắm. | bác sĩ không khám.",
        "em nằm đó ba ngày rồi. / tôi có gọi.",
        "họ bắt chờ, / không nói lý do.",
        "cái này là của / nhà nước.",
        "tôi bị | đuổi về.",
        "alo, cho em hỏi chút.",
        "em chờ lâu lắm rồi ạ. chị coi giúp em.",
        "họ hẹn bảy ngày mới trả, nhưng tới nay chưa có.",
        "bác sĩ khám qua loa, tôi hỏi thì không ai nói.",
    ],
)
def test_sentences_and_clauses_end_where_silence_and_words_agree(expected: str) -> None:
    spoken = expected.replace(".", "").replace(",", "")
    assert marked(spoken) == expected.replace("| ", "").replace("/ ", "")


@pytest.mark.parametrize(
    "question",
    [
        "có đúng vậy không",
        "sao lại như vậy hả",
        "chị có biết không ạ",
        "bao giờ mới có kết quả bao lâu",
        "giải quyết xong chưa",
        "tại sao không ai trả lời tại sao",
    ],
)
def test_a_sentence_that_asks_gets_a_question_mark(question: str) -> None:
    assert marked(question).endswith("?")


@pytest.mark.parametrize("statement", ["tôi không", "em chờ không", "chưa", "bác sĩ nói không sao đâu"])
def test_a_denial_is_no_question(statement: str) -> None:
    assert marked(statement).endswith(".")


def test_no_words_have_no_marks() -> None:
    assert find_marks([], []) == []


def test_nothing_ends_inside_what_belongs_together() -> None:
    assert find_marks(["chợ", "rẫy"], [3.0, 0.0], frozenset({0})) == ["", "."]
