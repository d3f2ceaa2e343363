"""Who is calling, and whom by role the complaint is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transcription.rules.text import fold, without_tone

from .cues import Cues
from .spotting import PhraseBook
from .tokens import Token, syllables_of

_LONGEST_NAME = 4
_BLAME_REACH = 10
_ROLE_COST = 0.12
_OPENING = 6
"""Only so near the start a name before "đây" is the caller's: "ông Sáu Tiễn đây"."""
_GREETED = frozenset({"chào", "thưa", "dạ", "alo", "lô", "ơi"})
_SPOKEN_TO = frozenset({"ơi", "ạ", "nghe", "à", "cho", "xem", "giúp", "giùm", "chị", "anh", "em"})
"""After "anh" these say that somebody is spoken to: "em là Hương, anh ơi"."""
_NUMBERS = frozenset({"một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm", "không"})


@dataclass(frozen=True)
class PeopleRules:
    """people.toml, ready to use."""

    introductions: Cues
    sure_introductions: Cues
    misheard_introductions: Cues
    relatives: Cues
    no_names: frozenset[str]
    not_people: frozenset[str]
    not_names: frozenset[str]
    stops: frozenset[str]
    orders: frozenset[str]
    surnames: frozenset[str]
    toneless_surnames: frozenset[str]
    plain_surnames: frozenset[str]
    given: frozenset[str]
    bare_given: frozenset[str]
    pronouns: frozenset[str]
    roles: PhraseBook[str]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> PeopleRules:
        """Read the table of people.toml; raises KeyError naming what is missing."""
        return cls(
            introductions=Cues(table["introductions"]),
            sure_introductions=Cues(table["sure_introductions"]),
            misheard_introductions=Cues(table["misheard_introductions"]),
            relatives=Cues(table["relatives"]),
            no_names=frozenset(table["no_names"]),
            not_people=frozenset(table["not_people"]),
            not_names=frozenset(table["not_names"]),
            stops=frozenset(table["stops"]),
            orders=frozenset(table["orders"]),
            surnames=frozenset(table["surnames"]),
            toneless_surnames=frozenset(map(without_tone, table["surnames"])),
            plain_surnames=frozenset(table["plain_surnames"]),
            given=frozenset(table["given"]),
            bare_given=frozenset(map(fold, table["given"])),
            pronouns=frozenset(table["pronouns"]),
            roles=PhraseBook((role, syllables_of(name)) for role, names in table["roles"].items() for name in names),
        )


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person's name at tokens first..last; `caller` or someone of the family; sureness 0-1."""

    first: int
    last: int
    caller: bool
    sureness: float


def find_names(tokens: Sequence[Token], rules: PeopleRules) -> list[NamedPerson]:
    """The names said after an introduction, the caller's and relatives', and full names said by themselves."""
    heard = [token.text for token in tokens]
    found: list[NamedPerson] = []
    for place in range(len(heard)):
        if not found or found[-1].last < place:
            person = _introduced(tokens, heard, place, rules) or _unannounced(tokens, heard, place, rules)
            found += [person] if person and person.sureness > 0 else []
    return found


def _introduced(tokens: Sequence[Token], heard: Sequence[str], place: int, rules: PeopleRules) -> NamedPerson | None:
    relative = rules.relatives.ending_at(heard, place)
    if (
        relative
        and place > relative
        and (heard[place - relative - 1] in _GREETED or tokens[place - relative].clause_end)
    ):
        relative = 0  # "chào anh, tôi tên …" is the caller
    introduced = relative or rules.introductions.ending_at(heard, place)
    if not introduced or rules.introductions.starting_at(heard, place):
        return None
    sure = bool(relative) or rules.sure_introductions.ending_at(heard, place) > 0
    return _person(tokens, place, rules, sure=sure, caller=not relative)


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
    return tokens[place].text not in rules.stops and _is_full_name(tokens, place, rules)


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
        after is None or tokens[place + 1].clause_end or _is_capital(tokens[place])
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
    if place == start and text in rules.orders | rules.surnames:
        return False
    if place > start and (f"{text} {ahead}" in rules.no_names or _is_unlike_a_name(tokens, place, start, rules)):
        return True
    if text not in rules.stops:
        return text in _NUMBERS and text not in rules.orders
    after_name = tokens[start].text in rules.surnames or (place == start + 1 and ahead not in _SPOKEN_TO)
    return not (text in rules.given and after_name and tokens[start].text in rules.surnames | rules.given)


def _is_unlike_a_name(tokens: Sequence[Token], place: int, start: int, rules: PeopleRules) -> bool:
    """Whether, with no capitals to go by, a syllable is none of a name: any may follow a surname, later only given."""
    text, after_surname = tokens[place].text, tokens[start].text in rules.surnames
    if _is_capital(tokens[start]) or text in rules.given | rules.surnames:
        return False
    if after_surname and fold(text) in rules.bare_given and text not in rules.stops | _NUMBERS:
        return False
    return place > start + 1 or tokens[start].text not in rules.surnames | rules.orders


def _is_capital(token: Token) -> bool:
    return token.raw.lstrip("\"“'(")[:1].isupper()


def _sureness(tokens: Sequence[Token], start: int, end: int, sure: bool, rules: PeopleRules) -> float:
    first, capital = tokens[start], _is_capital(tokens[start])
    full = end > start and _like_surname(first.text, rules)
    if first.raw[:1].isdigit() or (first.text in rules.orders and end == start):
        return 0.0
    if sure or capital or full or first.text in rules.orders:
        return 0.9 if capital or full else 0.75
    return 0.55 if first.text in rules.given and end - start <= 1 else 0.0


def find_roles(tokens: Sequence[Token], rules: PeopleRules, blame: Iterable[int]) -> list[tuple[str, int, int, float]]:
    """Roles complained about: (role, first token, last token, sureness), those nearest to blame first.

    `blame` are the tokens at which evidence against somebody begins.
    """
    blamed = sorted(blame)
    best: dict[str, tuple[int, int, float]] = {}
    for spotted in rules.roles.find([token.text for token in tokens]):
        if spotted.key not in best and spotted.cost <= _ROLE_COST:
            near = sum(1 for b in blamed if -2 <= b - spotted.first <= _BLAME_REACH)
            best[spotted.key] = (spotted.first, spotted.last, min(0.9, 0.35 + 0.2 * near))
    ranked = sorted(((role, *where) for role, where in best.items()), key=lambda r: -r[3])
    return [r for r in ranked if r[3] >= 0.5][:3]
