"""What the caller hears: the operator's own files first, else the synthesiser; made off the media loop."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from config.directory.prompts import AUDIO_SUFFIXES
from config.errors import PermanentError
from ivr.adapters.sound import NotSoundError
from ivr.adapters.synthesis import Synthesiser
from ivr.carrier.webhook import WebhookError
from ivr.gateway.sound import Line8k, read_sound

log = logging.getLogger(__name__)

LONGEST_TEXT = 4096
"""Characters of one Say, as Twilio allows; the rest is left out."""
LARGEST_CACHE = 200 * 8000
"""Samples kept ready in memory: 200 seconds, about 10 MB with both codecs."""

Fetch = Callable[[str], Awaitable[bytes]]
"""Gets the file at an address; raises WebhookError."""


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The operator's recordings in `directory`, which the hotline gives out below `base_url`."""

    directory: Path
    base_url: str

    def find(self, url: str) -> Path | None:
        """The file behind `url`, if it is one of these."""
        base = f"{self.base_url.rstrip('/')}/voice/prompts/"
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        if not url.startswith(base) or not name.endswith(AUDIO_SUFFIXES) or name != PurePosixPath(name).name:
            return None
        path = self.directory / name
        return path if path.is_file() else None


@dataclass(slots=True)
class Prompts:
    """Makes the sounds of `<Say>` and `<Play>` and keeps the latest ready.

    `texts` are what the prompts say, by name: spoken where a prompt's file is missing.
    """

    voice: Synthesiser
    own: OwnFiles
    texts: Mapping[str, str]
    fetch: Fetch
    workers: Executor
    _ready: OrderedDict[str, Line8k] = field(default_factory=OrderedDict)
    _making: dict[str, asyncio.Task[Line8k]] = field(default_factory=dict)

    async def said(self, text: str) -> Line8k | None:
        """The sound of `text`; None, with a line in the log, if there is nothing to be heard."""
        if len(text) > LONGEST_TEXT:
            log.warning("A text of %d characters is said only up to character %d", len(text), LONGEST_TEXT)
            text = text[:LONGEST_TEXT]
        if not text.strip():
            return None
        return await self._made(f"say {text}", lambda: self._speak(text))

    async def played(self, url: str) -> Line8k | None:
        """The sound at `url`; if it cannot be had, the prompt's words spoken; None if there are none."""
        sound = await self._made(f"play {self._version(url)}", lambda: self._load(url))
        if sound is not None:
            return sound
        text = self._words(url)
        return await self.said(text) if text else None

    async def warm(self, texts: Iterable[str]) -> None:
        """Make the sounds of `texts` ready one by one, so that the first caller waits for none."""
        for text in texts:
            await self.said(" ".join(text.split()))

    def _words(self, url: str) -> str | None:
        return self.texts.get(PurePosixPath(unquote(urlsplit(url).path)).stem)

    def _version(self, url: str) -> str:
        """The address, and for an own file its time, so that a new recording is heard at once."""
        path = self.own.find(url)
        return f"{url} {path.stat().st_mtime_ns}" if path else url

    async def _made(self, key: str, make: Callable[[], Awaitable[Line8k]]) -> Line8k | None:
        if key in self._ready:
            self._ready.move_to_end(key)
            return self._ready[key]
        if key not in self._making:
            self._making[key] = asyncio.ensure_future(self._make(key, make))
        try:
            # Shielded: another call may wait for the same sound when this caller hangs up.
            return await asyncio.shield(self._making[key])
        except (PermanentError, WebhookError) as error:
            log.warning("A prompt cannot be heard: %s", error)
            return None

    async def _make(self, key: str, make: Callable[[], Awaitable[Line8k]]) -> Line8k:
        try:
            sound = await make()
        finally:
            del self._making[key]
        self._ready[key] = sound
        while sum(len(kept.samples) for kept in self._ready.values()) > LARGEST_CACHE and len(self._ready) > 1:
            self._ready.popitem(last=False)
        return sound

    async def _speak(self, text: str) -> Line8k:
        return await asyncio.get_running_loop().run_in_executor(
            self.workers, lambda: read_sound(self.voice.speak(text))
        )

    async def _load(self, url: str) -> Line8k:
        path = self.own.find(url)
        content = None if path else await self.fetch(url)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.workers, _read, path, content)
        except NotSoundError as error:
            raise NotSoundError(f"{url}: {error}") from error


def _read(path: Path | None, content: bytes | None) -> Line8k:
    return read_sound(path.read_bytes() if path else content or b"")
