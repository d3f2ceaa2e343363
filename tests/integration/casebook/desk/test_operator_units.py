"""The operator's units: found, made, changed, retired with their cases in sight, and as one table."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest

from casebook.models import DirectoryChange
from casebook.rules.policy import Role
from casebook.rules.understanding import Directory
from casebook.rules.unit_names import close_units, find_unit
from casebook.service import users
from casebook.understanding_files import load_understanding
from config.directory.store import DATA, load_directory, save_unit, units_of
from config.directory.units import Unit

from .conftest import PASSWORD, Desk, Visitor, hidden, plain
from .operator_forms import fields_of, send

LIST = "/desk/operator/units"
TABLE = "/desk/operator/unit-table"
CHO_RAY = f"{LIST}/bv-cho-ray"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR)


def unit(desk: Desk, slug: str = "bv-cho-ray") -> Unit | None:
    with desk.tools.database.begin() as session:
        return next((unit for unit in units_of(session) if unit.slug == slug), None)


def known(desk: Desk, slug: str = "bv-cho-ray") -> Unit:
    found = unit(desk, slug)
    assert found is not None
    return found


@pytest.mark.parametrize("sought", ["cho ray", "Chợ Rẫy", "bv cho ray"])
def test_a_unit_is_found_by_any_of_its_names(operator: Visitor, sought: str) -> None:
    page = plain(operator.get(LIST, query_string={"q": sought}).get_data(as_text=True))
    assert "Bệnh viện Chợ Rẫy" in page
    assert "Bệnh viện Từ Dũ" not in page


def test_nothing_found_says_what_to_do(operator: Visitor) -> None:
    assert "Không có đơn vị nào khớp" in operator.get(LIST, query_string={"q": "zzzz"}).get_data(as_text=True)


def test_a_form_that_is_sent_back_unchanged_changes_nothing(desk: Desk, operator: Visitor) -> None:
    before = known(desk)
    assert send(operator, CHO_RAY, f"{CHO_RAY}/save").status_code == 303
    assert known(desk) == before
    assert desk.count(DirectoryChange) == 0


def test_a_unit_is_made_with_a_name_for_addresses_of_its_own(desk: Desk, operator: Visitor) -> None:
    new = "/desk/operator/new-unit"
    fields = {"name": "Phòng khám Đa khoa Bình Hòa", "aliases": "bình hòa\nbình hòa\n", "email": "bh@yte.example"}
    answer = send(operator, new, f"{new}/add", **fields)
    assert answer.status_code == 303
    made = known(desk, "phong-kham-da-khoa-binh-hoa")
    assert (made.aliases, made.email, made.region) == (("bình hòa",), "bh@yte.example", "hcm")
    again = send(operator, new, f"{new}/add", **fields)
    assert again.status_code == 422
    assert "Đã có đơn vị mang mã này" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "Chưa có tên đơn vị"),
        ({"email": "khong phai thu"}, "không phải thư điện tử"),
        ({"email": "a@b.vn, c@d.vn"}, "không phải thư điện tử"),
        ({"parent": "khong-co"}, "Không có đơn vị cấp trên khong-co"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(desk: Desk, operator: Visitor, changes: dict[str, Any], told: str) -> None:
    answer = send(operator, CHO_RAY, f"{CHO_RAY}/save", **{"aliases": "đang gõ dở", **changes})
    assert answer.status_code == 422
    assert told in plain(answer.get_data(as_text=True))
    assert "đang gõ dở" in answer.get_data(as_text=True)
    assert known(desk).name == "Bệnh viện Chợ Rẫy"


def test_what_somebody_else_saved_meanwhile_is_shown_and_the_later_chooses(desk: Desk, operator: Visitor) -> None:
    stale = fields_of(operator.text(CHO_RAY), f"{CHO_RAY}/save") | {"email": "toi@choray.example"}
    send(operator, CHO_RAY, f"{CHO_RAY}/save", email="ho@choray.example")
    answer = operator.bare_post(f"{CHO_RAY}/save", stale)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Thư điện tử ho@choray.example toi@choray.example" in plain(page)
    assert known(desk).email == "ho@choray.example"
    assert operator.bare_post(f"{CHO_RAY}/save", fields_of(page, f"{CHO_RAY}/save")).status_code == 303
    assert known(desk).email == "toi@choray.example"


def test_a_name_that_two_units_share_is_allowed_and_told(desk: Desk, operator: Visitor) -> None:
    assert send(operator, CHO_RAY, f"{CHO_RAY}/save", aliases="từ dũ").status_code == 303
    page = plain(operator.text(CHO_RAY))
    assert "Tên gọi dùng chung" in page
    assert "Bệnh viện Từ Dũ" in page
    assert "Bệnh viện Chợ Rẫy" in plain(operator.text(f"{LIST}?show=shared"))


def test_a_retired_unit_is_suggested_and_found_no_more_but_keeps_its_name(desk: Desk, operator: Visitor) -> None:
    assert send(operator, CHO_RAY, f"{CHO_RAY}/retire").status_code == 303
    with desk.tools.database.begin() as session:
        units = units_of(session)
    assert known(desk).retired
    assert find_unit("chợ rẫy", units) is None
    assert close_units("chợ rẫy", units) == []
    assert "bv-cho-ray" not in Directory.build(units, load_understanding(DATA / "understanding")).units
    assert "Bệnh viện Chợ Rẫy" in plain(operator.text(f"{LIST}?show=retired"))
    assert "Bệnh viện Chợ Rẫy" not in plain(operator.text(LIST))
    assert send(operator, CHO_RAY, f"{CHO_RAY}/restore").status_code == 303
    assert not known(desk).retired


def test_retiring_outlives_the_file_that_ships(desk: Desk, operator: Visitor) -> None:
    send(operator, CHO_RAY, f"{CHO_RAY}/retire")
    with desk.tools.database.begin() as session:
        load_directory(session)
    assert known(desk).retired


def test_the_cases_of_a_unit_are_counted_for_an_operator_who_sees_none(desk: Desk, operator: Visitor) -> None:
    code = desk.place()
    sent = desk.place(then=("confirm", "forward"))
    desk.change(code, lambda _, case: setattr(case, "responsible_unit", "bv-cho-ray"))
    page = plain(operator.text(CHO_RAY))
    assert "1 phản ánh chưa gửi vẫn ghi đơn vị này" in page
    assert "1 phản ánh đã gửi vẫn ở đơn vị này" in page
    assert code not in page
    assert desk.case(sent).responsible_unit == "bv-cho-ray"


def test_a_unit_with_cases_is_never_removed_but_one_made_by_mistake_is(desk: Desk, operator: Visitor) -> None:
    new = "/desk/operator/new-unit"
    for name in ("Nhầm A", "Nhầm B"):
        send(operator, new, f"{new}/add", name=name)
    code = desk.place()
    desk.change(code, lambda _, case: setattr(case, "responsible_unit", "nham-a"))
    operator.post("/desk/operator/changes/1/undo", at=LIST)
    assert "Không bỏ hẳn đơn vị này được" in plain(operator.text("/desk/operator/changes"))
    operator.post("/desk/operator/changes/2/undo", at=LIST)
    assert unit(desk, "nham-a") is not None
    assert unit(desk, "nham-b") is None


def test_a_unit_that_runs_a_line_is_not_retired(desk: Desk, operator: Visitor) -> None:
    page = f"{LIST}/thanh-tra-so"
    assert send(operator, page, f"{page}/retire").status_code == 303
    assert "Hãy giao cho đơn vị khác trước" in plain(operator.text(page))
    assert not known(desk, "thanh-tra-so").retired


def test_open_cases_of_a_retired_unit_wait_on_the_page_of_troubles(desk: Desk, operator: Visitor) -> None:
    code = desk.place()
    desk.change(code, lambda _, case: setattr(case, "responsible_unit", "bv-cho-ray"))
    send(operator, CHO_RAY, f"{CHO_RAY}/retire")
    page = plain(desk.inspector().text("/desk/failures"))
    assert "Đơn vị đã ngừng hoạt động còn phản ánh" in page
    assert "Bệnh viện Chợ Rẫy" in page


def test_people_of_a_unit_are_counted(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        made = users.create(
            session, email="bv@x.example", name="Bác sĩ", roles=[Role.UNIT_OFFICER], password=PASSWORD, now=desk.now
        )
        made.unit = "bv-cho-ray"
    assert "1 tài khoản của đơn vị" in plain(operator.text(CHO_RAY))


def upload(visitor: Visitor, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    token = hidden(visitor.text(TABLE), "csrf_token")
    fields = {"csrf_token": token, "file": (io.BytesIO(data), "don-vi.csv")}
    return visitor.bare_post(f"{TABLE}/compare", fields, content_type="multipart/form-data")


def test_the_table_taken_out_and_brought_in_changes_nothing(operator: Visitor) -> None:
    table = operator.get(f"{TABLE}.csv")
    assert table.data.startswith(b"\xef\xbb\xbfslug,name")
    answer = upload(operator, table.data)
    assert answer.status_code == 200
    assert "Bảng giống hệt danh sách đang dùng" in plain(answer.get_data(as_text=True))


def test_an_import_shows_every_difference_first_and_is_one_change_that_can_be_undone(
    desk: Desk, operator: Visitor
) -> None:
    before = known(desk)
    table = operator.text(f"{TABLE}.csv").replace("bv-cho-ray@yte.example", "moi@choray.example")
    table += "pk-moi,Phòng khám Mới,hospital,hcm,so-y-te,pk mới|mới,moi@yte.example\r\n"
    page = upload(operator, table).get_data(as_text=True)
    assert "Bảng này sẽ thay đổi 2 đơn vị" in plain(page)
    assert "bv-cho-ray@yte.example → moi@choray.example" in plain(page)
    assert "Phòng khám Mới thêm mới" in plain(page)
    assert known(desk) == before
    assert desk.count(DirectoryChange) == 0
    answer = operator.bare_post(
        f"{TABLE}/apply", {"csrf_token": hidden(page, "csrf_token"), "table": table.replace("\ufeff", "")}
    )
    assert answer.status_code == 303
    assert known(desk).email == "moi@choray.example"
    assert known(desk, "pk-moi").aliases == ("pk mới", "mới")
    change = answer.location.rpartition("changed=")[2]
    operator.post(f"/desk/operator/changes/{change}/undo", at=LIST)
    assert known(desk) == before
    assert unit(desk, "pk-moi") is None


def test_a_table_of_an_old_vietnamese_spreadsheet_is_read(operator: Visitor) -> None:
    text = "slug;name;kind;region;parent;aliases;email\npk-a;Phòng khám A;hospital;hcm;;;\n"
    assert "Phòng khám A" in upload(operator, text.encode("utf-16")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "Hãy chọn một tệp CSV"),
        ("tên\nA\n", "thiếu cột"),
        ("slug,name,kind,region,parent,aliases,email\nBV A,A,,,,,\n", "dòng:2: mã đơn vị chỉ gồm"),
        ("slug,name,kind,region,parent,aliases,email\na,A,,,,,\na,B,,,,,\n", "có hai dòng trong bảng"),
        ("slug,name,kind,region,parent,aliases,email\na,A,,,nobody,,\n", "không có đơn vị cấp trên nobody"),
        ("slug,name,kind,region,parent,aliases,email\n", "Bảng không có đơn vị nào"),
        (b"slug,name\n\xff\xfa", "Tệp không phải chữ UTF-8"),
        ("x" * 500_001, "Tệp lớn hơn 500 KB"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(desk: Desk, operator: Visitor, table: str | bytes, told: str) -> None:
    answer = upload(operator, table)
    assert answer.status_code == 422
    assert told in plain(answer.get_data(as_text=True))
    assert desk.count(DirectoryChange) == 0


def test_a_name_that_a_spreadsheet_would_run_is_taken_out_harmless(desk: Desk, operator: Visitor) -> None:
    with desk.tools.database.begin() as session:
        save_unit(session, replace(known(desk), name="=1+1"), desk.now)
    assert "'=1+1" in operator.text(f"{TABLE}.csv")
