"""What the desk is told about the call that a case came from."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import update

from casebook.rules.call_told import CallTold, LineQuality, PutQuestion
from config.database.engine import Database
from ivr.models import Call
from ivr.service.telling import CallBook
from tests.integration.ivr.conftest import Carrier

Row = Callable[[], Call]


def told(database: Database, call: Call) -> CallTold:
    assert call.case_id is not None
    with database.begin() as session:
        (only,) = CallBook().calls_of(session, call.case_id)
    return only


def test_a_whole_call_is_told_with_its_keys_and_questions(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.press("7")
    carrier.press("1")
    carrier.press("4")
    carrier.speak()
    carrier.speak()
    carrier.press("0")
    carrier.wait()
    carrier.hang_up("90")
    call = told(loaded, call_row())
    assert [(key.key, key.meaning) for key in call.keys] == [
        ("7", "phím không có trong danh mục"),
        ("1", "gửi phản ánh"),
        ("4", "Thái độ phục vụ"),
        ("0", "không muốn nêu danh tính"),
    ]
    assert call.questions == (
        PutQuestion("facility", is_answered=True),
        PutQuestion("story", is_answered=True),
        PutQuestion("contact", is_answered=False),
    )
    assert (call.duration_s, call.is_closed, call.ending) == (90, True, "Đã để lại phản ánh")
    assert call.quality is None


def test_a_question_that_was_never_put_is_not_told(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.hang_up()
    call = told(loaded, call_row())
    assert call.questions == (PutQuestion("facility", is_answered=False),)
    assert call.ending == "Gác máy trước khi nói"


def test_the_line_is_told_as_our_gateway_measured_it(carrier: Carrier, loaded: Database, call_row: Row) -> None:
    carrier.call()
    carrier.press("1")
    carrier.press("0")
    carrier.hang_up()
    measured = {"received": 960.0, "lost": 40.0, "late": 10.0, "jitter": 12.5, "codec": "PCMA"}
    with loaded.begin() as session:
        session.execute(update(Call).values(quality=measured))
    assert told(loaded, call_row()).quality == LineQuality(0.05, 12.5, "PCMA")


def test_a_code_that_a_caller_keyed_in_is_told_to_nobody(carrier: Carrier, call_row: Row) -> None:
    carrier.call()
    carrier.press("2")
    carrier.press("1234567897")
    assert "1234567897" not in str(call_row().answers)


def test_a_case_without_a_call_has_nothing_to_tell(loaded: Database) -> None:
    with loaded.begin() as session:
        assert CallBook().calls_of(session, uuid4()) == ()
