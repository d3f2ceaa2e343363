"""Sums of money in đồng, as callers say and write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from transcription.rules.number_words import PLAIN
from transcription.rules.numbers import NumberMatch, find_numbers
from transcription.rules.text import folded, word_set

_CURRENCY = word_set("đồng đ vnđ vnd ₫ dong bạc")
_NO_CURRENCY = word_set("nghiệp ý hồ thời chi bệnh hương bào phục tình môn nhất chí nghiep")
"""After these đồng is part of another word: đồng nghiệp, đồng ý."""

_FOREIGN = word_set("đô usd euro yên tệ nhân won")
_THING_COUNTED = word_set("dân lượt liều tế mét km dan luot")
"""What millions and thousands are of when they are no money."""

_SCALE_WORDS = word_set("nghìn ngàn triệu củ tỷ tỉ nghin ngan trieu ty ti triêu triểu chiệu trịu chục rưỡi trăm vạn")
_HEDGES = word_set("khoảng chừng tầm cỡ gần hơn cả ngót trên dưới hàng đâu độ")
_PAYING = word_set(
    "tiền phí giá hết đóng trả tốn mất thu lấy tính nộp chuyển đòi bắt tạm ứng đưa cầm xin lì bồi dưỡng tổng còn tới "
    "vĩnh vòi bì chém nhét lót tay phong tiêm chích khám mua bán tien phi het dong tra thu lay nop doi dua"
)
_NOT_MONEY_AFTER = word_set(
    "người ngày tháng năm tuần giờ phút tiếng lần cái chiếc con hồ bệnh ca cây cuốn tờ trang mét km kg ký gam gram mi "
    "mili li độ phần tuổi viên hộp chai ống mũi liều phòng giường đứa buổi đơn trường bước km2 đô m2 bữa lượt phường"
)
"""What tens and hundreds without a scale are of, when no thousands of đồng are meant."""

_NUMBERING = word_set("số phòng giường khoa lầu tầng thứ đường hẻm")
_PRICED = word_set("viên suất hộp lần tờ ca mũi cữ bộ ngày giờ xe lượt chai gói tấm vé ly tô dĩa phần người cái")
_HALF = word_set("rưỡi rưởi ruỡi rửi")
_SLANG = {"chai": 1_000_000, "xị": 100_000, "lít": 100_000}
_DRUNK = word_set("nước thuốc dịch bia sữa dầu rượu truyền đạm máu xịt siro oxy cồn nhỏ")
_COMPARED = word_set("tốt rẻ mắc đắt nhiều ít nặng nhẹ lớn nhỏ cao thấp lâu nhanh khá kém")
"""After these hơn compares, and is no "more than"."""
_SAID = frozenset(folded(word) for word in (*PLAIN, *_SCALE_WORDS, "nửa"))
_MENDED = 0.7
"""How much of a sum's sureness is left if one of its words was misheard."""
_CELLS = frozenset({("tiểu", "cầu"), ("bạch", "cầu"), ("hồng", "cầu")})
_SMALL_SUM = 10_000
_YEAR_WORDS = word_set("năm nam")


@dataclass(frozen=True, slots=True)
class AmountMatch:
    """A sum in words[start:end]: `value` in đồng; `rough` if hedged ("gần hai triệu"); `sureness` 0-1."""

    start: int
    end: int
    value: int
    rough: bool
    sureness: float


def find_amounts(words: Sequence[str]) -> list[AmountMatch]:
    """The sums of money in lower-case `words`, in order; "mấy triệu" and foreign money are none."""
    found = (_amount(words, number) for number in find_numbers(words))
    return [amount for amount in found if amount is not None]


def format_amount(value: int) -> str:
    """`value` đồng as written in Vietnam: 2.500.000 ₫."""
    return f"{value:,}".replace(",", ".") + " ₫"


def _amount(words: Sequence[str], number: NumberMatch) -> AmountMatch | None:
    if number.kind != "cardinal" or number.value < 1:
        return None
    end = number.end
    following = words[end] if end < len(words) else ""
    if following in _CURRENCY and not (following == "đồng" and _after(words, end) in _NO_CURRENCY):
        return _built(words, number, end + 1, int(number.value), 1.0)
    if following in _FOREIGN:
        return None
    if number.value >= 1000:
        sureness = _large_sureness(words, number, following)
        return _built(words, number, end, int(number.value), sureness) if sureness else None
    return _slang(words, number, following) or _implied_thousands(words, number, following)


