"""How well each installed engine hears, in one table: `python -m tests.bench.speech`, or `make bench-speech`.

Run it on recordings of consenting callers, in a folder with a `manifest.tsv` (columns `file` and
`transcript`), before choosing an engine: `make bench-speech ARGS="--folder DIR"`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.directory.units import read_units
from tests.bench.clips import Clip, NoClips, rare_pairs, read_folder
from tests.bench.hearing import Hearing, measure
from tests.bench.phone_line import CONDITIONS
from tests.bench.worker import Work, measure_worker
from transcription.choice import EngineChoice, choose, load
from transcription.errors import ModelMissing

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "speech"
MODELS = ROOT / "var" / "models"
UNITS = ROOT / "config" / "data" / "units.csv"

ENGINES = ("vosk", "ctc", "whisper")

HEADER = (
    *("engine", "line", "WER", "CER", "bare", "AUC", "ECE", "CPU"),
    *("WER exp.", "names", "names exp.", "MiB", "CPU 3 min", "2 threads"),
)

_NO_WORK = ("", "", "")

EXPLANATION = """
WER, CER, bare: errors in percent of syllables, letters, syllables without diacritics. AUC: how often a right
word is surer than a wrong one. ECE: how far confidence is from the share right. CPU: seconds of one core for a
second of sound. exp.: with the directory's names expected; for `names` the names too: pairs of rare
syllables standing for names, heard of those said (and heard where nobody said them). MiB, CPU 3 min,
2 threads: a worker of its own with a message of 3 minutes, and how much more two threads do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit code is 1 if there is nothing to measure or to measure it on."""
    options = _options(arguments)
    try:
        clips = read_folder(options.folder, options.limit)
    except NoClips as error:
        print(error, file=sys.stderr)
        return 1
    choices = list(_installed(options.engines, options.models))
    if not choices:
        print(f"No engine is installed in {options.models}: run `python app.py models install`.", file=sys.stderr)
        return 1
    minutes = sum(clip.seconds for clip in clips) / 60
    print(f"{len(clips)} clips, {minutes:.1f} minutes, {options.folder}\n")
    print(_row(HEADER), flush=True)
    for choice in choices:
        for row in _rows(choice, clips, options):
            print(_row(row), flush=True)
    print(EXPLANATION)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench.speech", description="Compare the installed speech engines.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="recordings with a manifest.tsv")
    parser.add_argument("--models", type=Path, default=MODELS, help="where models are installed")
    parser.add_argument(
        *("--engines", "-e"),
        nargs="+",
        default=ENGINES,
        metavar="ENGINE[=DIR]",
        help=f"of {', '.join(ENGINES)}; with =DIR, with the model in that directory",
    )
    parser.add_argument("--lines", nargs="+", default=tuple(CONDITIONS), choices=tuple(CONDITIONS))
    parser.add_argument("--no-worker", action="store_true", help="leave out the message of 3 minutes (slow engines)")
    parser.add_argument("--limit", type=int, help="only the first clips of the folder")
    return parser.parse_args(arguments)


def _installed(wanted: Sequence[str], models: Path) -> Iterator[EngineChoice]:
    for name, _, path in (engine.partition("=") for engine in wanted):
        try:
            yield choose(name, Path(path) if path else None, models)
        except ModelMissing as error:
            print(f"{name}: {error}", file=sys.stderr)


def _rows(choice: EngineChoice, clips: Sequence[Clip], options: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    engine = load(choice)
    directory = [name.lower() for unit in read_units(UNITS) for name in (unit.name, *unit.aliases)]
    pairs = rare_pairs(clips)
    work = _NO_WORK if options.no_worker else _work(measure_worker(choice, [clip.samples for clip in clips]))
    model = choice.model_path.name if choice.model_path else choice.name
    for line in options.lines:
        yield (model, line, *_figures(measure(engine, clips, CONDITIONS[line], directory, pairs)), *work)
        work = _NO_WORK


def _figures(hearing: Hearing) -> tuple[str, ...]:
    score = hearing.score
    return (
        *(f"{rate:.1f}" for rate in (score.words, score.letters, score.bare_words)),
        *(f"{value:.3f}" for value in (hearing.surer, hearing.calibration, hearing.cpu)),
        "-" if hearing.biased_words is None else f"{hearing.biased_words:.1f}",
        str(hearing.names),
        "-" if hearing.biased_names is None else str(hearing.biased_names),
    )


def _work(work: Work) -> tuple[str, str, str]:
    return f"{work.mebibytes:.0f}", f"{work.cpu:.3f}", f"{work.two_threads:.2f}x"


def _row(cells: Sequence[str]) -> str:
    widths = (14, 9, 6, 6, 6, 6, 6, 6, 9, 13, 13, 5, 10, 10)
    return " ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


if __name__ == "__main__":
    sys.exit(main())
