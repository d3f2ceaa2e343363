"""Finding units while somebody types: the directory that ships, the places that ship."""

from __future__ import annotations

import pytest

from casebook.rules.unit_names import OFFERED, UnitIndex, unit_index, words_of_name
from casebook.understanding_files import UNDERSTANDING_DATA, read_areas
from config.directory.store import DATA
from config.directory.units import Unit, read_units


@pytest.fixture(scope="module")
def index() -> UnitIndex:
    return UnitIndex(read_units(DATA / "units.csv"), read_areas(UNDERSTANDING_DATA / "places.csv"))


def first(index: UnitIndex, typed: str) -> str | None:
    found = index.search(typed)
    return found[0].unit.slug if found else None


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Bệnh viện Chợ Rẫy", "bv-cho-ray"),
        ("cho ray", "bv-cho-ray"),
        ("CHỢ R", "bv-cho-ray"),
        ("bv cho ray", "bv-cho-ray"),
        ("từ dũ", "bv-tu-du"),
        ("tu du", "bv-tu-du"),
        ("hcdc", "trung-tam-kiem-soat-benh-tat"),
        ("115", "trung-tam-cap-cuu-115"),
        ("nhi 1", "bv-nhi-dong-1"),
        ("nhi đồng hai", "bv-nhi-dong-2"),
        ("mắt", "bv-mat"),
        ("rang ham mat", "bv-rang-ham-mat-tp"),
        ("một cửa", "van-phong-so"),
        ("cấp phép hành nghề", "phong-quan-ly-dich-vu-y-te"),
        ("ttyt dĩ an", "ttyt-di-an"),
        ("bvdkkv thủ đức", "bvdkkv-thu-duc"),
        ("lê lợi", "bv-vung-tau"),
    ],
)
def test_a_unit_is_found_by_its_names_however_they_are_typed(index: UnitIndex, typed: str, slug: str) -> None:
    assert first(index, typed) == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("quận 4", "bv-quan-4"),
        ("q4", "bv-quan-4"),
        ("Q.4", "bv-quan-4"),
        ("quận bốn", "bv-quan-4"),
        ("quận hai", "bv-le-van-thinh"),
        ("q9", "bv-le-van-viet"),
        ("quận mười một", "bv-quan-11"),
        ("quận 1", "bv-quan-1"),
        ("huyện hóc môn", "bvdkkv-hoc-mon"),
        ("can gio", "ttyt-can-gio"),
    ],
)
def test_a_unit_is_found_by_its_district_of_before_2025(index: UnitIndex, typed: str, slug: str) -> None:
    assert first(index, typed) == slug


@pytest.mark.parametrize(
    ("typed", "slug", "by"),
    [
        ("xóm chiếu", "bv-quan-4", "phường, xã Xóm Chiếu; trước 7/2025 là Quận 4"),
        ("phuong xom chieu", "bv-quan-4", "phường, xã Xóm Chiếu; trước 7/2025 là Quận 4"),
        ("xã bà điểm", "bvdkkv-hoc-mon", "phường, xã Bà Điểm; trước 7/2025 là Hóc Môn"),
        ("lái thiêu", "ttyt-thuan-an", "phường, xã Lái Thiêu; trước 7/2025 là Thuận An"),
        ("hồ tràm", "ttyt-xuyen-moc", "phường, xã Hồ Tràm; trước 7/2025 là Xuyên Mộc"),
    ],
)
def test_a_unit_is_found_by_a_ward_of_now_and_says_so(index: UnitIndex, typed: str, slug: str, by: str) -> None:
    found = index.search(typed)[0]
    assert (found.unit.slug, found.by) == (slug, by)


def test_kind_district_and_ward_typed_together_find_the_one_unit(index: UnitIndex) -> None:
    assert first(index, "bệnh viện hóc môn bà điểm") == "bvdkkv-hoc-mon"


@pytest.mark.parametrize("typed", ["cho raay", "tu duu", "benh vien cho ryy", "hung vuomg"])
def test_a_slip_of_the_finger_still_finds_it(index: UnitIndex, typed: str) -> None:
    found = index.search(typed)
    assert found[0].unit.slug in {"bv-cho-ray", "bv-tu-du", "bv-hung-vuong"}
    assert found[0].by == "gần giống"


@pytest.mark.parametrize("typed", ["", " ", "!!!", "zzzzzz", "\x00"])
def test_what_names_nothing_finds_nothing(index: UnitIndex, typed: str) -> None:
    assert index.search(typed) == []


def test_a_name_that_many_share_offers_no_more_than_can_be_read(index: UnitIndex) -> None:
    found = index.search("bệnh viện")
    assert len(found) == OFFERED
    assert len({one.unit.slug for one in found}) == OFFERED


def test_a_unit_is_told_with_its_kind_and_place(index: UnitIndex) -> None:
    found = index.search("dĩ an")[0]
    assert (found.kind, found.place, found.by) == ("Trung tâm", "Bình Dương", "còn gọi là dĩ an")
    odd = UnitIndex([Unit("x", "Trạm Y tế X", "station", "long_an")], ()).search("trạm")[0]
    assert (odd.kind, odd.place) == ("station", "long_an")


def test_a_former_province_finds_its_units(index: UnitIndex) -> None:
    regions = {found.unit.region for found in index.search("trung tâm bình dương")}
    assert regions == {"binh_duong"}


def test_a_unit_that_was_retired_is_not_offered() -> None:
    units = (Unit("a", "Bệnh viện A", "hospital", "hcm", retired=True), Unit("b", "Bệnh viện B", "hospital", "hcm"))
    assert [found.unit.slug for found in UnitIndex(units, ()).search("bệnh viện")] == ["b"]


def test_the_index_is_made_once_for_the_same_directory() -> None:
    units = (Unit("a", "Bệnh viện A", "hospital", "hcm"),)
    assert unit_index(units, ()) is unit_index((Unit("a", "Bệnh viện A", "hospital", "hcm"),), ())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("BV Q.2", "benh vien quan 2"),
        ("Bệnh viện Quận mười hai", "benh vien quan 12"),
        ("quận mười", "quan 10"),
        ("TTYT TP. Thủ Đức", "trung tam y te thanh pho thu duc"),
        ("bà rịa", "ba ria"),
    ],
)
def test_what_officials_shorten_is_written_out(name: str, words: str) -> None:
    assert " ".join(words_of_name(name)) == words
