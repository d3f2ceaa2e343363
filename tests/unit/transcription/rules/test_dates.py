from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transcription.rules.spelling import spell
from transcription.rules.dates import find_dates
from transcription.rules.text import word_set, words_of

SATURDAY = date(2026, 11, 21)
PIECES = sorted(word_set("hôm ngày tháng năm thứ ba mùng tuần trước rồi mười 5/1 này hai rằm chủ nhật"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hôm nay", "2026-11-21"),
        ("sáng nay", "2026-11-21"),
        ("nãy giờ", "2026-11-21"),
        ("hai mươi phút nay", "2026-11-21"),
        ("lúc hai giờ chiều nay", "2026-11-21"),
        ("hôm qua", "2026-11-20"),
        ("tối qua", "2026-11-20"),
        ("hồi mười một giờ đêm qua", "2026-11-20"),
        ("mười giờ sáng hôm qua", "2026-11-20"),
        ("hôm kia", "2026-11-19"),
        ("bữa kia", "2026-11-19"),
        ("hai hôm trước", "2026-11-19"),
        ("cách đây ba ngày", "2026-11-18"),
        ("mười ngày trước", "2026-11-11"),
        ("hôm thứ ba vừa rồi", "2026-11-17"),
        ("thứ ba vừa rồi", "2026-11-17"),
        ("hôm thứ ba", "2026-11-17"),
        ("sáng thứ sáu", "2026-11-20"),
        ("hôm thứ bảy", "2026-11-14"),
        ("chủ nhật", "2026-11-15"),
        ("chủ nhật vừa rồi", "2026-11-15"),
        ("thứ hai tuần này", "2026-11-16"),
        ("thứ hai tuần trước", "2026-11-09"),
        ("chiều thứ năm tuần trước", "2026-11-12"),
        ("thứ hai tuần rồi", "2026-11-09"),
        ("ngày hai mươi mốt tháng mười một năm hai không hai sáu", "2026-11-21"),
        ("ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi lăm", "2025-11-21"),
        ("ngày mười tháng mười năm ngoái", "2025-10-10"),
        ("hôm hai mươi tháng mười", "2026-10-20"),
        ("chiều hai mươi ba tháng mười hai", "2025-12-23"),
        ("đêm mười chín tháng mười một", "2026-11-19"),
        ("ngày hai chín tháng ba", "2026-03-29"),
        ("ngày năm tháng năm", "2026-05-05"),
        ("ngày mười lăm tháng tư", "2026-04-15"),
        ("ngày 12 tháng 12", "2025-12-12"),
        ("ngày 5/1", "2026-01-05"),
        ("5/1/2026", "2026-01-05"),
        ("05-01-2026", "2026-01-05"),
        ("ngày mười bảy vừa qua", "2026-11-17"),
        ("ngày mười bảy", "2026-11-17"),
        ("hôm ba mươi", "2026-10-30"),
        ("khuya mười bốn", "2026-11-14"),
        ("ngày ba tháng trước", "2026-10-03"),
        ("ngày hai mươi tám tháng này", "2026-11-28"),
        ("thứ ba tuần trước nữa", "2026-11-03"),
        ("thứ hai ngày 16 tháng 11", "2026-11-16"),
        ("sáng hôm qua ngày hai mươi tháng mười một", "2026-11-20"),
        ("sáng sớm nay", "2026-11-21"),
        ("rạng sáng nay", "2026-11-21"),
        ("trưa hôm qua", "2026-11-20"),
        ("nửa tiếng nay", "2026-11-21"),
        ("20/10", "2026-10-20"),
        ("ngày 20-10", "2026-10-20"),
        ("bửa chủ nhựt", "2026-11-15"),
        ("thứ bảy tuần chước", "2026-11-14"),
        ("hom thu ba vua roi", "2026-11-17"),
        ("tối giao thừa dương lịch", "2025-12-31"),
        ("đêm giao thừa tây", "2025-12-31"),
        ("mùng hai tết tây", "2026-01-02"),
        ("mùng một tết dương lịch", "2026-01-01"),
        ("đêm 30 tết tây", "2025-12-30"),
        ("ngày năm tháng giêng dương", "2026-01-05"),
        ("hai mươi tám tháng chạp dương lịch", "2025-12-28"),
        ("sáng mười chín tây", "2026-11-19"),
        ("mười hai tây", "2026-11-12"),
        ("hồi chiều hai mươi lăm", "2026-10-25"),
        ("hồi tối hôm qua", "2026-11-20"),
        ("ngay hai muoi mot thang muoi", "2026-10-21"),
    ],
)
def test_a_day_is_resolved_from_the_day_of_the_call(said: str, expected: str) -> None:
    words = words_of(said)
    [match] = find_dates(words, SATURDAY)
    assert (match.start, match.end, match.text) == (0, len(words), " ".join(words))
    assert (str(match.value), match.precision, match.uncertain) == (expected, "day", False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("bữa mùng mười", "2026-11-10"),
        ("mồng hai", "2026-11-02"),
        ("bữa rằm", "2026-11-15"),
        ("rằm tháng bảy", "2026-07-15"),
        ("ngày hai mươi tháng chạp", "2025-12-20"),
        ("mùng một âm lịch", "2026-11-01"),
        ("ngày mười hai âm lịch tháng rồi", "2026-10-12"),
    ],
)
def test_a_day_that_may_be_lunar_is_a_hint_only(said: str, expected: str) -> None:
    [match] = find_dates(said.split(), SATURDAY)
    assert (str(match.value), match.uncertain) == (expected, True)


