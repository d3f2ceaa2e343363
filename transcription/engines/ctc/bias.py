"""Names the hotline expects, as a trie of the pieces they are spelled with, and what hearing one is worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from transcription.engines.ctc.vocabulary import Vocabulary
from transcription.rules.text import syllables

_LEAST_SYLLABLES = 2
"""A name of one syllable sounds like too much else to be expected."""


@dataclass(slots=True)
class Node:
    """A place in the trie: what may follow, what arriving here is worth, and whether a phrase is complete."""

    worth: float = 0.0
    complete: bool = False
    children: dict[int, Node] = field(default_factory=dict)


State = tuple[Node, float]
"""Where in the trie a reading stands, and the bonus it has to give back if the phrase is left here."""


class BiasTrie:
    """The expected phrases; immutable once built, so threads may share it."""

    def __init__(self, phrases: Iterable[str], vocabulary: Vocabulary, bonus: float) -> None:
        """Each syllable heard of a phrase is worth `bonus`; phrases that cannot be spelled are left out."""
        self._root = Node()
        self._begins = vocabulary.begins
        for phrase in phrases:
            self._add(syllables(phrase), vocabulary, bonus)

    @property
    def start(self) -> State:
        """Before anything is heard."""
        return self._root, 0.0

    def step(self, state: State, token: int) -> tuple[State, float]:
        """The state after `token`, and the bonus given (or taken back, below zero)."""
        node, pending = state
        if node.complete and self._begins[token]:
            pending = 0.0  # earned: the phrase is not just the beginning of a longer word
        child = node.children.get(token)
        if child is not None:
            return (child, pending + child.worth), child.worth
        child = self._root.children.get(token)
        return ((child, child.worth), child.worth - pending) if child else (self.start, -pending)

    def left_open(self, state: State) -> float:
        """The bonus to take back when nothing more is said."""
        node, pending = state
        return 0.0 if node.complete else pending

    def _add(self, words: list[str], vocabulary: Vocabulary, bonus: float) -> None:
        spelled = [vocabulary.spell(word) for word in words]
        if len(words) < _LEAST_SYLLABLES or not all(spelled):
            return
        node = self._root
        for pieces in spelled:
            for piece in pieces or ():
                node = node.children.setdefault(piece, Node())
            node.worth = bonus
        node.complete = True
