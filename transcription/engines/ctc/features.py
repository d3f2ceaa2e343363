"""Log-mel features as the model learnt them, made while the sound comes in."""

from __future__ import annotations

import kaldi_native_fbank
import numpy as np
from numpy.typing import NDArray

from transcription.ports import SAMPLE_RATE, Samples

BINS = 80
"""Values in a row; a row is made of 25 ms of sound."""

ROW = 0.01
"""Seconds between one row and the next."""

Features = NDArray[np.float32]
"""Rows of BINS values."""

_INT16 = 32768.0
"""The model learnt from samples of this scale; at [-1, 1] it understands nothing."""

_SEED = 2025
"""The dither is the same for every message, so that a message is always heard the same way."""


class FeatureStream:
    """The features of one stream of sound, with a faint noise of deviation `dither` laid under it."""

    def __init__(self, dither: float) -> None:
        self._dither = np.float32(dither)
        self._noise = np.random.default_rng(_SEED)
        self._bank = kaldi_native_fbank.OnlineFbank(_options())
        self._given = 0

    def push(self, samples: Samples) -> Features:
        """Take the next samples; give the rows that are complete."""
        noise = self._noise.standard_normal(len(samples)).astype(np.float32) * self._dither
        self._bank.accept_waveform(SAMPLE_RATE, (samples + noise) * _INT16)
        ready = self._bank.num_frames_ready
        # Copied before the bank lets go of them: what it gives are views of its own memory.
        rows = np.array([self._bank.get_frame(row) for row in range(self._given, ready)], np.float32)
        self._bank.pop(ready - self._given)
        self._given = ready
        return rows.reshape(-1, BINS)


def _options() -> kaldi_native_fbank.FbankOptions:
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = SAMPLE_RATE
    options.frame_opts.dither = 0.0  # our own, whose seed we hold
    options.frame_opts.window_type = "povey"
    options.frame_opts.preemph_coeff = 0.97
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = BINS
    options.mel_opts.low_freq = 20.0
    options.use_energy = False
    return options
