"""`gateway`: the SIP gateway, a carrier of our own."""

from __future__ import annotations

import click
from rich.console import Console

from config.directory.store import units_of
from config.logs import set_up_logs
from config.processes import end_with_supervisor
from config.secrets import load_secrets
from config.settings import Settings, load_settings
from ivr.gateway.serving import serve_gateway
from ivr.gateway.transcripts import TranscriptKeeper
from ivr.wiring.ears import expected_phrases
from ivr.wiring.house import House, open_house


@click.command()
@click.option("--no-database", is_flag=True, help="Không nối cơ sở dữ liệu: chỉ chép lời sau cuộc gọi.")
def command(no_database: bool) -> None:
    """Chạy cổng thoại SIP: nhận cuộc gọi từ điện thoại SIP, trung kế hoặc Asterisk."""
    end_with_supervisor()
    settings = load_settings()
    if no_database or not settings.gateway_live_streams:
        set_up_logs(settings.log_level, "gateway")
        serve_gateway(settings, load_secrets(settings), when_ready=lambda _running: _announce(settings))
        return
    with open_house("gateway") as house:
        keeper = TranscriptKeeper(house.database, house.keys, house.clock)
        serve_gateway(settings, house.secrets, keeper, _names(house), lambda _running: _announce(settings))


def _names(house: House) -> tuple[str, ...]:
    """The names that callers are expected to say, as they stand when the gateway starts."""
    with house.database.begin() as session:
        return expected_phrases(units_of(session), house.rules.places.areas)


def _announce(settings: Settings) -> None:
    host, _, port = settings.gateway_bind.rpartition(":")
    suffix = "" if port == "5060" else f":{port}"
    Console().print(f"Gọi bằng điện thoại SIP: [bold]sip:0967771010@{host}{suffix}[/]")
