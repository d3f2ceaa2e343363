"""Names of people: found however they are introduced, and nothing else taken for one."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("tôi là đoàn văn thạch tám mươi tuổi phản ánh việc này", "đoàn văn thạch"),
        ("tôi tên quách thị liễu bán cá ở chợ", "quách thị liễu"),
        ("em tên nguyệt nghỉ dưỡng thai hai tháng", "nguyệt"),
        ("chào anh tôi tên mỹ duyên giáo viên", "mỹ duyên"),
        ("em lò hồng châu bên công ty phân phối", "hồng châu"),
        ("tôi là tạ đình phong đại diện công ty", "tạ đình phong"),
    ],
)
def test_the_callers_name_ends_where_names_end(understood: Understood, story: str, name: str) -> None:
    assert understood(story).caller_name.value == name


@pytest.mark.parametrize(
    "story", ["tôi là viên chức xin chuyển công tác", "mình là công nhân ở trọ", "không có ai tên như thế cả"]
)
def test_what_somebody_is_is_no_name(understood: Understood, story: str) -> None:
    suggestion = understood(story)
    assert suggestion.caller_name.value is None
    assert all(r.kind != "name" for r in suggestion.redactions)


def test_a_full_name_that_nobody_introduced_is_kept_back(understood: Understood) -> None:
    hidden = [r.span.words for r in understood("hồ sơ của bà nguyễn thị hồng nộp rồi").redactions if r.kind == "name"]
    assert " ".join(hidden).startswith("nguyễn thị hồng")


@pytest.mark.parametrize("story", ["tôi khám ở bệnh viện nguyễn tri phương", "nhà thuốc trên đường nguyễn văn quá"])
def test_a_hospital_or_a_street_is_nobodys_name(understood: Understood, story: str) -> None:
    assert all(r.kind != "name" for r in understood(story).redactions)


def test_a_telephone_number_heard_in_part_is_kept_back(understood: Understood) -> None:
    kinds = {r.kind for r in understood("gọi tôi số không chín ba bảy hai tám một nghe").redactions}
    assert "phone" in kinds
