"""Searches: the same cases in the same order, whichever way they are found, and found in little time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import counts, listing, search, unit_page
from casebook.queries.filters import EVERY, Filters
from casebook.queries.unit_page import Asked, Show
from casebook.queries.visible import stand_behind_wall, visible
from casebook.rules.policy import Role, Viewer
from config.clock import local

from .conftest import Desk
from .test_queue import plan

CHIEF = Viewer("chanh@soyte.example", frozenset({Role.CHIEF_INSPECTOR}))
INSPECTOR = Viewer("thanhtra@soyte.example", frozenset({Role.INSPECTOR}))
OFFICER = Viewer("canbo@cho-ray.example", frozenset({Role.UNIT_OFFICER}), unit="bv-cho-ray")

FILL = """
INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, still_there, level,
    summary, facts, sureness, search_text, opened_at, due_at, forwarded_at, answered_at, closed_at, responsible_unit,
    forward_round, legal_hold, version)
SELECT gen_random_uuid(), (2000000000 + n)::text, 'chat_luong', 'hotline', status, n % 7 = 0, false, false, n % 31 = 0,
    false, 1 + n % 3, words, '{}', 0.5, words, now() - n / 2 * interval '1 minute', now() + n % 5 * interval '1 day',
    now(), now(), CASE WHEN status = 'closed' THEN now() - n % 11 * interval '1 hour' END,
    CASE WHEN n % 2 = 0 THEN 'bv-cho-ray' ELSE 'bv-binh-dan' END, 1, false, 1
FROM generate_series(1, :cases) AS n,
    LATERAL (SELECT CASE WHEN n % 9 = 0 THEN 'acknowledged' WHEN n % 11 = 0 THEN 'review' ELSE 'closed' END AS status,
        concat_ws(' ', 'toi', CASE WHEN n % 3 = 0 THEN 'cho lau' END, CASE WHEN n % 17 = 0 THEN 'sieu am' END)
            AS words) AS told
"""
FREQUENT = ("toi", "lau", "lau t")
WORDS = (*FREQUENT, "cho am", "sieu am", "khong")


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A desk with 240 cases, of which a third say one thing and one in seventeen another."""
    return fill(desk, 240)


def fill(desk: Desk, cases: int) -> Desk:
    with desk.tools.database.begin() as session:
        session.execute(text(FILL), {"cases": cases})
        session.execute(text("ANALYZE cases"))
    return desk


def turned(session: Session, viewer: Viewer, filters: Filters, desk: Desk) -> list[str]:
    """The codes on all pages, from the first to the last."""
    page = listing.page(session, viewer, filters, desk.now)
    seen = [row.code for row in page.rows]
    while page.after is not None:
        page = listing.page(session, viewer, filters, desk.now, page.after)
        seen += [row.code for row in page.rows]
    return seen


