from __future__ import annotations

import logging

import pytest

from tests.voice import babble, silence
from transcription.engines.compare import SecondOpinion, less_sure
from transcription.engines.scripted import ScriptedEngine
from transcription.ports import EngineIdentity, Segment, Word


def said(text: str, start: float = 0.0) -> list[Segment]:
    words = tuple(Word(word, start + n, start + n + 0.8, 0.8) for n, word in enumerate(text.split()))
    return [Segment(start, start + len(words), words)]


def doubted(first: str, second: str, *, apart: float = 0.0) -> str:
    marked = less_sure(said(first), said(second, apart))
    return " ".join(f"({w.text})" if w.confidence < 0.7 else w.text for segment in marked for w in segment.words)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("tôi chờ lâu", "tôi chờ lâu", "tôi chờ lâu"),
        ("tôi chờ lâu", "tôi chờ lầu", "tôi chờ (lâu)"),
        ("tôi chờ lâu", "", "(tôi) (chờ) (lâu)"),
        ("tôi chờ lâu", "tôi đã chờ rất lâu", "tôi chờ lâu"),
        ("hoà bình", "hòa bình", "hoà bình"),
        ("", "tôi chờ", ""),
    ],
)
def test_words_the_second_engine_did_not_hear_are_less_sure(first: str, second: str, expected: str) -> None:
    assert doubted(first, second) == expected


def test_the_same_word_at_another_time_is_no_agreement() -> None:
    assert doubted("dạ", "dạ", apart=30.0) == "(dạ)"


def sureness(second: str) -> float:
    """How sure the last of a hundred and one words is that the second engine did not hear."""
    heard = said(" ".join(["dạ"] * 100 + ["lâu"]))
    return less_sure(heard, said(second))[0].words[-1].confidence


def test_an_engine_that_hears_little_raises_little_doubt() -> None:
    attentive, deaf = " ".join(["dạ"] * 100), " ".join(["dạ"] * 20)
    assert sureness(attentive) < 0.4 < 0.7 < sureness(deaf) < 0.8


def test_certainty_can_be_doubted_and_nonsense_stays_nonsense() -> None:
    heard = [Segment(0, 2, (Word("lâu", 0, 1, 1.0), Word("lắm", 1, 2, 0.0)))]
    assert [word.confidence for word in less_sure(heard, [])[0].words] == [pytest.approx(0.973, abs=0.01), 0.0]


def test_texts_and_times_stay_the_first_engines() -> None:
    heard = said("tôi chờ lâu")
    marked = less_sure(heard, said("ai đó khác"))
    assert [(w.text, w.start, w.end) for w in marked[0].words] == [(w.text, w.start, w.end) for w in heard[0].words]


def test_two_engines_hear_as_one() -> None:
    engine = SecondOpinion(ScriptedEngine("tôi chờ lâu"), ScriptedEngine("tôi chờ lầu"))
    words = [word for segment in engine.transcribe(babble(2)) for word in segment.words]
    assert [(word.text, word.confidence) for word in words] == [("tôi", 0.9), ("chờ", 0.9), ("lâu", 0.7525)]
    assert engine.identity == EngineIdentity("scripted+scripted", "none+none", "1+1")


def test_the_second_engine_is_not_asked_about_silence() -> None:
    engine = SecondOpinion(ScriptedEngine(), ScriptedEngine(fails=True))
    assert engine.transcribe(silence(3)) == []


def test_a_second_engine_that_fails_costs_nothing_but_the_comparison(caplog: pytest.LogCaptureFixture) -> None:
    engine = SecondOpinion(ScriptedEngine("tôi chờ"), ScriptedEngine(fails=True))
    with caplog.at_level(logging.WARNING):
        (segment,) = engine.transcribe(babble(2))
    assert [word.confidence for word in segment.words] == [0.9, 0.9]
    assert "no second opinion from scripted" in caplog.text


def test_names_to_expect_reach_both_engines() -> None:
    first, second = ScriptedEngine(), ScriptedEngine()
    SecondOpinion(first, second).expect(["bệnh viện chợ rẫy"])
    assert first.expected == second.expected == ("bệnh viện chợ rẫy",)
