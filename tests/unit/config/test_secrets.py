"""Keys made on the first run."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.crypto import BadKeyText, generate_key_text
from config.secrets import SecretsUnreadable, load_secrets
from config.settings import load_settings


def test_the_first_run_makes_keys_that_the_second_finds_again(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    first, second = load_secrets(settings), load_secrets(settings)
    assert first == second
    sealed = first.key_ring().seal(b"x", "c")
    assert second.key_ring().open(sealed, "c") == b"x"


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    load_secrets(load_settings(data_dir=tmp_path))
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_no_two_installations_share_a_key(tmp_path: Path) -> None:
    one = load_secrets(load_settings(data_dir=tmp_path / "a"))
    other = load_secrets(load_settings(data_dir=tmp_path / "b"))
    assert {one.auth_token, one.session_secret, one.hash_key}.isdisjoint(
        {other.auth_token, other.session_secret, other.hash_key}
    )


def test_what_the_operator_sets_wins(tmp_path: Path) -> None:
    text = generate_key_text()
    secrets = load_secrets(load_settings(data_dir=tmp_path, encryption_keys=SecretStr(text)))
    assert secrets.encryption_keys == text


def test_a_damaged_key_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{")
    with pytest.raises(SecretsUnreadable, match="sao lưu"):
        load_secrets(load_settings(data_dir=tmp_path))
    assert path.read_text() == "{"


def test_secrets_do_not_show_in_a_traceback(tmp_path: Path) -> None:
    secrets = load_secrets(load_settings(data_dir=tmp_path))
    assert secrets.auth_token not in repr(secrets)


@pytest.mark.parametrize(
    ("setting", "value"), [("hash_key", "abc"), ("hash_key", "YWJj"), ("hash_key", "!!!!"), ("encryption_keys", "zzz")]
)
def test_a_key_that_is_none_is_named_and_not_shown(tmp_path: Path, setting: str, value: str) -> None:
    with pytest.raises(BadKeyText, match=f"HOTLINE_{setting.upper()}") as refused:
        load_secrets(load_settings(data_dir=tmp_path, **{setting: value})).key_ring()
    assert value not in str(refused.value)
