"""Where the words name a paper that has a number: biên nhận, phiếu hẹn, công văn, giấy báo."""

from __future__ import annotations

from collections.abc import Sequence

from transcription.rules.number_words import DIGITS, lacks_diacritics
from transcription.rules.text import folded, word_set


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    first, second = text.split()[::2], text.split()[1::2]
    return frozenset(zip(first, second, strict=True))


_PLAIN = _pairs(
    "bien nhan bien lai phieu hen giay hen ho so ma so tiep nhan van don tra cuu thu ly don so so don ma don "
    "vien nhan ben nhan bien nhat bien nhanh bien nhang hot so"
)
"""Folded; the last ones as they are misheard."""

_FORMAL = _pairs("giay bao thong bao cong van quyet dinh gioi thieu bien ban van ban to trinh so den giay moi ket luan")
"""Papers spoken of for other reasons, too: a bare number is theirs only right after their "số"."""

_BILLS = word_set("hoa hoá hóa giá")
"""Before đơn they make it a bill or a price."""

_NUMBERED_OTHERWISE = word_set(
    "phép chỉ đăng ký kí lô thẻ xe biển bằng phòng khoa lầu tầng đường hẻm nhà giường điện zalo gọi nghị tư luật bộ"
)
"""What has numbers of its own: a licence, a medicine's batch, a card, a room, a telephone, a law."""

_SMALL = word_set(
    "cũ mới số mã là của tôi tui em thì có ghi đó này mang biên nhận hồ sơ đơn nó cái dạ ờ à so ma la cua toi "
    "phản ánh con cháu mình nè đây sao chụp thu"
)
_NUMBER = word_set("số mã so ma")
_REACH, _CLOSE = 12, 3


class Papers:
    """The papers named in some words, and which numbers after them are theirs."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._plain, self._formal = self._named()

    def any_near(self, place: int) -> bool:
        """Whether any paper is named at most a dozen words before the place."""
        nearest = self._nearest(place)
        return nearest >= 0 and place - nearest <= _REACH

    def own_lettered(self, place: int) -> bool:
        """Whether a number with letters or strokes at a place is a paper's: only small words stand between."""
        return self._are_small(self._nearest(place), place)

    def own_shaped(self, place: int) -> bool:
        """Whether a number of a paper's shape (1187/TB) is that of one named some words before."""
        between = self._words[max(self._nearest(place), 0) : place]
        return self.any_near(place) and _NUMBERED_OTHERWISE.isdisjoint(between)

    def own_plain(self, place: int, *, long: bool) -> bool:
        """Whether a bare number at a place is a paper's: after its "số", right after it, or if `long` soon after."""
        paper = self._plain[place]
        if self._are_small(paper, place) and (long or paper == place or self._announced(place)):
            return True
        formal = self._formal[place]
        return formal >= 0 and formal == place - 1 and self._words[formal] in _NUMBER

    def is_close(self, place: int) -> bool:
        """Whether a paper is named at most three words before the place."""
        return self._plain[place] >= 0 and place - self._plain[place] <= _CLOSE

    def _nearest(self, place: int) -> int:
        return max(self._plain[place], self._formal[place])

    def _are_small(self, start: int, end: int) -> bool:
        return start >= 0 and end - start <= _REACH and _SMALL.issuperset(self._words[start:end])

    def _announced(self, place: int) -> bool:
        head = place
        while head > 0 and self._words[head - 1] in _SMALL:
            head -= 1
        return not _NUMBER.isdisjoint(self._words[max(0, head - 3) : place])

    def _named(self) -> tuple[list[int], list[int]]:
        """For every place, where the name of the nearest paper before it ends (-1: none), by kind."""
        words, bare = self._words, [folded(word) for word in self._words]
        singles = ("phiếu", "mã", "phieu", "ma") if lacks_diacritics(words) else ("phiếu", "mã")
        plain, formal = [-1], [-1]
        for end in range(1, len(words) + 1):
            pair = (bare[end - 2], bare[end - 1]) if end > 1 else ("", "")
            bill = "don" in pair and not _BILLS.isdisjoint(words[max(0, end - 3) : end])
            in_digits = end > 2 and {words[end - 2], words[end - 3]} <= DIGITS.keys()  # mã for ba, inside a number
            named = (words[end - 1] in singles and not in_digits) or (pair in _PLAIN and not bill)
            plain.append(end if named else plain[-1])
            formal.append(end if pair in _FORMAL else formal[-1])
        return plain, formal
