"""Which names the engine is told to expect."""

from __future__ import annotations

from casebook.rules.understanding.places import Area
from config.directory.units import Unit
from ivr.wiring.ears import expected_phrases

UNITS = (
    Unit("bv-nhi-dong-1", "Bệnh viện Nhi Đồng 1", "hospital", "hcm", aliases=("nhi đồng 1", "hcdc")),
    Unit("bv-cho-ray", "Bệnh viện Chợ Rẫy", "hospital", "hcm", aliases=("Chợ Rẫy",)),
)


def test_names_and_aliases_are_expected_as_they_are_spoken() -> None:
    phrases = expected_phrases(UNITS, (Area("Quận 12", "hcm", ("Tân Thới Hiệp",)),))
    assert {"bệnh viện chợ rẫy", "chợ rẫy", "nhi đồng một", "tân thới hiệp", "quận mười hai"} <= set(phrases)


def test_single_syllables_are_not_expected_everywhere() -> None:
    assert "hcdc" not in expected_phrases(UNITS, ())
    assert all(" " in phrase for phrase in expected_phrases(UNITS, ()))
