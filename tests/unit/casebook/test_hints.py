"""Why something is suggested, said in the language of the page."""

from __future__ import annotations

import pytest

from casebook.queries.hints import reason_of

ENGLISH = {
    "Lời kể có: %(words)s.": "The account says: %(words)s.",
    "Theo phím người gọi bấm.": "By the key.",
    "Theo phím người gọi bấm. Lời kể cũng có: %(words)s.": "By the key. The account also says: %(words)s.",
    "Không phải phản ánh: %(why)s": "Not a report: %(why)s",
    "Câu hỏi, không nêu sai phạm.": "A question.",
}


def say(text: str, **values: object) -> str:
    return ENGLISH.get(text, text) % values if values else ENGLISH.get(text, text)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("", ""),
        ("Câu hỏi, không nêu sai phạm.", "A question."),
        ("Lời kể có: quát, 50% hoa hồng.", "The account says: quát, 50% hoa hồng."),
        ("Theo phím người gọi bấm.", "By the key."),
        ("Theo phím người gọi bấm. Lời kể cũng có: quát, gắt.", "By the key. The account also says: quát, gắt."),
        ("Không phải phản ánh: Câu hỏi, không nêu sai phạm.", "Not a report: A question."),
        ("Lý do của một bản cũ.", "Lý do của một bản cũ."),
    ],
)
def test_a_reason_is_said_in_the_language_of_the_page_and_what_was_heard_as_it_was_heard(
    reason: str, told: str
) -> None:
    assert reason_of(reason, say) == told
    assert reason_of(reason) == reason
