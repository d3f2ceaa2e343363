from __future__ import annotations

import pytest

from casebook.rules.understanding import Directory, UnderstandingRules
from config.directory.units import Unit

from .conftest import Understood

STORIES: list[tuple[str, str | None]] = [
    ("tôi chờ sáu tiếng ở bệnh viện chợ rẫy mà không ai khám", "bv-cho-ray"),
    ("tôi chờ sáu tiếng ở bệnh viện trợ rẩy mà không ai khám", "bv-cho-ray"),
    ("con tôi nằm nhi đồng hai bị điều dưỡng quát", "bv-nhi-dong-2"),
    ("con tôi nằm nhi đồng 1 bị điều dưỡng quát", "bv-nhi-dong-1"),
    ("bệnh viện quận hai bắt tôi đóng tiền trước", "bv-le-van-thinh"),
    ("Bệnh viện quận 12 rửa vết thương qua loa", "bv-quan-12"),
    ("bệnh viện đa khoa khu vực củ chi hết thuốc bảo hiểm", "bvdkkv-cu-chi"),
    ("trung tâm y tế dĩ an đuổi người nhà ra ngoài", "ttyt-di-an"),
    ("vợ em sanh ở hùng vương bị cô hộ sinh mắng", "bv-hung-vuong"),
    ("tổng đài một một năm cúp máy ngang", "trung-tam-cap-cuu-115"),
    ("nằm ở bệnh viện nhân dân một một năm bị mất điện thoại", "bv-nhan-dan-115"),
    ("tôi đưa mẹ vào bình dân mổ, bị dời lịch ba lần", "bv-binh-dan"),
    ("nhà tôi ở gò vấp, hàng xóm nuôi chó thả rông", None),
    ("hai bên không thống nhất được giá tiền", None),
    ("phòng khám ở đường nguyễn tri phương chích thuốc lậu", None),
    ("gia đình tôi bức xúc vì nhà vệ sinh dơ", None),
    ("em khám phòng khám đa khoa hồng ân bị vẽ bệnh, qua từ dũ khám lại thì không có gì", None),
    ("bệnh viện quận ba mươi hai từ chối khám", None),
]


@pytest.mark.parametrize(("story", "unit"), STORIES)
def test_the_facility_complained_about_is_found(understood: Understood, story: str, unit: str | None) -> None:
    facility = understood(story).facility.value
    assert (facility.unit if facility else None) == unit


def test_the_answer_to_which_facility_counts_most(understood: Understood) -> None:
    suggestion = understood("trước đó tôi có khám ở bệnh viện từ dũ rồi", facility="bình dân")
    assert suggestion.facility.value is not None
    assert suggestion.facility.value.unit == "bv-binh-dan"
    assert {m.value for m in suggestion.mentioned} == {"bv-binh-dan", "bv-tu-du"}


@pytest.mark.parametrize(
    ("answer", "unit"),
    [
        ("bệnh viện trợ rẫy", "bv-cho-ray"),
        ("bệnh diện chợ rảy", "bv-cho-ray"),
        ("dạ bên viện chợ rải", "bv-cho-ray"),
        ("viện nhi đồng mộc", "bv-nhi-dong-1"),
        ("nhi đồng hài đó cô", "bv-nhi-dong-2"),
        ("ờ bệnh viện hừng giương", "bv-hung-vuong"),
        ("tôi khám ở bệnh viện quần tám", "bv-quan-8"),
        ("dạ ung bứu", "bv-ung-buou"),
        ("trung tâm y tế rĩ an", "ttyt-di-an"),
        ("bệnh viện đa khoa khu vực cũ tri", "bvdkkv-cu-chi"),
        ("sở ý tế", "so-y-te"),
        ("bệnh viện thông nhất", "bv-thong-nhat"),
    ],
)
def test_a_badly_heard_answer_to_which_facility_outweighs_what_the_story_names(
    understood: Understood, answer: str, unit: str
) -> None:
    suggestion = understood("trước đó tôi khám ở bệnh viện bình dân, hôm qua qua đây chờ sáu tiếng", facility=answer)
    assert suggestion.facility.value is not None
    assert suggestion.facility.value.unit == unit


def test_a_name_from_the_story_is_little_trusted_where_another_answer_was_not_understood(
    understood: Understood,
) -> None:
    suggestion = understood("trước đó tôi khám ở bệnh viện bình dân rồi", facility="để biển chở ấy")
    assert suggestion.facility.sureness < 0.7


def test_a_name_that_nothing_around_it_bears_out_is_not_sure(understood: Understood) -> None:
    assert understood("con tôi đau bụng nhi đồng 2 về").facility.sureness < 0.8


@pytest.mark.parametrize(
    ("story", "text"),
    [
        ("mấy bữa nay cái app y tế trực tuyến bấm gửi hình là bị thoát", "app"),
        ("không phải phòng khám tư đâu, có một người xưng là bác sĩ gọi điện lừa tôi chuyển tiền", "người xưng"),
        ("chồng tôi mổ ở bệnh viện quốc tế Hoàng Gia Lộc, có giấy phép đàng hoàng mà nhiễm trùng", "Hoàng Gia Lộc"),
    ],
)
def test_people_applications_and_private_hospitals_are_kept_as_said(
    understood: Understood, story: str, text: str
) -> None:
    facility = understood(story).facility.value
    assert facility is not None
    assert facility.unit is None
    assert text in facility.text


def test_a_place_outside_the_directory_is_kept_in_the_callers_words_with_where_it_is(understood: Understood) -> None:
    suggestion = understood(
        "Tôi tố cáo thẩm mỹ viện Ngọc Ánh Dương ở quận 10 tiêm filler không phép.", "ve_benh_moi_tien"
    )
    facility = suggestion.facility.value
    assert facility is not None
    assert facility.unit is None
    assert "Ngọc Ánh Dương" in facility.text
    assert facility.place == "Quận 10"


def test_a_field_shows_the_words_it_comes_from(understood: Understood) -> None:
    (span,) = understood("tôi nằm ở bệnh viện từ dũ ba ngày").facility.because
    assert (span.question, span.words) == ("story", "bệnh viện từ dũ")


def test_old_districts_become_wards_of_today(understood: Understood) -> None:
    place = understood("hàng xóm nhà tôi ở quận 4 đốt rác khói mù").place.value
    assert place is not None
    assert place.area == "Quận 4"
    assert "Khánh Hội" in place.wards


def test_doubtful_names_in_the_directory_are_reported(rules: UnderstandingRules) -> None:
    units = [
        Unit("a", "Bệnh viện An Tâm", "hospital", "hcm", aliases=("an tâm", "thống nhất")),
        Unit("b", "Bệnh viện An Tâm Mới", "hospital", "hcm", aliases=("an tâm",)),
    ]
    problems = {(p.alias, p.slugs) for p in Directory.build(units, rules).problems}
    assert ("an tâm", ("a", "b")) in problems
    assert ("thống nhất", ("a",)) in problems
