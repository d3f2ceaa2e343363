"""Where sentences and clauses of unpunctuated Vietnamese speech end, from pauses and from the words themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from transcription.rules.text import word_set

Mark = Literal["", ",", ".", "?"]

LONG_PAUSE = 0.75
"""Seconds of silence that end a sentence unless the words plainly go on."""

SHORT_PAUSE = 0.3
"""Seconds of silence that end a clause, or a sentence where the words agree."""

_GREETINGS = {("a", "lô"), ("xin", "chào")}
_FINAL = word_set("ạ nha nghen nhé nghe hen hả hông luôn rồi vậy đâu hết nữa đó á trời cả ha chớ cà")
"""Particles that close a sentence."""

_SOFT_FINAL = word_set("ạ nha nghen nhé hả hen á cà")
"""Particles that close a sentence even without a pause when a new subject follows."""

_OPENERS = word_set(
    "tôi tui em mình anh chị cô chú bác ông bà nó họ bây giờ hôm bữa sáng chiều tối đêm nhưng xong rồi dạ thưa alo alô "
    "vậy thế cho nếu mà sau hồi lúc khi hồ bệnh cái người giờ ủa chồng vợ con mẹ ba má cháu ở đề mong xin hỏi số điện "
    "còn tại bởi cứ ngày thứ tuần trời từ ai vừa"
)
"""Words a sentence often begins with."""

_CONNECTIVES: dict[str, tuple[str, ...]] = {
    "nhưng": ("", "mà"), "vậy": ("mà",), "thế": ("mà",), "ấy": ("thế",), "cho": ("nên",), "tại": ("vì",),
    "bởi": ("vì",), "trong": ("khi",), "thành": ("ra",), "với": ("lại",), "còn": ("", "cái"), "xong": ("", "rồi"),
    "rốt": ("cuộc",), "sau": ("đó",),
}  # fmt: skip
"""Words that open a clause, with what may have to follow."""

_OPEN_ENDED = word_set(
    "là thì mà và với của cho bị đang đã sẽ có ở tại trong ngoài trên dưới từ vì nên nếu khi những các một mỗi "
    "mấy rất quá không chưa đừng bệnh viện phòng bác số đi vô vào ra lên xuống tên cái con người để do bằng "
    "như hay hoặc tôi tui em anh chị nó họ phải muốn nói kêu bảo hỏi cũng vừa mới lại cứ còn về"
)
"""Words after which a sentence cannot well end."""

_BINDING = word_set("là của cho với và bị đang đã sẽ ở tại các những một mỗi mấy rất để do bằng như từ bệnh bác số")
"""Words so bound to the next that silence after them is a hesitation."""

_SUBJECTS = word_set("tôi tui em họ con chồng vợ bác người cô hôm đề")
"""Words that begin a new clause even without a pause, unless the word before takes them as its object."""

_SUBJECT_PAIRS = {
    "bác": ("sĩ", "sỹ"), "người": ("ta", "nhà"), "hôm": ("qua", "nay", "kia", "thứ"), "đề": ("nghị",),
    "cô": ("kia", "đó", "y"),
}  # fmt: skip
_OWNED = word_set("con chồng vợ")

_TAKES_OBJECT = word_set(
    "gọi đuổi mắng nhắn chỉ bắt đưa dẫn giúp giùm nhờ mời lấy chứ lúc lần phần tụi chúng nhà chồng vợ ba má mẹ "
    "cha ông bà ngoại nội chửi la cám ơn cảm thưa dạ đòi hẹn khám chụp mổ chích đo giữ nghe thấy làm biết trả "
    "đợi chờ trước sau hồi mỗi nếu hễ tên bỏ lo liên bằng hơn tay chân gửi yêu cầu bên theo tới cùng lên rằng "
    "vậy khỏi nhận dù miễn tổng cứu khuyên biểu qua kia nay đó nhưng hôm sáng trưa chiều tối đêm sao hai xin "
    "mong đối thay tội chào thương"
)

_ASKED = (
    ("tại", "sao"), ("làm", "sao"), ("vì", "sao"), ("bao", "giờ"), ("bao", "lâu"), ("bao", "nhiêu"), ("ở", "đâu"),
    ("thế", "nào"), ("chừng", "nào"), ("khi", "nào"),
)  # fmt: skip

_LONG_SENTENCE = 20
"""Words after which a new subject begins a sentence and not just a clause."""

_SHORTEST_CLAUSE = 4


def find_marks(words: Sequence[str], pauses: Sequence[float], joined: frozenset[int] = frozenset()) -> list[Mark]:
    """The mark after each of lower-case `words`: none, comma, full stop or question mark.

    `pauses[i]` are the seconds of silence after words[i]; places in `joined` lie inside a name or number.
    """
    marks: list[Mark] = []
    sentence = clause = 0
    for place in range(len(words)):
        mark = "" if place in joined else _mark(words, place, pauses[place], sentence, clause)
        if place == len(words) - 1:
            mark = "."
        if mark == "." and _asks(words[sentence : place + 1]):
            mark = "?"
        marks.append(mark)
        clause = place + 1 if mark else clause
        sentence = place + 1 if mark in (".", "?") else sentence
    return marks


def _mark(words: Sequence[str], place: int, pause: float, sentence: int, clause: int) -> Mark:
    following = words[place + 1] if place + 1 < len(words) else ""
    if _ends(words, place, pause, following, place + 1 - sentence):
        return "."
    return "," if _pauses(words, place, pause, place + 1 - clause) else ""


def _ends(words: Sequence[str], place: int, pause: float, following: str, length: int) -> bool:
    """Whether a sentence ends after the word: by silence, or by a particle before a new beginning."""
    opens, final = following in _OPENERS, words[place] in _FINAL
    if pause >= LONG_PAUSE:
        return length >= 2 and (words[place] not in _OPEN_ENDED or pause >= 2 * LONG_PAUSE or final)
    if pause >= SHORT_PAUSE:
        return length >= _SHORTEST_CLAUSE and words[place] not in _OPEN_ENDED and (opens or final)
    if length < _SHORTEST_CLAUSE or words[place] in _OPEN_ENDED:
        return False
    if words[place] in _SOFT_FINAL:
        return opens
    return length >= _LONG_SENTENCE and _new_subject(words, place + 1)


def _pauses(words: Sequence[str], place: int, pause: float, length: int) -> bool:
    """Whether a comma follows the word."""
    if tuple(words[max(0, place - 1) : place + 1]) in _GREETINGS or words[place] in ("alo", "alô"):
        return length <= 2
    if pause >= SHORT_PAUSE:
        return words[place] not in _BINDING
    if length < _SHORTEST_CLAUSE or words[place] in _OPEN_ENDED:
        return False
    return _connective(words, place + 1) or _new_subject(words, place + 1)


def _new_subject(words: Sequence[str], place: int) -> bool:
    """Whether a new clause begins with its subject or its time: "… mổ ruột thừa | tôi hỏi", "… rồi | hôm qua"."""
    word = words[place] if place < len(words) else ""
    following = words[place + 1] if place + 1 < len(words) else ""
    if word not in _SUBJECTS or words[place - 1] in _TAKES_OBJECT or not following:
        return False
    if word in _OWNED:
        return following in ("tôi", "tui", "em")
    return word not in _SUBJECT_PAIRS or following in _SUBJECT_PAIRS[word]


def _connective(words: Sequence[str], place: int) -> bool:
    following = words[place + 1] if place + 1 < len(words) else ""
    after = _CONNECTIVES.get(words[place]) if place < len(words) else None
    return after is not None and (following in after or "" in after)


def _asks(sentence: Sequence[str]) -> bool:
    """Whether a sentence is a question by its last words."""
    if len(sentence) < 2:
        return False
    last = sentence[-1] if sentence[-1] not in ("ạ", "vậy", "nữa", "chị", "anh") else sentence[-2]
    if last in ("không", "hông"):
        return not {"có", "phải", "được", "đúng", "biết", "còn", "cho"}.isdisjoint(sentence[:-1])
    if last == "chưa":
        return not {"có", "đã", "xong"}.isdisjoint(sentence[:-1])
    asked = any(
        tuple(sentence[place : place + 2]) in _ASKED for place in range(max(0, len(sentence) - 4), len(sentence))
    )
    return last in ("hả", "hở", "sao", "gì", "nào") or asked
