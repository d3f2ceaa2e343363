from __future__ import annotations

import pytest

from casebook.rules.understanding import Directory, Heard, UnderstandingRules, understand
from transcription.ports import Word

from .conftest import CALLED_AT, Understood

STORIES = [
    (
        "hồ sơ xin cấp chứng chỉ hành nghề của tôi quá hạn hai tháng chưa có kết quả",
        "dich_vu_cong",
        "thu_tuc_hanh_chinh",
    ),
    ("phòng khám dọa ung thư rồi bắt ký gói điều trị hai mươi triệu", "ve_benh_moi_tien", "vi_pham_tu_nhan"),
    ("tôi bốc số từ bốn giờ sáng xếp hàng tới trưa chưa được khám bảo hiểm", "chat_luong", "quy_trinh_kham_bhyt"),
    ("cô điều dưỡng quát mắng mẹ tôi trước mặt mọi người, nói năng hách dịch", "chat_luong", "thai_do_phuc_vu"),
    ("bác sĩ mổ bỏ quên miếng gạc trong bụng vợ tôi, phải mổ lại", "chat_luong", "chuyen_mon"),
    ("nhà vệ sinh bệnh viện bốc mùi, nước tràn ra hành lang", "chat_luong", "khac"),
    ("thái độ thì tốt, tôi không than chuyện đó, tôi than là bó bột sai làm lệch xương", "chat_luong", "chuyen_mon"),
]


@pytest.mark.parametrize(("story", "line", "category"), STORIES)
def test_the_words_and_the_line_give_the_category(understood: Understood, story: str, line: str, category: str) -> None:
    suggestion = understood(story, line)
    assert suggestion.category.value == category
    assert suggestion.category.reason


def test_a_key_decides_where_the_words_say_nothing(directory: Directory, rules: UnderstandingRules) -> None:
    heard = Heard("chat_luong", CALLED_AT, "thai_do_phuc_vu", {})
    assert understand(heard, directory, rules).category.value == "thai_do_phuc_vu"


def test_clear_words_outweigh_a_wrong_key(
    directory: Directory, rules: UnderstandingRules, understood: Understood
) -> None:
    story = "bác sĩ mổ sai bỏ quên gạc trong bụng, nhiễm trùng vết mổ, hoại tử phải mổ lại lần hai"
    answers = understood_words(story)
    heard = Heard("chat_luong", CALLED_AT, "khac", answers)
    assert understand(heard, directory, rules).category.value == "chuyen_mon"


RUDE = "cô điều dưỡng quát mắng mẹ tôi trước mặt mọi người, nói năng hách dịch"
LATE_AND_RUDE = "tôi chờ lâu quá rồi còn bị cô thu ngân gắt gỏng"
BY_KEY = "Theo phím người gọi bấm."


@pytest.mark.parametrize(
    ("story", "key", "category", "reason"),
    [
        ("", "thai_do_phuc_vu", "thai_do_phuc_vu", BY_KEY),
        ("alo alo", "chuyen_mon", "chuyen_mon", BY_KEY),
        (RUDE, "thai_do_phuc_vu", "thai_do_phuc_vu", "Lời kể có: "),
        (RUDE, None, "thai_do_phuc_vu", "Lời kể có: "),
        (LATE_AND_RUDE, "quy_trinh_kham_bhyt", "quy_trinh_kham_bhyt", f"{BY_KEY} Lời kể cũng có: "),
        (LATE_AND_RUDE, "thai_do_phuc_vu", "thai_do_phuc_vu", "Lời kể có: "),
        ("", None, "khac", "Không phải phản ánh: "),
    ],
)
def test_the_reason_says_first_what_decided(
    directory: Directory, rules: UnderstandingRules, story: str, key: str | None, category: str, reason: str
) -> None:
    found = understand(Heard("chat_luong", CALLED_AT, key, understood_words(story)), directory, rules).category
    assert found.value == category
    assert found.reason.startswith(reason)
    assert (found.reason == BY_KEY) is (reason == BY_KEY)


def understood_words(story: str) -> dict[str, tuple[Word, ...]]:
    return {"story": tuple(Word(word, 0.0, 0.1, 0.9) for word in story.split())}


def test_alternatives_are_less_sure_than_the_value(understood: Understood) -> None:
    category = understood("tôi chờ lâu quá rồi còn bị cô thu ngân gắt gỏng").category
    assert category.alternatives
    assert all(a.sureness <= category.sureness for a in category.alternatives)
