"""What the learned choice of the facility sees of a place named: its kind, the cues and the words around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcription.rules.phonetics import sounding

from .directory import Plainness
from .facility import Candidate, Scene, is_addressed, led_by, rechecked_after
from .loose import Loose

Signs = dict[str, float]
"""Value by sign."""

_NEAR, _BEFORE, _AFTER = 3, 6, 8
_NEAR_VALUE, _FAR_VALUE = 0.7, 0.5
_BLAME_AFTER, _BLAME_BEFORE = 25, 12
_MOST_BLAME, _MOST_BEFORE, _MOST_TIMES = 5, 3, 3


@dataclass(frozen=True)
class Surroundings:
    """The call around its candidates: syllables, how they sound, where names start, and the scene."""

    heard: tuple[str, ...]
    sounds: tuple[str, ...]
    starts: tuple[int, ...]
    count: int
    scene: Scene

    @classmethod
    def of(cls, every: Sequence[Candidate], scene: Scene) -> Surroundings:
        """The surroundings of all candidates of one call."""
        heard = tuple(token.text for token in scene.tokens)
        starts = tuple(sorted(c.first for c in every))
        return cls(heard, tuple(sounding(syllable) for syllable in heard), starts, len(every), scene)

    def following(self, last: int) -> int:
        """Where the next name starts, or the end."""
        return next((start for start in self.starts if start > last), len(self.heard))

    def previous(self, first: int) -> int:
        """Where the name before starts, or -1."""
        return max((start for start in self.starts if start < first), default=-1)

    def opens(self, place: int) -> bool:
        """Whether a sentence begins at `place`."""
        return place == 0 or self.scene.tokens[place - 1].sentence_end


def signs_of(candidate: Candidate, around: Surroundings) -> Signs:
    """Everything that speaks for or against one place."""
    first, last = candidate.first, candidate.last
    start = first - around.scene.rules.head_cues.ending_at(around.heard, first)
    kind = kind_of_place(candidate, around.scene)
    signs = {
        f"kind {kind}": 1.0,
        f"kind {kind} on {around.scene.line}": 1.0,
        "sureness": candidate.sureness,
        "deep": first / max(1, len(around.heard)),
        "times": 0.5 * (min(_MOST_TIMES, candidate.times) - 1),
    }
    named_first = {
        f"first {kind}": first == around.starts[0],
        "last": first == around.starts[-1],
        f"alone {kind}": around.count == 1,
        "answer": around.scene.tokens[first].question == "facility",
        "opens": around.opens(start),
    }
    signs |= {name: 1.0 for name, holds in named_first.items() if holds}
    signs |= {f"cue {cue}": 1.0 for cue in _cues(candidate, start, around)}
    signs |= _blame(first, last, around)
    if candidate.private:
        signs["head " + " ".join(around.sounds[first : first + 2])] = 1.0
    if candidate.loose:
        signs |= _loosely(candidate.loose, around)
    for name, value in _words(start, last, around):
        signs[name] = value
    return signs


def signs_of_none(every: Sequence[Candidate], around: Surroundings) -> Signs:
    """What speaks for it that none of the places is the one."""
    signs = {"none": 1.0, f"none on {around.scene.line}": 1.0}
    firm = [c for c in every if not c.loose]
    signs[f"none of {min(3, len(firm))}"] = 1.0
    return signs | {f"none beside {kind_of_place(c, around.scene)}": 1.0 for c in firm}


def kind_of_place(candidate: Candidate, scene: Scene) -> str:
    """The kind of place: its unit's kind, a name loosely heard, or a private place with or without a name."""
    if candidate.loose:
        return "loose"
    if candidate.mention:
        return scene.kinds.get(candidate.mention.slug, "hospital")
    assert candidate.private is not None, "a candidate is one of the two"
    if not candidate.private.placed:
        return "person"
    return "private" if candidate.private.named else "private without a name"


