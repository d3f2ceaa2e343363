"""What Whisper says that nobody said."""

from __future__ import annotations

from transcription.ports import Word
from transcription.rules.text import fold

_LEARNT_FROM_SUBTITLES = (
    "hãy subscribe cho kênh ghiền mì gõ",
    "để không bỏ lỡ những video hấp dẫn",
    "cảm ơn các bạn đã theo dõi",
    "cảm ơn các bạn đã xem video",
    "hẹn gặp lại các bạn trong những video tiếp theo",
    "hãy đăng ký kênh để ủng hộ kênh của mình",
    "nhớ đăng ký kênh",
)
"""What Whisper says of unclear Vietnamese sound, because it learnt from subtitles; nobody says it here."""

_INVENTED = tuple(tuple(fold(phrase).split()) for phrase in _LEARNT_FROM_SUBTITLES)


def without_inventions(words: list[Word]) -> list[Word]:
    """The words without the farewells of video channels that Whisper makes out of unclear sound."""
    folded = [fold(word.text) for word in words]
    invented: set[int] = set()
    for phrase in _INVENTED:
        for first in range(len(folded) - len(phrase) + 1):
            if tuple(folded[first : first + len(phrase)]) == phrase:
                invented.update(range(first, first + len(phrase)))
    return [word for index, word in enumerate(words) if index not in invented]
