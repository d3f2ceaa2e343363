"""Encryption at rest: AES-GCM under a ring of keys that can be rotated, and keyed hashes for look-ups."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.errors import PermanentError, SettingsError
from config.told import Told

KEY_BYTES = 32
"""AES-256."""

NONCE_BYTES = 12
"""The nonce length that GCM is made for (NIST SP 800-38D, 8.2)."""

TAG_BYTES = 16
"""GCM's authentication tag, at the end of the ciphertext."""

MAGIC = b"LN1"
"""Marks our sealed bytes, and the version of their layout."""

_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


class CryptoError(PermanentError):
    """Không mở được dữ liệu đã mã hóa."""


class UnknownKey(CryptoError):
    """Dữ liệu được mã hóa bằng một khóa không có trong chùm khóa."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            Told(
                "Dữ liệu được mã hóa bằng khóa %(key)s không có trong chùm khóa: "
                "hãy thêm khóa đó vào HOTLINE_ENCRYPTION_KEYS.",
                key=repr(key_id),
            )
        )
        self.key_id = key_id


class Tampered(CryptoError):
    """Dữ liệu đã mã hóa bị sửa, bị cắt, bị đặt nhầm chỗ, hoặc khóa của nó đã bị thay."""


class BadKeyText(SettingsError):
    """Chùm khóa HOTLINE_ENCRYPTION_KEYS phải có dạng `id:base64,id:base64`, mỗi khóa 32 byte."""


class KeyRing:
    """Seals bytes under the first key and opens what any of its keys sealed. Safe for many threads.

    Sealed bytes are: `LN1`, one byte of key id length, the key id, a 12-byte random nonce, and AES-GCM
    ciphertext with its tag. The header and the caller's context are authenticated with it, so that sealed
    bytes moved to another place do not open there.
    """

    def __init__(self, keys: Mapping[str, bytes], hash_key: bytes) -> None:
        if not keys or not all(map(_KEY_ID.fullmatch, keys)):
            raise BadKeyText
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise BadKeyText
        if len(hash_key) < KEY_BYTES:
            raise BadKeyText(Told("Khóa băm HOTLINE_HASH_KEY ngắn hơn %(least)s byte.", least=KEY_BYTES))
        self._ciphers = MappingProxyType({key_id: AESGCM(key) for key_id, key in keys.items()})
        self._hash_key = hash_key
        self.current = next(iter(keys))

    def __repr__(self) -> str:
        return f"KeyRing(current={self.current!r}, keys={list(self._ciphers)!r})"

    @classmethod
    def parse(cls, text: str, hash_key: bytes) -> KeyRing:
        """Read `"id2:base64key,id1:base64key"`, the sealing key first; raises BadKeyText, naming no key."""
        entries = [_key_entry(part) for part in text.split(",") if part.strip()]
        keys = dict(entries)
        if len(keys) != len(entries):
            raise BadKeyText("Hai khóa mã hóa có cùng id.")
        return cls(keys, hash_key)

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt `plain` under the current key, bound to `context`: where it belongs, e.g. a row's id."""
        header = _header(self.current)
        nonce = os.urandom(NONCE_BYTES)
        cipher = self._ciphers[self.current]
        return header + nonce + cipher.encrypt(nonce, plain, _associated(header, context))

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` gave for the same `context`; raises UnknownKey or Tampered."""
        key_id = sealing_key(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise UnknownKey(key_id)
        header = _header(key_id)
        nonce_end = len(header) + NONCE_BYTES
        try:
            return cipher.decrypt(sealed[len(header) : nonce_end], sealed[nonce_end:], _associated(header, context))
        except InvalidTag:
            raise Tampered from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether `sealed` is under the current key, so that rotation can leave it alone."""
        return sealing_key(sealed) == self.current

    def fingerprint(self, text: str) -> str:
        """Keyed hash of `text` (HMAC-SHA-256, 64 hex digits): equal texts meet, outsiders cannot guess."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).hexdigest()


def sealing_key(sealed: bytes) -> str:
    """Give the id of the key that `sealed` says it is under; raises Tampered if it is not ours at all."""
    id_end = len(MAGIC) + 1 + (sealed[len(MAGIC)] if len(sealed) > len(MAGIC) else 0)
    if not sealed.startswith(MAGIC) or len(sealed) < id_end + NONCE_BYTES + TAG_BYTES:
        raise Tampered
    try:
        key_id = sealed[len(MAGIC) + 1 : id_end].decode("ascii")
    except UnicodeDecodeError:
        raise Tampered from None
    if not _KEY_ID.fullmatch(key_id):
        raise Tampered
    return key_id


def generate_key_text(key_id: str = "k1") -> str:
    """Make a random key as `KeyRing.parse` reads it; to rotate, put it before the old ones."""
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode('ascii')}"


def _key_entry(part: str) -> tuple[str, bytes]:
    """Read one `id:base64key`."""
    key_id, _, encoded = part.strip().partition(":")
    try:
        return key_id, base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise BadKeyText from None


def _header(key_id: str) -> bytes:
    """Give the bytes before the nonce."""
    encoded = key_id.encode("ascii")
    return MAGIC + bytes([len(encoded)]) + encoded


def _associated(header: bytes, context: str) -> bytes:
    """Give what is authenticated with the ciphertext: the header's length is inside it, so no two collide."""
    return header + context.encode()
