"""The day something happened, and what only sounds like one."""

from __future__ import annotations

import pytest

from .conftest import Understood


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("trưa ni tôi đi thay băng bị cô hướng dẫn quát", "trưa ni"),
        ("sáu giờ sáng nay tôi lấy số mà bảo vệ quát tháo", "sáu giờ sáng nay"),
        ("từ đầu tháng tới giờ trạm y tế không có thuốc, hỏi thì quát", "từ đầu tháng"),
        ("mười mấy năm nay khám ở đây, sáng thứ hai vừa rồi cô y tá quát tôi", "sáng thứ hai vừa rồi"),
        ("chuyện hồi chiều hai mươi lăm, bác sĩ quát tôi", "hồi chiều hai mươi lăm"),
        ("năm ngoái tôi nộp đơn tới giờ chưa trả, hôm thứ hai họ quát tôi", "hôm thứ hai"),
        ("năm ngoái tôi nộp đơn mà tới giờ chưa ai trả lời", "năm ngoái"),
        ("đêm giao thừa tây điều dưỡng quát vợ tôi", "đêm giao thừa tây"),
        ("tối ôm thứ ba bảo vệ quát ba tôi", "tối ôm thứ ba"),
        (
            "biên nhận ghi trả ngày 18/12, tôi nộp hôm mùng một tháng mười hai mà bị trả hồ sơ",
            "hôm mùng một tháng mười hai",
        ),
    ],
)
def test_the_day_it_happened_is_kept_in_the_callers_words(understood: Understood, story: str, words: str) -> None:
    day = understood(story).event_date.value
    assert day is not None
    assert day.words.strip(",.") == words


@pytest.mark.parametrize(
    "story",
    [
        "bác sĩ để mẹ tôi chờ cả tuần nay không ai ngó",
        "bóng đèn cháy hai tuần rồi không ai thay",
        "xin khám ngoài giờ hoặc chủ nhật mà không ai chịu",
        "lặn lội đêm hôm mà bị quát",
        "nhà vệ sinh nghẹt từ tuần này sang tuần khác, bệnh viện không sửa",
        "mà vé tôi sáng thứ sáu mà sổ tiêm in sai, họ không sửa",
        "tôi muốn gửi lời khen các cô điều dưỡng hôm nọ rất tận tình",
        "hôm bữa cô thu ngân quát tôi mà không ai nói gì",
        "bệnh viện xây năm 2019 mà nhà vệ sinh đã hư, không ai sửa",
    ],
)
def test_how_long_what_is_due_and_praise_give_no_day(understood: Understood, story: str) -> None:
    assert understood(story).event_date.value is None
