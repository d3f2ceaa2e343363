"""A learned choice of the place a call is about, beside the rules: plain weights over cues and the words around names.

It weighs every place named, names that were only loosely heard, and that none of them is meant. The rules' own choice
counts too, as much as the data says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .choice_model import ChoiceModel
from .choice_signs import Signs, Surroundings, signs_of, signs_of_none
from .facility import Candidate, Scene, Standing
from .loose import Loose

_LEAST, _KEPT = 0.05, 0.5
"""Names loosely heard that are less likely than this are no candidates at all; by how much a private place may be less
likely than none."""


def chosen(ranked: Sequence[Candidate], loose: Sequence[Loose], scene: Scene, model: ChoiceModel) -> list[Candidate]:
    """The places named, and those loosely heard that are likely enough, the likeliest subject first.

    None of them stands as the subject where it is likelier that none is meant. A place named in answer to the question
    for the facility is left to the rules: nobody needs to guess there.
    """
    every = with_loose(ranked, loose)
    if not every or any(scene.tokens[c.first].question == "facility" for c in ranked):
        return list(ranked)
    options, ruled = options_of(every, scene), ruled_of(ranked)
    *shares, none = model.likelihoods(options, len(every) if ruled is None else ruled)
    shared = [replace(c, share=share) for c, share in zip(every, shares, strict=True)]
    likely = [c for c in shared if not (c.loose and _share(c) < _LEAST)]
    return sorted((replace(c, standing=_standing(c, none)) for c in likely), key=lambda c: (c.standing, -_share(c)))


def _share(candidate: Candidate) -> float:
    return candidate.share or 0.0


def _standing(candidate: Candidate, none: float) -> Standing:
    """Subject or aside; words kept for a place outside the directory do less harm than a wrong unit."""
    likely = _share(candidate) >= none * (_KEPT if candidate.private else 1.0)
    return Standing.SUBJECT if likely else Standing.ASIDE


def with_loose(ranked: Sequence[Candidate], loose: Sequence[Loose]) -> list[Candidate]:
    """All candidates: those of the rules, then the names loosely heard where none of them stands."""
    taken = {place for c in ranked for place in range(c.first, c.last + 1)}
    further = [each for each in loose if taken.isdisjoint(range(each.first, each.last + 1))]
    return [*ranked, *(Candidate(each.mention, None, 0.0, Standing.SUBJECT, each) for each in further)]


def ruled_of(ranked: Sequence[Candidate]) -> int | None:
    """The place of the candidate that the rules choose; None where they choose none."""
    return 0 if ranked and not ranked[0].aside else None


def options_of(every: Sequence[Candidate], scene: Scene) -> list[Signs]:
    """What speaks for each candidate, and last what speaks for none of them."""
    around = Surroundings.of(every, scene)
    return [*(signs_of(candidate, around) for candidate in every), signs_of_none(every, around)]
