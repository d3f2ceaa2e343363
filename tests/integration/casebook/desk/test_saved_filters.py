"""Lists that a person looks at often: saved under a name, called otherwise, deleted, taken back."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from casebook.models import SavedFilter
from casebook.service import saved_filters

from .conftest import Desk, Visitor, hidden, plain

LATE = "line=chat_luong&overdue=1"


def save(visitor: Visitor, name: str, query: str = LATE) -> str:
    """Save the list under a name; gives the page that follows."""
    answer = visitor.post("/desk/filters", {"name": name, "list": query}, at="/desk/")
    assert answer.status_code == 303
    return visitor.text(answer.location)


def ids_on(page: str) -> list[str]:
    return re.findall(r"/desk/filters/([0-9a-f-]{36})/delete", page)


def press(visitor: Visitor, filter_id: str, what: str, **fields: str) -> str:
    answer = visitor.post(f"/desk/filters/{filter_id}/{what}", {"list": LATE, **fields}, at="/desk/")
    assert answer.status_code == 303
    return visitor.text(answer.location)


def test_a_list_is_saved_under_a_name_and_opened_by_it(desk: Desk) -> None:
    visitor = desk.inspector()
    assert "Lưu danh sách này" in visitor.text(f"/desk/?{LATE}")
    page = save(visitor, "Quá hạn của tôi")
    assert "Đã lưu bộ lọc “Quá hạn của tôi”." in html.unescape(page)
    link = re.search(r'href="([^"]+)" aria-current="true">Quá hạn của tôi', page)
    assert link
    assert html.unescape(link.group(1)) == f"/desk/?{LATE}"
    assert "Quá hạn của tôi" in visitor.text("/desk/")


def test_a_saved_list_belongs_to_who_saved_it(desk: Desk) -> None:
    mine = desk.inspector("mai@soyte.example")
    filter_id = ids_on(save(mine, "Của Mai"))[0]
    other = desk.inspector()
    assert "Của Mai" not in other.text("/desk/")
    for what in ("delete", "name"):
        assert "Bộ lọc này không còn" in plain(press(other, filter_id, what, name="Của tôi"))
    assert "Của Mai" in mine.text("/desk/")


def test_a_list_is_called_otherwise(desk: Desk) -> None:
    visitor = desk.inspector()
    filter_id = ids_on(save(visitor, "Quá hạn"))[0]
    page = press(visitor, filter_id, "name", name="Trễ hạn ở Chợ Rẫy")
    assert "Trễ hạn ở Chợ Rẫy" in page
    assert ">Quá hạn</a>\n  <details" not in page
    assert "Trễ hạn ở Chợ Rẫy" in press(visitor, filter_id, "name", name="Trễ hạn ở Chợ Rẫy")


def test_a_deleted_list_can_be_taken_back_once(desk: Desk) -> None:
    visitor = desk.inspector()
    filter_id = ids_on(save(visitor, 'Quá hạn & "của" tôi'))[0]
    page = press(visitor, filter_id, "delete")
    assert desk.count(SavedFilter) == 0
    undo = page[page.index('note good undo"') :]
    back = visitor.post("/desk/filters", {"name": hidden(undo, "name"), "list": hidden(undo, "list")}, at="/desk/")
    after = visitor.text(back.location)
    assert 'Quá hạn & "của" tôi' in plain(after)
    assert 'note good undo"' not in visitor.text("/desk/")
    assert desk.count(SavedFilter) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "\x00"])
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    assert "Hãy đặt tên cho bộ lọc" in plain(save(desk.inspector(), name))
    assert desk.count(SavedFilter) == 0


def test_two_lists_of_one_person_have_two_names(desk: Desk) -> None:
    visitor = desk.inspector()
    save(visitor, "Quá hạn")
    assert "Bạn đã có bộ lọc tên này" in plain(save(visitor, "Quá hạn", "view=closed"))
    assert desk.count(SavedFilter) == 1


def test_nobody_saves_more_lists_than_fit_on_a_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MOST", 2)
    visitor = desk.inspector()
    pages = [save(visitor, f"Danh sách {number}", f"view=closed&q={number}") for number in range(3)]
    assert "hãy xóa bớt" in plain(pages[-1])
    assert desk.count(SavedFilter) == 2


def test_what_makes_no_sense_in_a_saved_list_is_left_out(desk: Desk) -> None:
    visitor = desk.inspector()
    save(visitor, "Lạ", f"view=x&since=hôm qua&next=https://xau.example&q={quote('chợ rẫy')}")
    with desk.tools.database.begin() as session:
        saved = session.query(SavedFilter).one()
        assert saved.query == "q=ch%E1%BB%A3+r%E1%BA%ABy"
