"""What a reader outside the Department may see."""

from __future__ import annotations

from datetime import date

import pytest

from casebook.rules.redaction import redacted, redacted_text, sentence
from casebook.rules.wording import WITHHELD
from transcription.ports import Word
from transcription.rules.readable import readable

WORDS = "tôi tên là trần thị hoa ở bệnh viện".split()


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], "tôi tên là trần thị hoa ở bệnh viện"),
        ([(3, 5)], "tôi tên là [đã che] ở bệnh viện"),
        ([(3, 3), (4, 5)], "tôi tên là [đã che] ở bệnh viện"),
        ([(0, 0), (3, 5)], "[đã che] tên là [đã che] ở bệnh viện"),
        ([(0, 8)], "[đã che]"),
        ([(7, 40)], "tôi tên là trần thị hoa ở [đã che]"),
        ([(-3, 0)], "[đã che] tên là trần thị hoa ở bệnh viện"),
    ],
)
def test_withheld_words_leave_one_mark(spans: list[tuple[int, int]], shown: str) -> None:
    assert " ".join(redacted(WORDS, spans)) == shown


def test_a_sentence_has_a_capital_and_a_full_stop() -> None:
    assert sentence(["đợi", "lâu"]) == "Đợi lâu."
    assert sentence([]) == ""


def test_a_readable_text_keeps_its_marks_around_what_is_withheld() -> None:
    said = "tôi tên là trần thị hoa tôi đóng hai triệu rưỡi mà không có hóa đơn".split()
    words = [Word(word, i * 0.3, i * 0.3 + 0.2, 0.9) for i, word in enumerate(said)]
    text = redacted_text(readable(words, date(2026, 11, 21)), [(3, 5)])
    assert WITHHELD in text
    assert "2.500.000 ₫" in text
    assert "hoa" not in text.lower().replace("hóa", "")
