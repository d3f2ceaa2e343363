"""Facts in the words: sum, day, telephone number, dossier, by the matchers of `transcription.rules`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from transcription.rules.dates import DateMatch, find_dates
from transcription.rules.dossiers import find_dossiers
from transcription.rules.money import find_amounts
from transcription.rules.phones import find_phones

from .shapes import Alternative, EventDate, Field
from .written import Written

T = TypeVar("T")

_TOTAL = frozenset(["tổng", "cộng", "hết", "thảy", "thiệt", "hại"])
_PAID = frozenset(
    [
        "trả",
        "đóng",
        "nộp",
        "chuyển",
        "tốn",
        "hết",
        "mất",
        "đòi",
        "thu",
        "lấy",
        "tính",
        "phí",
        "cọc",
        "bắt",
        "giá",
        "khoản",
        "hóa",
        "đơn",
        "bill",
        "quẹt",
        "trừ",
        "phạt",
    ]
)
_ASIDE = frozenset(["lương", "ví", "túi", "kiếm", "thưởng", "vay", "mượn", "lời"])
_POCKET = ("trong", "túi")
"""What somebody has with them is no sum paid."""
_FARE = (frozenset(["xe", "ôm"]), frozenset(["taxi"]), frozenset(["grab"]))
"""What the way there cost is nothing that was asked of the caller."""
_CUE_REACH = 6
_APPOINTED = frozenset(["hẹn", "hạn", "dời", "đến", "tới", "trước"])
_OLD_NEWS = frozenset(["sinh", "hiệu", "lực", "luật"])


@dataclass(frozen=True, slots=True)
class _Told(Generic[T]):
    """One candidate: what, how good (for choosing), how sure (for showing), and where."""

    value: T
    rank: float
    sureness: float
    answer: Written
    start: int
    end: int


def _best(told: Sequence[_Told[T]], reason: str) -> Field[T]:
    if not told:
        return Field()
    ordered = sorted(told, key=lambda t: -t.rank)
    first = ordered[0]
    others = {t.value: Alternative(t.value, round(t.sureness * 0.5, 3)) for t in ordered[1:] if t.value != first.value}
    span = first.answer.span(first.start, first.end)
    return Field(first.value, round(first.sureness, 3), (span,), reason, tuple(others.values())[:3])


def amount(answers: Sequence[Written]) -> Field[int]:
    """The main sum paid or demanded: a total, else the largest sum that is not a guess or pocket money."""
    told = []
    for answer in answers:
        found = find_amounts(answer.pieces)
        notes = {match.value for match in found if _is_banknote(answer.pieces, match.start)}
        for match in found:
            if match.rough or match.value < 1_000:
                continue
            before = set(answer.pieces[max(0, match.start - _CUE_REACH) : match.start])
            if tuple(answer.pieces[match.end : match.end + 2]) == _POCKET or match.value in notes:
                continue
            if any(fare <= before for fare in _FARE):
                continue
            aside = bool(before & _ASIDE)
            cue = 3.0 * bool(before & _TOTAL) + 1.0 * bool(before & _PAID) - 1.5 * aside
            size = min(match.value, 10**9) / 10**9
            sureness = max(0.05, match.sureness - (0.3 if aside else 0.0))
            told.append(_Told(match.value, cue + size + match.sureness, sureness, answer, match.start, match.end))
    return _best(told, "Số tiền chính được nói tới.")


def _is_banknote(pieces: Sequence[str], start: int) -> bool:
    """ "Đưa tờ năm trăm ngàn" names a note, "mỗi tờ năm chục ngàn" a price."""
    return pieces[max(0, start - 1) : start] == ("tờ",) and pieces[max(0, start - 2) : start - 1] != ("mỗi",)


def phone(answers: Sequence[Written], not_these: frozenset[str]) -> Field[str]:
    """The number the caller leaves: of the contact answer first, else the surest, later ones before earlier."""
    told = []
    for answer in answers:
        for order, match in enumerate(find_phones(answer.pieces)):
            if match.kind == "service" or match.digits in not_these:
                continue
            rank = match.sureness + 0.01 * order + 0.5 * (answer.question == "contact")
            told.append(_Told(match.digits, rank, match.sureness, answer, match.start, match.end))
    return _best(told, "Số điện thoại người gọi để lại.")


def dossier(answers: Sequence[Written]) -> Field[str]:
    """The dossier or receipt number, the surest, the first of equals."""
    told = [
        _Told(match.code, match.sureness, match.sureness, answer, match.start, match.end)
        for answer in answers
        for match in find_dossiers(answer.pieces)
    ]
    return _best(told, "Mã hồ sơ hoặc số biên nhận đọc trong lời kể.")


_LASTING = frozenset({"ngày", "tuần", "tháng"})
_COUNTS = frozenset(
    {"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "mấy", "cả", "chục"}
)
_ANY_DAY = frozenset({"hôm nọ", "bữa nọ", "hôm bữa", "bữa hổm", "hổm rày"})
"""Days that nobody can tell, not even the caller."""
_CALLERS = frozenset({"tôi", "tui", "em", "con", "cháu", "mình"})
"""A year right before these tells when it was, any other only what has long been so."""
_DUE = frozenset({"hẹn", "vé", "hạn"})
"""Right before a day these say when something is due, not when it happened."""


def event_date(answers: Sequence[Written], called_on: date) -> Field[EventDate]:
    """When it happened: the first day said that is not ahead and not an appointment."""
    told = []
    for answer in answers:
        for order, match in enumerate(find_dates(answer.pieces, called_on)):
            rank = _date_rank(match, answer.pieces, called_on) - 0.15 * min(order, 6)
            if rank <= -1:
                continue
            sureness = 0.85 - 0.25 * (match.value is None) - 0.2 * match.uncertain - 0.1 * min(order, 3)
            words = answer.span(match.start, match.end).words
            told.append(_Told(EventDate(match.value, words), rank, sureness, answer, match.start, match.end))
    return _best(told, "Ngày đầu tiên được kể, tính từ ngày gọi.")


def _date_rank(match: DateMatch, pieces: Sequence[str], called_on: date) -> float:
    before = set(pieces[max(0, match.start - 3) : match.start])
    ahead = match.value is not None and match.value > called_on
    said = [piece.lower().strip(" .,;:!?") for piece in pieces[match.start : match.end]]
    due = _is_due(pieces[max(0, match.start - 2) : match.start])
    lasting = _is_lasting(said, pieces[match.start - 1] if match.start else "")
    no_day = lasting or due or _is_turn_of_speech(pieces, match) or " ".join(said) in _ANY_DAY
    background = match.precision == "year" and _CALLERS.isdisjoint(pieces[match.end : match.end + 1])
    loose = 0.3 * (match.precision in ("month", "year")) + 2.0 * background
    return 1.0 - loose - 2.5 * ahead - 2.0 * no_day - 0.6 * bool(before & _APPOINTED) - 0.8 * bool(before & _OLD_NEWS)


def _is_due(before: Sequence[str]) -> bool:
    """Whether what is due then is named before: "hẹn", "ghi trả"."""
    return not _DUE.isdisjoint(before) or tuple(before) in (("ghi", "trả"), ("hẹn", "trả"))


def _is_lasting(said: Sequence[str], before: str) -> bool:
    """ "Ba ngày nay", "cả tuần nay", "mười mấy năm nay" tell how long, not when."""
    if len(said) < 2 or said[-1] != "nay":
        return False
    if said[-3:] == ["mấy", "ngày", "nay"]:
        return False
    return said[-2] in _LASTING or (said[-2] == "năm" and (before in _COUNTS or not _COUNTS.isdisjoint(said[:-2])))


def _is_turn_of_speech(pieces: Sequence[str], match: DateMatch) -> bool:
    """ "Từ tuần này sang tuần khác" is no day."""
    after = [*pieces[match.end : match.end + 3]]
    return after[:1] in (["sang"], ["qua"]) and "khác" in after
