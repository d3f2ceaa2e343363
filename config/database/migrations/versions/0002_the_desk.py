"""The desk: people's sessions and links, the work on a case, and the wall that the database keeps by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DESK = "lang_nghe_desk"
"""The role of `casebook.queries.visible.WALL_ROLE`."""

MAKE_ROLE = f"""
DO $$
BEGIN
    CREATE ROLE {DESK} NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the database user may not create roles; as an administrator run: '
            'CREATE ROLE {DESK} NOLOGIN; GRANT {DESK} TO %', current_user;
END $$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, '{DESK}', 'MEMBER') THEN
        EXECUTE format('GRANT {DESK} TO %I', current_user);
    END IF;
END $$;
"""

GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {DESK}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {DESK}",
    f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {DESK}",
    f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {DESK}",
    f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {DESK}",
    # What happened is added to, never changed.
    f"REVOKE UPDATE, DELETE ON case_events, desk_events, transcripts, case_redactions FROM {DESK}",
)

# In a sub-select a setting is read once a query, not once a row.
READS, UNIT, LINES, REGIONS, CUSTODIAN = (
    f"(SELECT coalesce(current_setting('desk.{name}', true), ''))"
    for name in ("reads", "unit", "lines", "regions", "custodian")
)
THERE = f"(SELECT slug FROM units WHERE region = ANY ((SELECT nullif({REGIONS}, ''))::text[]))"  # noqa: S608  (constants)

SEEN_AT_DEPARTMENT = f"""(
    {READS} IN ('open', 'all')
    AND ({READS} = 'all' OR NOT confidential)
    AND ({LINES} = '' OR line = ANY ((SELECT nullif({LINES}, ''))::text[]))
    AND (
        {REGIONS} = ''
        OR (subject_unit IS NULL AND responsible_unit IS NULL)
        OR subject_unit IN {THERE}
        OR responsible_unit IN {THERE}
    )
)"""
SEEN_AT_UNIT = f"""(
    {UNIT} <> '' AND responsible_unit = {UNIT}
    AND status IN ('forwarded', 'acknowledged', 'answered', 'closed')
)"""

AT_DEPARTMENT = f"{READS} IN ('open', 'all')"
OWN_REPLY = f"{AT_DEPARTMENT} OR unit = {UNIT}"
SHARED_FILE = f"""{AT_DEPARTMENT}
    OR (for_unit AND removed_at IS NULL AND (reply_id IS NULL OR reply_id IN (SELECT id FROM unit_replies)))"""  # noqa: S608  (constants)
OF_A_CASE_FOR_SOME = {"case_notes": AT_DEPARTMENT, "unit_replies": OWN_REPLY, "case_files": SHARED_FILE}
"""What not everybody who sees the case sees of it: a unit has its own replies and the files it may see."""

OF_A_CASE = (
    "case_events",
    "case_recordings",
    "case_claims",
    "case_redactions",
    "calls",
)
OF_A_RECORDING = {"recordings": "id", "transcripts": "recording_id"}

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added, never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON case_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON desk_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

TELL_THE_DESK = """
CREATE FUNCTION tell_the_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lang_nghe_desk', json_build_object('case', NEW.case_id, 'kind', NEW.kind)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_the_desk AFTER INSERT ON case_events FOR EACH ROW EXECUTE FUNCTION tell_the_desk();
"""

SEARCH_BEHIND_THE_WALL = """
DO $$
BEGIN
    -- Matching text tells nobody anything but its result; said so, the search index works behind the wall.
    ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF;
EXCEPTION
    -- Only a superuser may say it; without it searches are right but slower.
    WHEN insufficient_privilege THEN NULL;
END $$;
"""


def upgrade() -> None:
    _tables()
    _operations()
    op.execute(MAKE_ROLE)
    for grant in GRANTS:
        op.execute(grant)
    _wall("cases", f"{SEEN_AT_DEPARTMENT} OR {SEEN_AT_UNIT}")
    # OFFSET 0 has it looked up row by row: else the whole case book is read first, to show a few events.
    seen = "EXISTS (SELECT FROM cases WHERE cases.id = case_id OFFSET 0)"
    for table in OF_A_CASE:
        _wall(table, seen)
    for table, also in OF_A_CASE_FOR_SOME.items():
        _wall(table, f"{seen} AND ({also})")
    # What was decided about two cases names both of them.
    _wall("case_links", f"{seen} AND EXISTS (SELECT FROM cases WHERE cases.id = other_id)")
    _wall("outbox_mails", f"case_id IS NULL OR {seen}")
    _wall("identity_requests", f"{CUSTODIAN} = 'yes' OR ({seen} AND {AT_DEPARTMENT})")
    _wall("call_events", "EXISTS (SELECT FROM calls WHERE calls.id = call_id)")
    _wall("muted_callers", AT_DEPARTMENT)
    for table, column in OF_A_RECORDING.items():
        linked = f"SELECT FROM case_recordings AS link WHERE link.recording_id = {table}.{column}"
        _wall(table, f"EXISTS ({linked})")
    op.execute(APPEND_ONLY)
    op.execute(TELL_THE_DESK)
    op.execute(SEARCH_BEHIND_THE_WALL)


def _wall(table: str, seen: str) -> None:
    """Hide rows of `table` from the desk's role but those for which `seen` holds; what it writes it may write."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY desk ON {table} FOR ALL TO {DESK} USING ({seen}) WITH CHECK (true)")


