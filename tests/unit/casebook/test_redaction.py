"""What a reader outside the Department may see."""

from __future__ import annotations

import pytest

from casebook.rules.redaction import redacted, sentence

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