@pytest.mark.parametrize("looked_at", [1, 20, 5_000])
@pytest.mark.parametrize("view", [EVERY, "closed", "active"])
def test_a_search_shows_every_case_that_says_the_words_in_order_however_far_they_are_apart(
    filled: Desk, view: str, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", looked_at)
    monkeypatch.setattr(listing, "PAGE", 7)
    with filled.tools.database.begin() as session:
        for viewer in (CHIEF, INSPECTOR):
            stand_behind_wall(session, viewer)
            for words in WORDS:
                filters = Filters(view=view, text=words, unit="bv-cho-ray" if words == "lau" else "")
                whole = [row.code for row in listing.every_row(session, viewer, filters, filled.now)]
                assert turned(session, viewer, filters, filled) == whole, (viewer.actor, words)
                assert whole or words not in FREQUENT, words


@pytest.mark.parametrize("looked_at", [1, 20, 5_000])
@pytest.mark.parametrize("show", [Show.ALL, Show.CLOSED, Show.WAITING])
def test_a_units_search_shows_every_case_that_says_the_words_in_order(
    filled: Desk, show: Show, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", looked_at)
    monkeypatch.setattr(unit_page, "PAGE", 7)
    with filled.tools.database.begin() as session:
        stand_behind_wall(session, OFFICER)
        for words in WORDS:
            whole = [row.code for row in unit_page.every_row(session, OFFICER, Asked(show, words), filled.now)]
            seen, number, more = [], 1, True
            while more:
                rows, more = unit_page.page(session, OFFICER, Asked(show, words, number), filled.now)
                seen += [row.code for row in rows]
                number += 1
            assert seen == whole, words
            assert whole or words not in FREQUENT, words


def test_frequent_words_are_not_counted_and_rarer_ones_are(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SAMPLE", 60)
    monkeypatch.setattr(counts, "COUNTED", 30)

    def counted(words: str) -> dict[str, int | None] | None:
        with filled.tools.database.begin() as session:
            stand_behind_wall(session, CHIEF)
            found = counts.counts(session, CHIEF, Filters(text=words), filled.now)
            return None if found is None else found.views

    assert counted("lau") is None, "a third of the newest: some eighty in all"
    rare = counted("sieu")
    assert rare is not None
    assert rare[EVERY] == 14


def test_how_many_say_words_is_judged_by_what_the_person_sees(filled: Desk) -> None:
    with filled.tools.database.begin() as session:
        for viewer, than, more in ((CHIEF, 33, True), (CHIEF, 34, False), (INSPECTOR, 29, False)):
            stand_behind_wall(session, viewer)
            says = [Case.confidential.is_(True)]
            assert search.probably_more(session, visible(viewer), says, than) is more, (viewer.actor, than)


def test_few_cases_are_counted_whatever_was_counted_long_ago(desk: Desk) -> None:
    fill(desk, 10)
    with desk.tools.database.begin() as session:
        session.execute(text("UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'cases'::regclass"))
        says = [Case.confidential.is_(True)]
        assert not search.probably_more(session, visible(CHIEF), says, 1)
        session.rollback()


def statements(session: Session) -> list[Any]:
    """What is asked of the database from now on."""
    asked: list[Any] = []
    event.listen(session, "do_orm_execute", lambda state: asked.append(state.statement))
    return asked


def test_an_archive_is_read_in_its_order_first_and_then_by_the_index_of_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk, 4_000)
    monkeypatch.setattr(search, "LOOKED_AT", 100)
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, CHIEF)
        asked = statements(session)
        listing.page(session, CHIEF, Filters(view=EVERY, text="toi"), desk.now)
        in_order = plan(session, asked[0])
        assert len(asked) == 2, "the ids, then their rows"
        asked.clear()
        listing.page(session, CHIEF, Filters(view=EVERY, text="sieu am"), desk.now)
        by_words = plan(session, asked[2])
        assert len(asked) == 4, "in order, whether there are more, by the words, and their rows"
    assert "ix_cases_opened_at" in in_order
    assert "ix_cases_search" not in in_order
    assert re.search(r"Bitmap Index Scan on ix_cases_search\b", by_words)


def test_a_search_in_days_long_ago_begins_with_those_days(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(desk, 4_000)
    monkeypatch.setattr(search, "LOOKED_AT", 100)
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, CHIEF)
        # Two cases came each minute until now.
        until = local(session.scalars(select(text("now() - interval '1 day'"))).one()).date()
        filters = Filters(view=EVERY, text="toi", until=until)
        asked = statements(session)
        found = listing.page(session, CHIEF, filters, desk.now)
        assert len(asked) == 2, "the ids, then their rows"
        whole = listing.every_row(session, CHIEF, filters, desk.now)
        assert [row.code for row in found.rows] == [row.code for row in whole][: listing.PAGE]
        assert found.rows


def test_what_waits_is_searched_in_an_index_of_its_own_behind_the_wall(desk: Desk) -> None:
    fill(desk, 4_000)
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, INSPECTOR)
        told = plan(session, listing._wanted(INSPECTOR, Filters(text="sieu am"), desk.now).limit(31))
    assert "ix_cases_search_unfinished" in told


def test_the_wall_is_not_taken_for_hiding_nearly_everything(filled: Desk) -> None:
    with filled.tools.database.begin() as session:
        stand_behind_wall(session, CHIEF)
        guessed = re.search(r"rows=(\d+)", plan(session, select(Case.id)))
    assert guessed is not None
    assert int(guessed[1]) >= 60, "a quarter at least, else a list's order would seem too far to go"


def test_rare_marks_are_looked_up_however_frequent_they_are_taken_to_be(desk: Desk) -> None:
    fill(desk, 4_000)
    marks = " | ".join(f"b{band}x0123456789" for band in range(16))
    alike = select(Case.id).where(Case.text_marks.op("@@")(text(f"'{marks}'::tsquery"))).limit(50)
    with desk.tools.database.begin() as session:
        stand_behind_wall(session, CHIEF)
        with search.by_index(session):
            told = plan(session, alike)
        assert "ix_cases_text_marks" in told
        assert session.scalar(text("SHOW enable_seqscan")) == "on", "only for the while"
