"""Capital letters: known names, abbreviations, and people's names where the words around them show that they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from transcription.rules.number_words import DIGITS
from transcription.rules.rewriting import Rewrite
from transcription.rules.text import syllables, word_set

_FIXED = {
    "tp hcm": "TP.HCM", "tp hồ chí minh": "TP. Hồ Chí Minh", "thành phố hồ chí minh": "Thành phố Hồ Chí Minh",
    "hồ chí minh": "Hồ Chí Minh", "sài gòn": "Sài Gòn", "hà nội": "Hà Nội", "việt nam": "Việt Nam",
    "bình dương": "Bình Dương", "vũng tàu": "Vũng Tàu", "bà rịa": "Bà Rịa", "đồng nai": "Đồng Nai",
    "tp": "TP.", "bhyt": "BHYT", "bhxh": "BHXH", "cccd": "CCCD", "cmnd": "CMND", "hcdc": "HCDC", "pk": "PK",
    "ubnd": "UBND", "ct": "CT", "mri": "MRI", "icu": "ICU", "hiv": "HIV", "vneid": "VNeID", "qr": "QR", "adn": "ADN",
    "bê hát y tê": "BHYT", "bờ hờ y tờ": "BHYT", "xê xê xê đê": "CCCD", "hát xê đê xê": "HCDC", "xi ti": "CT",
    "em rờ ai": "MRI", "mờ rờ i": "MRI", "i xê u": "ICU", "hát ai vi": "HIV", "hát i vê": "HIV",
    "zalo": "Zalo", "facebook": "Facebook", "phây búc": "Facebook", "tiktok": "TikTok", "youtube": "YouTube",
    "google": "Google", "bộ y tế": "Bộ Y tế", "sở y tế": "Sở Y tế", "hội đồng nhân dân": "Hội đồng nhân dân",
}  # fmt: skip
"""Places and abbreviations that every call may have, spelled-out letters among them."""

_DIGIT_WORDS = {value: word for word, value in DIGITS.items() if word != "bẩy"}
_KINDS = (
    ("bệnh", "viện", "đa", "khoa"), ("trung", "tâm", "y", "tế"), ("phòng", "khám", "đa", "khoa"), ("bệnh", "viện"),
    ("trung", "tâm"), ("phòng", "khám"), ("trạm", "y", "tế"), ("viện",), ("phòng",),
)  # fmt: skip
_PLACE_CUES = word_set("ở tại vô vào viện bên qua về khám nằm lên tới đến chuyển ra khoa sang phòng tế xuống từ")
"""Words before a facility's short name; elsewhere it may be common words (thống nhất, bình dân)."""

_FAMILY = word_set(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn lâm trương trịnh mai đào cao tạ "
    "tô hà lưu lương thái châu quách phùng tăng từ thạch kiều la vương viên doãn khổng nghiêm chu giang kim"
)
_SURE_FAMILY = word_set("nguyễn trần phạm huỳnh đặng bùi đỗ trịnh đinh phan võ vũ ngô lê lý trương dương hoàng đoàn")
_GIVEN = word_set(
    "an anh ánh ân bảo bình bích cường chi châu chính công cúc dung dũng duy duyên đạt đức giang hà hạnh hải "
    "hằng hậu hiền hiếu hoa hoàng hòa hồng huệ hùng huy huyền hương khang khánh khoa khôi kiên kiệt lan lâm "
    "liên linh loan long lộc ly mai mạnh minh my mỹ nam nga ngân nghĩa ngọc nguyên nhàn nhân nhi nhung như "
    "oanh phát phong phú phúc phương phước phượng quang quân quốc quyên quỳnh sang sơn tài tâm tân thanh thành "
    "thảo thắm thắng thi thịnh thoa thông thu thư thúy thủy thương tiên tiến tín toàn toản trang trâm trí "
    "trinh trọng trung trúc tú tuấn tuyền tuyết tùng uyên vân việt vinh vy xuân yến ý đan đông hân vũ"
)
_NO_NAME = word_set(
    "tôi tui em anh chị ông bà cô chú bác con cháu mình nó họ ở có là thì mà và với của cho bị được đang đã sẽ "
    "vừa mới xin muốn gọi hỏi nói đi đến tới vô vào ra lên xuống về đây đó kia này nay rồi ạ dạ ờ à ừ vâng nha "
    "nhé nghen không chưa cũng còn nên vì tại bên trong ngoài trên dưới số chủ quê nhà làm sĩ người bệnh thưa "
    "kính hiện nghe đưa từ khi lúc hôm bữa đứng chờ mua nộp khám nằm bán phụ trách gì sao ai đâu nào thế vậy "
    "một hai ba bốn năm"
)
_NAMED = word_set("tôi tui em mình con cháu chị anh bà ông cô chú nó ba má mẹ cha chồng vợ bé")
_BEING = {("tôi", "là"), ("tui", "là"), ("em", "là"), ("mình", "là"), ("con", "là"), ("cháu", "là"), ("chị", "là")}
_TITLES = {("bác", "sĩ"), ("bác", "sỹ"), ("dược", "sĩ"), ("điều", "dưỡng"), ("hộ", "sinh"), ("y", "tá"), ("y", "sĩ")}
_ADDRESS = word_set("ông bà anh chị cô chú")


