from __future__ import annotations

import pytest

from transcription.engines.inventions import without_inventions
from transcription.ports import Word


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("tôi chờ lâu", "tôi chờ lâu"),
        ("Hãy subscribe cho kênh Ghiền Mì Gõ Để không bỏ lỡ những video hấp dẫn", ""),
        ("tôi chờ lâu cảm ơn các bạn đã theo dõi", "tôi chờ lâu"),
        ("cảm ơn các bác sĩ đã theo dõi", "cảm ơn các bác sĩ đã theo dõi"),
        ("", ""),
    ],
)
def test_farewells_of_video_channels_are_taken_out(heard: str, kept: str) -> None:
    words = [Word(text, n, n + 1, 0.5) for n, text in enumerate(heard.split())]
    assert " ".join(word.text for word in without_inventions(words)) == kept