def _cues(candidate: Candidate, start: int, around: Surroundings) -> Iterator[str]:
    """The cues of the rules that stand around the name."""
    rules, heard, last = around.scene.rules, around.heard, candidate.last
    following = around.following(last)
    held = {
        "passed": led_by(rules.passed, heard, start),
        "beside": rules.beside.ending_at(heard, start) > 0,
        "elsewhere": led_by(rules.elsewhere, heard, start),
        "complained": rules.complained.ending_at(heard, start) > 0,
        "turned": rules.turned.ending_at(heard, start) > 0 or rules.turned.ending_at(heard, start - 1) > 0,
        "sent on": rules.sent_on.starting_at(heard, last + 1) > 0,
        "then": heard[last + 1 : last + 2] == ("thì",),
        "rechecked": rechecked_after(heard, last, following, rules),
        "praised": rules.praised.within(heard, last + 1, min(last + _AFTER, following - 1)),
        "acts": rules.acts.starting_at(heard, last + 1) > 0,
        "addressed": candidate.mention is not None and is_addressed(candidate.mention, heard, rules),
        "own": rules.own_place.within(heard, candidate.first - 6, last + 2),
        "own papers": rules.own_papers.within(heard, candidate.first - 6, last + 2),
    }
    yield from (cue for cue, holds in held.items() if holds)


def _blame(first: int, last: int, around: Surroundings) -> Signs:
    """How much is blamed after the name and before it, up to the next ones."""
    end = min(last + _BLAME_AFTER, around.following(last) - 1)
    begin = max(first - _BLAME_BEFORE, around.previous(first) + 1)
    blamed = [e for e in around.scene.blame if not e.denied]
    after = sum(last < e.first <= end for e in blamed)
    before = sum(begin <= e.first and e.last < first for e in blamed)
    return {"blame after": min(_MOST_BLAME, after) * 0.2, "blame before": min(_MOST_BEFORE, before) * 0.3}


def _loosely(loose: Loose, around: Surroundings) -> Signs:
    """How well and in what place a loose name was heard."""
    rules, heard, first = around.scene.rules, around.heard, loose.first
    plain = Plainness(loose.name.plainness).name.lower()
    length = loose.last - first + 1
    held = {
        "in a place": rules.locus.ending_at(heard, first),
        "no facility": rules.not_a_facility.ending_at(heard, first),
        "headed": rules.head_cues.ending_at(heard, first),
        "dwelling": rules.dwelling.ending_at(heard, first),
        "speciality": rules.speciality.ending_at(heard, first),
        "medical after": rules.medical.starting_at(heard, loose.last + 1),
        "medical before": rules.medical.within(heard, first - 5, first - 1),
        "sounds alike": " ".join(heard[first : loose.last + 1]) in rules.sound_alikes,
        "ordinary": " ".join(loose.name.core) in rules.ordinary_said,
        "only one": around.count == 1,
        "numbered": loose.name.numbered,
    }
    signs = {f"loose {name}": 1.0 for name, holds in held.items() if holds}
    return signs | {
        "loose cost": 3 * loose.cost,
        f"loose {plain} cost": 3 * loose.cost,
        f"loose {plain}": 1.0,
        "loose length": length / 3,
        f"loose core {min(4, len(loose.name.core))}": 1.0,
    }


def _words(start: int, last: int, around: Surroundings) -> Iterator[tuple[str, float]]:
    """The words around a name as they sound: each by its distance and as one of those near, and pairs next to it."""
    sounds, following = around.sounds, around.following(last)
    for step in range(1, _BEFORE + 1):
        if start - step >= 0:
            if step <= _NEAR and not (step > 1 and around.opens(start - step + 1)):
                yield f"before {step} {sounds[start - step]}", _NEAR_VALUE
            yield f"before {sounds[start - step]}", _FAR_VALUE
    for step in range(1, _AFTER + 1):
        place = last + step
        if place < len(sounds) and (step <= _NEAR or place < following):
            if step <= _NEAR:
                yield f"after {step} {sounds[place]}", _NEAR_VALUE
            yield f"after {sounds[place]}", _FAR_VALUE
    if start >= 2:
        yield f"before {sounds[start - 2]} {sounds[start - 1]}", 1.0
    if last + 2 < len(sounds):
        yield f"after {sounds[last + 1]} {sounds[last + 2]}", 1.0
