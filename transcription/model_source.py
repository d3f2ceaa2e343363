"""What the model store asks of a place that models come from, and how a model is described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from transcription.progress import Progress


class ModelSource(Protocol):
    """Somewhere a model can be fetched from."""

    def fetch(self, target: Path, scratch: Path, progress: Progress) -> None:
        """Write the model's files into the empty directory `target`.

        `scratch` is a directory of this model's own that outlives a broken attempt: half a download left
        there is taken up again. Raises SiteUnreachable, ModelDamaged or InstallFailed.
        """
        ...


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model the hotline knows how to install."""

    name: str
    """The directory it is installed in and the word typed on the command line."""
    title: str
    """What it is, in Vietnamese, for the operator."""
    engine: str
    """Which engine reads it: `vosk`, `ctc` or `whisper`."""
    source: ModelSource
    bytes: int
    """About how much room it takes once installed."""
    licence: str
    files: Mapping[str, str] = field(default_factory=dict)
    """Path inside the model -> SHA-256 it must have; empty where the publisher gives none."""
