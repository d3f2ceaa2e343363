"""Words of dates that were taken for others of like sound, told by the words beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from transcription.rules.date_words import DAY_CUES, DAY_PARTS, PARTS, SAME_SOUND
from transcription.rules.number_words import DIGITS
from transcription.rules.text import word_set

_TENS = word_set("mười mươi hăm")
_NUMBERS = frozenset(DIGITS) | _TENS
_MONTHS = _NUMBERS | word_set("giêng chạp")
_WEEKDAYS = word_set("hai ba tư bốn năm sáu bảy hay hài lăm xấu bẩy bày")
_DAYS = word_set("hôm bữa") | DAY_PARTS
_SINCE = word_set("hồi từ hôm bữa vào")
_MARKS = word_set("rồi trước này nay vừa")

_Beside = Callable[[str, str, str, str], bool]
"""Whether a word is that of a date, by the two words before it (the nearer last) and the two after it."""


class _Heard(NamedTuple):
    meant: str
    heard: frozenset[str]
    beside: _Beside


_RULES = (
    _Heard("tháng", word_set("thang thắng thánh thàng thảng thăng thẳng"),
           lambda far, near, after, _: _is_month_near(far, near, after)),
    _Heard("tuần", word_set("thuần thuận tuấn tuân tuồn"),
           lambda _, near, after, __: after in _MARKS and near in _WEEKDAYS | frozenset(PARTS) | {"năm"}),
    _Heard("thứ", word_set("thư thú thự"), lambda _, near, after, __: near in _DAYS and after in _WEEKDAYS),
    _Heard("hai", word_set("hay hài ai"), lambda far, near, _, __: near == "thứ" and far in _DAYS),
    _Heard("năm", word_set("lăm nằm"), lambda far, near, _, __: near == "thứ" and far in _DAYS),
    _Heard("sáu", word_set("xấu"), lambda far, near, _, __: near == "thứ" and far in _DAYS),
    _Heard("chủ", word_set("chú chu chũ chữ trú"), lambda _, __, after, ___: after in ("nhật", "nhựt")),
    _Heard("nhật", word_set("nhặt nhất nhạt mật"), lambda far, near, _, __: near == "chủ" and far in _DAYS),
    _Heard("ngày", word_set("ngay ngây ngáy"),
           lambda _, __, after, further: after in ("mùng", "mồng", "rằm", "hăm", "mười")
           or (after in _NUMBERS and further == "tháng")),
    _Heard("hôm", word_set("ôm hom hồm hóm"), lambda _, __, after, ___: after in ("thứ", "kia", "mùng", "rằm")),
    _Heard("qua", word_set("quả quà quạ"), lambda _, near, __, ___: near in _DAYS),
    _Heard("năm", word_set("lăm nằm nam nắm"), lambda _, __, after, ___: after == "ngoái"),
    _Heard("ngoái", word_set("ngoai ngoải ngoài"), lambda _, near, __, ___: near == "năm"),
    _Heard("mùng", word_set("mừng mủng mụng mung"), lambda _, near, after, __: near in DAY_CUES and after in _NUMBERS),
    _Heard("đầu", word_set("đâu đấu đậu dầu"),
           lambda _, near, after, __: near in _SINCE and after in ("tháng", "tuần", "năm")),
    _Heard("bữa", word_set("bừa bựa bứa giữa vữa"),
           lambda _, near, after, __: after in ("mùng", "rằm", "hổm", "thứ") or (near == "mấy" and after in _MARKS)),
    _Heard("trước", word_set("trúc chức trược trướng trực"), lambda _, near, __, ___: near in ("tuần", "tháng")),
    _Heard("đêm", word_set("đem đểm"), lambda _, __, after, ___: after in ("hôm", "thứ", "mùng", "noel")),
    _Heard("mười", word_set("người"), lambda _, near, after, __: near == "ngày" and after in DIGITS),
    _Heard("bữa", word_set("bừa bựa bứa"), lambda _, __, after, ___: after in ("nay", "trước", "kia", "mười")),
)  # fmt: skip
"""In this order, so that a word that was mended helps to tell the next."""
_SUSPECT = frozenset[str]().union(*(rule.heard for rule in _RULES))


def _is_month_near(far: str, near: str, after: str) -> bool:
    """Whether tháng is what stands between: "đầu | mười", "ngày ba | mười hai", "tuần … | trước"."""
    if near in PARTS or near in ("hồi", "từ", "đợt"):
        return after in _MONTHS or after in ("này", "trước", "rồi")
    return near in _NUMBERS and after in _MONTHS and (far in DAY_CUES or far in _NUMBERS or far in ("mùng", "mồng"))


def as_meant(words: Sequence[str]) -> list[str]:
    """`words` with those of dates put right that were heard as words of like sound."""
    meant = [SAME_SOUND.get(word, word) for word in words]
    if _SUSPECT.isdisjoint(meant):
        return meant
    padded = ["", "", *meant, "", ""]
    for rule in _RULES:
        for place in range(2, len(padded) - 2):
            if padded[place] in rule.heard and rule.beside(*padded[place - 2 : place], *padded[place + 1 : place + 3]):
                padded[place] = rule.meant
    return padded[2:-2]
