"""How well cases are understood: `python -m tests.bench.understanding [labelled.jsonl] [--misses] [--half even|odd]`.

Reads labelled complaints (../shared/eval/complaints_dev.jsonl, or any file of the same form) in up to three forms:
clean text, as recognised, with recognition errors. `--half` looks at the items of one half only (by hash of the id),
so that rules written while looking at one half can be judged on the other.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casebook.learning import LinearCategories
from casebook.rules.understanding import Directory, Suggestion, UnderstandingRules, heard_text, understand
from casebook.understanding_files import LEARNED_FILE, UNDERSTANDING_DATA, load_understanding
from config.directory.units import read_units
from transcription.rules.text import fold, syllables

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT.parent / "shared" / "eval" / "complaints_dev.jsonl"
FORMS = {"clean": "text_clean", "recognised": "text_asr", "noisy": "text_asr_noisy"}
CALLED_AT = datetime(2026, 1, 21, 3, tzinfo=UTC)
OWN_NUMBERS = ("0967771010", "0989401155", "1900638563", "0337592452", "19009095")
SURE = 0.8

Item = dict[str, Any]


@dataclass
class Tally:
    """Counts of one measure: hits out of all, and what was missed."""

    right: int = 0
    total: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, right: bool, miss: str = "") -> None:
        self.total += 1
        self.right += right
        if not right:
            self.misses.append(miss)

    @property
    def share(self) -> str:
        return f"{self.right / self.total:6.3f} ({self.right}/{self.total})" if self.total else "     – "


def read_items(path: Path, half: str | None = None) -> list[Item]:
    """The labelled items of a file, or of one half of it."""
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if half is None:
        return items
    return [item for item in items if zlib.crc32(item["id"].encode()) % 2 == (half == "odd")]


def judge(items: Iterable[Item], form: str, see: Callable[[Item, str], tuple[Suggestion, float]]) -> dict[str, Tally]:
    """Every measure over `items` in one form."""
    tallies: dict[str, Tally] = {}

    def count(measure: str, right: bool, miss: str) -> None:
        tallies.setdefault(measure, Tally()).add(right, miss)

    for item in items:
        text = item.get(FORMS[form])
        if text:
            suggestion, seconds = see(item, text)
            count("time ≤ 20 ms", seconds <= 0.02, f"{item['id']} {seconds * 1000:.0f} ms")
            _judge_facility(item, suggestion, count)
            _judge_category(item, suggestion, count)
            _judge_facts(item, suggestion, count)
            _judge_flags(item, suggestion, count)
            _judge_redaction(item, text, suggestion, count)
    return tallies


Count = Callable[[str, bool, str], None]


def _judge_facility(item: Item, s: Suggestion, count: Count) -> None:
    wanted = item["subject_unit"]
    got = s.facility.value.unit if s.facility.value else None
    top3 = [got, *[a.value.unit for a in s.facility.alternatives][:2]]
    miss = f"{item['id']} {got} ({s.facility.sureness}) not {wanted}; {s.facility.value and s.facility.value.text}"
    count("facility top-1", got == wanted, miss)
    if wanted:
        count("facility top-1, in the directory", got == wanted, miss)
        count("facility top-3, in the directory", wanted in top3, miss)
    count("facility not wrong and sure", not (got and got != wanted and s.facility.sureness > SURE), miss)
    mentioned, named = {m.value for m in s.mentioned}, set(item["mentioned_units"])
    for slug in named:
        count("mentioned recall", slug in mentioned, f"{item['id']} {slug}")
    for slug in mentioned:
        count("mentioned precision", slug in named, f"{item['id']} {slug}")
    if wanted is None and item["subject_text"]:
        said = s.facility.value.text if s.facility.value and got is None else ""
        overlap = set(syllables(said)) & set(syllables(item["subject_text"]))
        count("private text overlaps", len(overlap) >= 2, f"{item['id']} {said!r} not {item['subject_text']!r}")


def _judge_category(item: Item, s: Suggestion, count: Count) -> None:
    miss = f"{item['id']} {s.category.value} ({s.category.sureness}) not {item['category']}: {s.category.reason}"
    count("category", s.category.value == item["category"], miss)
    top2 = [s.category.value, *[a.value for a in s.category.alternatives][:1]]
    count("category top-2", item["category"] in top2, miss)


def _judge_facts(item: Item, s: Suggestion, count: Count) -> None:
    wanted = item["facts"]
    said = {
        "amount": (wanted["amount_vnd"], s.amount_vnd.value),
        "phone": (wanted["phone"], s.phone.value),
        "dossier": (wanted["dossier"] and fold(wanted["dossier"]), s.dossier.value and fold(s.dossier.value)),
        "name": (
            wanted["caller_name"] and fold(wanted["caller_name"]),
            s.caller_name.value and fold(s.caller_name.value),
        ),
    }
    for fact, (want, got) in said.items():
        _recall_precision(fact, want, got, want == got, item["id"], count)
    date = wanted["event_date_text"]
    got_date = s.event_date.value.words if s.event_date.value else None
    same = bool(date and got_date and _overlap(date, got_date))
    _recall_precision("date", date, got_date, same, item["id"], count)


def _overlap(wanted: str, got: str) -> bool:
    """Whether the words said for the day are the caller's: most of them, spoken or written."""
    a, b = set(fold(wanted).split()), set(fold(got).split())
    return len(a & b) / len(a | b) >= 0.5 or (any(char.isdigit() for char in wanted) and bool(a & b))


