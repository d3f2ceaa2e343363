from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("story", "line", "unit"),
    [
        ("cô điều dưỡng bệnh viện bình dân quát mắng hách dịch với má tôi", "chat_luong", "bv-binh-dan"),
        ("bệnh viện bình dân mổ sai bỏ quên gạc trong bụng phải mổ lại", "chat_luong", "phong-nghiep-vu-y"),
        ("phòng khám hồng ân không giấy phép dọa ung thư ép ký gói điều trị", "ve_benh_moi_tien", "thanh-tra-so"),
        ("sở y tế trả hồ sơ xin giấy phép hoạt động của tôi bốn lần quá hạn", "buc_xuc_dich_vu_cong", "thanh-tra-so"),
        (
            "hồ sơ xin cấp giấy phép mở nhà thuốc của tôi trễ hẹn hai tháng chưa thẩm định",
            "dich_vu_cong",
            "phong-nghiep-vu-duoc",
        ),
    ],
)
def test_who_verifies_is_not_always_who_is_complained_about(
    understood: Understood, story: str, line: str, unit: str
) -> None:
    responsible = understood(story, line).responsible_unit
    assert responsible.value == unit
    assert responsible.reason


def test_professional_mistakes_are_more_urgent_than_queues(understood: Understood) -> None:
    assert understood("bác sĩ mổ nhầm chân tôi phải mổ lại").level.value == 2
    assert understood("tôi xếp hàng bốc số từ sáng tới trưa chưa được khám").level.value == 3
