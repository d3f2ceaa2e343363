"""Learns the shipped category model anew: `python -m tests.bench.learn_categories [--write]`.

From config/data/understanding/examples.jsonl (invented calls); prints the share right on held-back examples.
"""

from __future__ import annotations

import argparse

from casebook.learning.examples import read_examples
from casebook.learning.judge import learn
from casebook.rules.understanding import Directory
from casebook.understanding_files import LEARNED_FILE, UNDERSTANDING_DATA, load_understanding
from config.directory.units import read_units
from tests.bench.understanding import ROOT


def main() -> None:
    """Learn, report, and write the model's file if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--version", default="examples-2")
    arguments = parser.parse_args()
    rules = load_understanding(learned=None)
    directory = Directory.build(read_units(ROOT / "config" / "data" / "units.csv"), rules)
    learnt = learn(
        read_examples(UNDERSTANDING_DATA / "examples.jsonl", directory, rules),
        arguments.version,
        rules.weights.rules_share,
    )
    if learnt is None:
        parser.exit(1, "too few examples\n")
    print(f"{learnt.cases} calls; held back: model {learnt.right:.3f}, rules {learnt.rules_right:.3f}")
    if arguments.write and learnt.is_better:
        learnt.model.write(UNDERSTANDING_DATA / LEARNED_FILE)
        print(f"wrote {UNDERSTANDING_DATA / LEARNED_FILE}")


if __name__ == "__main__":
    main()
