"""The words dates are made of."""

from __future__ import annotations

import re

from transcription.rules.text import word_set

VOCABULARY = {
    "hom": "hôm", "bua": "bữa", "ngay": "ngày", "thang": "tháng", "nam": "năm", "thu": "thứ", "chu": "chủ",
    "nhat": "nhật", "tuan": "tuần", "truoc": "trước", "roi": "rồi", "vua": "vừa", "mung": "mùng", "mong": "mồng",
    "ram": "rằm", "sang": "sáng", "trua": "trưa", "chieu": "chiều", "dem": "đêm", "cuoi": "cuối", "dau": "đầu",
    "giua": "giữa", "hoi": "hồi", "luc": "lúc", "may": "mấy", "nay": "nay", "cach": "cách", "day": "đây",
    "ngoai": "ngoái", "gieng": "giêng", "chap": "chạp", "phut": "phút", "tieng": "tiếng", "gio": "giờ",
}  # fmt: skip
"""The words dates are made of, for text without diacritics."""

SAME_SOUND = {
    "chước": "trước", "trướt": "trước", "chướt": "trước", "dồi": "rồi", "gồi": "rồi", "tuầng": "tuần", "tuân": "tuần",
    "xáng": "sáng", "triều": "chiều", "thán": "tháng", "bửa": "bữa", "nhựt": "nhật", "mồn": "mồng", "mùn": "mùng",
    "hôn": "hôm", "nảy": "nãy", "lay": "nay", "phúc": "phút", "thử": "thứ",
}  # fmt: skip
"""Regional spellings and what recognisers write for words that sound alike (tr/ch, s/x, r/d, n/ng, hỏi/ngã)."""

_SAID: dict[int | None, str] = {
    0: (
        "hôm nay | bữa nay | sáng nay | sáng này | trưa nay | chiều nay | tối nay | đêm nay | sớm nay | "
        "khuya nay | nãy giờ | hồi nãy | lúc nãy | khi nãy | ban nãy | hồi sáng | hồi trưa | hồi chiều | "
        "hồi sáng này | hồi sáng nay | sáng giờ | hôm ni | bữa ni | sáng ni | trưa ni | chiều ni | tối ni | đêm ni"
    ),
    -1: (
        "hôm qua | bữa qua | tối qua | đêm qua | khuya qua | chiều qua | sáng qua | "
        "trưa qua | hồi hôm | hồi tối | hồi khuya | tối hôm qua"
    ),
    -2: "hôm kia | bữa kia",
    -3: "hôm kìa | bữa kìa",
    1: "ngày mai",
    2: "ngày mốt",
    None: (
        "hôm trước | bữa trước | hôm bữa | bữa hổm | hổm rày | hôm rồi | bữa rồi | bữa giờ | hôm nọ | bữa nọ "
        "| hồi tết | trước tết | sau tết | ra tết | dịp tết | hôm tết | bữa tết | hè rồi | hè vừa rồi | hôm vừa rồi "
        "| đêm noel | hôm noel | bữa noel | dịp noel | hồi noel | tết tây | từ nãy "
        "| trước lễ | sau lễ | hồi lễ | dịp lễ | đợt lễ | trước noel | sau noel | trước giáng sinh "
        "| mới đây | vừa qua | thời gian qua | gần đây | dạo này | hôm nào | lâu nay | bấy lâu"
    ),
}
_PHRASES = {tuple(said.split()): days for days, group in _SAID.items() for said in group.split("|")}
FIXED = {length: {said: days for said, days in _PHRASES.items() if len(said) == length} for length in (3, 2)}
"""By length in words: days from the day of the call, None where nobody can tell which day is meant."""

DAY_PARTS = word_set("sáng trưa chiều tối đêm khuya sớm")

LEADING = word_set("hôm bữa ngày hồi lúc vào từ khoảng cỡ tầm buổi giữa hổm ban rạng") | DAY_PARTS
"""Words before a date that belong to its phrase."""

DAY_CUES = word_set("hôm bữa ngày vào từ hồi đến tới qua nhằm trúng hẹn lúc hổm") | DAY_PARTS
"""Words after which a number or "thứ ba" is a day and not a count or rank."""

PAST_MARKS = (("vừa", "rồi"), ("vừa", "qua"), ("mới", "rồi"), ("trước",), ("rồi",), ("qua",), ("ngoái",))

WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "bon": 2, "nam": 3, "sau": 4, "bay": 5} | {
    str(number): number - 2 for number in range(2, 8)
}
"""What follows thứ, folded, since its tone is often misheard; Monday is 0."""

DAYS_IN = {"ngày": 1, "hôm": 1, "bữa": 1, "tuần": 7}

PARTS = ("đầu", "giữa", "cuối")
"""Of a week, month or year."""

NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")

NO_DAY_BEFORE = word_set("lần viên giờ tiếng phút người cái chỗ cữ liều bữa mũi chục trăm ngàn nghìn triệu đồng bận")
"""Words before which "ngày hai" means twice a day or the like."""


NAMED_AFTER_DAYS = word_set("đường viện mạng cầu trường phố ngã hẻm duong vien mang")
"""Streets and hospitals are named after days: đường ba tháng hai, Cách mạng tháng Tám, bệnh viện 30 tháng 4."""

HEDGES = word_set("chừng khoảng hơn gần độ tầm cỡ đâu")

FRACTIONS = word_set("1/2 1/3 1/4 2/3 3/4 24/24 24/7 7/7 12/8")
"""Written with a stroke, but no dates unless a day was announced: shares, opening hours, blood pressure."""

SOLAR, LUNAR = (("dương", "lịch"), ("tây",), ("dương",)), (("âm", "lịch"),)
"""Said after a day to tell of which calendar it is."""

ANY_SUNDAY = word_set("hoặc cả và hay với trừ mỗi mọi các những bảy lễ nghỉ làm có")
"""Words before which "chủ nhật" is any Sunday: "khám thứ bảy hoặc chủ nhật"."""

OF_TODAY = word_set("sáng trưa chiều tối khuya")
"""After hồi they are of today, unless a day follows: "hồi chiều | hai mươi lăm"."""
