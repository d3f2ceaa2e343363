"""Sums that are told, but were not asked of the caller."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    "story",
    [
        "tôi đi xe ôm mỗi bận hết tám mươi sáu ngàn mà giấy chưa có",
        "đi taxi hết ba trăm ngàn tới nơi thì đóng cửa",
        "tôi đưa tờ năm trăm ngàn hơi rách cô ấy vứt ra ngoài",
        "con bé tiểu cầu còn hai mươi hai ngàn mà cho về",
        "giấy ra viện ghi năm sanh hai ngàn không trăm mười chín là sai",
    ],
)
def test_fares_notes_and_counts_are_no_sum(understood: Understood, story: str) -> None:
    assert understood(story).amount_vnd.value is None


@pytest.mark.parametrize(
    ("story", "value"),
    [
        ("tôi đi xe ôm tới nơi thì bị thu viện phí không có hóa đơn là hai triệu rưỡi", 2_500_000),
        ("giấy khám sức khỏe mỗi tờ năm chục ngàn", 50_000),
    ],
)
def test_what_was_paid_there_is_the_sum(understood: Understood, story: str, value: int) -> None:
    assert understood(story).amount_vnd.value == value
