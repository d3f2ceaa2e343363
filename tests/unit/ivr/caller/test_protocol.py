"""Signatures and parameters against Twilio's published values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ivr.carrier import parameters
from ivr.carrier.ledger import Account, CarriedCall
from ivr.carrier.webhook import signature

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
ACCOUNT = Account("AC1", "token")


def test_the_signature_is_twilios_published_one() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(url, form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(("seconds", "minutes"), [(0, "0"), (1, "1"), (60, "1"), (61, "2")])
def test_the_end_of_a_call_tells_seconds_and_begun_minutes(seconds: int, minutes: str) -> None:
    call = CarriedCall("CA1", "+84900000000", "+84967771010", NOON, "completed", NOON, seconds)
    told = parameters.ended(ACCOUNT, call, NOON)
    assert (told["CallDuration"], told["Duration"]) == (str(seconds), minutes)
    assert told["Timestamp"] == "Sat, 21 Nov 2026 05:00:00 +0000"


@pytest.mark.parametrize(("seconds", "written"), [(0.0, "0"), (0.2, "1"), (1.4, "1"), (29.6, "30")])
def test_a_recording_with_sound_is_at_least_a_second_long(seconds: float, written: str) -> None:
    assert parameters.whole_seconds(seconds) == written
