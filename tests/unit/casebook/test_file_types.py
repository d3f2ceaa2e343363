"""What an attached file is, whatever its name says; what a unit's copy of a photo does not tell."""

from __future__ import annotations

import random

import pytest

from casebook.rules.file_types import (
    ENDINGS,
    KIND_NAMES,
    LARGEST_FILE,
    ActiveFile,
    BadFile,
    BrokenFile,
    EmptyFile,
    FileKind,
    FileTooLarge,
    UnknownKind,
    kind_of,
    safe_name,
    size_name,
    without_metadata,
)
from casebook.rules.pictures import part_jpeg
from tests.attachments import PLACE, bomb, chunk, jpeg, office, pdf, png, segment, tiff, webp

SIZE = b"\xff\xc0\x00\x11\x08\x00\x0c\x00\x10"
"""The frame of the little JPEG: 12 x 16 points."""

SCRIPT = b"<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (jpeg(), FileKind.JPEG),
        (jpeg(exif=tiff(6), comment="ảnh chụp ở quầy".encode()), FileKind.JPEG),
        (jpeg(after=b"\0\0\0\x18ftypmp42 a moving photo"), FileKind.JPEG),
        (png(), FileKind.PNG),
        (png(told=b"made by a phone"), FileKind.PNG),
        (webp(), FileKind.WEBP),
        (webp(told=b"odd"), FileKind.WEBP),
        (pdf(), FileKind.PDF),
        (pdf(b">> endobj 2 0 obj <</Length 11>> stream\n/JavaScript\nendstream endobj 3 0 obj <<"), FileKind.PDF),
        (office(), FileKind.DOCX),
        (office("xl/workbook.xml"), FileKind.XLSX),
        (office(word__embeddings__chart_dot_xlsx=b"figures"), FileKind.DOCX),
        ("Kính gửi Sở Y tế,\r\n\tđơn vị đã xác minh.\n".encode(), FileKind.TEXT),
        (b"\xef\xbb\xbfm\xc3\xa3;t\xc3\xaan\r\n1;a < b\r\n", FileKind.TEXT),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: FileKind) -> None:
    assert kind_of(data) is kind


@pytest.mark.parametrize(
    ("disguise", "error", "told"),
    [
        (b"", EmptyFile, "Tệp rỗng"),
        (b"\xff\xd8\xff" + bytes(LARGEST_FILE), FileTooLarge, "lớn hơn 10 MB"),
        (b"MZ\x90\0\x03" + bytes(200), UnknownKind, "chương trình"),
        (b"\x7fELF\x02\x01" + bytes(200), UnknownKind, "chương trình"),
        (b"#!/bin/sh\nrm -rf /\n", UnknownKind, "chương trình"),
        (b"<!DOCTYPE html><p>x", UnknownKind, "trang web"),
        (b"\xef\xbb\xbf \n<html><body>", UnknownKind, "trang web"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">', UnknownKind, "SVG"),
        (b"<svg onload=alert(1)>", UnknownKind, "SVG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), UnknownKind, "Office đời cũ"),
        (b"\0\0\0\x18ftypheic" + bytes(100), UnknownKind, "HEIC"),
        (b"\0\0\0\x18ftypmp42" + bytes(100), UnknownKind, "phim"),
        (b"GIF89a" + bytes(30), UnknownKind, "JPEG hoặc PNG"),
        (b"Rar!\x1a\x07" + bytes(30), UnknownKind, "tệp nén"),
        (b"ID3\x04" + bytes(30), UnknownKind, "âm thanh"),
        (office("readme.txt").replace(b"[Content_Types].xml", b"[Content_Tipes].xml"), UnknownKind, "tệp nén"),
        (bytes(range(256)), UnknownKind, "Chỉ nhận ảnh"),
        ("tiếng Việt".encode("utf-16"), UnknownKind, "UTF-8"),
        (b"chi la chu\x00 voi so khong", UnknownKind, "Chỉ nhận ảnh"),
        (b"loi khai " + SCRIPT, ActiveFile, "mã chạy được"),
        (jpeg()[:-40], BrokenFile, "bị hỏng"),
        (b"\xff\xd8\xff", BrokenFile, "bị hỏng"),
        (b"\xff\xd8\xff\xd9", BrokenFile, "bị hỏng"),
        (
            jpeg().replace(b"\xff\xc0\x00\x11\x08\x00\x0c\x00\x10", b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff"),
            BrokenFile,
            "hỏng",
        ),
        (png()[:-6], BrokenFile, "bị hỏng"),
        (png().replace(b"IDAT", b"IDAX"), BrokenFile, "bị hỏng"),
        (png(size=(60_000, 60_000)), BrokenFile, "bị hỏng"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), BrokenFile, "bị hỏng"),
        (webp()[:-9], BrokenFile, "bị hỏng"),
        (b"RIFF\x04\0\0\0WEBP", BrokenFile, "bị hỏng"),
        (b"%PDF-1.7 and nothing more", BrokenFile, "bị hỏng"),
        (bomb(), BrokenFile, "bị hỏng"),
        (bomb(claims=1000), BrokenFile, "bị hỏng"),
        (office()[:-30], BrokenFile, "bị hỏng"),
        (office().replace(b"PK\x03\x04", b"PK\x07\x08", 1), BrokenFile, "bị hỏng"),
        (jpeg(comment=SCRIPT), ActiveFile, "mã chạy được"),
        (jpeg(after=b"<HTML><body>"), ActiveFile, "mã chạy được"),
        (jpeg(after=office()), ActiveFile, "mã chạy được"),
        (jpeg(after=pdf()), ActiveFile, "mã chạy được"),
        (jpeg(comment=b"<?php system($_GET[0]); ?>"), ActiveFile, "mã chạy được"),
        (png(told=SCRIPT), ActiveFile, "mã chạy được"),
        (png(after=b"<svg onload=x>"), ActiveFile, "mã chạy được"),
        (webp(told=b"<iframe src=x>"), ActiveFile, "mã chạy được"),
        (webp(after=SCRIPT), ActiveFile, "mã chạy được"),
        (pdf(b"/OpenAction <</S /JavaScript /JS (app.alert(1))>>"), ActiveFile, "mã chạy được"),
        (pdf(b"/OpenAction <</S /J#61vaScript>>"), ActiveFile, "mã chạy được"),
        (pdf(b"/A <</S /Launch>>"), ActiveFile, "mã chạy được"),
        (pdf(SCRIPT), ActiveFile, "mã chạy được"),
        (office(word__vbaProject_dot_bin=b"Sub AutoOpen()"), ActiveFile, "mã chạy được"),
        (office(word__embeddings__oleObject1_dot_bin=b"x"), ActiveFile, "mã chạy được"),
        (office(word__run_dot_exe=b"MZ"), ActiveFile, "mã chạy được"),
    ],
)
def test_a_disguise_is_refused_and_told_what_to_do(disguise: bytes, error: type[BadFile], told: str) -> None:
    with pytest.raises(error, match=told):
        kind_of(disguise)


def test_no_cut_or_changed_file_does_more_than_be_refused() -> None:
    chance = random.Random(5)
    for whole in (jpeg(exif=tiff(), comment=b"x"), png(told=b"x"), webp(told=b"x"), pdf(), office()):
        for _ in range(300):
            broken = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
            broken[chance.randrange(len(broken))] = chance.randrange(256)
            try:
                kind = kind_of(bytes(broken))
            except BadFile:
                continue
            assert kind_of(without_metadata(bytes(broken), kind)) is kind


@pytest.mark.parametrize(
    "photo",
    [
        jpeg(exif=tiff(), comment=PLACE, after=PLACE),
        jpeg(exif=PLACE),
        png(told=PLACE, after=PLACE),
        webp(told=PLACE, after=PLACE),
        webp(told=PLACE + b"!"),
    ],
)
def test_a_photo_without_what_the_camera_tells_still_shows_the_same(photo: bytes) -> None:
    clean = without_metadata(photo, kind_of(photo))
    assert PLACE in photo
    assert PLACE not in clean
    assert kind_of(clean) is kind_of(photo)
    assert without_metadata(clean, kind_of(clean)) == clean


def test_what_is_drawn_is_not_touched() -> None:
    assert without_metadata(jpeg(exif=tiff(), comment=PLACE), FileKind.JPEG) == jpeg()
    assert without_metadata(png(told=PLACE, after=b"x"), FileKind.PNG) == png()
    assert without_metadata(webp(told=PLACE), FileKind.WEBP) == webp()
    for kind in (FileKind.PDF, FileKind.DOCX, FileKind.TEXT):
        assert without_metadata(b"as it is", kind) == b"as it is"


@pytest.mark.parametrize("turned", [2, 3, 6, 8])
def test_a_photo_stays_the_right_way_up(turned: int) -> None:
    clean = without_metadata(jpeg(exif=tiff(turned)), FileKind.JPEG)
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes([turned]) in clean
    assert without_metadata(clean, FileKind.JPEG) == clean


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"XX*\0\0\0\0\x08", tiff(9), tiff(1)[:14]])
def test_nonsense_in_the_exif_is_left_out(exif: bytes) -> None:
    assert without_metadata(jpeg(exif=exif), FileKind.JPEG) == jpeg()


