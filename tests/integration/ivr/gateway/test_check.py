"""What `check` says of the gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from config.checks import Verdict
from config.secrets import load_secrets
from config.settings import Settings, load_settings
from ivr.gateway.check import gateway_checks
from ivr.gateway.serving import gateway_options
from tests.integration.ivr.gateway.conftest import Line, Serve


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings from the machine that the tests run on."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HOTLINE_{name.upper()}", raising=False)


def verdicts(settings: Settings) -> list[Verdict]:
    return [check.run().verdict for check in gateway_checks(settings, load_secrets(settings))]


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.MIND),
        ({"gateway_trunk": "sip://u:p@192.0.2.9"}, Verdict.WELL),
        ({"gateway_trunk": "banana"}, Verdict.WRONG),
        ({"gateway_users": "no password"}, Verdict.WRONG),
        ({"gateway_allow": "nonsense"}, Verdict.WRONG),
        ({"gateway_allow": "0.0.0.0/0"}, Verdict.WRONG),
        ({"gateway_bind": "0.0.0.0:5060"}, Verdict.MIND),
        ({"gateway_ari_url": "http://pbx:8088/ari"}, Verdict.WRONG),
        ({"gateway_ari_url": "http://gw:secret@pbx:8088/ari"}, Verdict.WELL),
    ],
)
def test_what_is_set_is_looked_at(changes: dict[str, str], verdict: Verdict) -> None:
    assert verdicts(load_settings(data_dir=Path("var"), **changes))[0] is verdict


@pytest.mark.usefixtures("bare")
def test_a_gateway_that_is_not_used_is_not_looked_at() -> None:
    assert verdicts(load_settings(gateway=False)) == []


@pytest.mark.usefixtures("bare")
def test_a_gateway_that_runs_answers_and_one_that_does_not_is_said_to_be_off(serve: Serve, tmp_path: Path) -> None:
    off = load_settings(data_dir=tmp_path, gateway_media_url="http://127.0.0.1:9")
    assert verdicts(off)[1] is Verdict.MIND
    secrets = load_secrets(off)

    async def test(line: Line) -> None:
        host, port = line.address
        url = line.running.media_url
        on = load_settings(data_dir=tmp_path, gateway_bind=f"{host}:{port}", gateway_media_url=url)
        assert (await asyncio.to_thread(verdicts, on))[1] is Verdict.WELL

    serve({}, test, account=gateway_options(off, secrets).account)
