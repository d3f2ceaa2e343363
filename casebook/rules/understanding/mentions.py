"""Units of the directory named in what was heard: names told from streets, places, specialities and plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transcription.rules.phonetics import distance

from .directory import NUMERALS, Name, Plainness
from .names import NameRules
from .spotting import Spotted, budget
from .tokens import Token

_COST_WEIGHT = 1.5
_MEDICAL_REACH = 5
_SHORT, _SLIGHT = 2, 0.07
_PRIVATE_HEAD = 2
_SPECIALITY_LONGEST = 3
_LONG_CORE = 4
_LONG_COST, _WORST, _NUMBER_WORST = 0.2, 0.5, 0.26
_SAME_NUMBER = frozenset({("hai", "ai"), ("hai", "hay"), ("một", "mộc"), ("tư", "bốn"), ("bốn", "tư")})
"""A number and what it is heard as, where its name says that a number must stand."""
_PLAIN_COST = 0.1
_OFFICE = "phong-"
WARD_POST = "trạm"
"""Before a place: the little house of a ward, which is not in the directory."""
_NO_HEAD = frozenset({"bên", "biên", "đường", "lên", "trên", "đến"})
"""Words that sound like half a kind of house, and are none."""
_HOUSES = (("bệnh", "viện"), ("trung", "tâm"))
_POINTERS = frozenset({"đó", "nha", "nghen", "nè", "á"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named: its slug, first and last token, sureness 0-1, and other units the same words may mean."""

    slug: str
    first: int
    last: int
    sureness: float
    others: tuple[tuple[str, float], ...] = ()


def find_mentions(
    tokens: Sequence[Token],
    names: Iterable[Spotted[tuple[Name, ...]]],
    rules: NameRules,
    further: Iterable[tuple[Mention, float]] = (),
) -> list[Mention]:
    """Every unit named in `tokens` among the `names` spotted there, in order; of names that overlap, the best.

    `further` are mentions found in other ways, each with how strongly it is named.
    """
    heard = [token.text for token in tokens]
    candidates = [
        (Mention(name.slug, spotted.first, spotted.last, sureness), _strength(spotted))
        for spotted in names
        for name in spotted.key
        if (sureness := _sureness(name, spotted, tokens, heard, rules)) > 0
    ]
    return _settle([*candidates, *further])


def _strength(spotted: Spotted[tuple[Name, ...]]) -> float:
    length = spotted.last - spotted.first + 1
    return length * (1 - 2 * spotted.cost)


def _sureness(
    name: Name, spotted: Spotted[tuple[Name, ...]], tokens: Sequence[Token], heard: Sequence[str], rules: NameRules
) -> float:
    """How surely these words name the unit; 0 when they do not."""
    first, plainness = spotted.first, name.plainness
    if plainness is Plainness.AREA or not core_heard(name, spotted, heard, rules.plain):
        return 0.0
    if plainness is Plainness.HEADED and spotted.last - first == len(name.core) and heard[first] in _NO_HEAD:
        return 0.0
    if _is_of_a_hospital(name, spotted.last, heard) or WARD_POST in heard[max(0, first - 1) : first + 1]:
        return 0.0
    base = max(0.0, 0.97 - _COST_WEIGHT * spotted.cost)
    if first == spotted.last and heard[first] == "sở":
        return _bare_authority(heard, first)
    if tokens[first].question == "facility":
        return base
    if plainness is Plainness.HEADED or rules.head_cues.ending_at(heard, first):
        halved = " ".join(name.core) in rules.ordinary_said and spotted.cost > _PLAIN_COST
        if (
            halved
            or _private_head_before(heard, first, rules)
            or _private_name_after(name, spotted.last, tokens, rules)
        ):
            return 0.0
        return base
    if rules.not_a_facility.ending_at(heard, first) or _house_number_before(heard, first):
        return 0.0
    if " ".join(heard[first : spotted.last + 1]) in rules.sound_alikes:
        return 0.0
    return _bare_sureness(name, spotted, tokens, heard, rules, base)


def core_heard(name: Name, spotted: Spotted[tuple[Name, ...]], heard: Sequence[str], plain: frozenset[str]) -> bool:
    """Whether what tells the name from others was heard well: a number nearly right, the rest within its budget.

    "Bệnh viện quận ba" is not "bệnh viện quận bảy", however well the first three syllables fit.
    """
    core = name.core
    if len(core) >= _LONG_CORE and not name.numbered:
        opened = name.plainness is Plainness.HEADED or distance(core[0], heard[spotted.first]) <= _WORST
        return opened and spotted.cost <= _LONG_COST and distance(core[-1], heard[spotted.last]) <= _WORST
    said = heard[max(0, spotted.last + 1 - len(core)) : spotted.last + 1]
    if len(said) < len(core) or any(
        a != b and b in plain and a not in NUMERALS for a, b in zip(core, said, strict=True)
    ):
        return False
    costs = [distance(a, b) for a, b in zip(core, said, strict=True)]
    costs = [0.0 if (a, b) in _SAME_NUMBER else cost for a, b, cost in zip(core, said, costs, strict=True)]
    sharp = all(cost <= _NUMBER_WORST for a, cost in zip(core, costs, strict=True) if a in NUMERALS)
    return sharp and sum(costs) <= max(budget(len(core)), _WORST) and max(costs) <= _WORST


