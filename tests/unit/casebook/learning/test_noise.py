"""The noise that stands in for recognition errors: of the stated rate, the same each time, of real syllables."""

from __future__ import annotations

import jiwer

from casebook.learning.noise import RATE, Noise, toneless

SAID = [
    "tôi phản ánh bệnh viện bắt xếp hàng lấy số từ năm giờ sáng quầy thu tiền có một cô nhân viên",
    "mẹ tôi nằm hành lang từ trưa tới giờ không ai hỏi han gì hết xin các anh chị xem lại giùm",
    "giấy chuyển tuyến thì nói sai mẫu bắt về phường làm lại bãi giữ xe thu mười ngàn không có vé",
]


def test_about_the_stated_share_of_syllables_is_misheard() -> None:
    noise = Noise(SAID)
    heard = [noise.misheard(text, copy=copy) for copy in range(60) for text in SAID]
    assert abs(jiwer.wer(SAID * 60, heard) - RATE) < 0.08


def test_the_same_text_is_misheard_the_same_way_and_another_copy_otherwise() -> None:
    noise = Noise(SAID)
    assert noise.misheard(SAID[0]) == Noise(SAID).misheard(SAID[0])
    assert len({noise.misheard(SAID[0], copy=copy) for copy in range(5)}) > 1


def test_only_syllables_that_people_say_are_heard() -> None:
    said = {syllable for text in SAID for syllable in text.split()}
    assert set(Noise(SAID).misheard(" ".join(SAID)).split()) <= said


def test_tones_are_lost_and_vowels_stay() -> None:
    assert toneless("mẹ tôi được cứu") == "me tôi đươc cưu"