def _after(words: Sequence[str], place: int) -> str:
    return words[place + 1] if place + 1 < len(words) else ""


def _large_sureness(words: Sequence[str], number: NumberMatch, following: str) -> float:
    """How likely a bare number from a thousand up is money: a sum said with its scale mostly is."""
    said = words[number.start : number.end]
    if _is_odd(number) or _is_measured(words, number):
        return 0.0
    if following in _THING_COUNTED or (number.start and words[number.start - 1] in _YEAR_WORDS):
        return 0.0
    grouped = any(not word.isdigit() for word in said if word[0].isdigit())
    if grouped or not _SCALE_WORDS.isdisjoint(said):
        return 0.9 if number.value >= 10_000 or _is_paid(words, number.start) else 0.5
    return 0.6 if number.value >= 10_000 and _is_paid(words, number.start) else 0.0


def _is_odd(number: NumberMatch) -> bool:
    """Whether a number is a year or the like: sums of a few thousand are in steps of a hundred."""
    return number.value < _SMALL_SUM and number.value % 100 != 0


def _is_measured(words: Sequence[str], number: NumberMatch) -> bool:
    """ "Tiểu cầu còn tám ngàn", "tụt còn tám ngàn": a count of blood cells."""
    before = words[max(0, number.start - 5) : number.start]
    return "tụt" in before[-2:] or any(pair in _CELLS for pair in pairwise(before))


def _implied_thousands(words: Sequence[str], number: NumberMatch, following: str) -> AmountMatch | None:
    """ "Lấy năm chục": soon after a word of paying the thousands go unsaid, and always in "ba trăm rưỡi"."""
    round_sum = not {"chục", "trăm"}.isdisjoint(words[number.start : number.end]) and number.value % 10 == 0
    said = set(words[number.start : number.end])
    halved = "trăm" in said and not _HALF.isdisjoint(said)
    paid = halved or not _PAYING.isdisjoint(words[max(0, number.start - 2) : number.start]) or _is_price(words, number)
    other = (following in _NOT_MONEY_AFTER and not halved) or words[number.start - 1] in _NUMBERING
    if not (round_sum and paid) or other:
        return None
    return _built(words, number, number.end, int(number.value * 1000), 0.4)


def _is_price(words: Sequence[str], number: NumberMatch) -> bool:
    """ "Một viên bốn chục", "hai trăm một cái": a price beside what it is the price of."""
    before, after = words[max(0, number.start - 2) : number.start], words[number.end : number.end + 2]
    return any(len(pair) == 2 and pair[0] in ("một", "mỗi") and pair[1] in _PRICED for pair in (before, after))


def _slang(words: Sequence[str], number: NumberMatch, following: str) -> AmountMatch | None:
    """ "Đóng sáu chai" is six million, "năm xị" five hundred thousand: only where it is paid, and nothing is drunk."""
    worth = _SLANG.get(following, 0)
    priced = _after(words, number.end) in ("một", "mỗi")
    if not worth or number.value > 50 or _after(words, number.end) in _DRUNK:
        return None
    monthly = tuple(words[max(0, number.start - 2) : number.start]) == ("mỗi", "tháng")
    paid = priced or monthly or not _PAYING.isdisjoint(words[max(0, number.start - 2) : number.start])
    return _built(words, number, number.end + 1, int(number.value * worth), 0.5) if paid else None


def _is_paid(words: Sequence[str], start: int) -> bool:
    return not _PAYING.isdisjoint(words[max(0, start - 4) : start])


def _built(words: Sequence[str], number: NumberMatch, end: int, value: int, sureness: float) -> AmountMatch:
    if any(folded(word) not in _SAID and not word[0].isdigit() for word in words[number.start : number.end]):
        sureness = round(_MENDED * sureness, 2)
    hedged = number.start > 0 and words[number.start - 1] in _HEDGES
    hedged = hedged and not (number.start > 1 and words[number.start - 2] in _COMPARED)
    return AmountMatch(number.start, end, value, hedged, sureness)
