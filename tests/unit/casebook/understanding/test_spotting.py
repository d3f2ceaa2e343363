from __future__ import annotations

import random

import pytest

from casebook.rules.understanding.spotting import PhraseBook

BOOK = PhraseBook((phrase, phrase.split()) for phrase in ("chợ rẫy", "đa khoa khu vực thủ đức", "la", "bốc số"))


def found(text: str) -> list[str]:
    return [spotted.key for spotted in BOOK.find(text.split())]


@pytest.mark.parametrize(
    ("heard", "wanted"),
    [
        ("nằm ở chợ rẫy hai ngày", ["chợ rẫy"]),
        ("nằm ở trợ rẩy hai ngày", ["chợ rẫy"]),
        ("đa khoa cu vực đức", ["đa khoa khu vực thủ đức"]),
        ("đa khoa khu vực ờ thủ đức", ["đa khoa khu vực thủ đức"]),
        ("chợ hoa", []),
        ("là lạ", []),
        ("bị la hoài", ["la"]),
        ("bốc số rồi bốc số nữa", ["bốc số", "bốc số"]),
        ("", []),
    ],
)
def test_phrases_are_found_though_badly_heard(heard: str, wanted: list[str]) -> None:
    assert found(heard) == wanted


def test_an_exact_phrase_costs_nothing_and_a_damaged_one_something() -> None:
    (exact,), (damaged,) = BOOK.find(["chợ", "rẫy"]), BOOK.find(["trợ", "rẩy"])
    assert exact.cost == 0.0 < damaged.cost


def test_a_phrase_with_no_is_not_found_where_the_opposite_is_said() -> None:
    book = PhraseBook([("k", "không có giấy phép".split())])
    assert book.find("phòng khám không có giấy phép".split())
    assert book.find("phòng khám hông có giấy phép".split())
    assert not book.find("phòng khám này có giấy phép".split())


def test_phrases_not_looked_at_closely_would_not_have_been_found(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    phrases = [("kiên nhẫn", f"phải chờ lâu {tail}".split()) for tail in ("ngoài cửa", "mới tới lượt vô khám", "quá")]
    book = PhraseBook(phrases)
    words = [
        "phải",
        "phái",
        "chờ",
        "chợ",
        "lâu",
        "nâu",
        "ngoài",
        "ngài",
        "cửa",
        "mới",
        "tới",
        "lượt",
        "vô",
        "khám",
        "quá",
    ]
    talks = [[chance.choice(words) for _ in range(9)] for _ in range(300)]
    quickly = [set(book.find(talk)) for talk in talks]
    monkeypatch.setattr(PhraseBook, "_may_match", lambda *_: True)
    assert [set(book.find(talk)) for talk in talks] == quickly
    assert any(quickly)