@pytest.mark.parametrize("said", ["mùng năm tháng một", "ngày mùng tám tháng này", "mùng 3 tháng trước"])
def test_a_numbered_day_of_a_plain_month_is_of_the_common_calendar(said: str) -> None:
    assert [match.uncertain for match in find_dates(words_of(said), SATURDAY)] == [False]


@pytest.mark.parametrize(
    ("said", "expected", "precision"),
    [
        ("tuần trước", "2026-11-09", "week"),
        ("hai tuần trước", "2026-11-07", "week"),
        ("ba tuần nay", "2026-10-31", "week"),
        ("cách đây chừng hai tuần", "2026-11-07", "week"),
        ("tháng trước", "2026-10-01", "month"),
        ("hồi tháng chín", "2026-09-01", "month"),
        ("từ tháng bảy", "2026-07-01", "month"),
        ("tháng mười hai", "2025-12-01", "month"),
        ("đầu tháng mười một", "2026-11-01", "month"),
        ("giữa tháng trước", "2026-10-15", "month"),
        ("cuối tháng mười", "2026-10-31", "month"),
        ("tháng mười năm ngoái", "2025-10-01", "month"),
        ("ba tháng trước", "2026-08-01", "month"),
        ("cách đây ba tháng", "2026-08-01", "month"),
        ("cách nay hai tháng", "2026-09-01", "month"),
        ("hai năm trước", "2024-11-01", "year"),
        ("năm ngoái", "2025-01-01", "year"),
        ("năm 2025", "2025-01-01", "year"),
        ("năm hai không hai lăm", "2025-01-01", "year"),
        ("tuần trước nữa", "2026-11-02", "week"),
        ("cuối tuần rồi", "2026-11-14", "week"),
        ("nửa tháng nay", "2026-11-06", "week"),
        ("tháng nay", "2026-10-01", "month"),
        ("hồi đầu năm", "2026-01-01", "month"),
        ("cuối năm ngoái", "2025-12-01", "month"),
        ("năm kia", "2024-01-01", "year"),
        ("hồi tết", "None", "vague"),
        ("mấy bữa nay", "None", "vague"),
        ("hôm rồi", "None", "vague"),
        ("mới đây", "None", "vague"),
        ("hồi chiều hôm bữa", "None", "vague"),
        ("tuần rồi", "2026-11-09", "week"),
    ],
)
def test_a_longer_or_vague_time_says_how_precise_it_is(said: str, expected: str, precision: str) -> None:
    words = words_of(said)
    [match] = find_dates(words, SATURDAY)
    assert (match.start, match.end) == (0, len(words))
    assert (str(match.value), match.precision) == (expected, precision)