def find_capitals(words: Sequence[str], names: Sequence[str]) -> list[Rewrite]:
    """Stretches of lower-case `words` shown with capitals: abbreviations, people, and `names` as they are spelled.

    A facility's name counts also without its kind (Chợ Rẫy) where a word of place stands before it.
    """
    known = _index(names)
    found: list[Rewrite] = []
    place = 0
    while place < len(words):
        match = _known(words, place, known) or _person(words, place)
        found.extend([match] if match else [])
        place = match.end if match else place + 1
    return found


def capitalised(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as said and as spelled; one that is `cued` needs a word of place before it."""

    said: tuple[str, ...]
    spelling: str
    cued: bool = False


def _index(names: Sequence[str]) -> dict[str, list[_Name]]:
    """Names by their first syllable, longest first; a name of one plain syllable is too likely a word."""
    fixed = [_Name(tuple(said.split()), spelling) for said, spelling in _FIXED.items()]
    given = [_Name(tuple(syllables(name)), name) for name in names]
    every = [*fixed, *(variant for name in (*given, *_shortened(given)) for variant in _as_spoken(name))]
    index: dict[str, list[_Name]] = {}
    for name in sorted(every, key=lambda each: -len(each.said)):
        if len(name.said) > 1 or (name.said and " ".join(name.said) in _FIXED):
            index.setdefault(name.said[0], []).append(name)
    return index


def _shortened(names: Sequence[_Name]) -> Iterator[_Name]:
    """Names without the kind of facility: Chợ Rẫy, Nhân dân 115."""
    for name in names:
        for kind in _KINDS:
            rest = name.spelling.split()[len(kind) :]
            if name.said[: len(kind)] == kind and len(rest) > 1 and len(rest) == len(name.said) - len(kind):
                yield _Name(name.said[len(kind) :], " ".join(rest), cued=True)
                break


def _as_spoken(name: _Name) -> Iterator[_Name]:
    """The name as it is, and with its number said: Nhi Đồng 1, nhi đồng một; Quận 12, quận mười hai."""
    yield name
    numbers = [part for part in name.said if part.isdecimal() and part.isascii()]
    for say in (_digit_by_digit, _as_number) if numbers else ():
        said = tuple(word for part in name.said for word in (say(part) if part in numbers else [part]))
        yield _Name(said, name.spelling, name.cued)


def _digit_by_digit(number: str) -> list[str]:
    return [_DIGIT_WORDS[int(digit)] for digit in number]


def _as_number(number: str) -> list[str]:
    if len(number) != 2 or number[0] != "1":
        return _digit_by_digit(number)
    unit = {"0": [], "5": ["lăm"]}.get(number[1], [_DIGIT_WORDS[int(number[1])]])
    return ["mười", *unit]


def _known(words: Sequence[str], place: int, known: Mapping[str, Sequence[_Name]]) -> Rewrite | None:
    cued = place > 0 and words[place - 1] in _PLACE_CUES
    for name in known.get(words[place], ()):
        if tuple(words[place : place + len(name.said)]) == name.said and (cued or not name.cued):
            return Rewrite(place, place + len(name.said), name.spelling)
    return None


def _person(words: Sequence[str], place: int) -> Rewrite | None:
    length = _person_length(words, place)
    if length == 0:
        return None
    name = words[place : place + length]
    return Rewrite(place, place + length, " ".join(capitalised(syllable) for syllable in name))


def _person_length(words: Sequence[str], place: int) -> int:
    """How many words from a place on are a person's name; 0 if the words before do not announce one."""
    announced = _is_announced(words, place)
    given = _given_length(words, place + 1)
    if words[place] in _FAMILY and given and (announced or _is_addressed(words, place) or _is_full(words, place)):
        return 1 + given
    if not announced or (words[place] not in _GIVEN and words[place - 1] == "là"):
        return 0
    return min(2, _given_length(words, place))


def _is_announced(words: Sequence[str], place: int) -> bool:
    """Whether "tôi tên", "tên là" or "họ tên" stands before."""
    before = tuple(words[max(0, place - 2) : place])
    return len(before) == 2 and (
        before in (("tên", "là"), ("họ", "tên")) or (before[0] in _NAMED and before[1] == "tên")
    )


def _is_addressed(words: Sequence[str], place: int) -> bool:
    """Whether a title or "tôi là" stands before, and what follows is a usual given name."""
    before = tuple(words[max(0, place - 2) : place])
    addressed = before in _BEING or before in _TITLES or (place > 0 and words[place - 1] in _ADDRESS)
    return addressed and (words[place] in _SURE_FAMILY or _word(words, place + 1) in _GIVEN)


def _is_full(words: Sequence[str], place: int) -> bool:
    """Whether it is a whole name by itself: nguyễn thị lan, trần văn tám."""
    return words[place] in _SURE_FAMILY and _word(words, place + 1) in ("thị", "văn") and place + 2 < len(words)


def _given_length(words: Sequence[str], place: int) -> int:
    """How many words of a given name start here: two as a rule, more only of usual name syllables."""
    length = 0
    while length < 3 and _word(words, place + length) not in _NO_NAME and _word(words, place + length).isalpha():
        if length > 0 and _word(words, place + length) not in _GIVEN and not (length == 1 and _middle(words, place)):
            break
        length += 1
    return length


def _middle(words: Sequence[str], place: int) -> bool:
    return _word(words, place) in ("thị", "văn", "hữu", "đình", "thế", "đức", "ngọc", "thanh", "minh", "quốc", "kim")


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""
