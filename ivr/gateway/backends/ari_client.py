"""Asterisk's REST interface (ARI): requests, and the events of our application.

Source: docs.asterisk.org, "Asterisk REST Interface"; used here is what Asterisk 16 to 22 have in common.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, WSMsgType

from config.errors import HotlineError, SettingsError

log = logging.getLogger(__name__)

APP = "lang-nghe"
"""The name of our Stasis application in Asterisk's dialplan."""
_HEARTBEAT = 20.0
_RECONNECT = 2.0
_TIMEOUT = ClientTimeout(total=10)

Event = Mapping[str, Any]


class AriError(HotlineError):
    """Asterisk did not do what it was asked; often because the call is gone."""


@dataclass(frozen=True, slots=True, repr=False)
class AriOptions:
    """Where Asterisk is; `trunk` is the PJSIP endpoint that calls go out by; `sounds` a directory both can read."""

    url: str
    user: str
    password: str
    sounds: str
    trunk: str = "trunk"


def read_ari(text: str, sounds: str, trunk: str) -> AriOptions:
    """Read `http://user:password@host:8088/ari`; raises SettingsError, without showing it."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not parts.username or not parts.password:
        raise SettingsError("HOTLINE_GATEWAY_ARI_URL phải có dạng http://user:password@host:8088/ari")
    host = parts.netloc.rpartition("@")[2]
    url = f"{parts.scheme}://{host}{parts.path.rstrip('/') or '/ari'}"
    return AriOptions(url, unquote(parts.username), unquote(parts.password), sounds, trunk)


@dataclass(slots=True)
class AriClient:
    """Speaks to one Asterisk. `on_event` is told everything that happens to our channels."""

    http: ClientSession
    options: AriOptions
    on_event: Callable[[Event], None]
    on_connect: Callable[[], None] = lambda: None
    connected: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, method: str, path: str, **params: str) -> Any:
        """Make a request; gives the JSON answer, None without one. Raises AriError."""
        try:
            async with self.http.request(
                method, f"{self.options.url}/{path}", params=params, headers=self._headers, timeout=_TIMEOUT
            ) as response:
                if response.status >= 400:
                    raise AriError(f"{method} {path}: HTTP {response.status}")
                return await response.json() if response.content_type == "application/json" else None
        except (ClientError, TimeoutError) as error:
            raise AriError(f"{method} {path}: {error!r}") from error

    async def stored(self, name: str) -> bytes:
        """Download a finished recording. Raises AriError."""
        path = f"recordings/stored/{quote(name)}/file"
        try:
            async with self.http.get(f"{self.options.url}/{path}", headers=self._headers, timeout=_TIMEOUT) as response:
                if response.status != 200:
                    raise AriError(f"GET {path}: HTTP {response.status}")
                return await response.read()
        except (ClientError, TimeoutError) as error:
            raise AriError(f"GET {path}: {error!r}") from error

    async def listen(self) -> None:
        """Hear events until cancelled, connecting again and again."""
        url = f"{self.options.url.replace('http', 'ws', 1)}/events"
        while True:
            try:
                async with self.http.ws_connect(
                    url, params={"app": APP, "subscribeAll": "false"}, headers=self._headers, heartbeat=_HEARTBEAT
                ) as socket:
                    log.info("Connected to Asterisk")
                    self.connected.set()
                    self.on_connect()
                    async for message in socket:
                        if message.type is WSMsgType.TEXT:
                            self._tell(message.json())
            except (ClientError, OSError, TimeoutError) as error:
                log.warning("Asterisk is not there: %r", error)
            self.connected.clear()
            await asyncio.sleep(_RECONNECT)

    def _tell(self, event: Event) -> None:
        try:
            self.on_event(event)
        except Exception:  # one strange event must not end the hearing of others
            log.exception("An event of Asterisk could not be handled")

    @property
    def _headers(self) -> dict[str, str]:
        given = f"{self.options.user}:{self.options.password}"
        return {"Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}
