"""Failed steps: by kind, retried many at once, their reasons in Vietnamese."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text

from casebook.rules.policy import Role

from .conftest import Desk, Visitor, hidden, plain
from .test_troubles import fail

PAGE = "/desk/failures"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR)


def three(desk: Desk) -> list[str]:
    """Two recordings that could not be fetched, one that could not be heard."""
    jobs = (
        ("collect", "[Errno 111] Connection refused"),
        ("collect", "Tệp nhận được rỗng (0 byte)."),
        ("transcribe", "boom"),
    )
    return [fail(desk, f"recording:{uuid4()}", reason, job) for job, reason in jobs]


def retry(visitor: Visitor, **fields: object) -> str:
    token = hidden(visitor.text(PAGE), "csrf_token")
    assert visitor.bare_post(f"{PAGE}/retry", {"csrf_token": token, **fields}).status_code == 303
    return plain(visitor.text(PAGE))


def queued(desk: Desk) -> int:
    with desk.tools.database.begin() as session:
        return session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


def test_reasons_are_told_in_vietnamese_with_the_technical_words_beside(desk: Desk, operator: Visitor) -> None:
    three(desk)
    page = plain(operator.text(PAGE))
    assert "Máy chủ bên kia không nhận kết nối" in page
    assert "[Errno 111] Connection refused" in page
    assert "Tệp nhận được rỗng (0 byte)." in page
    assert "Lỗi ngoài dự kiến" in page


def test_the_list_is_narrowed_to_one_kind_of_step(desk: Desk, operator: Visitor) -> None:
    three(desk)
    page = plain(operator.text(f"{PAGE}?step=transcribe"))
    assert "Lỗi ngoài dự kiến" in page
    assert "Tệp nhận được rỗng" not in page
    assert "Tải bản ghi âm 2" in page
    empty = plain(operator.text(f"{PAGE}?step=forward"))
    assert "Không có bước nào dừng lại ở mục này" in empty


def test_chosen_steps_are_retried_together(desk: Desk, operator: Visitor) -> None:
    first, second, third = three(desk)
    page = retry(operator, failure=[first, third])
    assert "Đã đưa 2 bước vào hàng đợi" in page
    assert queued(desk) == 2
    assert desk.desk_kinds().count("retried") == 2
    assert second in operator.text(PAGE)


def test_all_of_one_kind_are_retried_and_no_others(desk: Desk, operator: Visitor) -> None:
    three(desk)
    assert "Đã đưa 2 bước vào hàng đợi" in retry(operator, step="collect", everything="1")
    assert "Chép lời" in plain(operator.text(PAGE))
    assert "Đã đưa 1 bước vào hàng đợi" in retry(operator, everything="1")
    assert "Không có bước nào dừng lại." in plain(operator.text(PAGE))


def test_nothing_chosen_or_already_done_is_told(desk: Desk, operator: Visitor) -> None:
    chosen = three(desk)
    assert "Hãy chọn ít nhất một bước" in retry(operator)
    retry(operator, failure=chosen)
    assert "Hãy chọn ít nhất một bước" in retry(operator, failure=chosen)
    assert "Hãy chọn ít nhất một bước" in retry(operator, failure="không phải mã")
    assert queued(desk) == 3


def test_who_may_not_retry_cannot_retry_many_either(desk: Desk) -> None:
    three(desk)
    assert desk.person(Role.SUPERVISOR).post(f"{PAGE}/retry").status_code == 403
    assert queued(desk) == 0
