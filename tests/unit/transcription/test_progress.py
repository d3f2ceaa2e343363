from __future__ import annotations

import io

from rich.console import Console

from transcription.progress import BarProgress, silent


def shown(*told: tuple[str, int, int]) -> str:
    out = io.StringIO()
    with BarProgress(Console(file=out, width=100, force_terminal=True)) as progress:
        for step, done, total in told:
            progress(step, done, total)
    return out.getvalue()


def test_each_step_has_its_bar_and_sizes() -> None:
    screen = shown(("Tải model.zip", 1_000_000, 2_000_000), ("Kiểm tra x", 5, 5))
    assert "Tải model.zip" in screen
    assert "1.0/2.0 MB" in screen
    assert "Kiểm tra x" in screen


def test_a_step_of_unknown_length_is_shown_too() -> None:
    assert "Tải" in shown(("Tải", 300, 0))


def test_silence_is_a_way_of_reporting() -> None:
    silent("Tải", 1, 2)
