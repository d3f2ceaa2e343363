"""Who is calling: names said after an introduction, and full names said by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transcription.rules.text import fold, without_tone

from .bare_names import has_capitals, is_capital
from .caller_names import LikelyName
from .people_rules import NUMBERS, PeopleRules
from .tokens import Token

_LONGEST_NAME = 4
_OPENING = 6
"""Only so near the start a name before "đây" is the caller's: "ông Sáu Tiễn đây"."""
_GREETED = frozenset({"chào", "thưa", "dạ", "alo", "lô", "ơi"})
_SPOKEN_TO = frozenset({"ơi", "ạ", "nghe", "à", "cho", "xem", "giúp", "giùm", "chị", "anh", "em"})
"""After "anh" these say that somebody is spoken to: "em là Hương, anh ơi"."""
_NEARLY = 0.45
_MIDDLE = frozenset({"thị", "văn"})
"""With these in the middle a name commonly has four syllables."""


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person's name at tokens first..last; `caller` or someone of the family; sureness 0-1."""

    first: int
    last: int
    caller: bool
    sureness: float


def find_names(tokens: Sequence[Token], rules: PeopleRules) -> list[NamedPerson]:
    """The names said after an introduction, the caller's and relatives', and full names said by themselves."""
    heard, cased = [token.text for token in tokens], has_capitals(tokens)
    found: list[NamedPerson] = []
    for place in range(len(heard)):
        if not found or found[-1].last < place:
            person = (
                _introduced(tokens, heard, place, rules)
                or _unannounced(tokens, heard, place, rules)
                or _bare(tokens, place, rules, cased=cased)
            )
            found += [person] if person and person.sureness > 0 and _as_written(tokens, person, cased=cased) else []
    return found


def with_likely(people: Sequence[NamedPerson], likely: Sequence[LikelyName]) -> tuple[NamedPerson, ...]:
    """The people named by the rules, and the likely names that the rules do not know whole.

    A name is kept back from what leaves the house though it be hardly likely, with its doubtful edges; the caller's is
    only what is very likely, and less sure than what the rules find.
    """
    found = list(people)
    for name in likely:
        if not any(person.first <= name.first and name.last <= person.last for person in people):
            found.append(NamedPerson(name.first, name.last, False, name.likelihood))
            if name.is_callers:
                found.append(NamedPerson(*name.core, True, name.likelihood / 2))
    return tuple(sorted(found, key=lambda person: person.first))


def kept_back(people: Iterable[NamedPerson]) -> list[tuple[int, int]]:
    """The first and last tokens of all names, those that overlap in one, in order."""
    spans: list[tuple[int, int]] = []
    for person in sorted(people, key=lambda person: person.first):
        if spans and person.first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], person.last))
        else:
            spans.append((person.first, person.last))
    return spans


def _as_written(tokens: Sequence[Token], person: NamedPerson, *, cased: bool) -> bool:
    """Whether it has the capital that a name has, where names have capitals."""
    return not cased or is_capital(tokens[person.first])


def _bare(tokens: Sequence[Token], place: int, rules: PeopleRules, *, cased: bool) -> NamedPerson | None:
    name = rules.bare.at(tokens, place, cased=cased)
    return NamedPerson(place, name.last, True, name.sureness) if name else None


def _introduced(tokens: Sequence[Token], heard: Sequence[str], place: int, rules: PeopleRules) -> NamedPerson | None:
    titled = rules.titles.ending_at(heard, place)
    if titled and (person := _titled(tokens, heard, place, titled, rules)):
        return person
    relative = rules.relatives.ending_at(heard, place)
    if relative and _elder_opens(tokens, heard, place, rules):
        return _person(tokens, place, rules, sure=True, caller=True)
    if relative and _is_greeted(tokens, heard, place - relative):
        relative = 0  # "chào anh, tôi tên …" is the caller
    introduced = relative or rules.introductions.ending_at(heard, place)
    if not introduced or rules.introductions.starting_at(heard, place) or _is_somebodys(heard, place - introduced):
        return None
    if rules.religious.starting_at(heard, place):
        return None
    patient = heard[place - 1] == "nhân"
    sure = (bool(relative) and not patient) or rules.sure_introductions.ending_at(heard, place) > 0
    person = _person(tokens, place, rules, sure=sure, caller=not relative)
    return person if person.sureness > 0 else _nearly_named(heard, place, rules, sure=sure, caller=not relative)


def _is_somebodys(heard: Sequence[str], start: int) -> bool:
    """ "Của em là quyền của nó": what belongs to the caller is not who the caller is."""
    return start > 0 and heard[start - 1] == "của"


