"""A case book after years of work, for measuring: up to a million cases with their events, made in minutes.

Cases come evenly over `DAYS`; three in two hundred are unfinished, nearly all of the last weeks; a few hospitals
have most of them; people call again; one story in ten was told before in the same words. The words are those of
the invented calls, two put together. Not real: the hashes of the events (they are no chain), the marks
of stories that nobody told before (chance ones, of which strangers share as few), and the old cases' sealed
suggestions and recordings, which are left away.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import psycopg

from casebook.rules import likeness
from casebook.rules.codes import check_digit
from tests.acceptance.seed import CALLS, PEOPLE
from transcription.rules.text import fold

DAYS = 2000
"""Over so many days the cases came: a million are five hundred a day."""

STORIES = 10_000
WORDS = (30, 90)
"""How short and how long a story is at most."""

AT_ONCE = 2
CATEGORY = "quy_trinh_kham_bhyt"
"""Of the invented calls that were written without one."""

LINES = ["chat_luong", "buc_xuc_dich_vu_cong", "dich_vu_cong", "ve_benh_moi_tien"]
SOURCES = ("complaints_authored.jsonl", "own_complaints.jsonl", "life_a.jsonl", "life_c.jsonl")
DATA = Path(__file__).parent / "data"

IN_HASTE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET max_wal_size = '32GB'",
    "SELECT pg_reload_conf()",
)
AS_BEFORE = ("CHECKPOINT", "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()")

PREPARE = """
CREATE UNLOGGED TABLE bench_stories (place int PRIMARY KEY, story text, marks tsvector, summary text, category text);
CREATE UNLOGGED TABLE bench_codes (number int PRIMARY KEY, code text);
CREATE UNLOGGED TABLE bench_units (place bigint PRIMARY KEY, slug text, folded text);
CREATE UNLOGGED TABLE bench_sealed AS
    SELECT row_number() OVER (ORDER BY code) - 1 AS place, suggestion_sealed AS sealed,
        (SELECT min(caller_sealed::text)::bytea FROM cases) AS number_sealed FROM cases;
