"""What can be set about the CTC engine; the defaults are measured (see the speech bench)."""

from __future__ import annotations

from dataclasses import dataclass

MODEL_FILE, VOCABULARY_FILE = "model.onnx", "vocab.txt"
"""What a model's directory holds."""


@dataclass(frozen=True, slots=True)
class CtcSettings:
    """How the engine hears. Times are in seconds, levels are relative to full scale (1.0)."""

    chunk: int = 60
    """Model frames (40 ms each) heard at once. The model was exported with 10; more gives it sound after
    each word to judge by, and costs less for each second of sound; it was not taught very much more."""
    stride: int = 40
    """Frames kept of each chunk; the rest is heard again in the next, with more sound after it."""
    target_level: float = 0.1
    """Root mean square that speech is brought towards: -20 dBFS."""
    most_gain: float = 30.0
    """How many times louder sound is made at most."""
    dither: float = 10 / 32768
    """Standard deviation of the faint noise laid under the sound."""
    lead: float = 0.2
    """Silence put before the message."""
    tail: float = 0.6
    """Silence put after it."""
    beam: int = 8
    """Readings kept while searching."""
    bonus: float = 2.0
    """Log-probability given for each syllable of an expected phrase; 0 turns expectations off."""
    pause: float = 0.8
    """Silence between two words at which a new segment begins."""
