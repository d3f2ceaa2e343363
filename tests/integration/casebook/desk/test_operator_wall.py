"""What an operator never sees: a word, a code or a caller of any case, on any of the operator's pages."""

from __future__ import annotations

from uuid import UUID

from casebook.rules import codes
from casebook.rules.policy import Role
from casebook.web import routes

from .conftest import CONTACT, NUMBER, STORY, Desk
from .test_doors import address
from .test_troubles import fail

HINTS = ("quát", "bích thủy", "998123456", "0908123456", NUMBER)


def test_no_page_of_the_operator_shows_anything_of_a_case(desk: Desk) -> None:
    placed = [desk.place(), desk.place(line="ve_benh_moi_tien"), desk.place(then=("confirm", "forward"))]
    fail(desk, f"case:{desk.case(placed[0]).id}")
    operator = desk.person(Role.OPERATOR)
    secret = {*placed, *(codes.readable(code) for code in placed), *STORY.splitlines(), *CONTACT.splitlines(), *HINTS}
    for route in routes(desk.tools):
        if route.name.startswith("operator_") and route.methods == ("GET",):
            answer = operator.get(address(route))
            text = answer.get_data().decode(errors="replace")
            assert not [hint for hint in secret if hint in text], route.name


def test_an_operators_pages_read_behind_the_wall(desk: Desk) -> None:
    code = desk.place()
    operator = desk.person(Role.OPERATOR)
    assert operator.get(f"/desk/cases/{code}").status_code == 403
    page = operator.text("/desk/failures")
    assert code not in page
    assert str(UUID(str(desk.case(code).id))) not in page
