"""A call that became two cases: who may see only one of them hears and reads only what belongs to it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from casebook.models import User
from casebook.rules.policy import Role
from recordings import audio
from recordings.disguise import MARGIN_S

from .conftest import Desk, Visitor, plain
from .test_case_page import sounds
from .test_review_page import story_of
from .test_splitting import two_cases
from .test_undo import undo

THEIRS = "của vợ tôi"
"""Said only in the part that went to the other case."""

APART = "Phần còn lại của bản ghi này thuộc một phản ánh ngoài phạm vi của bạn"


@pytest.fixture
def halves(desk: Desk) -> tuple[str, str]:
    """The codes of two cases of one call: one about a hospital of the city, one about one of Bình Dương."""
    code, new = two_cases(desk, desk.inspector())

    def moves(_session: object, case: Any) -> None:
        case.subject_unit = case.responsible_unit = "bvdk-tinh-binh-duong"

    desk.change(new, moves)
    return code, new


def of_region(desk: Desk, *regions: str) -> Visitor:
    email = desk.account(Role.INSPECTOR, email=f"{'-'.join(regions)}@soyte.example")
    with desk.tools.database.begin() as session:
        session.execute(update(User).where(User.email == email).values(regions=list(regions)))
    visitor = desk.stranger()
    visitor.log_in(email)
    return visitor


def story_sound(visitor: Visitor, desk: Desk, code: str) -> Any:
    [url] = [url for url in sounds(visitor.text(f"/desk/cases/{code}")) if str(story_of(desk, code)) in url]
    return visitor.get(url)


def cut_of(desk: Desk, code: str) -> float:
    """Where the part of the case ends, in seconds."""
    [link] = [link for link in desk.case(code).recordings if link.question == "story"]
    assert link.stretches is not None
    return float(link.stretches[-1][1])


def loudness(sound: np.ndarray[Any, Any]) -> float:
    return float(np.abs(sound).max())


def test_who_sees_one_half_hears_silence_where_the_other_was_spoken(desk: Desk, halves: tuple[str, str]) -> None:
    code, other = halves
    visitor, cut = of_region(desk, "hcm"), cut_of(desk, code)
    assert visitor.get(f"/desk/cases/{other}").status_code == 404
    whole = audio.samples(story_sound(desk.inspector("moi@soyte.example"), desk, code).data)
    answer = story_sound(visitor, desk, code)
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    heard = audio.samples(answer.data)
    assert heard.size == whole.size, "words keep their moments"
    mine, theirs = np.split(heard, [int((cut - MARGIN_S) * audio.SAMPLE_RATE)])
    assert loudness(mine) > 0.1
    assert loudness(theirs[1:]) == 0
    assert loudness(whole[-theirs.size :]) > 0.1, "there was something to be heard"


def test_who_sees_the_other_half_hears_that_one_only(desk: Desk, halves: tuple[str, str]) -> None:
    code, other = halves
    cut = cut_of(desk, code)
    heard = audio.samples(story_sound(of_region(desk, "binh_duong"), desk, other).data)
    assert loudness(heard[: int(cut * audio.SAMPLE_RATE)]) == 0
    assert loudness(heard) > 0.1


def test_a_part_of_a_sound_is_given_by_pieces_too(desk: Desk, halves: tuple[str, str]) -> None:
    code, _ = halves
    visitor = of_region(desk, "hcm")
    [url] = [url for url in sounds(visitor.text(f"/desk/cases/{code}")) if str(story_of(desk, code)) in url]
    piece = visitor.get(url, headers={"Range": "bytes=-2000"})
    assert piece.status_code == 206
    assert not np.frombuffer(piece.data, dtype="<i2").any()


def test_the_words_of_the_other_half_are_nowhere_on_the_page_and_cannot_be_corrected(
    desk: Desk, halves: tuple[str, str]
) -> None:
    code, _ = halves
    visitor = of_region(desk, "hcm")
    page = visitor.text(f"/desk/cases/{code}")
    assert "quát mắng" in plain(page)
    assert APART in plain(page)
    assert THEIRS not in page
    path = f"/desk/cases/{code}/answers/{story_of(desk, code)}"
    for address in (path, f"{path}/restore"):
        refused = visitor.post(address, {"text": "chữ khác", "revision": "1", "restore": "1"})
        assert refused.status_code == 403
        assert "Chánh Thanh tra" in refused.get_data(as_text=True)


@pytest.mark.parametrize("regions", [(), ("hcm", "binh_duong")])
def test_who_sees_both_halves_hears_and_reads_all_of_it(
    desk: Desk, halves: tuple[str, str], regions: tuple[str, ...]
) -> None:
    code, other = halves
    visitor = of_region(desk, *regions) if regions else desk.inspector("moi@soyte.example")
    for each in halves:
        page = visitor.text(f"/desk/cases/{each}")
        assert APART not in plain(page)
        assert THEIRS in page, "the whole transcript is there for correcting"
    first, second = (story_sound(visitor, desk, each) for each in (code, other))
    assert first.data == second.data
    assert loudness(audio.samples(first.data)[int(cut_of(desk, code) * audio.SAMPLE_RATE) :]) > 0.1


def test_when_the_split_is_taken_back_the_sound_is_whole_again(desk: Desk) -> None:
    inspector = desk.inspector("moi@soyte.example")
    code, _ = two_cases(desk, inspector)
    assert undo(inspector, code).status_code == 303
    page = of_region(desk, "hcm").text(f"/desk/cases/{code}")
    assert APART not in plain(page)
    assert THEIRS in page
