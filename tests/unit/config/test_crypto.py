from __future__ import annotations

import base64

import pytest

from config.crypto import BadKeyText, KeyRing, Tampered, UnknownKey, generate_key_text, sealing_key
from config.errors import PermanentError, SettingsError

HASH_KEY = b"h" * 32
OLD, NEW = generate_key_text("k1"), generate_key_text("k2")


def ring(*keys: str, hash_key: bytes = HASH_KEY) -> KeyRing:
    return KeyRing.parse(",".join(keys), hash_key)


@pytest.mark.parametrize("plain", [b"", b"\x00", "Bệnh viện Chợ Rẫy".encode(), bytes(range(256)) * 4096])
def test_what_is_sealed_opens_again_in_its_place(plain: bytes) -> None:
    sealed = ring(OLD).seal(plain, "recording:1")
    assert ring(OLD).open(sealed, "recording:1") == plain
    assert not plain or plain not in sealed[len(b"LN1") + 15 :]


def test_the_same_plain_text_never_seals_to_the_same_bytes() -> None:
    assert ring(OLD).seal(b"a", "x") != ring(OLD).seal(b"a", "x")


def test_sealed_bytes_moved_to_another_place_do_not_open() -> None:
    with pytest.raises(Tampered):
        ring(OLD).open(ring(OLD).seal(b"a", "case:1"), "case:2")


def test_any_changed_or_missing_byte_is_noticed() -> None:
    keys = ring(OLD)
    sealed = keys.seal(b"xin chao", "x")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises((Tampered, UnknownKey)):
            keys.open(bytes(changed), "x")
        with pytest.raises((Tampered, UnknownKey)):
            keys.open(sealed[:place], "x")


@pytest.mark.parametrize("garbage", [b"", b"L", b"LN1", b"RIFF" * 20, b"LN1\x02\xff\xff" + bytes(40)])
def test_bytes_that_were_never_sealed_are_refused(garbage: bytes) -> None:
    with pytest.raises(Tampered):
        ring(OLD).open(garbage, "x")


def test_rotation_seals_under_the_first_key_and_still_opens_the_old() -> None:
    before = ring(OLD).seal(b"a", "x")
    rotated = ring(NEW, OLD)
    assert rotated.open(before, "x") == b"a"
    assert not rotated.is_current(before)
    after = rotated.seal(b"a", "x")
    assert sealing_key(after) == "k2"
    assert rotated.is_current(after)


def test_a_lost_key_is_named() -> None:
    sealed = ring(OLD).seal(b"a", "x")
    with pytest.raises(UnknownKey, match="'k1'") as caught:
        ring(NEW).open(sealed, "x")
    assert caught.value.key_id == "k1"
    assert isinstance(caught.value, PermanentError)


def test_a_replaced_key_under_the_same_id_is_noticed() -> None:
    sealed = ring(OLD).seal(b"a", "x")
    with pytest.raises(Tampered):
        ring(generate_key_text("k1")).open(sealed, "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "k1",
        "k1:",
        "k1:not base64",
        "k1:" + base64.b64encode(b"short").decode(),
        ":" + base64.b64encode(bytes(32)).decode(),
        "khóa:" + base64.b64encode(bytes(32)).decode(),
        f"{OLD},{generate_key_text('k1')}",
    ],
)
def test_keys_written_wrongly_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(BadKeyText) as caught:
        ring(text)
    assert isinstance(caught.value, SettingsError)
    assert base64.b64encode(bytes(32)).decode() not in str(caught.value)


def test_a_short_hash_key_is_refused() -> None:
    with pytest.raises(BadKeyText):
        ring(OLD, hash_key=b"short")


def test_spaces_and_line_breaks_between_keys_do_no_harm() -> None:
    assert ring(f" {NEW} ,\n {OLD},").current == "k2"


def test_the_ring_shows_ids_but_no_keys() -> None:
    shown = repr(ring(NEW, OLD))
    assert "k1" in shown
    assert OLD.partition(":")[2] not in shown


def test_fingerprints_meet_for_equal_texts_under_one_hash_key_only() -> None:
    one, other = ring(OLD), ring(NEW, hash_key=b"g" * 32)
    assert one.fingerprint("+84967771010") == ring(NEW).fingerprint("+84967771010")
    assert one.fingerprint("+84967771010") != one.fingerprint("+84967771011")
    assert one.fingerprint("+84967771010") != other.fingerprint("+84967771010")
    assert len(one.fingerprint("")) == 64
