"""The case code heard in what was said, whichever way it is said."""

from __future__ import annotations

import pytest

from casebook.rules.codes import new_code
from ivr.caller.events import CallResult, Event, Heard, spoken_code
from ivr.rules.speaking import spoken_code as read_aloud

CODE = new_code(lambda _limit: 123_456_789)


@pytest.mark.parametrize("random", [0, 1, 123_456_789, 899_999_999])
def test_a_code_read_aloud_is_heard(random: int) -> None:
    code = new_code(lambda _limit: random)
    said = ["Xin ghi lại mã số:", read_aloud(code), "Xin nhắc lại, mã số là:", read_aloud(code), "bấm phím 2."]
    assert spoken_code(said) == code


@pytest.mark.parametrize(
    "texts",
    [
        [f"Mã số {CODE}."],
        [" ".join(CODE)],
        [", ".join(CODE), "rồi bấm phím 1"],
        [CODE[:3], CODE[3:6], CODE[6:]],
        [f"một {CODE}"],
    ],
)
def test_a_code_may_be_written_in_any_grouping(texts: list[str]) -> None:
    assert spoken_code(texts) == CODE


@pytest.mark.parametrize(
    "texts",
    [[], ["Xin bấm phím 1"], ["Gọi 0967771010"], [CODE[:9]], [CODE[:5], "xin nghe", CODE[5:]], ["không hai ba"]],
)
def test_other_numbers_are_no_code(texts: list[str]) -> None:
    assert spoken_code(texts) is None


def test_a_code_played_digit_by_digit_is_heard() -> None:
    said = ["http://127.0.0.1:8080/voice/prompts/code_is.mp3"]
    said += [f"http://127.0.0.1:8080/voice/prompts/digit-{digit}.mp3" for digit in CODE]
    events = tuple(Event(float(at), Heard("", url)) for at, url in enumerate(said))
    assert CallResult("CA", "", "", events, (), "completed", "hotline", 9).case_code == CODE
