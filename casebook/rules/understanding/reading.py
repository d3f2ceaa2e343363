"""One call read once: its syllables, what was spotted in them, and the facility it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bridges import find_bridged
from .category import TOPIC
from .choice import chosen
from .directory import Directory
from .evidence import Evidence
from .facility import Candidate, Scene, candidates
from .guesses import guess
from .loose import Loose, find_loose
from .mentions import Mention, find_mentions
from .people import NamedPerson, find_names, with_likely
from .places import AreaSaid
from .private import find_private
from .ruleset import UnderstandingRules
from .shapes import Alternative, Facility, Field, Heard, WordSpan
from .tokens import Token, span, syllables_of, tokenize
from .written import Written, written

_AUTHORITY_KIND = "authority"
_OFFICE_KINDS = (_AUTHORITY_KIND, "department", "agency")
_HOSPITAL = ["bệnh", "viện"]
_PRIVATE_KIND, _NO_KIND = "private", "none"
_UNINTRODUCED = 0.4
_AN_ANSWER, _NOT_THE_ANSWER = 2, 0.6
_BORNE_OUT, _ONLY_NAMED = 1.0, 0.78
"""Below this score the words around a name do not say enough that it is the one, however clear the name."""
_CLEARLY_CHOSEN = 0.9
"""The share of a learned choice from which on it may be sure."""
_PAPERWORK_LINES = frozenset({"dich_vu_cong", "buc_xuc_dich_vu_cong"})


@dataclass(frozen=True)
class Reading:
    """One call read once: syllables, written pieces, everything spotted."""

    heard: Heard
    tokens: tuple[Token, ...]
    answers: tuple[Written, ...]
    evidence: tuple[Evidence, ...]
    mentions: tuple[Mention, ...]
    people: tuple[NamedPerson, ...]
    rules: UnderstandingRules
    loose: tuple[Loose, ...] = ()

    def span(self, first: int, last: int) -> WordSpan:
        """The words behind tokens `first` to `last`."""
        return span(self.tokens, first, last, self.heard.answers)

    def spans(self, evidence: Sequence[Evidence]) -> tuple[WordSpan, ...]:
        """The words behind each piece of evidence."""
        return tuple(self.span(e.first, e.last) for e in evidence)


def read(heard: Heard, directory: Directory, rules: UnderstandingRules) -> Reading:
    """Read `heard` once for every rule."""
    tokens = tokenize(heard.answers)
    names = directory.names.find([token.text for token in tokens])
    plain = find_mentions(tokens, names, rules.names, find_bridged(tokens, directory))
    mentions = guess(tokens, plain, directory, rules.names)
    return Reading(
        heard=heard,
        tokens=tokens,
        answers=written(heard.answers),
        evidence=tuple(rules.evidence.find(tokens)),
        mentions=tuple(mentions),
        people=_people(tokens, mentions, rules),
        rules=rules,
        loose=find_loose(names, mentions, [token.text for token in tokens], rules.names),
    )


def _people(tokens: Sequence[Token], mentions: Sequence[Mention], rules: UnderstandingRules) -> tuple[NamedPerson, ...]:
    """The people named; a name that nobody introduced and that is a unit's is nobody's."""
    units = {place for m in mentions for place in range(m.first, m.last + 1)}
    found = find_names(tokens, rules.people)
    kept = [p for p in found if p.sureness > _UNINTRODUCED or units.isdisjoint(range(p.first, p.last + 1))]
    likely = rules.caller_names.find(tokens, rules.people) if rules.caller_names else []
    callers = [name for name in likely if name.is_callers or units.isdisjoint(range(name.first, name.last + 1))]
    return with_likely(kept, callers)


def places_named(reading: Reading, directory: Directory) -> tuple[list[Candidate], list[AreaSaid]]:
    """Places the complaint may be about, likeliest first, and areas named besides them."""
    taken = {place for m in reading.mentions for place in range(m.first, m.last + 1)}
    scene = scene_of(reading, directory)
    houses = any(m.slug not in scene.offices for m in reading.mentions)
    private = find_private(reading.tokens, reading.rules.names.private, taken, house_named=houses)
    ranked = candidates(reading.mentions, private, scene)
    if reading.rules.choice:
        ranked = chosen(ranked, reading.loose, scene, reading.rules.choice)
    private_tokens = {place for p in private for place in range(p.first, p.last + 1)}
    return ranked, reading.rules.places.find(reading.tokens, taken | private_tokens)


def scene_of(reading: Reading, directory: Directory) -> Scene:
    """What choosing among the places named looks at."""
    offices = frozenset(slug for slug, unit in directory.units.items() if unit.kind in _OFFICE_KINDS)
    return Scene(
        tokens=reading.tokens,
        blame=[e for e in reading.evidence if e.topic[0].startswith(TOPIC) and e.topic[1] != "weak"],
        paperwork=reading.heard.line in _PAPERWORK_LINES,
        offices=offices,
        superiors=frozenset(slug for slug in offices if directory.units[slug].kind == _AUTHORITY_KIND),
        rules=reading.rules.names,
        line=reading.heard.line,
        kinds={slug: unit.kind for slug, unit in directory.units.items()},
    )


def facility_field(
    reading: Reading, ranked: Sequence[Candidate], places: Sequence[AreaSaid], directory: Directory
) -> Field[Facility]:
    """The likeliest place as a field; none where only places passed through were named."""
    if not ranked:
        return Field(None, 0.0, (), "Không nghe thấy tên cơ sở nào.")
    best, where = ranked[0], places[0].area.name if places else ""
    if best.aside:
        seen = tuple(_alternative(c, 0.4) for c in ranked[:3])
        return Field(None, 0.0, (), "Chỉ nhắc tới cơ sở khác, không rõ nơi bị phản ánh.", seen)
    sureness = max(0.05, _sureness(best, ranked))
    kind = directory.units[best.mention.slug].kind if best.mention else _PRIVATE_KIND
    trust = reading.rules.weights.trust.get(kind, 1.0) * (_NOT_THE_ANSWER if _answered_otherwise(reading, best) else 1)
    others = [_alternative(c, sureness) for c in ranked[1:4]]
    if best.mention:
        others += [Alternative(Facility(slug), round(s * 0.5, 3)) for slug, s in best.mention.others]
    shown = reading.span(best.first, best.last)
    reason = "Tên cơ sở khớp danh bạ." if best.mention else "Cơ sở ngoài danh bạ, giữ lời người gọi."
    return Field(
        _facility_of(best, shown.words, where), round(sureness * trust, 3), (shown,), reason, tuple(others[:4])
    )


def _sureness(best: Candidate, ranked: Sequence[Candidate]) -> float:
    """How surely the complaint is about `best`: by its name, by what is said around it, and by how far others lag."""
    borne_out = best.score >= _BORNE_OUT and (best.share is None or best.share >= _CLEARLY_CHOSEN)
    named = best.sureness if borne_out else min(best.sureness, _ONLY_NAMED)
    if best.share is not None:
        return min(named, best.sureness * best.share)
    lead = best.score + best.sureness - ranked[1].score - ranked[1].sureness if len(ranked) > 1 else 1.0
    return named - (max(0.0, 0.35 - lead) if len(ranked) > 1 else 0.0)


def _answered_otherwise(reading: Reading, best: Candidate) -> bool:
    """Whether the question for the facility was answered, but `best` was named elsewhere."""
    answer = [token for token in reading.tokens if token.question == "facility"]
    return len(answer) >= _AN_ANSWER and reading.tokens[best.first].question != "facility"


def _facility_of(candidate: Candidate, words: str, where: str) -> Facility:
    text = words.strip(" .,;:!?\"“”'")
    return Facility(candidate.mention.slug, text, "") if candidate.mention else Facility(None, text, where)


def _alternative(candidate: Candidate, most: float) -> Alternative[Facility]:
    unit = candidate.mention.slug if candidate.mention else None
    text = candidate.private.text if candidate.private else ""
    return Alternative(Facility(unit, text), round(min(most, max(0.05, candidate.score / 3 + 0.1)), 3))


def kind_of(facility: Field[Facility], directory: Directory, rules: UnderstandingRules) -> str:
    """The kind of the facility: its unit's, "private", or "none" (also for people, groups and private hospitals)."""
    if facility.value is None:
        return _NO_KIND
    if facility.value.unit:
        return directory.units[facility.value.unit].kind
    said = syllables_of(facility.value.text)
    private = rules.names.private
    other = private.unplaced.starting_at(said, 0) or private.public.starting_at(said, 0) or said[:2] == _HOSPITAL
    return _NO_KIND if other else _PRIVATE_KIND
