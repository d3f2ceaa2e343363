"""Lists the words that only sound like a phrase: `python -m tests.bench.ordinary [--write]`.

From the shipped invented calls without recognition errors (config/data/understanding/examples.jsonl): whatever there is
found inexactly was never said.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from casebook.rules.understanding.evidence import EvidenceBook
from casebook.understanding_files import ORDINARY_FILE, UNDERSTANDING_DATA, load_understanding
from transcription.rules.text import syllables

EXAMPLES = UNDERSTANDING_DATA / "examples.jsonl"


def ordinary_words(book: EvidenceBook, examples: Path) -> Counter[str]:
    """Count the words that a phrase was found in inexactly."""
    found: Counter[str] = Counter()
    for line in examples.read_text(encoding="utf-8").splitlines():
        heard = syllables(json.loads(line)["text_asr"])
        found.update(" ".join(heard[m.first : m.last + 1]) for m in book.book.find(heard) if m.cost > 0)
    return found


def main() -> None:
    """Print the most frequent ones, and write all if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    found = ordinary_words(load_understanding().evidence, EXAMPLES)
    for words, count in found.most_common(20):
        print(f"{count:4d}  {words}")
    print(f"{len(found)} in all")
    if parser.parse_args().write:
        (UNDERSTANDING_DATA / ORDINARY_FILE).write_text("\n".join(sorted(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
