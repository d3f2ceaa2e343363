"""Sound that is ready to be played on a line, and the tones that a telephone makes."""

from __future__ import annotations

import io
from functools import cached_property

import numpy as np
import soundfile

from ivr.adapters.sound import phone_wav
from ivr.gateway.g711 import ALAW, RATE, ULAW, Law, Pcm
from ivr.gateway.rtp import FRAME

BEEP_HZ, BEEP_SECONDS = 1000, 0.3
RING_HZ, RING_SECONDS, RING_PAUSE = 425, 1.0, 4.0
"""Vietnam's ringing tone. Source: ITU-T E.180, Various tones used in national networks."""
_LOUDNESS = 0.25


class Line8k:
    """Samples for the line; what each law makes of them is worked out once."""

    def __init__(self, samples: Pcm) -> None:
        self.samples = samples

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / RATE

    @cached_property
    def _alaw(self) -> bytes:
        return _whole_frames(ALAW, self.samples)

    @cached_property
    def _ulaw(self) -> bytes:
        return _whole_frames(ULAW, self.samples)

    def payload(self, law: Law) -> bytes:
        """The sound as `law` codes it, filled up with silence to whole packets."""
        return self._alaw if law is ALAW else self._ulaw

    def wav(self) -> bytes:
        """The sound as a WAV file: 8 kHz mono PCM16."""
        return wav_of(self.samples)


def read_sound(content: bytes) -> Line8k:
    """Read any sound file for playing on the line; raises NotSoundError."""
    samples, _ = soundfile.read(io.BytesIO(phone_wav(content)), dtype="int16")
    return Line8k(np.ascontiguousarray(samples, np.int16))


def wav_of(samples: Pcm) -> bytes:
    """Write `samples` as a WAV file: 8 kHz mono PCM16."""
    sink = io.BytesIO()
    soundfile.write(sink, samples, RATE, subtype="PCM_16", format="WAV")
    return sink.getvalue()


def tone(hertz: float, seconds: float, pause: float = 0.0) -> Line8k:
    """A tone of `seconds` with soft edges, and silence after it."""
    moments = np.arange(round(seconds * RATE)) / RATE
    edge = np.clip(np.minimum(moments, seconds - moments) / 0.005, 0.0, 1.0)
    sounding = np.sin(2 * np.pi * hertz * moments) * edge * _LOUDNESS * 32767
    return Line8k(np.concatenate((sounding, np.zeros(round(pause * RATE)))).astype(np.int16))


BEEP = tone(BEEP_HZ, BEEP_SECONDS)
RINGING = tone(RING_HZ, RING_SECONDS, RING_PAUSE)


def _whole_frames(law: Law, samples: Pcm) -> bytes:
    coded = law.encode(samples)
    return coded + law.silence * (-len(coded) % FRAME)