def _recall_precision(fact: str, want: Any, got: Any, same: bool, where: str, count: Count) -> None:
    if want is not None:
        count(f"{fact} recall", same, f"{where} {got} not {want}")
    if got is not None:
        count(f"{fact} precision", same, f"{where} {got} not {want}")


def _judge_flags(item: Item, s: Suggestion, count: Count) -> None:
    pairs = {
        "emergency": (item["emergency"], s.flags.emergency.value),
        "anonymity": (item["wants_anonymity"], s.flags.wants_anonymity.value),
        "not a complaint": (not item["is_complaint"], s.flags.not_a_complaint.value is not None),
    }
    for flag, (want, got) in pairs.items():
        if want:
            count(f"{flag} recall", bool(got), item["id"])
        else:
            count(f"{flag} no false alarm", not got, item["id"])


def _judge_redaction(item: Item, text: str, s: Suggestion, count: Count) -> None:
    hidden = {kind: fold(" ".join(r.span.words for r in s.redactions if r.kind == kind)) for kind in ("name", "phone")}
    name, phone = item["facts"]["caller_name"], item["facts"]["phone"]
    if name and fold(name) in fold(text):
        count("redaction of names", fold(name) in hidden["name"], f"{item['id']} {name}: hid {hidden['name']!r}")
    if phone:
        count("redaction of phones", bool(hidden["phone"]), f"{item['id']} {phone}")


def calibration(items: Sequence[Item], form: str, see: Callable[[Item, str], tuple[Suggestion, float]]) -> list[str]:
    """How often the category is right, by how sure the suggestion is."""
    bins: dict[float, list[bool]] = {}
    for item in items:
        suggestion, _ = see(item, item[FORMS[form]])
        bins.setdefault(min(int(suggestion.category.sureness * 5), 4) / 5, []).append(
            suggestion.category.value == item["category"]
        )
    return [
        f"sure {low:.1f}-{low + 0.2:.1f}: right {sum(b) / len(b):.2f} of {len(b)}" for low, b in sorted(bins.items())
    ]


def seer(directory: Directory, rules: UnderstandingRules) -> Callable[[Item, str], tuple[Suggestion, float]]:
    """Understands an item's text and says how many seconds of processor it took."""

    def see(item: Item, text: str) -> tuple[Suggestion, float]:
        heard = heard_text(item["line"], CALLED_AT, story=text)
        start = time.thread_time()
        suggestion = understand(heard, directory, rules)
        return suggestion, time.thread_time() - start

    return see


def report(items: Sequence[Item], see: Callable[[Item, str], tuple[Suggestion, float]], misses: bool) -> None:
    """Print every measure, one column a form."""
    results = {form: judge(items, form, see) for form in FORMS if any(item.get(FORMS[form]) for item in items)}
    print(f"{'':36}" + "".join(f"{form:>18}" for form in results))
    measures = dict.fromkeys(measure for tallies in results.values() for measure in tallies)
    for measure in measures:
        print(f"{measure:36}" + "".join(f"{t.get(measure, Tally()).share:>18}" for t in results.values()))
    for form in results:
        if all(item.get(FORMS[form]) for item in items):
            print(f"category calibration, {form}: " + "; ".join(calibration(items, form, see)))
    spent = [see(item, item[column])[1] for item in items for column in FORMS.values() if item.get(column)]
    print(f"processor time a case: mean {1000 * sum(spent) / len(spent):.1f} ms, longest {1000 * max(spent):.1f} ms")
    if misses:
        for form, tallies in results.items():
            for measure in measures:
                for miss in tallies.get(measure, Tally()).misses:
                    print(f"  {form:10} {measure}: {miss}")


def shipped_model() -> LinearCategories | None:
    """The category model learned from the shipped examples, if there is one."""
    path = UNDERSTANDING_DATA / LEARNED_FILE
    return LinearCategories.read(path) if path.is_file() else None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labelled", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--half", choices=["even", "odd"])
    parser.add_argument("--rules-only", action="store_true", help="without the learned category model")
    arguments = parser.parse_args()
    if not arguments.labelled.is_file():
        parser.exit(1, f"{arguments.labelled} is not there; give a file of labelled complaints\n")
    learned = None if arguments.rules_only else shipped_model()
    rules = load_understanding(own_numbers=OWN_NUMBERS, learned=learned)
    directory = Directory.build(read_units(ROOT / "config" / "data" / "units.csv"), rules)
    gc.collect()
    gc.freeze()  # as the hotline does when the directory is built
    items = read_items(arguments.labelled, arguments.half)
    see = seer(directory, rules)
    report(items, see, arguments.misses)


if __name__ == "__main__":
    main()
