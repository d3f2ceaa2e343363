"""What `run` refuses before it starts anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from config.errors import SettingsError
from ivr.wiring.commands.run import command


@pytest.mark.parametrize(
    ("setting", "value"),
    [("HOTLINE_ENCRYPTION_KEYS", "zzz"), ("HOTLINE_STORAGE_URL", "ftp://x"), ("HOTLINE_SMTP_URL", "http://x")],
)
def test_a_wrong_setting_is_told_once_and_not_by_every_process_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv(setting, value)
    outcome = CliRunner().invoke(command)
    assert isinstance(outcome.exception, SettingsError)
    assert setting in str(outcome.exception)