def _nearly_named(
    heard: Sequence[str], place: int, rules: PeopleRules, *, sure: bool, caller: bool
) -> NamedPerson | None:
    """After "tôi tên" a word that is a name but for its tone."""
    word = heard[place]
    near = sure and heard[place - 1] == "tên" and fold(word) in rules.bare_given and word not in rules.pronouns
    return NamedPerson(place, place, caller, _NEARLY) if near and word not in rules.not_names else None


def _is_greeted(tokens: Sequence[Token], heard: Sequence[str], start: int) -> bool:
    """Whether what begins at `start` follows a greeting, or is greeting itself up to a pause."""
    return start > 0 and (heard[start - 1] in _GREETED or tokens[start].clause_end)


def _elder_opens(tokens: Sequence[Token], heard: Sequence[str], place: int, rules: PeopleRules) -> bool:
    """ "Chị tên Sương" at the start of the call or of a sentence is the caller's own name."""
    if heard[place - 1] != "tên" or heard[place - 2] not in rules.elders:
        return False
    return place == 2 or tokens[place - 3].sentence_end


def _titled(
    tokens: Sequence[Token], heard: Sequence[str], place: int, titled: int, rules: PeopleRules
) -> NamedPerson | None:
    """ "Tôi là bác sĩ Nguyệt Cầm": more than one syllable of a name, or one with a capital, must follow the title."""
    start = place - titled
    if not rules.introductions.ending_at(heard, start) or rules.titles.starting_at(heard, start) != titled:
        return None
    end = _name_end(tokens, place, rules)
    parts = heard[place : end + 1]
    known = len(parts) > 1 and all(part in rules.given | rules.surnames | rules.orders for part in parts)
    if not parts or not (known or is_capital(tokens[place])):
        return None
    first = start if rules.religious.ending_at(heard, place) else place
    return NamedPerson(first, end, True, 0.8)


def _unannounced(tokens: Sequence[Token], heard: Sequence[str], place: int, rules: PeopleRules) -> NamedPerson | None:
    """A name without a plain introduction: after a pronoun, at the start of the contact, or full and nobody else's."""
    if _full_name_after_pronoun(tokens, place, rules) or _opens_contact(tokens, place, rules):
        return NamedPerson(place, _given_end(tokens, place, rules), True, 0.9)
    if _given_names_after_pronoun(tokens, place, rules):
        return NamedPerson(place, place + 1, True, 0.6)
    if heard[place] in rules.stops and heard[place] not in rules.given:
        return None
    end = _name_end(tokens, place, rules)
    parts = heard[place : end + 1]
    if not parts or not all(part in rules.given or part in rules.surnames for part in parts[1:]):
        return None
    known = parts[0] in rules.given or parts[0] in rules.orders or _like_surname(parts[0], rules)
    closed = end + 1 == len(heard) or heard[end + 1] in rules.pronouns or tokens[end].clause_end
    if known and rules.misheard_introductions.ending_at(heard, place) and (len(parts) > 1 or closed):
        return NamedPerson(place, end, True, 0.5)
    if known and place < _OPENING and heard[end + 1 : end + 2] == ["đây"]:
        return NamedPerson(place, end, True, 0.6)
    if heard[place - 1 : place] == ["tên"] and len(parts) > 1 and known:
        return NamedPerson(place, end, bool(place > 1 and tokens[place - 2].clause_end), 0.6)
    full = len(parts) > 2 and parts[0] in rules.plain_surnames and all(part in rules.given for part in parts[1:])
    if full and rules.not_people.isdisjoint(heard[max(0, place - 3) : place]):
        return NamedPerson(place, end, False, 0.4)
    return None


def _person(tokens: Sequence[Token], place: int, rules: PeopleRules, *, sure: bool, caller: bool) -> NamedPerson:
    end = _name_end(tokens, place, rules)
    sureness = _sureness(tokens, place, end, sure, rules) if end >= place else 0.0
    return NamedPerson(place, end, caller, sureness)