@pytest.mark.parametrize(
    "said",
    [
        "lần thứ ba rồi",
        "chờ ba tuần rồi",
        "khám thứ bảy hoặc chủ nhật",
        "tính cả chủ nhật",
        "lặn lội đêm hôm",
        "gọi ngay hai bên",
        "nằm ngoài hành lang",
        "anh tuấn rồi chị thuận",
        "mười thang thuốc",
        "đem qua bệnh viện",
        "nộp sớm mười hai ngày",
        "ngày thứ ba mươi tám",
        "đứa thứ hai",
        "uống ngày hai lần",
        "mỗi ngày ba viên",
        "mỗi tháng bốn mươi lăm triệu",
        "chờ ba tháng",
        "ngày ba bữa",
        "hồ sơ H29.25.260105.0012",
        "phòng 12",
        "chờ ba tháng hai lần",
        "trực 24/24",
        "đau 2-3 chỗ",
        "hết 1/2",
        "tháng hai lần",
        "đường ba tháng hai",
        "đường cách mạng tháng tám",
        "bệnh viện ba mươi tháng tư",
        "đường 3/2",
        "không rồi",
        "ngày 45/13",
        "",
    ],
)
def test_counts_and_ranks_are_no_dates(said: str) -> None:
    assert find_dates(words_of(said), SATURDAY) == []


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("ôm thứ hai", "2026-11-16"),
        ("sáng thư ba", "2026-11-17"),
        ("tối thứ hay", "2026-11-16"),
        ("thứ tư thuận rồi", "2026-11-11"),
        ("chiều chú nhật", "2026-11-15"),
        ("khuya hôm quả", "2026-11-20"),
        ("đem thứ hai", "2026-11-16"),
        ("bừa kia", "2026-11-19"),
        ("hôm mừng năm", "2026-11-05"),
        ("ngay mười lăm", "2026-11-15"),
        ("ngay ba tháng mười", "2026-10-03"),
        ("ngày ba thắng mười", "2026-10-03"),
        ("ngày người một vừa rồi", "2026-11-11"),
        ("hồi đâu tháng", "2026-11-01"),
        ("cuối thang chín", "2026-09-30"),
        ("lăm ngoái", "2025-01-01"),
        ("tuần trúc", "2026-11-09"),
        ("mấy bừa trước", "None"),
    ],
)
def test_a_misheard_word_is_told_by_those_beside_it(heard: str, expected: str) -> None:
    [match] = find_dates(heard.split(), SATURDAY)
    assert (match.end, str(match.value), match.text) == (len(heard.split()), expected, heard)


def test_a_leap_day_and_a_short_month_fall_back_to_the_last_one_there_was() -> None:
    assert [str(match.value) for match in find_dates(words_of("ngày 29/2"), SATURDAY)] == ["2024-02-29"]
    assert [str(match.value) for match in find_dates(words_of("ngày ba mươi mốt"), SATURDAY)] == ["2026-10-31"]


@given(st.dates(date(2000, 1, 1), date(2026, 11, 21)))
def test_any_full_date_said_aloud_is_heard_back(day: date) -> None:
    words = f"ngày {spell(day.day)} tháng {spell(day.month)} năm {spell(day.year)}".split()
    assert [(match.value, match.end) for match in find_dates(words, SATURDAY)] == [(day, len(words))]


@given(st.dates(SATURDAY - timedelta(days=364), SATURDAY))
def test_a_day_without_its_year_is_the_latest_one_that_has_been(day: date) -> None:
    words = f"ngày {spell(day.day)} tháng {spell(day.month)}".split()
    assert [match.value for match in find_dates(words, SATURDAY)] == [day]


@given(st.lists(st.sampled_from(PIECES)))
def test_no_sequence_of_date_words_breaks_the_grammar(words: list[str]) -> None:
    last = 0
    for match in find_dates(words, SATURDAY):
        assert last <= match.start < match.end <= len(words)
        last = match.end