CREATE FUNCTION bench_chance(number bigint, what bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS
    'SELECT (hashint8extended(number, what) & 1048575) / 1048576.0::float8';
CREATE FUNCTION bench_marks(digits text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS
    $$ SELECT array_to_tsvector(array_agg('b' || band || 'x' || substr(digits, band * 10 + 1, 10)))
       FROM generate_series(0, 15) AS band $$;
"""

# Number 1 is the newest; the oldest are written first, as they would have been.
FILL_CASES = """
WITH drawn AS (
    SELECT number, number::float8 / %(cases)s AS age, bench_chance(number, 1) AS fate, bench_chance(number, 2) AS kind,
        bench_chance(number, 3) AS whom, bench_chance(number, 4) AS haste, bench_chance(number, 5) AS caller,
        %(now)s - interval '2000 days' * (number - bench_chance(number, 6)) / %(cases)s AS opened_at
    FROM generate_series(%(cases)s, 1, -1) AS number
    WHERE number %% %(of)s = %(part)s
), fated AS (
    SELECT *,
        CASE
            WHEN fate < 0.05 AND age > 0.0005 THEN 'set_aside'
            WHEN age < 0.0015 THEN 'review'
            WHEN age < 0.002 THEN 'confirmed'
            WHEN age < 0.006 THEN CASE WHEN fate < 0.6 THEN 'forwarded' ELSE 'acknowledged' END
            WHEN age < 0.016 THEN CASE WHEN fate < 0.55 THEN 'acknowledged' WHEN fate < 0.8 THEN 'answered'
                ELSE 'closed' END
            WHEN fate > 0.999 THEN 'acknowledged'
            ELSE 'closed'
        END AS status,
        1 + (kind > 0.15)::int + (kind > 0.6)::int AS level
    FROM drawn
), dated AS (
    SELECT *,
        CASE WHEN status NOT IN ('review', 'set_aside') THEN opened_at + haste * interval '1 day' END AS confirmed_at,
        CASE WHEN status NOT IN ('review', 'set_aside', 'confirmed')
            THEN opened_at + haste * interval '30 hours' END AS forwarded_at
    FROM fated
)
INSERT INTO cases (id, code, line, channel, status, confidential, anonymous, orphan, emergency, category, category_key,
    subject_unit, responsible_unit, level, summary, facts, suggestion_sealed, sureness, caller_sealed, caller_hash,
    search_text, text_marks, opened_at, due_at, confirmed_at, forwarded_at, answered_at, closed_at, intake_ended_at,
    forward_round, legal_hold, still_there, transcript_sureness, version)
SELECT gen_random_uuid(), code, line, 'phone', status, line = 've_benh_moi_tien', caller > 0.7, false,
    bench_chance(number, 7) < 0.02, story.category, NULL,
    CASE WHEN fate < 0.9 THEN unit.slug END, unit.slug, level, story.summary || ' (' || number || ')', '{}'::jsonb,
    CASE WHEN age < 0.02 THEN sealed END, 0.4 + haste * 0.6,
    CASE WHEN caller < 0.7 THEN number_sealed END,
    CASE WHEN caller < 0.7 THEN
        encode(sha256(floor(power(caller / 0.7, 1.5) * %(cases)s / 2)::text::bytea), 'hex') END,
    concat_ws(' ', code, unit.folded, story.story, 'so', number), CASE WHEN haste < 0.1 THEN story.marks ELSE
        bench_marks(md5(code || 1) || md5(code || 2) || md5(code || 3) || md5(code || 4) || md5(code || 5)) END,
    opened_at, forwarded_at + level * interval '5 days', confirmed_at, forwarded_at,
    CASE WHEN status IN ('answered', 'closed') THEN least(forwarded_at + whom * level * interval '7 days', %(now)s) END,
    CASE WHEN status = 'set_aside' THEN least(opened_at + haste * interval '2 days', %(now)s)
        WHEN status = 'closed' THEN
            least(forwarded_at + (whom * level * 7 + haste * 3) * interval '1 day', %(now)s) END,
    opened_at + interval '2 minutes', 1, false, bench_chance(number, 8) < 0.03, 0.55 + bench_chance(number, 9) * 0.45, 6
FROM dated
JOIN bench_codes USING (number)
JOIN bench_stories AS story ON story.place = (hashint8extended(number, 10) & 1073741823) %% %(stories)s
JOIN bench_units AS unit ON unit.place = floor(power(whom, 1.7) * (SELECT count(*) FROM bench_units))::bigint
CROSS JOIN LATERAL (SELECT (%(lines)s::text[])[1 + floor(kind * kind * 4)::int] AS line) AS lines
LEFT JOIN bench_sealed ON bench_sealed.place = number %% (SELECT count(*) FROM bench_sealed)
"""

FILL_EVENTS = """
INSERT INTO case_events (case_id, number, kind, actor, at, data, previous_hash, hash)
SELECT cases.id, row_number() OVER (PARTITION BY cases.id ORDER BY at), kind, actor, at, data,
    md5(code || kind) || md5(kind || code), md5(code || at) || md5(kind || at)
FROM cases
CROSS JOIN LATERAL (VALUES
    ('opened', 'hệ thống', opened_at, jsonb_build_object('line', line)),
    ('structure', 'hệ thống', opened_at + interval '3 minutes',
        jsonb_build_object('category', category, 'unit', responsible_unit, 'level', level)),
    ('played', %(inspector)s, CASE WHEN level = 1 THEN confirmed_at - interval '3 minutes' END, '{}'),
    ('identity_viewed', %(chief)s, CASE WHEN get_byte(uuid_send(cases.id), 1) = 0 THEN confirmed_at END, '{}'),
    ('confirm', %(inspector)s, confirmed_at, '{}'),
    ('forward', 'hệ thống', forwarded_at, jsonb_build_object('unit', responsible_unit, 'recipient', 'x@yte.example')),
    ('reply', %(inspector)s, answered_at, '{}'),
    (CASE status WHEN 'closed' THEN 'close' ELSE 'set_aside' END, %(chief)s, closed_at,
        jsonb_build_object('why', 'Đã xác minh'))
) AS event (kind, actor, at, data)
WHERE at IS NOT NULL AND version = 6 AND get_byte(uuid_send(cases.id), 0) %% %(of)s = %(part)s
"""


def fill(url: str, cases: int, now: datetime) -> None:
    """Add cases to a seeded case book until there are `cases` of them; the server is the caller's own."""
    with psycopg.connect(url, autocommit=True) as connection:
        _each(connection, IN_HASTE)
        connection.execute(PREPARE)
        _write_pools(connection, cases)
        indexes = _take_indexes(connection)
    facts = {"cases": cases, "now": now, "stories": STORIES, "of": AT_ONCE, "chief": PEOPLE[0][0]}
    facts |= {"inspector": PEOPLE[1][0], "lines": LINES}
    for statement in (FILL_CASES, FILL_EVENTS):
        _together(url, [(statement, facts | {"part": part}) for part in range(AT_ONCE)])
    _together(url, [(index, None) for index in indexes])
    # PostgreSQL looks at what it has, as it does by itself in time.
    _together(url, [(f"VACUUM ANALYZE {table}", None) for table in ("case_events", "cases")])
    with psycopg.connect(url, autocommit=True) as connection:
        _each(connection, AS_BEFORE)


def _each(connection: psycopg.Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())


def _together(url: str, statements: Sequence[tuple[str, dict[str, object] | None]]) -> None:
    """Run statements on as many connections as there are cores, without triggers: nobody is told of old events."""

    def run(statement: tuple[str, dict[str, object] | None]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("SET maintenance_work_mem = '1GB'")
            connection.execute(statement[0].encode(), statement[1])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, statements))


def _take_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop what is quicker to make at the end; gives the statements that make it, the longest work first."""
    rows = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('cases', 'case_events')"
        " AND indexname LIKE 'ix_%' ORDER BY indexdef NOT LIKE '%USING gin%', tablename"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    return [definition for _, definition in rows]


def _write_pools(connection: psycopg.Connection, cases: int) -> None:
    with connection.cursor().copy("COPY bench_codes FROM STDIN") as codes:
        for number in range(1, cases + 1):
            # Every number of nine digits once, in no order.
            body = str(100_000_000 + number * 104_729 * 7_919 % 900_000_000)
            codes.write_row((number, body + check_digit(body)))
    with connection.cursor().copy("COPY bench_stories FROM STDIN") as stories:
        for place, (story, category) in enumerate(_stories()):
            marks = " ".join(likeness.marks_of(story))
            stories.write_row((place, story, marks, " ".join(story.split()[:28]).capitalize(), category))
    units = connection.execute("SELECT slug, name FROM units ORDER BY kind <> 'hospital', slug").fetchall()
    with connection.cursor().copy("COPY bench_units FROM STDIN") as copied:
        for place, (slug, name) in enumerate(units):
            copied.write_row((place, slug, fold(name)))


def _stories() -> Iterator[tuple[str, str]]:
    """Put two invented calls together, with what the first is about."""
    chance = random.Random(20261122)
    told = [(fold(call.story).split(), CATEGORY) for call in CALLS]
    for source in SOURCES:
        for line in (DATA / source).read_text("utf-8").splitlines():
            call = json.loads(line)
            told.append((fold(call.get("text_asr") or call["text"]).split(), call.get("category", CATEGORY)))
    for _ in range(STORIES):
        (first, category), (second, _other) = chance.choice(told), chance.choice(told)
        yield " ".join((first + second)[: chance.randint(*WORDS)]), category