def test_colours_are_kept_and_thumbnails_are_not() -> None:
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01 colours")
    adobe = segment(0xEE, b"Adobe\0d\0\0\0\0\0")
    more_photos = segment(0xE2, b"MPF\0" + PLACE)
    photo = jpeg()[:20] + profile + more_photos + adobe + jpeg()[20:]
    assert part_jpeg(photo).clean == jpeg()[:20] + profile + adobe + jpeg()[20:]
    small = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + b"abc")
    assert part_jpeg(jpeg()[:2] + small + jpeg()[20:]).clean == jpeg()


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("ảnh quầy thuốc.JPG", FileKind.JPEG, "ảnh quầy thuốc.JPG"),
        ("C:\\fakepath\\bien lai.jpeg", FileKind.JPEG, "bien lai.jpeg"),
        ("../../etc/passwd", FileKind.TEXT, "passwd.txt"),
        ("hoa-don.pdf.exe", FileKind.PNG, "hoa-don-pdf-exe.png"),
        ("anh.png", FileKind.JPEG, "anh-png.jpg"),
        ('a"b<c>\r\n|.pdf', FileKind.PDF, "a b.pdf"),
        ("anh\u202egpj.exe", FileKind.JPEG, "anhgpj-exe.jpg"),
        ("", FileKind.PDF, "tep.pdf"),
        (".pdf", FileKind.PDF, "pdf.pdf"),
        ("...", FileKind.TEXT, "tep.txt"),
        ("x" * 300 + ".docx", FileKind.DOCX, "x" * 120 + ".docx"),
    ],
)
def test_a_name_is_only_a_name_and_ends_as_what_the_file_is(name: str, kind: FileKind, safe: str) -> None:
    assert safe_name(name, kind) == safe


def test_every_kind_has_a_name_and_an_ending() -> None:
    assert set(KIND_NAMES) == set(ENDINGS) == set(FileKind)


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 KB"), (2048, "2 KB"), (1_500_000, "1,4 MB"), (10 * 2**20, "10,0 MB")]
)
def test_sizes_are_written_as_people_read_them(size: int, said: str) -> None:
    assert size_name(size) == said
