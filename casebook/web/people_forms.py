"""Reading what an operator typed about a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from casebook.rules.policy import UNIT_ROLES, Role, roles_of
from casebook.rules.unit_names import REGIONS
from casebook.service.people import Standing
from casebook.web import forms
from casebook.web.tools import Directory
from config.errors import PermanentError

LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the brackets."""

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class TypedPerson:
    """A person as the form shows them: the unit by name."""

    name: str = ""
    roles: frozenset[str] = frozenset()
    unit: str = ""
    lines: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()


class BadPerson(PermanentError):
    """Hãy sửa các ô được đánh dấu."""

    def __init__(self, typed: TypedPerson, errors: dict[str, str]) -> None:
        super().__init__()
        self.typed = typed
        self.errors = errors


def typed_person() -> TypedPerson:
    """Read the form as it was typed."""
    several = (frozenset(request.form.getlist(name)) for name in ("roles", "lines", "regions"))
    roles, lines, regions = several
    return TypedPerson(forms.line("name"), roles, forms.line("unit"), lines, regions)


def typed_of(standing: Standing, directory: Directory) -> TypedPerson:
    """Write what an account stands for as the form shows it."""
    unit = directory.units.get(standing.unit or "")
    return TypedPerson(
        standing.name,
        frozenset(role.value for role in standing.roles),
        unit.name if unit else standing.unit or "",
        frozenset(standing.lines or ()),
        frozenset(standing.regions or ()),
    )


def checked_email(email: str) -> dict[str, str]:
    """Give what is wrong with an address that mail is to go to."""
    if len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email):
        return {}
    return {"email": _("Hãy gõ địa chỉ thư đầy đủ, ví dụ ten@soyte.gov.vn.")}


def checked_person(typed: TypedPerson, directory: Directory, errors: dict[str, str] | None = None) -> Standing:
    """Give what was typed; raises BadPerson, saying by field what to do."""
    problems = dict(errors or {})
    roles = roles_of(typed.roles)
    if not typed.name:
        problems["name"] = _("Hãy gõ họ tên.")
    if not roles or len(roles) != len(typed.roles):
        problems["roles"] = _("Hãy chọn ít nhất một vai trò trong danh sách.")
    unit, problem = _unit(typed, roles, directory)
    if problem:
        problems["unit"] = problem
    if not typed.lines <= set(directory.lines):
        problems["lines"] = forms.PICK_ONE
    if not typed.regions <= set(REGIONS):
        problems["regions"] = forms.PICK_ONE
    if problems:
        raise BadPerson(typed, problems)
    return Standing(typed.name, roles, unit, _limit(typed.lines), _limit(typed.regions))


def _unit(typed: TypedPerson, roles: frozenset[Role], directory: Directory) -> tuple[str | None, str]:
    """The unit of somebody who answers for one; for anybody else there is none."""
    if not roles & UNIT_ROLES:
        return None, ""
    if not typed.unit:
        return None, _("Vai trò ở đơn vị cần một đơn vị: hãy chọn trong danh sách.")
    found, problem = forms.named_unit(typed.unit, directory.units)
    return (found.slug if found else None), problem


def _limit(chosen: frozenset[str]) -> tuple[str, ...] | None:
    """Nothing chosen is no limit."""
    return tuple(sorted(chosen)) or None