def _is_of_a_hospital(name: Name, last: int, heard: Sequence[str]) -> bool:
    """Whether it is a hospital's own office that has the same name: "phòng tổ chức cán bộ bệnh viện"."""
    if not name.slug.startswith(_OFFICE):
        return False
    after = last + 1 + (heard[last + 1 : last + 2] == ["của"])
    return tuple(heard[after : after + 2]) in _HOUSES


def _bare_sureness(
    name: Name,
    spotted: Spotted[tuple[Name, ...]],
    tokens: Sequence[Token],
    heard: Sequence[str],
    rules: NameRules,
    base: float,
) -> float:
    """The sureness of a name without its kind of house: by its plainness and what stands around it."""
    first, plainness = spotted.first, name.plainness
    located = rules.locus.ending_at(heard, first) > 0
    medical = rules.medical.within(heard, first - _MEDICAL_REACH, first - 1)
    after = spotted.last + 1
    pointed = heard[after : after + 1] != [] and heard[after] in _POINTERS
    if plainness is Plainness.NAME:
        doubtful = spotted.cost > _SLIGHT and spotted.last - first < _SHORT and not (located or medical)
        return 0.0 if doubtful else base - 0.04
    if plainness is Plainness.ORDINARY:
        if rules.speciality.ending_at(heard, first):
            return 0.0
        opens = first == 0 or tokens[first - 1].sentence_end or rules.acts.starting_at(heard, after) > 0
        clear = spotted.cost <= (_PLAIN_COST if len(name.core) < _LONG_CORE else 2 * _PLAIN_COST)
        return base - 0.12 if (located or pointed or opens) and clear else 0.0
    medical = medical or rules.medical.starting_at(heard, after) > 0
    private = rules.private.sure_heads.within(heard, first - 8, first - 1)
    dwelling = rules.dwelling.ending_at(heard, first) > 0
    return base - 0.2 if located and medical and not private and not dwelling and spotted.cost <= _PLAIN_COST else 0.0


def _private_head_before(heard: Sequence[str], first: int, rules: NameRules) -> bool:
    """Whether the head itself belongs to a private place: "phòng khám đa khoa" before the name."""
    length = rules.head_cues.ending_at(heard, first)
    return rules.not_a_facility.ending_at(heard, first - length) >= _PRIVATE_HEAD


def _private_name_after(name: Name, last: int, tokens: Sequence[Token], rules: NameRules) -> bool:
    """Whether a speciality's name goes on into a private one: "bệnh viện mắt Ánh Sáng"."""
    if len(name.core) > _SPECIALITY_LONGEST or last + 1 >= len(tokens) or tokens[last].clause_end:
        return False
    core = " ".join(token.text for token in tokens[last - len(name.core) + 1 : last + 1])
    ahead = tokens[last + 1]
    return core in rules.ordinary_said and ahead.raw[:1].isupper() and ahead.text not in rules.private.stops


_COUNTED = NUMERALS | {"mươi", "trăm", "lẻ", "linh", "mốt", "tư", "xuyệt", "xẹt"}


def _house_number_before(heard: Sequence[str], first: int) -> bool:
    return first > 0 and heard[first - 1] in _COUNTED


_NOT_BEFORE_SO = ("cơ", "hồ", "trụ", "xứ", "công", "hội", "khổ", "tần", "bề", "giấy", "sơ")
_ALMOST = 0.2


def _bare_authority(heard: Sequence[str], place: int) -> float:
    """ "Sở" alone means the Department unless it is half of another word (cơ sở, trụ sở, sở hữu, sở thích)."""
    before = heard[place - 1] if place else ""
    after = heard[place + 1] if place + 1 < len(heard) else ""
    if min(distance(other, before) for other in _NOT_BEFORE_SO) <= _ALMOST or after in (
        "hữu",
        "thích",
        "trường",
        "dĩ",
        "tại",
        "thú",
    ):
        return 0.0
    return 0.85


def _settle(candidates: Iterable[tuple[Mention, float]]) -> list[Mention]:
    """The strongest of overlapping candidates, the rest of them as its others."""
    kept: list[Mention] = []
    others: dict[int, dict[str, float]] = {}
    for mention, _ in sorted(candidates, key=lambda c: (-c[1], -c[0].sureness)):
        clash = next((i for i, k in enumerate(kept) if mention.first <= k.last and k.first <= mention.last), None)
        if clash is None:
            others[len(kept)] = {}
            kept.append(mention)
        elif mention.slug != kept[clash].slug:
            others[clash].setdefault(mention.slug, mention.sureness)
    settled = [
        Mention(m.slug, m.first, m.last, m.sureness, tuple(sorted(others[i].items(), key=lambda o: -o[1])[:3]))
        for i, m in enumerate(kept)
    ]
    return sorted(settled, key=lambda m: m.first)
