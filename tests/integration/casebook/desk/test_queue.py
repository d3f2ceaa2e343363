"""The queue: what stands first, and what stays so when many wait."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.queries import counts, listing
from casebook.queries.filters import EVERY, Filters
from casebook.queries.visible import stand_behind_wall
from casebook.rules.policy import Role, Viewer

from .conftest import Desk
from .test_list import codes_on

LEAVES = "bảo vệ thu tiền giữ xe mười ngàn mà không đưa vé"
STAYS = "tôi đang ở bệnh viện chợ rẫy chờ ba tiếng rồi mà chưa ai khám cho mẹ tôi"
INSPECTOR = Viewer("thanhtra@soyte.example", frozenset({Role.INSPECTOR}))


def set_(desk: Desk, code: str, **values: Any) -> None:
    def write(_session: Session, case: Case) -> None:
        for name, value in values.items():
            setattr(case, name, value)

    desk.change(code, write)


def test_what_hurts_most_if_it_waits_stands_first(desk: Desk) -> None:
    codes = [desk.place(contact="", story=LEAVES) for _ in range(7)]
    unsure, sure, level_two, level_one, there, urgent, late = codes
    moment = desk.now - timedelta(hours=1)
    for code in codes:
        set_(desk, code, level=3, still_there=False, transcript_sureness=0.9, opened_at=moment)
    set_(desk, unsure, transcript_sureness=0.4)
    set_(desk, sure, opened_at=moment - timedelta(minutes=20))
    set_(desk, level_two, level=2)
    set_(desk, level_one, level=1)
    set_(desk, there, still_there=True)
    set_(desk, urgent, emergency=True)
    set_(desk, late, opened_at=moment - timedelta(days=2))
    wanted = [urgent, there, level_one, level_two, late, unsure, sure]
    assert codes_on(desk.inspector().text("/desk/")) == wanted


def test_a_patient_who_is_still_there_is_heard_in_the_words_and_told_in_the_list(desk: Desk) -> None:
    code, other = desk.place(story=STAYS, contact=""), desk.place(story=LEAVES, contact="")
    assert desk.case(code).still_there
    assert not desk.case(other).still_there
    sureness = desk.case(code).transcript_sureness
    assert sureness is not None
    assert 0.5 < sureness < 1
    page = desk.inspector().text("/desk/")
    assert page.count("Người bệnh còn ở đó") == 1


def test_once_the_unit_was_told_a_patient_there_puts_nothing_first(desk: Desk) -> None:
    code, other = desk.place(story=STAYS, contact=""), desk.place(story=LEAVES, contact="", hours_ago=30)
    for each in (code, other):
        set_(desk, each, level=2)
    visitor = desk.inspector()
    assert codes_on(visitor.text("/desk/")) == [code, other]
    set_(desk, code, status="forwarded", due_at=desk.now + timedelta(days=2))
    assert codes_on(visitor.text("/desk/")) == [other, code]


def test_pages_follow_the_order_to_the_last_case(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    codes = [desk.place(contact="", story=LEAVES, hours_ago=number % 3) for number in range(7)]
    for number, code in enumerate(codes):
        set_(desk, code, level=1 + number % 3, transcript_sureness=None if number == 3 else number / 10)
    visitor, seen, link = desk.inspector(), [], "?view=active"
    while link:
        page = visitor.text("/desk/" + link)
        seen += codes_on(page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        link = found.group(1).replace("&amp;", "&") if found else ""
    with desk.tools.database.begin() as session:
        whole = [row.code for row in listing.every_row(session, INSPECTOR, Filters(), desk.now)]
    assert seen == whole
    assert set(seen) == set(codes)


FILL = """
INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, still_there, level,
    summary, facts, sureness, transcript_sureness, search_text, opened_at, forward_round, legal_hold, version)
SELECT gen_random_uuid(), (2000000000 + n)::text, 'chat_luong', 'hotline',
    CASE WHEN n % 5 > 0 THEN 'closed' ELSE 'review' END, false, false, false, n % 997 = 0, n % 31 = 0, 1 + n % 3,
    '', '{}', 0.5, (n % 499) / 499.0, '', now() - n * interval '7 minutes', 1, false, 1
FROM generate_series(1, 2000) AS n
"""


def plan(session: Session, ask: Any) -> str:
    """What PostgreSQL does for the query that `ask` makes."""
    seen: list[str] = []
    connection = session.connection()
    compiled = ask.compile(connection.engine, compile_kwargs={"literal_binds": True})
    for row in connection.exec_driver_sql(f"EXPLAIN {compiled}".replace("%", "%%")):
        seen.append(row[0])
    return "\n".join(seen)


@pytest.mark.parametrize("later", [False, True], ids=["first page", "later page"])
def test_a_page_of_a_long_queue_is_read_from_the_index_behind_the_wall_too(desk: Desk, *, later: bool) -> None:
    with desk.tools.database.begin() as session:
        session.execute(text(FILL))
        session.execute(text("ANALYZE cases"))
        # So few rows are sorted faster than read in order; what matters is whether the index has the order.
        session.execute(text("SET LOCAL enable_sort = off"))
        stand_behind_wall(session, INSPECTOR)
        wanted = listing._wanted(INSPECTOR, Filters(), desk.now)
        if later:
            page = listing.page(session, INSPECTOR, Filters(), desk.now)
            start = listing._read_cursor(page.after)
            assert start is not None
            wanted = wanted.where(listing._beyond(Filters(), start))
        told = plan(session, wanted.limit(31))
    assert "ix_cases_desk" in told
    assert "Sort" not in told
    if later:
        assert re.search(r"Index Cond: .*ROW\(", told), "it begins where the page before ended"


def test_counting_stops_where_nobody_reads_numbers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "COUNTED", 3)
    for _ in range(5):
        desk.place(contact="", story=LEAVES)
    urgent = desk.place(contact="", story=LEAVES, emergency=True)
    with desk.tools.database.begin() as session:
        found = counts.counts(session, INSPECTOR, Filters(), desk.now)
        narrowed = counts.counts(session, INSPECTOR, Filters(line="buc_xuc_dich_vu_cong"), desk.now)
    assert found is not None
    assert narrowed is not None
    assert (found.views["review"], found.views["closed"], found.views[EVERY], found.emergency) == (4, 0, 4, 1)
    assert (narrowed.views["review"], narrowed.views["closed"]) == (None, 0), "not looked at far enough to say"
    page = desk.inspector().text("/desk/")
    assert "hơn 3" in page
    assert urgent in codes_on(page)


def test_the_list_of_what_is_stuck_holds_what_its_number_says(desk: Desk) -> None:
    stuck = desk.place(then=("confirm", "failed"))
    desk.place()
    page = desk.inspector().text("/desk/?failed=1")
    assert codes_on(page) == [stuck]
    assert re.search(r'Có lỗi <span class="count">1</span>', page)
