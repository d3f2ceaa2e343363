"""From what was heard to a suggested case: the whole of the understanding, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from config.clock import local

from . import facts, flags
from .category import TOPIC, CategoryView, Ranking, combined, rank, scores, weighed
from .directory import Directory
from .evidence import Evidence
from .other_calls import OtherCalls
from .people import kept_back
from .places import AreaSaid
from .reading import Reading, facility_field, kind_of, places_named, read
from .redact import redactions
from .roles import find_roles
from .routing import Matter, first_that_holds
from .ruleset import UnderstandingRules
from .sayings import Spoken
from .secrecy import wants_anonymity
from .shapes import Alternative, EventDate, Facility, Field, Flags, Heard, Place, Suggestion
from .summary import best_stretch

_UNCLEAR = ("im_lang", "khong_ro")
_EVENTLESS = ("khen", "hoi", "nham_so")
_STRONG = 0.5
_STAFF = frozenset({"bác sĩ", "điều dưỡng", "y tá", "hộ lý", "hộ sinh", "bảo vệ", "nhân viên", "chủ tiệm", "bệnh viện"})
_HESITATIONS = frozenset(
    {"ờ", "ừ", "à", "ừm", "ơ", "a", "á", "alo", "lô", "hả", "dạ", "rồi", "đó", "ơi", "thôi", "gì", "ai"}
)
_FEW, _HARDLY, _DOUBTFUL = 4, 0.35, 0.7


def understand(heard: Heard, directory: Directory, rules: UnderstandingRules) -> Suggestion:
    """Suggest a case from `heard`: every field with its sureness, words and reason. Never raises on any words."""
    reading = read(heard, directory, rules)
    subject, places = places_named(reading, directory)
    facility = facility_field(reading, subject, places, directory)
    kind = kind_of(facility, directory, rules)
    signs = weighed(reading.evidence, rules.weights.strengths)
    marks = _flags(reading, _blame(signs), facility)
    category = _category(reading, signs, kind, marks)
    level, responsible = _routing(reading, facility, category, kind, marks, directory)
    return Suggestion(
        facility=facility,
        mentioned=_mentioned(reading),
        category=category,
        amount_vnd=facts.amount(reading.answers),
        event_date=_event_date(reading, marks),
        phone=facts.phone(reading.answers, rules.own_numbers),
        dossier=facts.dossier(reading.answers),
        caller_name=_caller_name(reading),
        accused_roles=_roles(reading),
        place=_place(reading, places),
        flags=marks,
        level=level,
        responsible_unit=responsible,
        summary=_summary(reading, category),
        redactions=redactions(reading.answers, reading.tokens, [reading.span(*s) for s in kept_back(reading.people)]),
    )


def _event_date(reading: Reading, marks: Flags) -> Field[EventDate]:
    """The day it happened; praise, questions and wrong numbers tell of nothing that happened."""
    if marks.not_a_complaint.value in _EVENTLESS:
        return Field()
    return facts.event_date(reading.answers, local(reading.heard.called_at).date())


def _mentioned(reading: Reading) -> tuple[Field[str], ...]:
    best: dict[str, Field[str]] = {}
    for m in sorted(reading.mentions, key=lambda m: -m.sureness):
        field = Field(m.slug, round(m.sureness, 3), (reading.span(m.first, m.last),), "Có nhắc tên trong lời kể.")
        best.setdefault(m.slug, field)
    return tuple(best.values())


def _flags(reading: Reading, blame: Mapping[str, float], facility: Field[Facility]) -> Flags:
    found, show, length = reading.evidence, reading.spans, len(reading.tokens)
    danger = flags.emergency(found, [token.text for token in reading.tokens], show, reading.rules.danger)
    call = flags.Call(
        blame=blame,
        length=length,
        place_named=facility.value is not None,
        staff_named=any(e.phrase in _STAFF for e in found),
        in_danger=bool(danger.value),
        hesitation=sum(token.text in _HESITATIONS for token in reading.tokens) / max(1, length),
    )
    spoken = Spoken.of(reading.tokens)
    other = OtherCalls(spoken, reading.rules.sayings, call)
    return Flags(
        emergency=danger,
        on_premises=flags.told(found, "on_premises", show, "Người bệnh còn ở tại cơ sở."),
        wants_anonymity=wants_anonymity(spoken, reading.rules.sayings, reading.span),
        crime_signs=flags.told(found, "crime_signs", show, "Lời kể có dấu hiệu tội phạm."),
        khieu_nai=flags.told(found, "khieu_nai", show, "Người gọi dùng chữ khiếu nại."),
        to_cao=flags.told(found, "to_cao", show, "Người gọi dùng chữ tố cáo."),
        distress=flags.told(found, "distress", show, "Người gọi đang hoảng hoặc đau buồn."),
        not_a_complaint=other.find(reading.span) or flags.not_a_complaint(found, call, show),
    )


def category_view(heard: Heard, directory: Directory, rules: UnderstandingRules) -> CategoryView:
    """What a learned model is shown of a call, in training as in use (the key pressed is left to the rules)."""
    reading = read(replace(heard, category_key=None), directory, rules)
    facility = facility_field(reading, *places_named(reading, directory), directory)
    signs = weighed(reading.evidence, rules.weights.strengths)
    marks = _flags(reading, _blame(signs), facility)
    return _view(reading, signs, kind_of(facility, directory, rules), marks)


def _view(
    reading: Reading, signs: Mapping[str, Sequence[tuple[float, Evidence]]], kind: str, marks: Flags
) -> CategoryView:
    score = scores(signs, reading.rules.weights, reading.heard.line, None, kind)
    if marks.not_a_complaint.value:
        score["khac"] += reading.rules.weights.not_a_complaint
    return CategoryView(tuple(token.text for token in reading.tokens), reading.heard.line, kind, score)


def _blame(signs: Mapping[str, Sequence[tuple[float, Evidence]]]) -> dict[str, float]:
    """The weight of strong evidence by category."""
    return {c: sum(weight for weight, _ in found if weight > _STRONG) for c, found in signs.items()}


def _category(
    reading: Reading, signs: Mapping[str, Sequence[tuple[float, Evidence]]], kind: str, marks: Flags
) -> Field[str]:
    view, weights, key = _view(reading, signs, kind, marks), reading.rules.weights, reading.heard.category_key
    score, temperature = dict(view.scores), weights.temperature
    learned_signs: tuple[int, ...] = ()
    if reading.rules.learned:
        learned = reading.rules.learned.scores(view)
        score = combined(view.scores, learned, weights.rules_share)
        temperature, learned_signs = weights.learned_temperature, learned.signs
    without_key = max(score, key=score.__getitem__)
    if key in score:
        unclear = marks.not_a_complaint.value in _UNCLEAR
        score[key] += weights.key + (weights.not_a_complaint if unclear else 0.0)
    ranking = rank(score, signs, temperature)
    best = ranking.ranked[0]
    sureness = min(best.sureness, _most_sure(reading, ranking, marks, key == best.value))
    because = reading.spans(ranking.because) or tuple(reading.span(place, place) for place in learned_signs)
    reason = _category_reason(key, without_key, ranking, marks)
    return Field(best.value, sureness, because, reason, ranking.ranked[1:3])


def _most_sure(reading: Reading, ranking: Ranking, marks: Flags, by_key: bool) -> float:
    """The most that a category may be sure of: little where little was said or nothing speaks for it."""
    if len(reading.tokens) < _FEW:
        return _HARDLY
    unclear = marks.not_a_complaint.value in _UNCLEAR
    return _DOUBTFUL if unclear or not (ranking.because or by_key or marks.not_a_complaint.value) else 1.0


def _category_reason(key: str | None, without_key: str, ranking: Ranking, marks: Flags) -> str:
    """Say what decided; `without_key` is the category that would be first had the caller pressed nothing."""
    best = ranking.ranked[0]
    words = ", ".join(dict.fromkeys(e.phrase for e in ranking.because))
    if key == best.value != without_key:
        return f"Theo phím người gọi bấm. Lời kể cũng có: {words}." if words else "Theo phím người gọi bấm."
    if marks.not_a_complaint.value:
        return "Không phải phản ánh: " + marks.not_a_complaint.reason
    if words:
        return f"Lời kể có: {words}."
    if key == best.value:
        return "Theo phím người gọi bấm."
    return "Giống các vụ việc đã được xác nhận." if best.sureness >= 0.5 else "Theo đường dây được gọi."


def _routing(
    reading: Reading, facility: Field[Facility], category: Field[str], kind: str, marks: Flags, directory: Directory
) -> tuple[Field[int], Field[str]]:
    unit = directory.units.get(facility.value.unit or "") if facility.value else None
    raised = frozenset(name for name in ("emergency", "on_premises", "crime_signs") if getattr(marks, name).value)
    matter = Matter(
        flags=raised,
        category=category.value or "",
        unit=unit.slug if unit else "",
        parent=unit.parent if unit else "",
        kind=kind,
        region=unit.region if unit else "",
        line=reading.heard.line,
        heard=tuple(token.text for token in reading.tokens),
    )
    level = first_that_holds(reading.rules.levels, matter)
    to = first_that_holds(reading.rules.responsible, matter)
    goes_to = {"subject": matter.unit, "parent": matter.parent}.get(to.outcome, to.outcome) if to else ""
    sureness = round(min(category.sureness, max(facility.sureness, 0.5)), 3)
    return (
        Field(int(level.outcome), sureness, (), level.reason) if level else Field(),
        Field(goes_to, sureness, (), to.reason) if to and goes_to in directory.units else Field(),
    )


def _caller_name(reading: Reading) -> Field[str]:
    callers = [person for person in reading.people if person.caller]
    if not callers:
        return Field()
    best = max(callers, key=lambda p: (p.sureness, -p.first))
    shown = reading.span(best.first, best.last)
    return Field(shown.words.strip(" .,;:!?\"“”'"), best.sureness, (shown,), "Người gọi tự xưng tên.")


def _roles(reading: Reading) -> tuple[Field[str], ...]:
    blame = [e.first for e in reading.evidence if e.topic[0] == TOPIC + "thai_do_phuc_vu" and not e.denied]
    return tuple(
        Field(role, round(sureness, 3), (reading.span(first, last),), "Vai trò đứng gần lời chê trách.")
        for role, first, last, sureness in find_roles(reading.tokens, reading.rules.people, blame)
    )


def _place(reading: Reading, places: Sequence[AreaSaid]) -> Field[Place]:
    if not places:
        return Field()
    best, shown = places[0], reading.span(places[0].first, places[0].last)
    wards = (best.ward,) if best.ward else best.area.wards
    place = Place(shown.words, best.area.name, best.area.region, wards)
    others = tuple(Alternative(Place(a.area.name, a.area.name, a.area.region), 0.3) for a in places[1:3])
    return Field(place, round(best.sureness, 3), (shown,), "Địa danh trước 1/7/2025 đổi sang phường, xã nay.", others)


def _summary(reading: Reading, category: Field[str]) -> Field[str]:
    weight: dict[int, float] = {}
    for e in reading.evidence:
        if e.topic == (TOPIC + str(category.value), "decisive"):
            weight[e.first] = max(weight.get(e.first, 0.0), 1.0)
        elif e.topic[0] == TOPIC + str(category.value) and e.topic[1] == "strong":
            weight[e.first] = max(weight.get(e.first, 0.0), 0.5)
    weight |= {m.first: weight.get(m.first, 0.0) + 0.5 for m in reading.mentions}
    stretch = best_stretch(reading.tokens, weight)
    if stretch is None:
        return Field()
    shown = reading.span(*stretch)
    return Field(shown.words, 0.6, (shown,), "Câu của người gọi chứa nhiều ý chính nhất.")