def _tables() -> None:
    op.create_table(
        "muted_callers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_hash", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("muted_by", sa.String(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_callers")),
    )
    op.create_index(op.f("ix_muted_callers_caller_hash"), "muted_callers", ["caller_hash"], unique=False)
    op.create_table(
        "case_claims",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_claims_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_claims")),
    )
    op.create_index(op.f("ix_case_claims_holder"), "case_claims", ["holder"], unique=False)
    op.create_table(
        "case_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('linked', 'merged', 'apart')", name=op.f("ck_case_links_kind")),
        sa.CheckConstraint("case_id <> other_id", name=op.f("ck_case_links_two_cases")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id_cases")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_links_other_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_links")),
    )
    op.create_index(op.f("ix_case_links_case_id"), "case_links", ["case_id"], unique=False)
    op.create_index("ix_case_links_other_id", "case_links", ["other_id"], unique=False)
    op.create_index(
        "uq_case_links_standing",
        "case_links",
        [sa.literal_column("least(case_id, other_id)"), sa.literal_column("greatest(case_id, other_id)")],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"], unique=False)
    op.create_table(
        "case_redactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hidden", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("shown", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_redactions_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_case_redactions_recording_id_recordings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_redactions")),
    )
    op.create_index(op.f("ix_case_redactions_case_id"), "case_redactions", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_redactions_recording_id"), "case_redactions", ["recording_id"], unique=False)
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_sessions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
    )
    op.create_index(op.f("ix_desk_sessions_user_id"), "desk_sessions", ["user_id"], unique=False)
    op.create_table(
        "identity_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identity_requests_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_requests")),
    )
    op.create_index(op.f("ix_identity_requests_case_id"), "identity_requests", ["case_id"], unique=False)
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_links_purpose")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id_users")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
    )
    op.create_index(op.f("ix_one_time_links_user_id"), "one_time_links", ["user_id"], unique=False)
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_filters_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filters_user_id_name")),
    )
    op.create_table(
        "unit_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('given', 'accepted', 'sent_back')", name=op.f("ck_unit_replies_state")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_unit_replies_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_replies")),
    )
    op.create_index(op.f("ix_unit_replies_case_id"), "unit_replies", ["case_id"], unique=False)
    op.create_table(
        "case_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("recording_id", sa.Uuid(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("store_key", sa.String(), nullable=False),
        sa.Column("for_unit", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_case_files_size")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_files_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_case_files_recording_id_recordings")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["unit_replies.id"], name=op.f("fk_case_files_reply_id_unit_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    op.create_index(op.f("ix_case_files_case_id"), "case_files", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_files_recording_id"), "case_files", ["recording_id"], unique=False)
    op.create_index(op.f("ix_case_files_reply_id"), "case_files", ["reply_id"], unique=False)
    op.drop_constraint(op.f("uq_case_recordings_recording_id"), "case_recordings", type_="unique")
    op.create_index(op.f("ix_case_recordings_recording_id"), "case_recordings", ["recording_id"], unique=False)
    op.add_column("case_recordings", sa.Column("stretches", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("case_recordings", sa.Column("taken_from", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_case_recordings_taken_from"), "case_recordings", ["taken_from"], unique=False)
    op.create_foreign_key(
        op.f("fk_case_recordings_taken_from_cases"), "case_recordings", "cases", ["taken_from"], ["id"]
    )
    op.add_column("cases", sa.Column("text_marks", postgresql.TSVECTOR(), nullable=True))
    op.create_index("ix_cases_text_marks", "cases", ["text_marks"], unique=False, postgresql_using="gin")
    op.drop_index("ix_cases_caller_hash", "cases")
    op.create_index("ix_cases_caller", "cases", ["caller_hash", "opened_at"], unique=False)
    op.create_index("ix_cases_matter", "cases", ["subject_unit", "category", "opened_at"], unique=False)
    op.add_column("cases", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("split_from", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("still_there", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("transcript_sureness", sa.Double(), nullable=True))
    op.create_index("ix_case_events_at", "case_events", ["at", "id"], unique=False)
    op.create_index("ix_case_events_actor", "case_events", ["actor", "at", "id"], unique=False)
    op.create_index("ix_case_events_kind", "case_events", ["kind", "at", "id"], unique=False)
    op.create_index("ix_desk_events_at", "desk_events", ["at", "number"], unique=False)
    op.create_index("ix_desk_events_actor", "desk_events", ["actor", "at", "number"], unique=False)
    _queue()
    _days()
    _units_list()
    op.create_index(op.f("ix_cases_merged_into"), "cases", ["merged_into"], unique=False)
    op.create_index(op.f("ix_cases_split_from"), "cases", ["split_from"], unique=False)
    op.create_foreign_key(op.f("fk_cases_split_from_cases"), "cases", "cases", ["split_from"], ["id"])
    op.create_foreign_key(op.f("fk_cases_merged_into_cases"), "cases", "cases", ["merged_into"], ["id"])
    op.add_column("users", sa.Column("unit", sa.String(), nullable=True))
    op.add_column("users", sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("users", sa.Column("regions", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("users", sa.Column("totp_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("users", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column(
        "users",
        sa.Column(
            "recovery_hashes", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")
        ),
    )
    op.add_column("users", sa.Column("oidc_subject", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_users_oidc_subject"), "users", ["oidc_subject"])
    # Sessions are rows of their own now.
    op.drop_column("users", "session_epoch")


def _queue() -> None:
    """Order the queue by danger, level, half day and how sure the words are."""
    turn = "date_bin(interval '12 hours', coalesce(due_at, opened_at), timestamptz '2000-01-01 00:00:00+07')"
    rank = (
        "CASE WHEN status IN ('closed', 'set_aside') THEN 9 WHEN emergency THEN 0"
        " WHEN still_there AND status IN ('open', 'review', 'confirmed') THEN 1"
        " WHEN level = 1 THEN 2 WHEN level = 2 THEN 3 ELSE 4 END"
    )
    sureness = "CASE WHEN transcript_sureness IS NULL THEN CAST(0 AS double precision) ELSE transcript_sureness END"
    op.add_column(
        "cases", sa.Column("turn_at", sa.DateTime(timezone=True), sa.Computed(turn, persisted=True), nullable=False)
    )
    op.drop_index("ix_cases_desk", "cases")
    op.create_index(
        "ix_cases_desk",
        "cases",
        [sa.literal_column(f"({rank})"), "turn_at", sa.literal_column(f"({sureness})"), "id"],
    )
    op.drop_index("ix_cases_queue", "cases")
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["status", "opened_at"],
        postgresql_include=[
            "id",
            "emergency",
            "due_at",
            "confidential",
            "line",
            "category",
            "subject_unit",
            "responsible_unit",
        ],
    )


def _days() -> None:
    """Count days by the index alone: what decides who sees a case is in it."""
    wall = ["status", "confidential", "line", "subject_unit", "responsible_unit"]
    op.drop_index("ix_cases_opened_at", "cases")
    op.drop_index("ix_cases_forwarded_at", "cases")
    for moment in ("opened_at", "answered_at", "closed_at"):
        op.create_index(f"ix_cases_{moment}", "cases", [moment], postgresql_include=wall)
    op.create_index(
        "ix_cases_forwarded_at", "cases", ["forwarded_at"], postgresql_include=[*wall, "answered_at", "due_at"]
    )


def _units_list() -> None:
    """Order and search what was sent to a unit."""
    words = (
        r"to_tsvector('simple', translate(normalize(lower(summary), NFD), U&'\0111.,:;!?/()[]{}<>\0022''-_+*=@#$&|~"
        r"\0300\0301\0302\0303\0306\0308\0309\030A\030C\031B\0323\0327', rpad('d', 29)))"
    )
    op.add_column(
        "cases", sa.Column("summary_words", postgresql.TSVECTOR(), sa.Computed(words, persisted=True), nullable=False)
    )
    op.create_index("ix_cases_summary_words", "cases", ["summary_words"], postgresql_using="gin")
    op.drop_index("ix_cases_responsible_unit", "cases")
    op.create_index("ix_cases_responsible_unit", "cases", ["responsible_unit", "status", "closed_at", "id"])
    turn = "CASE WHEN status IN ('forwarded', 'acknowledged') THEN 0 ELSE 1 END"
    op.create_index("ix_cases_desk_unit", "cases", ["responsible_unit", sa.literal_column(f"({turn})"), "due_at", "id"])


def _operations() -> None:
    """Keep what operators change, so that it can be undone; let units retire."""
    op.create_table(
        "directory_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('line', 'unit', 'units', 'sound')", name=op.f("ck_directory_changes_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_changes")),
    )
    op.create_index("ix_directory_changes_thing", "directory_changes", ["kind", "slug"], unique=False)
    op.add_column("units", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
