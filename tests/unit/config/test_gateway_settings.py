"""The gateway's settings: safe by default, wrong ones named."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import SettingsError
from config.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HOTLINE_{name.upper()}", raising=False)


def test_a_gateway_that_nobody_set_up_speaks_to_this_machine_only() -> None:
    settings = load_settings()
    assert settings.gateway_bind.startswith("127.0.0.1:")
    assert settings.gateway_media_bind.startswith("127.0.0.1:")
    assert settings.gateway_allow == ("127.0.0.0/8", "::1")
    assert settings.gateway_url == "http://127.0.0.1:8792"


def test_the_recordings_may_be_found_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_GATEWAY_MEDIA_URL", "https://gateway.example/")
    assert load_settings().gateway_url == "https://gateway.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_BIND", "everywhere"),
        ("GATEWAY_RTP_PORTS", "20000"),
        ("GATEWAY_RTP_PORTS", "30000-20000"),
        ("GATEWAY_RTP_PORTS", "80-90"),
        ("GATEWAY_CALLS", "0"),
        ("GATEWAY_HOTLINE_URL", "hotline"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HOTLINE_{name}", value)
    with pytest.raises(SettingsError, match=f"HOTLINE_{name}"):
        load_settings()


def test_passwords_of_telephones_and_trunk_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_GATEWAY_USERS", "desk:hunter2")
    monkeypatch.setenv("HOTLINE_GATEWAY_TRUNK", "sip://user:hunter3@trunk.example")
    monkeypatch.setenv("HOTLINE_GATEWAY_ARI_URL", "http://gw:hunter4@pbx:8088/ari")
    settings = load_settings()
    assert "hunter" not in repr(settings) + str(settings)
