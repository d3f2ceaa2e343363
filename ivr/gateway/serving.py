"""From settings to a running gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from config.directory.lines_file import read_lines
from config.directory.prompts import read_prompts
from config.directory.store import DATA
from config.errors import SettingsError
from config.secrets import Secrets
from config.settings import Settings
from ivr.adapters.synthesis import synthesiser
from ivr.carrier.ledger import Account
from ivr.gateway.backends.ari_client import AriOptions, read_ari
from ivr.gateway.backends.sip_backend import SipOptions
from ivr.gateway.hearing import Keep, LiveHearing
from ivr.gateway.server import GatewayOptions, Running, run_gateway
from ivr.gateway.sip.trunk import read_trunk
from transcription import choice
from transcription.errors import ModelMissing

log = logging.getLogger(__name__)


def serve_gateway(
    settings: Settings,
    secrets: Secrets,
    keep: Keep | None = None,
    phrases: tuple[str, ...] = (),
    when_ready: Callable[[Running], None] = lambda _running: None,
) -> None:
    """Take calls until SIGTERM or SIGINT. Raises SettingsError, or PortBusyError or SipPortBusy if a port is taken.

    `keep` stores what is heard live (None, without a database: nothing is heard live); `phrases` are names to expect.
    """
    # It tells every number at INFO.
    logging.getLogger("aiosipua").setLevel(logging.WARNING)
    asyncio.run(_serve(settings, gateway_options(settings, secrets), keep, phrases, when_ready))


def gateway_options(settings: Settings, secrets: Secrets) -> GatewayOptions:
    """Read how the gateway is set. Raises SettingsError."""
    texts = read_prompts(DATA / "prompts.toml")
    return GatewayOptions(
        account=Account(secrets.account_sid, secrets.auth_token),
        keys=secrets.key_ring(),
        data_dir=settings.data_dir / "gateway",
        public_url=settings.base_url,
        reach_at=settings.gateway_hotline_url or f"http://{_reachable(settings.bind)}",
        prompts_dir=settings.prompts_home,
        texts=texts,
        warm=_fixed_texts(texts),
        sip=sip_options(settings),
        ari=ari_options(settings),
        media_bind=_address(settings.gateway_media_bind),
        media_url=settings.gateway_url,
        calls=settings.gateway_calls,
        rate=settings.gateway_calls_per_second,
        longest_call=60.0 * settings.gateway_call_minutes,
        drain_seconds=settings.gateway_drain_seconds,
    )


def sip_options(settings: Settings) -> SipOptions:
    """Read how SIP is set. Raises SettingsError."""
    first, _, last = settings.gateway_rtp_ports.partition("-")
    trunk, users = settings.gateway_trunk, settings.gateway_users
    return SipOptions(
        bind=_address(settings.gateway_bind),
        public_host=settings.gateway_public_host or "",
        # RTP takes even ports.
        ports=range(int(first) + int(first) % 2, int(last) + 1, 2),
        allow=settings.gateway_allow,
        passwords=_passwords(users.get_secret_value()) if users else {},
        trunk=read_trunk(trunk.get_secret_value()) if trunk else None,
        register=settings.gateway_register,
    )


def ari_options(settings: Settings) -> AriOptions | None:
    """Read where Asterisk is; None where calls come without one. Raises SettingsError."""
    if settings.gateway_ari_url is None:
        return None
    sounds = (settings.gateway_ari_sounds or settings.data_dir / "ari-sounds").resolve()
    return read_ari(settings.gateway_ari_url.get_secret_value(), str(sounds), settings.gateway_ari_trunk)


async def _serve(
    settings: Settings,
    options: GatewayOptions,
    keep: Keep | None,
    phrases: tuple[str, ...],
    when_ready: Callable[[Running], None],
) -> None:
    voice = synthesiser(settings.data_dir / "voice", settings.gateway_voice_command)
    async with AsyncExitStack() as stack:
        live = _live(settings, keep, phrases)
        if live:
            await stack.enter_async_context(live)
        await run_gateway(options, voice, live, when_ready)


def _live(settings: Settings, keep: Keep | None, phrases: tuple[str, ...]) -> LiveHearing | None:
    """The live ear; None where it is not wanted, or a second engine is to be heard as well."""
    if keep is None or not settings.gateway_live_streams or settings.second_engine:
        return None
    try:
        chosen = choice.choose(settings.speech_engine, settings.speech_model, settings.models_home)
    except ModelMissing as error:
        log.info("Messages are not heard live: %s", error)
        return None
    return LiveHearing(chosen, keep, settings.gateway_live_streams, phrases, settings.speech_threads)


def _fixed_texts(texts: Mapping[str, str]) -> tuple[str, ...]:
    """What is said to every caller, the beginning of each line's calls first."""
    own = [text for line in read_lines(DATA / "lines.toml") for text in (line.greeting, line.notice.text)]
    return tuple(text for text in (*own, *texts.values()) if "{" not in text)


def _passwords(text: str) -> Mapping[str, str]:
    found = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, colon, password = entry.partition(":")
        if not name or not colon or not password:
            raise SettingsError("HOTLINE_GATEWAY_USERS phải có dạng tên:mật khẩu, cách nhau bằng dấu phẩy")
        found[name] = password
    return found


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _reachable(bind: str) -> str:
    """The address to reach a server that is bound to `bind`: one bound everywhere is here too."""
    host, port = _address(bind)
    return f"127.0.0.1:{port}" if urlsplit(f"//{host}").hostname in {"0.0.0.0", "::", None} else bind  # noqa: S104
