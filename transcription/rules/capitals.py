"""Capital letters: known names, abbreviations, and people's names where the words around them show that they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    """Stretches of lower-case `words` shown with capitals: `names` as they are spelled, abbreviations, people."""
    known = _by_first_syllable({**_FIXED, **{" ".join(syllables(name)): name for name in names}})
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


def _by_first_syllable(spellings: Mapping[str, str]) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Names by their first syllable, longest first; a name of one plain syllable is too likely a word."""
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for said, spelling in _spoken_variants(spellings):
        if len(said) > 1 or " ".join(said) in _FIXED:
            index.setdefault(said[0], []).append((said, spelling))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


def _spoken_variants(spellings: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each name as it is, and with its number said: Nhi Đồng 1, nhi đồng một."""
    units = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
    for said, spelling in spellings.items():
        parts = said.split()
        if parts:
            yield tuple(parts), spelling
        if any(part.isdigit() and part.isascii() for part in parts):
            digits = [[units[int(digit)] for digit in part] if part.isdecimal() else [part] for part in parts]
            yield tuple(word for group in digits for word in group), spelling


def _known(words: Sequence[str], place: int, known: Mapping[str, list[tuple[tuple[str, ...], str]]]) -> Rewrite | None:
    for said, spelling in known.get(words[place], ()):
        if tuple(words[place : place + len(said)]) == said:
            return Rewrite(place, place + len(said), spelling)
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
