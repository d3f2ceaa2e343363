"""Keys made on the first run, so that nothing ships with a default secret."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import SecretStr

from config.crypto import BadKeyText, KeyRing, generate_key_text
from config.errors import SettingsError
from config.settings import Settings


class SecretsUnreadable(SettingsError):
    """Không đọc được tệp khóa của thư mục dữ liệu; hãy phục hồi tệp này từ bản sao lưu."""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What must stay secret: set by the operator, or made here once and kept at mode 0600."""

    encryption_keys: str
    hash_key: str
    session_secret: str
    account_sid: str
    auth_token: str

    def key_ring(self) -> KeyRing:
        """The ring that encrypts personal data; raises SettingsError if a key is malformed."""
        try:
            hash_key = base64.b64decode(self.hash_key, validate=True)
        except ValueError:
            raise BadKeyText("HOTLINE_HASH_KEY phải là base64 của ít nhất 32 byte.") from None
        return KeyRing.parse(self.encryption_keys, hash_key)


def load_secrets(settings: Settings) -> Secrets:
    """Give the secrets: each from the settings where set there, else from `secrets.json`.

    The file is made on the first run. Raises SecretsUnreadable if it exists and is damaged: making new
    keys then would lose every recording.
    """
    kept = _kept(settings.data_dir / "secrets.json")
    return Secrets(
        encryption_keys=_value(settings.encryption_keys) or kept.encryption_keys,
        hash_key=_value(settings.hash_key) or kept.hash_key,
        session_secret=_value(settings.session_secret) or kept.session_secret,
        account_sid=settings.twilio_account_sid or kept.account_sid,
        auth_token=_value(settings.twilio_auth_token) or kept.auth_token,
    )


def _value(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


def _kept(path: Path) -> Secrets:
    if not path.exists():
        _write_new(path, _generate())
    try:
        return Secrets(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise SecretsUnreadable(f"{SecretsUnreadable.__doc__} ({path})") from error


def _generate() -> Secrets:
    return Secrets(
        encryption_keys=generate_key_text(),
        hash_key=base64.b64encode(secrets.token_bytes(32)).decode(),
        session_secret=secrets.token_urlsafe(32),
        account_sid="AC" + secrets.token_hex(16),
        auth_token=secrets.token_hex(16),
    )


def _write_new(path: Path, values: Secrets) -> None:
    """Write whole or not at all; when two processes start at once, the first one's file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(values), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
