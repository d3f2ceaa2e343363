"""Phrases that speak for something: read from data as (topic, strength), found in what was heard, denied or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .spotting import PhraseBook, Spotted
from .tokens import Token, syllables_of

Topic = tuple[str, str]
"""What a phrase speaks for and how: ("category.khac", "strong"), ("emergency", "sign")."""

_GAP_MARK = "…"
_GAP_LONGEST = 6
_DENIAL_REACH = 9
_DENIALS = (
    "không phải",
    "không phải là",
    "không phải chuyện",
    "hổng phải",
    "hông phải",
    "chứ không phải",
    "chứ không",
    "đâu phải",
    "đâu có phải",
    "không than",
    "không than phiền",
    "không phàn nàn",
    "không trách",
    "không nói",
    "không nói chuyện",
    "không nói tới",
    "không bàn",
    "không có ý",
    "không kiện",
    "đâu có than",
    "đâu có trách",
    "đâu có đòi",
    "chưa nói",
    "khoan nói",
    "không tiếc",
    "không đòi",
    "không cần",
    "không tố",
    "không liên quan",
)
_TURNS = ("mà là", "mà", "nhưng", "chỉ", "là vì", "cái chính", "vấn đề là", "tôi than", "tôi phản ánh", "cái tôi")
_FOCUS_REACH = 14
_FOCUS = (
    "phản ánh",
    "phản ảnh",
    "muốn phản ánh",
    "xin phản ánh",
    "muốn báo",
    "xin báo",
    "báo",
    "tố",
    "tố cáo",
    "khiếu nại",
    "muốn hỏi",
    "góp ý",
    "mà là",
    "cái chính là",
    "vấn đề là",
    "tôi than là",
    "chuyện là",
    "cái tôi bức xúc",
    "bức xúc",
    "đề nghị",
    "yêu cầu",
    "mong",
    "cái tôi cần",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A phrase found: its topic, the phrase as written in the data, where, cost a syllable, and its standing."""

    topic: Topic
    phrase: str
    first: int
    last: int
    cost: float
    denied: bool = False
    stressed: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    topic: Topic
    phrase: str
    part: int
    parts: int


class EvidenceBook:
    """All the phrases of the data, found in one pass.

    `ordinary` are words that people say by themselves and that only sound like a phrase ("ở bệnh" is no "ổ bệnh"):
    heard just so, they are what they are, and not the phrase badly heard.
    """

    def __init__(self, topics: Mapping[Topic, Iterable[str]], ordinary: Iterable[str] = ()) -> None:
        self._ordinary = frozenset(tuple(words.split()) for words in ordinary)
        entries: dict[tuple[str, ...], list[_Entry]] = defaultdict(list)
        for topic, phrases in topics.items():
            for phrase in dict.fromkeys(phrases):
                pieces = [piece for piece in phrase.split(_GAP_MARK) if piece.strip()]
                for part, piece in enumerate(pieces):
                    entries[tuple(syllables_of(piece))].append(_Entry(topic, phrase, part, len(pieces)))
        for mark, cues in (("deny", _DENIALS), ("turn", _TURNS), ("focus", _FOCUS)):
            for cue in cues:
                entries[tuple(syllables_of(cue))].append(_Entry(("scope", mark), cue, 0, 1))
        self.book = PhraseBook((tuple(group), syllables) for syllables, group in entries.items())

    def find(self, tokens: Sequence[Token]) -> list[Evidence]:
        """Every phrase of the book in `tokens`, in order, with what is denied or stressed marked."""
        heard = [token.text for token in tokens]
        spotted = [item for item in self.book.find(heard) if not self._is_ordinary(item, heard)]
        whole, parts = _unfold(spotted)
        joined = whole + _join(parts)
        scopes = [item for item in joined if item.topic[0] == "scope"]
        denied = _denied(scopes, tokens)
        stressed = _reach([s for s in scopes if s.topic[1] == "focus"], _FOCUS_REACH, len(tokens))
        return [
            Evidence(e.topic, e.phrase, e.first, e.last, e.cost, e.first in denied, e.first in stressed)
            for e in sorted(joined, key=lambda e: (e.first, e.last))
            if e.topic[0] != "scope"
        ]

    def _is_ordinary(self, item: Spotted[tuple[_Entry, ...]], heard: Sequence[str]) -> bool:
        return item.cost > 0 and tuple(heard[item.first : item.last + 1]) in self._ordinary


_Parts = dict[tuple[Topic, str], list[tuple[int, int, Spotted[tuple[_Entry, ...]]]]]


def _unfold(spotted: Iterable[Spotted[tuple[_Entry, ...]]]) -> tuple[list[Evidence], _Parts]:
    whole, parts = [], defaultdict(list)
    for item in spotted:
        for entry in item.key:
            if entry.parts == 1:
                whole.append(Evidence(entry.topic, entry.phrase, item.first, item.last, item.cost))
            else:
                parts[entry.topic, entry.phrase].append((entry.part, entry.parts, item))
    return whole, parts


def _join(parts: _Parts) -> list[Evidence]:
    """Two-part phrases whose second part follows the first closely enough."""
    joined = []
    for (topic, phrase), items in parts.items():
        heads = [item for part, _, item in items if part == 0]
        tails = [item for part, of, item in items if part == of - 1]
        for head in heads:
            tail = next((t for t in tails if 0 < t.first - head.last <= _GAP_LONGEST + 1), None)
            if tail is not None:
                joined.append(Evidence(topic, phrase, head.first, tail.last, (head.cost + tail.cost) / 2))
    return joined


def _denied(scopes: Sequence[Evidence], tokens: Sequence[Token]) -> set[int]:
    """The tokens under a denial: from its cue to the turn of the sentence, its end, or nine syllables on."""
    turns = {s.first for s in scopes if s.topic[1] == "turn"}
    denied: set[int] = set()
    for cue in (s for s in scopes if s.topic[1] == "deny"):
        for place in range(cue.last + 1, min(cue.last + 1 + _DENIAL_REACH, len(tokens))):
            if place in turns or tokens[place - 1].sentence_end:
                break
            denied.add(place)
    return denied


def _reach(cues: Iterable[Evidence], reach: int, length: int) -> set[int]:
    return {place for cue in cues for place in range(cue.first, min(cue.last + 1 + reach, length))}


def of_topic(found: Iterable[Evidence], topic: str, *kinds: str) -> list[Evidence]:
    """The evidence of one topic, of the given kinds or of all."""
    return [e for e in found if e.topic[0] == topic and (not kinds or e.topic[1] in kinds)]


def longest(found: Iterable[Evidence]) -> list[Evidence]:
    """Of evidence lying inside longer evidence, only the longer."""
    kept: list[Evidence] = []
    for item in sorted(found, key=lambda e: (e.first - e.last, e.cost)):
        if all(not (other.first <= item.first and item.last <= other.last) for other in kept):
            kept.append(item)
    return kept