def _full_name_after_pronoun(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    """ "Tôi Trương Quốc Bảo": a pronoun, a surname, and given names to its end."""
    if place == 0 or tokens[place].text not in rules.surnames or tokens[place - 1].text not in rules.pronouns:
        return False
    if tokens[place].text in rules.stops:
        return False
    plain = tokens[place].text in rules.plain_surnames or place < _OPENING or is_capital(tokens[place])
    least = 1 if plain else 2
    return _given_end(tokens, place, rules) >= place + least


def _opens_contact(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    """A full name at the start of the answer to "who are you"."""
    opens = tokens[place].question == "contact" and tokens[place].word == 0
    return opens and tokens[place].text in rules.surnames and _is_full_name(tokens, place, rules)


def _is_full_name(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    return _given_end(tokens, place, rules) > place


def _given_end(tokens: Sequence[Token], place: int, rules: PeopleRules) -> int:
    """The last token of the surname and given names at `place`: nothing after a syllable that is no given name."""
    end = _name_end(tokens, place, rules)
    return next((n - 1 for n in range(place + 1, end + 1) if tokens[n].text not in rules.given), end)


def _given_names_after_pronoun(tokens: Sequence[Token], place: int, rules: PeopleRules) -> bool:
    """ "Em Ngọc Quyên": near the start, a pronoun and two given names that are no other words."""
    pair = [token.text for token in tokens[place : place + 2]]
    known = len(pair) > 1 and rules.given.issuperset(pair) and rules.stops.isdisjoint(pair)
    if not known or not 0 < place < _OPENING or tokens[place - 1].text not in rules.pronouns:
        return False
    after = tokens[place + 2] if place + 2 < len(tokens) else None
    return pair[0] not in rules.not_names and (
        after is None or tokens[place + 1].clause_end or is_capital(tokens[place])
    )


def _like_surname(text: str, rules: PeopleRules) -> bool:
    """Whether it is a surname, or one but for its tone: "đổ thanh vân"."""
    return text in rules.surnames or without_tone(text) in rules.toneless_surnames


def _name_end(tokens: Sequence[Token], start: int, rules: PeopleRules) -> int:
    """The last token of the name at `start`, or start - 1 when no name stands there."""
    first, ahead = tokens[start].text, _text_at(tokens, start + 1)
    surname = first in rules.surnames
    barred = first in rules.not_names - rules.given and first not in rules.orders
    if (barred and not (surname and ahead in rules.given)) or f"{first} {ahead}" in rules.no_names:
        return start - 1
    place = start
    longest = _LONGEST_NAME if _like_surname(first, rules) else 2
    while place < len(tokens) and place - start < longest and not _ends(tokens, place, start, rules):
        place += 1
    return place - 1


def _text_at(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if place < len(tokens) else ""


def _ends(tokens: Sequence[Token], place: int, start: int, rules: PeopleRules) -> bool:
    text, ahead = tokens[place].text, _text_at(tokens, place + 1)
    if place > start and (tokens[place - 1].clause_end or tokens[place].question != tokens[start].question):
        return True
    if place > start and is_capital(tokens[start]) and not is_capital(tokens[place]):
        return True
    if place == start and (text in rules.orders | rules.surnames or _is_pair(text, ahead, rules)):
        return False
    if place > start and (f"{text} {ahead}" in rules.no_names or _is_unlike_a_name(tokens, place, start, rules)):
        return True
    if place == start + _LONGEST_NAME - 1 and text in rules.stops and tokens[start + 1].text not in _MIDDLE:
        return True
    if text not in rules.stops:
        return text in NUMBERS and text not in rules.orders
    after_name = tokens[start].text in rules.surnames or (place == start + 1 and ahead not in _SPOKEN_TO)
    return not (text in rules.given and after_name and tokens[start].text in rules.surnames | rules.given)


def _is_pair(first: str, second: str, rules: PeopleRules) -> bool:
    """Whether they are two given names, though the first by itself ends a name: "bảo châu"."""
    return first in rules.given and second in rules.given and second not in rules.stops


def _is_unlike_a_name(tokens: Sequence[Token], place: int, start: int, rules: PeopleRules) -> bool:
    """Whether, with no capitals to go by, a syllable is none of a name: any may follow a surname, later only given."""
    text, after_surname = tokens[place].text, tokens[start].text in rules.surnames and place < start + _LONGEST_NAME - 1
    if is_capital(tokens[start]) or text in rules.given | rules.surnames:
        return False
    if after_surname and fold(text) in rules.bare_given and text not in rules.stops | NUMBERS:
        return False
    return place > start + 1 or tokens[start].text not in rules.surnames | rules.orders


def _sureness(tokens: Sequence[Token], start: int, end: int, sure: bool, rules: PeopleRules) -> float:
    first, capital = tokens[start], is_capital(tokens[start])
    full = end > start and _like_surname(first.text, rules)
    if first.raw[:1].isdigit() or (first.text in rules.orders and end == start):
        return 0.0
    if sure or capital or full or first.text in rules.orders:
        return 0.9 if capital or full else 0.75
    return 0.55 if first.text in rules.given and end - start <= 1 else 0.0
