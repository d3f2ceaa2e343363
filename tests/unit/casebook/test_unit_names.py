"""Finding the unit that a person means."""

from __future__ import annotations

import pytest

from casebook.rules.unit_names import close_units, find_unit
from config.directory.units import Unit

UNITS = (
    Unit("bv-nhi-dong-1", "Bệnh viện Nhi Đồng 1", "hospital", "hcm", aliases=("nhi đồng một", "nhi một")),
    Unit("bv-nhi-dong-2", "Bệnh viện Nhi Đồng 2", "hospital", "hcm", aliases=("nhi đồng hai",)),
    Unit("bv-cho-ray", "Bệnh viện Chợ Rẫy", "hospital", "hcm", aliases=("chợ rẫy", "viện lớn")),
    Unit("bv-vung-tau", "Bệnh viện Vũng Tàu", "hospital", "brvt", aliases=("lê lợi", "viện lớn")),
)


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Bệnh viện Chợ Rẫy", "bv-cho-ray"),
        ("benh vien cho ray", "bv-cho-ray"),
        ("  CHỢ   RẪY ", "bv-cho-ray"),
        ("bv-cho-ray", "bv-cho-ray"),
        ("cho r", "bv-cho-ray"),
        ("nhi mot", "bv-nhi-dong-1"),
        ("Nhi Đồng 2", "bv-nhi-dong-2"),
        ("lê lợi", "bv-vung-tau"),
        ("BV Vũng Tàu", "bv-vung-tau"),
        ("nhi đồng", None),
        ("viện lớn", None),
        ("bệnh viện", None),
        ("không có", None),
        ("", None),
        ("!!!", None),
    ],
)
def test_a_unit_is_found_by_any_of_its_names_unless_several_share_it(typed: str, slug: str | None) -> None:
    found = find_unit(typed, UNITS)
    assert (found.slug if found else None) == slug


def test_near_units_are_offered_shortest_name_first() -> None:
    assert [unit.slug for unit in close_units("nhi", UNITS)] == ["bv-nhi-dong-1", "bv-nhi-dong-2"]
    assert close_units("", UNITS) == []
