"""Codes that change every half minute, and codes for a lost phone."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from casebook.rules import one_time_codes as codes

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_the_standard(second: int, code: str) -> None:
    """RFC 6238, appendix B (SHA-1), the last six of its eight figures."""
    moment = datetime.fromtimestamp(second, UTC)
    assert codes.matching_step(RFC_SECRET, code, moment, None) == second // 30


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(late: int, taken: bool) -> None:
    moment = datetime.fromtimestamp(1111111111 + late, UTC)
    assert (codes.matching_step(RFC_SECRET, "050471", moment, None) is not None) is taken


def test_a_code_is_good_once_and_no_earlier_one_after_it() -> None:
    moment = datetime.fromtimestamp(1111111111, UTC)
    step = codes.matching_step(RFC_SECRET, "050471", moment, None)
    assert step is not None
    assert codes.matching_step(RFC_SECRET, "050471", moment, step) is None
    assert codes.matching_step(RFC_SECRET, "081804", moment, step) is None
    assert codes.matching_step(RFC_SECRET, "050471", moment + timedelta(seconds=30), step - 1) == step


def test_a_new_secret_has_160_bits_and_is_read_in_groups() -> None:
    secret = codes.new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert codes.new_secret() != secret
    assert codes.readable_secret(secret).replace(" ", "") == secret


def test_the_address_names_the_house_and_the_account() -> None:
    told = codes.address(RFC_SECRET, "ai@soyte.example")
    assert told.startswith("otpauth://totp/")
    assert "issuer=L%E1%BA%AFng%20Nghe" in told
    assert "ai%40soyte.example" in told


def test_recovery_codes_are_ten_and_different_and_easy_to_read() -> None:
    drawn = codes.new_recovery_codes()
    assert len(set(drawn)) == 10
    assert not set("".join(drawn)) & set("01lo")
    assert all(codes.plain(codes.readable_code(code).upper()) == code for code in drawn)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [(" 123 456 ", "123456"), ("ABCD-efgh-2345", "abcdefgh2345"), ("", ""), ("mật khẩu", ""), ("a" * 99, "")],
)
def test_what_people_type_around_a_code_is_no_part_of_it(typed: str, plain: str) -> None:
    assert codes.plain(typed) == plain


@pytest.mark.parametrize(("text", "yes"), [("123456", True), ("12345", False), ("١٢٣٤٥٦", False), ("abcdef", False)])
def test_a_code_of_a_phone_is_six_figures(text: str, yes: bool) -> None:
    assert codes.is_totp(text) is yes
