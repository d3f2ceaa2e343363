"""Photos and documents: by content, sealed, saved and never shown, the unit's copy without what a camera tells."""

from __future__ import annotations

import pytest

from casebook.models import CaseFile
from casebook.rules.file_types import LARGEST_FILE
from casebook.rules.policy import Role
from casebook.service.files import sealing_context, store_key
from recordings.ports import StoreUnavailable
from tests.attachments import PLACE, bomb, jpeg, office, pdf, png, tiff

from .at_the_unit import ANSWER, answer, attach, case_of, file_row, files_of, officer, post_files
from .conftest import Desk, Visitor, plain

PHOTO = jpeg(exif=tiff(6), comment=PLACE)
SCRIPT = b"<script>alert(1)</script>"


def act(visitor: Visitor, desk: Desk, code: str, what: str, **fields: str) -> int:
    """Do something to the first file of a case; gives the status."""
    path = f"/desk/cases/{code}/files/{files_of(desk, code)[0].id}/{what}"
    return visitor.post(path, fields, at=f"/desk/cases/{code}").status_code


def test_a_file_comes_back_as_it_was_sent_and_each_download_is_written_down(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    assert attach(inspector, code, [("quầy thuốc.JPG", PHOTO), ("bien-lai.pdf", pdf())]).status_code == 303
    photo, receipt = sorted(files_of(desk, code), key=lambda file: file.name, reverse=True)
    assert (photo.name, photo.kind_name, photo.size_bytes) == ("quầy thuốc.JPG", "Ảnh JPEG", len(PHOTO))
    assert receipt.name == "bien-lai.pdf"
    taken = inspector.get(f"/desk/cases/{code}/files/{photo.id}")
    assert taken.get_data() == PHOTO
    assert desk.kinds(code)[-3:] == ["file_added", "file_added", "file_taken"]
    assert "quầy thuốc" not in str([event.data for event in desk.events(code)])
    assert "Tải về tệp đính kèm (Ảnh JPEG)" in plain(inspector.text(f"/desk/cases/{code}"))


def test_a_file_is_saved_and_never_shown(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    attach(inspector, code, [("ghi chú “lạ”.txt", "nội dung".encode())])
    headers = inspector.get(f"/desk/cases/{code}/files/{files_of(desk, code)[0].id}").headers
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert "filename*=UTF-8''" in headers["Content-Disposition"]
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_bytes_and_names_are_sealed_at_rest(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    attach(inspector, code, [("Nguyễn Thị Bích Thủy.jpg", PHOTO)])
    row = file_row(desk, files_of(desk, code)[0].id)
    kept = desk.tools.store.get(store_key(row.sha256))
    assert PLACE not in kept
    assert desk.tools.keys.open(kept, sealing_context(row.sha256)) == PHOTO
    assert "Thủy".encode() not in row.name_sealed


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("anh.jpg", b"MZ\x90\0" + bytes(300), "chương trình"),
        ("anh.png", b"<html><body>xin chao</body></html>", "trang web"),
        ("so-do.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("anh.jpg", jpeg(comment=SCRIPT), "mã chạy được"),
        ("anh.jpg", jpeg(after=office()), "mã chạy được"),
        ("don.docx", bomb(), "bị hỏng"),
        ("anh.jpg", b"", "Tệp rỗng"),
        ("to.jpg", b"\xff\xd8\xff" + bytes(LARGEST_FILE), "lớn hơn 10 MB"),
        ("cu.doc", b"\xd0\xcf\x11\xe0" + bytes(100), "DOCX"),
    ],
)
def test_a_disguised_broken_or_oversize_file_is_refused_by_name_and_nothing_is_kept(
    desk: Desk, name: str, data: bytes, told: str
) -> None:
    code, inspector = desk.place(), desk.inspector()
    refused = attach(inspector, code, [("tot.pdf", pdf()), (name, data)])
    page = plain(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert f"“{name}”" in page
    assert told in page
    assert "Chưa lưu tệp nào." in page
    assert desk.count(CaseFile) == 0


def test_too_many_or_too_much_is_told_and_so_is_nothing(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    for sent, told in (
        ([(f"{number}.txt", b"x%d" % number) for number in range(11)], "tối đa 10 tệp"),
        ([(f"{number}.jpg", jpeg(comment=b"%d" % number, after=bytes(9_000_000))) for number in range(3)], "25 MB"),
        ([], "Hãy chọn ít nhất một tệp"),
    ):
        refused = attach(inspector, code, sent)
        assert refused.status_code == 422
        assert told in plain(refused.get_data(as_text=True))
    assert desk.count(CaseFile) == 0


def test_only_posts_with_files_may_be_large(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    page = f"/desk/cases/{code}"
    huge = [("x.txt", b"x" * 2_000_000)]
    assert post_files(inspector, f"{page}/notes", huge, at=page, words="x").status_code == 413
    beyond = [("x.txt", b"x" * 66 * 1024 * 1024)]
    refused = post_files(inspector, f"{page}/files", beyond, at=page)
    assert refused.status_code == 413
    assert "Quay lại" in plain(refused.get_data(as_text=True))
    assert post_files(inspector, f"{page}/files", huge, at=page).status_code == 303


def test_the_same_file_is_kept_once(desk: Desk) -> None:
    code, another, inspector = desk.place(), desk.place(), desk.inspector()
    attach(inspector, code, [("một.png", png()), ("hai.png", png())])
    assert len(files_of(desk, code)) == 1
    attach(inspector, code, [("ba.png", png()), ("khác.txt", b"khac")])
    page = plain(inspector.text(f"/desk/cases/{code}"))
    assert "Đã thêm 1 tệp." in page
    assert "“ba.png” đã có trong phản ánh, không lưu lần hai." in page
    attach(inspector, another, [("một.png", png())])
    assert len(files_of(desk, another)) == 1


def test_a_removed_file_is_gone_and_can_be_put_back(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    attach(inspector, code, [("a.png", png())])
    file = files_of(desk, code)[0]
    act(inspector, desk, code, "share", on="1")
    assert act(inspector, desk, code, "remove") == 303
    assert inspector.get(f"/desk/cases/{code}/files/{file.id}").status_code == 404
    assert "Đã gỡ “a.png”" in plain(inspector.text(f"/desk/cases/{code}"))
    assert act(inspector, desk, code, "restore") == 303
    assert inspector.get(f"/desk/cases/{code}/files/{file.id}").status_code == 200
    assert not files_of(desk, code)[0].for_unit, "whoever puts it back decides anew what the unit sees"
    assert desk.kinds(code)[-4:] == ["file_shared", "file_removed", "file_restored", "file_taken"]


def test_a_file_added_anew_is_not_put_back_beside_itself(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    attach(inspector, code, [("a.png", png())])
    first = files_of(desk, code)[0]
    act(inspector, desk, code, "remove")
    attach(inspector, code, [("a.png", png())])
    path = f"/desk/cases/{code}/files/{first.id}/restore"
    refused = inspector.post(path, at=f"/desk/cases/{code}")
    assert refused.status_code == 409
    assert "tệp giống hệt" in plain(refused.get_data(as_text=True))


def test_the_unit_sees_a_file_only_when_an_inspector_says_so_and_without_what_the_camera_tells(desk: Desk) -> None:
    code, inspector, unit = case_of(desk), desk.inspector(), officer(desk)
    attach(inspector, code, [("chị Bích Thủy chụp.jpg", PHOTO)])
    path = f"/desk/unit/cases/{code}/files/{files_of(desk, code)[0].id}"
    assert unit.get(path).status_code == 404
    act(inspector, desk, code, "share", on="1")
    taken = unit.get(path)
    assert taken.status_code == 200
    assert PLACE not in taken.get_data()
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in taken.get_data(), "still the right way up"
    assert taken.headers["Content-Disposition"] == "attachment; filename=tai-lieu-1.jpg"
    assert "sandbox" in taken.headers["Content-Security-Policy"]
    assert "Bích Thủy" not in unit.text(f"/desk/unit/cases/{code}")
    assert desk.events(code)[-1].actor == "canbo@cho-ray.example"
    act(inspector, desk, code, "share", on="")
    assert unit.get(path).status_code == 404
    assert desk.kinds(code)[-3:] == ["file_shared", "file_taken", "file_hidden"]


def test_who_may_not_know_the_caller_gets_what_the_unit_gets(desk: Desk) -> None:
    code, inspector, supervisor = case_of(desk), desk.inspector(), desk.person(Role.SUPERVISOR)
    attach(inspector, code, [("a.jpg", PHOTO)])
    path = f"/desk/cases/{code}/files/{files_of(desk, code)[0].id}"
    assert supervisor.get(path).status_code == 404
    act(inspector, desk, code, "share", on="1")
    assert PLACE not in supervisor.get(path).get_data()


def test_a_file_is_found_by_its_own_case_only(desk: Desk) -> None:
    code, another, inspector = desk.place(), desk.place(), desk.inspector()
    attach(inspector, code, [("a.png", png())])
    file_id = files_of(desk, code)[0].id
    assert inspector.get(f"/desk/cases/{another}/files/{file_id}").status_code == 404
    for what in ("share", "remove", "restore"):
        path = f"/desk/cases/{another}/files/{file_id}/{what}"
        assert inspector.post(path, {"on": "1"}, at=f"/desk/cases/{code}").status_code == 404


def test_a_photo_of_a_confidential_case_is_the_chiefs(desk: Desk) -> None:
    code, chief = desk.place(line="ve_benh_moi_tien"), desk.chief()
    attach(chief, code, [("a.png", png())])
    path = f"/desk/cases/{code}/files/{files_of(desk, code)[0].id}"
    assert chief.get(path).status_code == 200
    assert desk.inspector().get(path).status_code == 404


def test_a_units_evidence_is_kept_as_it_was_sent_and_nobody_takes_it_off(desk: Desk) -> None:
    code, inspector, unit = case_of(desk), desk.inspector(), officer(desk)
    assert answer(unit, code, sent=[("biên bản.jpg", PHOTO), ("biên bản.jpg", PHOTO)]).status_code == 303
    (file,) = files_of(desk, code)
    assert (file.name, file.for_unit) == ("biên bản.jpg", True)
    assert inspector.get(f"/desk/cases/{code}/files/{file.id}").get_data() == PHOTO
    for what in ("remove", "share"):
        assert act(inspector, desk, code, what) == 409
    assert unit.get(f"/desk/unit/cases/{code}/files/{file.id}").status_code == 200


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([("anh.jpg", b"MZ" + bytes(99))], "“anh.jpg”: Nội dung là chương trình"),
        ([("to.png", png() + bytes(LARGEST_FILE))], "“to.png”: Tệp lớn hơn 10 MB"),
        ([("1.txt", b""), ("2.svg", b"<svg/>")], "“1.txt”: Tệp rỗng"),
    ],
)
def test_a_bad_file_costs_nobody_the_answer_they_typed(desk: Desk, sent: list[tuple[str, bytes]], told: str) -> None:
    code, unit = case_of(desk), officer(desk)
    refused = answer(unit, code, sent=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert told in plain(page)
    assert "hãy chọn lại các tệp" in page
    assert f"{ANSWER}</textarea>" in page
    assert (desk.case(code).status, desk.count(CaseFile)) == ("forwarded", 0)


def test_when_the_store_is_away_the_answer_is_still_in_the_form(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    code, unit = case_of(desk), officer(desk)

    def away(_key: str, _data: bytes) -> None:
        raise StoreUnavailable

    monkeypatch.setattr(desk.tools.store, "put", away)
    refused = answer(unit, code, sent=[("a.png", png())])
    assert refused.status_code == 503
    assert f"{ANSWER}</textarea>" in refused.get_data(as_text=True)
    assert desk.case(code).status == "forwarded"


def test_a_file_whose_bytes_are_gone_or_changed_says_so(desk: Desk) -> None:
    code, inspector = desk.place(), desk.inspector()
    attach(inspector, code, [("a.png", png())])
    row = file_row(desk, files_of(desk, code)[0].id)
    path, key = f"/desk/cases/{code}/files/{row.id}", store_key(row.sha256)
    desk.tools.store.put(key, desk.tools.keys.seal(b"something else", sealing_context(row.sha256)))
    assert "sai SHA-256" in plain(inspector.text(path))
    desk.tools.store.delete(key)
    assert inspector.get(path).status_code == 409
