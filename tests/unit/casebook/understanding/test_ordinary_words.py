"""Words that only sound like a phrase are what they are."""

from __future__ import annotations

from casebook.rules.understanding.evidence import EvidenceBook
from casebook.rules.understanding.tokens import Token, syllables_of

TOPICS = {("category.khac", "decisive"): ["ổ bệnh"]}


def tokens(text: str) -> list[Token]:
    return [Token(word, "story", place, word, 0.9, False, False) for place, word in enumerate(syllables_of(text))]


def test_a_phrase_badly_heard_is_still_found() -> None:
    book = EvidenceBook(TOPICS)
    assert [e.phrase for e in book.find(tokens("chờ lâu ở bệnh viện"))] == ["ổ bệnh"]


def test_words_that_people_say_by_themselves_are_not_taken_for_it() -> None:
    book = EvidenceBook(TOPICS, ordinary=["ở bệnh"])
    assert book.find(tokens("chờ lâu ở bệnh viện")) == []
    assert [e.phrase for e in book.find(tokens("phát hiện ổ bệnh ở trường"))] == ["ổ bệnh"]
