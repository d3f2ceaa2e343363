"""Reads kept recordings back: the original bytes, as sound, or as a browser plays them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from config.crypto import KeyRing
from config.errors import PermanentError
from config.told import Told
from recordings import audio, disguise
from recordings.disguise import Stretch
from recordings.models import Recording, RecordingState
from recordings.ports import Store
from recordings.rules.keys import content_key, sealing_context


class NotKept(PermanentError):
    """Bản ghi này không có trong kho của ta."""


class NotTheOriginal(PermanentError):
    """Nội dung đọc từ kho không phải là bản ghi gốc (sai SHA-256)."""


def original_bytes(recording: Recording, store: Store, keys: KeyRing) -> bytes:
    """Give the bytes as the provider gave them, checked against their SHA-256. Slow: call it in no transaction.

    Raises NotKept, NotInStore, UnknownKey, Tampered, NotTheOriginal, or StoreUnavailable.
    """
    key, sha256 = recording.store_key, recording.sha256
    if recording.state is not RecordingState.KEPT or key is None or sha256 is None:
        text = "Bản ghi %(id)s không có trong kho (trạng thái: %(state)s)."
        raise NotKept(Told(text, id=recording.id, state=recording.state))
    data = keys.open(store.get(key), sealing_context(sha256))
    if content_key(data) != sha256:
        raise NotTheOriginal
    return data


def samples(recording: Recording, store: Store, keys: KeyRing) -> NDArray[np.float32]:
    """Give the recording's sound as engines hear it, 16 kHz mono; raises as `original_bytes` and `inspect` do."""
    return audio.samples(original_bytes(recording, store, keys))


def playable(recording: Recording, store: Store, keys: KeyRing) -> tuple[bytes, str]:
    """Give bytes that a browser plays and their content type; raises as `original_bytes` does."""
    return audio.to_browser(original_bytes(recording, store, keys))


def playable_part(recording: Recording, store: Store, keys: KeyRing, hidden: Iterable[Stretch]) -> tuple[bytes, str]:
    """Give the sound with silence over the `hidden` stretches (s), as long as the original, and its content type.

    Raises as `samples` does.
    """
    return audio.to_wav(disguise.silenced(samples(recording, store, keys), hidden)), "audio/wav"
