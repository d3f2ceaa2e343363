"""Learning the categories anew from what people confirmed, and using the model only when it is better."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casebook.learning.examples import read_examples
from casebook.learning.judge import Learnt, learn
from casebook.learning.models import LearnedModel
from casebook.learning.train import Example
from casebook.models import Case
from casebook.rules.understanding import Directory, UnderstandingRules
from casebook.rules.understanding.understand import category_view
from casebook.service.hearing import heard_of
from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database

MOST_CASES = 5000
"""The newest confirmed cases that are learned from."""

BATCH = 200


@dataclass(frozen=True, slots=True)
class Teacher:
    """What learning needs: the confirmed cases, the shipped examples, the rules, the model in use."""

    database: Database
    keys: KeyRing
    clock: Clock
    examples: Path

    def relearn(self, directory: Directory, rules: UnderstandingRules) -> Learnt | None:
        """Learn from confirmed cases and write the model down; None while there are too few of them."""
        plain = replace(rules, learned=None)
        confirmed = self._confirmed(directory, plain)
        # Minutes of arithmetic: no transaction is open meanwhile.
        shipped = read_examples(self.examples, directory, plain)
        version = f"{self.clock():%Y%m%d-%H%M%S}"
        share = rules.weights.rules_share
        learnt = learn(confirmed, version, share, beside=shipped, rival=rules.learned)
        if learnt is not None:
            with self.database.begin() as session:
                keep(session, learnt, self.clock())
        return learnt

    def _confirmed(self, directory: Directory, rules: UnderstandingRules) -> list[Example]:
        with self.database.begin() as session:
            ids = session.scalars(
                select(Case.id)
                .where(Case.confirmed_at.is_not(None), Case.fields_by.is_not(None), Case.category.is_not(None))
                .order_by(Case.confirmed_at.desc())
                .limit(MOST_CASES)
            ).all()
        examples: list[Example] = []
        for start in range(0, len(ids), BATCH):
            with self.database.begin() as session:
                cases = session.scalars(select(Case).where(Case.id.in_(ids[start : start + BATCH]))).all()
                examples += [self._example(session, case, directory, rules) for case in cases]
        return examples

    def _example(self, session: Session, case: Case, directory: Directory, rules: UnderstandingRules) -> Example:
        view = category_view(heard_of(session, case, self.keys), directory, rules)
        return Example(view, case.category or "", str(case.id))


def keep(session: Session, learnt: Learnt, now: datetime) -> None:
    """Write a model down; it comes into use only if it is better than what is."""
    if learnt.is_better:
        session.execute(update(LearnedModel).where(LearnedModel.used).values(used=False))
    session.add(
        LearnedModel(
            version=learnt.model.version,
            created_at=now,
            model=learnt.model.to_json(),
            cases=learnt.cases,
            right=learnt.right,
            rules_right=learnt.rules_right,
            rival_right=learnt.rival_right,
            used=learnt.is_better,
        )
    )
