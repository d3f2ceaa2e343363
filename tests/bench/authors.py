"""The labelled calls that may be learned from, by author, and what the programs that learn from them share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casebook.learning.noise import Noise

from .understanding import Item, read_items

DATA = Path(__file__).parent / "data"
AUTHORS = {
    "own": "own_complaints",
    "c": "complaints_authored",
    "d": "complaints_heldback",
    "e": "complaints_heldback2",
    "f": "complaints_authored2",
    "g": "complaints_authored3",
    "h": "complaints_heldback3",
    "q": "complaints_authored4",
}
"""Files by author."""


def calls_of(files: Mapping[str, str]) -> tuple[dict[str, list[Item]], Noise]:
    """The calls by author, and what mishears them by the syllables that are said in all of them."""
    calls = {author: read_items(DATA / f"{file}.jsonl") for author, file in files.items()}
    return calls, Noise(str(item["text_asr"]) for items in calls.values() for item in items if item.get("text_asr"))


def what_is_asked(about: str | None) -> argparse.Namespace:
    """Whether to `write` what is learned, and to learn `quickly`."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quickly", action="store_true", help="learn without cross-validating")
    return parser.parse_args()


def write_weights(path: Path, table: Mapping[str, Any]) -> None:
    """Write a model as plain data."""
    path.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {len(table['weights'])} weights to {path}")
