import hmac
from base64 import b64encode
from hashlib import sha1

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.signature import is_genuine, public_address

PUBLISHED_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
PUBLISHED = MultiDict(
    {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
)
PUBLISHED_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_twilios_published_request_is_genuine() -> None:
    assert is_genuine("12345", PUBLISHED_URL, PUBLISHED, PUBLISHED_SIGNATURE)


@pytest.mark.parametrize(
    ("token", "url", "params", "signature"),
    [
        ("12346", PUBLISHED_URL, PUBLISHED, PUBLISHED_SIGNATURE),
        ("12345", PUBLISHED_URL.replace("https", "http"), PUBLISHED, PUBLISHED_SIGNATURE),
        ("12345", PUBLISHED_URL.replace("bar=2", "bar=3"), PUBLISHED, PUBLISHED_SIGNATURE),
        ("12345", PUBLISHED_URL, MultiDict({**PUBLISHED.to_dict(), "Digits": "1235"}), PUBLISHED_SIGNATURE),
        ("12345", PUBLISHED_URL, MultiDict({**PUBLISHED.to_dict(), "New": ""}), PUBLISHED_SIGNATURE),
        ("12345", PUBLISHED_URL, PUBLISHED, None),
        ("12345", PUBLISHED_URL, PUBLISHED, ""),
        ("12345", PUBLISHED_URL, PUBLISHED, "RSOYDt4T1cUTdK1PDd93/VVr8B8"),
        ("12345", PUBLISHED_URL, PUBLISHED, "không phải chữ ký"),
    ],
)
def test_any_change_makes_it_false(token: str, url: str, params: MultiDict[str, str], signature: str | None) -> None:
    assert not is_genuine(token, url, params, signature)


@pytest.mark.parametrize("signed", ["https://h.example/voice/step?n=1", "https://h.example:443/voice/step?n=1"])
@pytest.mark.parametrize("configured", ["https://h.example", "https://h.example:443", "https://h.example/"])
def test_the_port_may_be_written_or_left_out_on_either_side(signed: str, configured: str) -> None:
    params = MultiDict({"CallSid": "CA1"})
    signature = RequestValidator("t").compute_signature(signed, params)
    assert is_genuine("t", public_address(configured, "/voice/step", "n=1"), params, signature)


def test_repeated_parameters_are_signed_sorted_and_once_each() -> None:
    params = MultiDict([("Digit", "5"), ("Digit", "1"), ("Digit", "5"), ("CallSid", "CA1")])
    text = "https://h.example/" + "CallSidCA1" + "Digit1" + "Digit5"
    signature = b64encode(hmac.new(b"t", text.encode(), sha1).digest()).decode()
    assert is_genuine("t", "https://h.example/", params, signature)


@pytest.mark.parametrize(
    ("base", "path", "query", "address"),
    [
        ("https://h.example", "/voice/step", "n=1", "https://h.example/voice/step?n=1"),
        ("https://h.example/", "/voice/incoming", "", "https://h.example/voice/incoming"),
        ("https://h.example:8443/house", "/voice/x", "a=1&a=2", "https://h.example:8443/house/voice/x?a=1&a=2"),
    ],
)
def test_the_address_is_built_from_the_configured_base(base: str, path: str, query: str, address: str) -> None:
    assert public_address(base, path, query) == address
