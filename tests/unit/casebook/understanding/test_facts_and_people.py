from __future__ import annotations

from datetime import date

import pytest

from .conftest import Understood

STORY = (
    "Tôi tên là Nguyễn Thị Bích Liên, ngày 5 tháng 1 vừa rồi phòng khám bắt tôi trả 2.500.000 đồng, "
    "hồ sơ H29.25.260105.0012, gọi lại tôi số 0903 245 718."
)
SPOKEN = (
    "tôi tên là nguyễn thị bích liên ngày năm tháng một vừa rồi phòng khám bắt tôi trả hai triệu rưỡi "
    "gọi lại tôi số không chín không ba hai bốn năm bảy một tám"
)


@pytest.mark.parametrize("story", [STORY, SPOKEN])
def test_facts_are_read_whether_written_or_spoken(understood: Understood, story: str) -> None:
    suggestion = understood(story)
    assert suggestion.amount_vnd.value == 2_500_000
    assert suggestion.phone.value == "0903245718"
    assert suggestion.event_date.value is not None
    assert suggestion.event_date.value.day == date(2026, 1, 5)
    assert suggestion.caller_name.value is not None
    assert suggestion.caller_name.value.lower() == "nguyễn thị bích liên"


def test_a_dossier_number_is_read(understood: Understood) -> None:
    assert understood(STORY).dossier.value == "H29.25.260105.0012"


@pytest.mark.parametrize("story", [STORY, SPOKEN])
def test_what_tells_who_calls_is_marked_for_redaction(understood: Understood, story: str) -> None:
    hidden = {r.kind: r.span.words.lower() for r in understood(story).redactions}
    assert "nguyễn thị bích liên" in hidden["name"]
    assert {"name", "phone"} <= set(hidden)


def test_the_hotlines_own_number_is_not_the_callers(understood: Understood) -> None:
    assert understood("tôi gọi số 0967771010 hoài không được").phone.value is None


@pytest.mark.parametrize(
    "story", ["tôi là bác sĩ về hưu", "em là người trong ngành", "tôi là lao công ở đây", "con là con gái của mẹ"]
)
def test_who_somebody_is_is_not_a_name(understood: Understood, story: str) -> None:
    assert understood(story).caller_name.value is None


def test_an_address_is_marked_for_redaction(understood: Understood) -> None:
    kinds = {
        r.kind for r in understood("nhà tôi ở số mười hai hẻm bảy đường tân hòa đông, kế bên có lò đốt rác").redactions
    }
    assert "address" in kinds


def test_the_people_complained_about_are_named_by_role(understood: Understood) -> None:
    roles = [r.value for r in understood("ông bảo vệ quát mắng má tôi rồi xô ra cửa").accused_roles]
    assert roles == ["bảo vệ"]


def test_the_summary_is_the_callers_own_words(understood: Understood) -> None:
    story = (
        "Dạ chào chị, hôm nay em gọi lên đây có chút chuyện. Cô điều dưỡng ở bệnh viện Bình Dân quát mắng ba em "
        "giữa phòng. Dạ em cảm ơn chị nhiều, chúc chị vui vẻ."
    )
    summary = understood(story).summary.value
    assert summary == "Cô điều dưỡng ở bệnh viện Bình Dân quát mắng ba em giữa phòng."


def test_how_long_something_has_lasted_is_no_day_on_which_it_happened(understood: Understood) -> None:
    assert understood("trang nộp hồ sơ bị lỗi ba ngày nay").event_date.value is None
    assert understood("trang nộp hồ sơ bị lỗi sáng nay").event_date.value is not None
