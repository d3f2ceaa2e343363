from __future__ import annotations

import pytest

from .conftest import Understood

IN_DANGER = [
    "cứu với con tôi đang co giật tím tái rồi",
    "mẹ tôi ngưng thở rồi tôi đang ép tim ai điều xe giúp tôi với",
    "bé vừa tiêm xong giờ môi sưng vù thở rít làm sao đây",
    "ba em thở không nổi mà nãy giờ không ai tới hết",
    "vợ tôi ra máu nhiều quá họ không cho chuyển viện",
    "tôi không muốn sống nữa tôi uống hết vỉ thuốc rồi",
    "phòng bệnh đang cháy mấy người già không chạy được cứu lẹ",
    "nó xỉu rồi gọi không dậy giúp với",
    "có người cầm dao rượt bác sĩ một anh bị đâm rồi gấp lắm",
    "Máu chảy không cầm được, bác sĩ bỏ đi đâu hết!",
]

NOT_IN_DANGER = [
    "tháng trước con tôi co giật ở phòng chờ mà mười phút mới có người ra giờ cháu khỏe rồi",
    "hồi năm ngoái ba tôi ngưng tim vì không ai coi ông mất rồi tôi muốn làm rõ",
    "cho em hỏi nếu người nhà khó thở thì gọi số nào",
    "họ dọa không đốt liền thì băng huyết chết em sợ quá phải ký",
    "tôi xin giấy phép cho đội cấp cứu ngoài bệnh viện hồ sơ trễ hai tháng",
    "xe cấp cứu đậu chắn lối đi của người dân",
    "nhà vệ sinh dơ quá đi vô muốn xỉu",
    "đêm qua ba tôi khó thở gọi tổng đài bị gắt nhưng xe cũng tới ba tôi ổn rồi",
]


@pytest.mark.parametrize("story", IN_DANGER)
def test_a_life_in_danger_rings_the_alarm(understood: Understood, story: str) -> None:
    suggestion = understood(story)
    assert suggestion.flags.emergency.value
    assert suggestion.flags.emergency.because
    assert suggestion.level.value == 1


@pytest.mark.parametrize("story", NOT_IN_DANGER)
def test_what_is_over_or_only_asked_does_not_ring(understood: Understood, story: str) -> None:
    assert not understood(story).flags.emergency.value


@pytest.mark.parametrize(
    "story",
    [
        "xin giữ kín tên tôi",
        "đừng nói là tôi gọi, tổ trưởng biết là đuổi liền",
        "em sợ bị trù dập lắm",
        "cho phép tôi ẩn danh",
        "không tiện nói tên",
        "con em còn nằm đó nên em không dám nói tên",
    ],
)
def test_a_caller_who_fears_or_asks_for_secrecy_is_marked(understood: Understood, story: str) -> None:
    assert understood(story + " bệnh viện bình tân bán thuốc ra ngoài").flags.wants_anonymity.value


def test_a_caller_who_says_that_secrecy_is_not_needed_is_not_marked(understood: Understood) -> None:
    assert not understood("tôi không cần giấu tên, cứ ghi tên tôi vô").flags.wants_anonymity.value


@pytest.mark.parametrize(
    ("story", "kind"),
    [
        ("", "im_lang"),
        ("alo", "im_lang"),
        ("chị cho em đặt hai phần cơm, ủa lộn số rồi, xin lỗi nghen", "nham_so"),
        ("tôi muốn gửi lời khen các cô điều dưỡng rất tận tình", "khen"),
        ("cho em hỏi bệnh viện có khám chiều thứ bảy không ạ", "hoi"),
        ("bệnh viện chợ rẫy để mẹ tôi nằm hành lang, bác sĩ quát tháo, chờ sáu tiếng chưa mổ", None),
    ],
)
def test_calls_that_are_no_complaint_are_told_apart(understood: Understood, story: str, kind: str | None) -> None:
    assert understood(story).flags.not_a_complaint.value == kind


def test_words_of_complaint_and_denunciation_in_law_are_marked(understood: Understood) -> None:
    flags = understood("tôi muốn khiếu nại và tố cáo phòng khám này").flags
    assert flags.khieu_nai.value
    assert flags.to_cao.value
    assert not understood("tôi không khiếu nại gì hết, chỉ góp ý thôi").flags.khieu_nai.value
