"""Settings: one frozen object, clear errors, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import SettingsError
from config.settings import LOCAL_MEDIA_URL, TWILIO_API_URL, Settings, load_settings
from config.settings_table import settings_table

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from the machine that the tests run on."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HOTLINE_{name.upper()}", raising=False)


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.provider_url == LOCAL_MEDIA_URL
    assert settings.uses_mail_sink
    assert settings.store_url.startswith("file:///")


def test_an_account_means_the_providers_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("HOTLINE_TWILIO_AUTH_TOKEN", "t")
    assert load_settings().provider_url == TWILIO_API_URL


def test_lists_are_given_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_SUPERVISOR_EMAILS", "a@x.example, b@x.example")
    assert load_settings().supervisor_emails == ("a@x.example", "b@x.example")


def test_a_dotenv_file_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HOTLINE_BIND=0.0.0.0:9000\n")
    assert load_settings().bind == "0.0.0.0:9000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIND", "banana"),
        ("BIND", "localhost:99999"),
        ("PUBLIC_URL", "hotline.example"),
        ("TWILIO_API_URL", "ftp://x.example"),
        ("WEB_PROCESSES", "0"),
        ("DAILY_MAIL_AT", "25:00"),
        ("LOG_LEVEL", "LOUD"),
        ("SECOND_FACTOR", "perhaps"),
        ("OIDC_ISSUER", "id.example"),
        ("OIDC_ISSUER", "http://id.example"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"HOTLINE_{name}", value)
    with pytest.raises(SettingsError, match=f"HOTLINE_{name}") as caught:
        load_settings()
    assert value not in str(caught.value)


def test_half_an_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_TWILIO_ACCOUNT_SID", "AC1")
    with pytest.raises(SettingsError, match="đi cùng nhau"):
        load_settings()


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://u:hunter2@h/d")
    monkeypatch.setenv("HOTLINE_SMTP_URL", "smtp://u:hunter3@h")
    settings = load_settings()
    assert "hunter" not in repr(settings) + str(settings)


def test_settings_cannot_be_changed_after_they_were_built() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().bind = "x:1"  # type: ignore[misc]


def test_every_setting_is_documented_in_the_table() -> None:
    assert settings_table() in (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("public", "asked", "required"),
    [
        (None, None, False),
        ("http://localhost:8080", None, False),
        ("http://[::1]:8080", None, False),
        ("https://hotline.example", None, True),
        ("https://127.0.0.1.example", None, True),
        (None, "required", True),
        ("https://hotline.example", "optional", False),
    ],
)
def test_a_second_factor_is_required_wherever_others_reach_the_desk(
    public: str | None, asked: str | None, required: bool
) -> None:
    assert load_settings(public_url=public, second_factor=asked).second_factor_required is required


def test_half_a_sign_on_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_OIDC_ISSUER", "https://id.example")
    with pytest.raises(SettingsError, match="đi cùng nhau"):
        load_settings()
