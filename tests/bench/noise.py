"""Recognition errors for learning, as the category model is taught with; for measuring there is `mishearing`."""

from __future__ import annotations

from casebook.learning.noise import RATE, Noise, toneless

__all__ = ["RATE", "Noise", "toneless"]
