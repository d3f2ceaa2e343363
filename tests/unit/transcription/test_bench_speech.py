"""What the speech bench says when there is nothing to measure, and what recordings it can read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.bench.clips import NoClips, read_folder
from tests.bench.phone_line import gsm, ulaw
from tests.bench.speech import main
from tests.voice import babble, tone
from transcription.ports import SAMPLE_RATE, Samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two recordings as an operator may have them: stereo at 8 kHz, and mono at 44.1 kHz."""
    soundfile.write(tmp_path / "one.wav", np.zeros((8_000, 2)), 8_000)
    soundfile.write(tmp_path / "two.flac", np.zeros(44_100), 44_100)
    rows = "file\tlicence\ttranscript\none.wav\tCC0\tmột hai\ntwo.flac\tCC0\tba bốn\n"
    (tmp_path / "manifest.tsv").write_text(rows, encoding="utf-8")
    return tmp_path


def test_recordings_of_any_rate_are_read_as_16_khz_mono(folder: Path) -> None:
    clips = read_folder(folder)
    assert [(clip.name, clip.seconds, clip.transcript) for clip in clips] == [
        ("one.wav", 1.0, "một hai"),
        ("two.flac", 1.0, "ba bốn"),
    ]
    assert len(read_folder(folder, limit=1)) == 1


def test_a_folder_without_a_manifest_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NoClips, match=str(tmp_path)):
        read_folder(tmp_path)
    assert main(["--folder", str(tmp_path)]) == 1
    assert "manifest.tsv" in capsys.readouterr().err


def test_without_engines_it_says_how_to_install_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(folder), "--models", str(folder / "none")]) == 1
    assert "models install" in capsys.readouterr().err


@pytest.mark.parametrize("line", [ulaw, gsm])
def test_a_telephone_line_keeps_the_length_and_the_voice_band_only(line: object) -> None:
    assert callable(line)
    sound = babble(2)
    heard: Samples = line(sound)
    assert abs(len(heard) - len(sound)) < 0.05 * SAMPLE_RATE
    for hertz, kept in ((100, False), (1000, True), (6000, False)):
        out: Samples = line(tone(1, hertz))
        assert (np.sqrt(np.mean(out**2)) > 0.1) == kept
