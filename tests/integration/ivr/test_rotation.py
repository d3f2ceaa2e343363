"""Retiring a key."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary

from casebook.service.hearing import suggestion_of
from config.crypto import KeyRing, Tampered, UnknownKey, generate_key_text
from config.database.base import Base
from config.database.engine import Database
from ivr.rotation import COLUMNS, prove_keys, rotate_columns, rotate_recordings
from tests.integration.casebook.hotline_house import Scene, scene
from tests.integration.recordings.provider import running_provider

OLD, NEW = generate_key_text("k1"), generate_key_text("k2")
HASH_KEY = secrets.token_bytes(32)


@pytest.fixture
def hotline(database: Database, tmp_path: Path, now: datetime) -> Iterator[Scene]:
    keys = KeyRing.parse(OLD, HASH_KEY)
    with running_provider() as provider, scene(database, keys, provider, tmp_path, now) as hotline:
        yield hotline


def test_after_a_rotation_the_old_key_can_be_dropped(hotline: Scene) -> None:
    case_id = hotline.whole_call()
    both, new = KeyRing.parse(f"{NEW},{OLD}", HASH_KEY), KeyRing.parse(NEW, HASH_KEY)
    with pytest.raises(UnknownKey):
        suggestion_of(hotline.case(case_id), new)

    tools = hotline.tools.recordings
    turned = type(tools)(tools.db, tools.store, both, tools.fetcher, tools.clock)
    counts = dict(rotate_columns(hotline.database, both))
    assert counts["bản chép lời"] == 3
    assert rotate_recordings(turned) == 3

    assert suggestion_of(hotline.case(case_id), new).facility.value
    assert sum(count for _, count in rotate_columns(hotline.database, both)) == 0, "a second run changes nothing"


def test_a_lost_key_is_found_out_before_somebody_needs_it(hotline: Scene) -> None:
    hotline.whole_call()
    with hotline.database.begin() as session:
        assert prove_keys(session, KeyRing.parse(OLD, HASH_KEY)) == 3
        with pytest.raises(UnknownKey, match="k1"):
            prove_keys(session, KeyRing.parse(NEW, HASH_KEY))
        with pytest.raises(Tampered):
            prove_keys(session, KeyRing.parse(generate_key_text("k1"), HASH_KEY))


def test_no_sealed_column_is_forgotten() -> None:
    sealed = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert sealed == {(one.table.__tablename__, one.column.key) for one in COLUMNS}
