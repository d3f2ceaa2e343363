from __future__ import annotations

from tests.bench.mishearing import noisy

TEXT = (
    "tôi chờ sáu tiếng ở bệnh viện mà không ai khám cho con tôi rồi còn bị điều dưỡng quát giữa sảnh đông người " * 20
)


def test_the_same_seed_mishears_the_same() -> None:
    assert noisy(TEXT, "7 a") == noisy(TEXT, "7 a") != noisy(TEXT, "7 b")


def test_about_one_syllable_in_six_is_misheard() -> None:
    said = TEXT.split()
    kept = sum(len(set(said) & {syllable}) for syllable in noisy(TEXT, "7 a").split())
    assert 0.7 <= kept / len(said) <= 0.97
