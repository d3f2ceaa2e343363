"""Looking at a case: its sound, its words, its letter, its caller."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.service import hearing
from recordings.models import Recording, RecordingState

from .conftest import CONTACT, Desk, Visitor, plain


def sounds(page: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'<audio [^>]*src="([^"]+)"', page)]


def test_the_page_tells_the_case_and_what_to_do_with_it(desk: Desk) -> None:
    page = plain(desk.inspector().text(f"/desk/cases/{desk.place()}"))
    for told in (
        "Chất lượng khám, chữa bệnh",
        "Chờ kiểm tra",
        "cô điều dưỡng quát",
        "Xác nhận và chuyển ngay",
        "Tiếp nhận qua đường dây",
        "Cơ sở bị phản ánh tự xác minh",
        "tính từ lúc chuyển",
    ):
        assert told in page


def test_a_recording_plays_in_parts_and_each_open_page_counts_once(desk: Desk) -> None:
    code = desk.place(contact="")
    visitor = desk.inspector()
    url = sounds(visitor.text(f"/desk/cases/{code}"))[1]
    whole = visitor.get(url)
    assert whole.status_code == 200
    assert whole.mimetype == "audio/wav"
    assert whole.data[:4] == b"RIFF"
    part = visitor.get(url, headers={"Range": "bytes=10-29"})
    assert part.status_code == 206
    assert part.data == whole.data[10:30]
    assert part.headers["Content-Range"] == f"bytes 10-29/{len(whole.data)}"
    assert visitor.get(url, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416
    assert desk.kinds(code).count("played") == 1
    visitor.get(sounds(visitor.text(f"/desk/cases/{code}"))[1])
    assert desk.kinds(code).count("played") == 2
    assert desk.events(code)[-1].actor == "thanhtra@soyte.example"
    assert "Nghe bản ghi “Nội dung phản ánh”" in plain(visitor.text(f"/desk/cases/{code}"))


def test_opening_a_page_without_playing_is_no_play(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    url = sounds(visitor.text(f"/desk/cases/{code}"))[0]
    assert visitor.client.head(url).status_code == 200
    assert "played" not in desk.kinds(code)
    visitor.get(url)
    assert "played" in desk.kinds(code)


def test_a_pass_to_play_is_good_for_its_person_its_recording_and_a_working_day(desk: Desk) -> None:
    code = desk.place()
    mine, other = desk.inspector(), desk.inspector("khac@soyte.example")
    first, second = sounds(mine.text(f"/desk/cases/{code}"))
    assert other.get(first).status_code == 403
    assert mine.get(first.split("?")[0] + "?" + second.split("?")[1]).status_code == 403
    assert mine.get(first.split("?")[0]).status_code == 403
    assert mine.get(first + "x").status_code == 403
    assert "played" not in desk.kinds(code)


def test_a_deleted_recording_says_so_and_its_words_stay(desk: Desk) -> None:
    code = desk.place(contact="")
    visitor = desk.inspector()
    url = sounds(visitor.text(f"/desk/cases/{code}"))[0]

    def delete(session: Session, case: Case) -> None:
        for link in case.recordings:
            recording = session.get_one(Recording, link.recording_id)
            recording.state, recording.deleted_at = RecordingState.DELETED, desk.now

    desk.change(code, delete)
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Bản ghi đã xóa vì hết thời hạn lưu" in page
    assert "cô điều dưỡng quát" in page
    answer = visitor.get(url)
    assert answer.status_code == 404
    assert "không có hoặc đã bị xóa" in answer.get_data(as_text=True)


def test_a_recording_that_the_store_lost_is_told_and_breaks_nothing(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    url = sounds(visitor.text(f"/desk/cases/{code}"))[0]
    kept = list(desk.tools.store.keys())
    for key in kept:
        desk.tools.store.delete(key)
    answer = visitor.get(url)
    assert answer.status_code == 409
    assert "Kho không có bản ghi" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (RecordingState.EXPECTED, "Đang tải bản ghi về"),
        (RecordingState.FAILED, "Không tải được bản ghi: máy chủ từ chối"),
        (RecordingState.ABSENT, "không nói gì ở phần này"),
    ],
)
def test_a_recording_on_its_way_or_lost_is_told_in_words(desk: Desk, state: RecordingState, told: str) -> None:
    code = desk.place()

    def set_state(session: Session, case: Case) -> None:
        recording = session.get_one(Recording, case.recordings[0].recording_id)
        recording.state, recording.failure = state, "máy chủ từ chối"

    desk.change(code, set_state)
    assert told in plain(desk.inspector().text(f"/desk/cases/{code}"))


@pytest.mark.parametrize(
    "path",
    [
        "/desk/cases/1234567897",
        "/desk/cases/0",
        "/desk/cases/%00",
        "/desk/cases/<script>",
        "/desk/cases/{code}/mails/" + str(uuid4()),
        "/desk/cases/{code}/mails/khong-phai-uuid",
        "/desk/cases/{code}/audio/" + str(uuid4()),
        "/desk/không-có",
    ],
)
def test_a_wrong_address_is_told_in_vietnamese(desk: Desk, path: str) -> None:
    answer = desk.inspector().get(path.format(code=desk.place()))
    assert answer.status_code == 404
    assert "Không tìm thấy trang" in answer.get_data(as_text=True)
    assert "Về danh sách phản ánh" in answer.get_data(as_text=True)


def test_a_mail_is_shown_only_beside_its_own_case(desk: Desk) -> None:
    sent, other = desk.place(then=("confirm", "forward")), desk.place()
    visitor = desk.inspector()
    link = re.search(r"/desk/cases/\d+/mails/[0-9a-f-]+", visitor.text(f"/desk/cases/{sent}"))
    assert link
    assert visitor.get(link.group()).status_code == 200
    assert visitor.get(link.group().replace(sent, other)).status_code == 404


def test_the_letter_is_shown_as_it_would_leave_without_the_caller_and_fenced_off(desk: Desk) -> None:
    answer = desk.inspector().get(f"/desk/cases/{desk.place()}/letter")
    letter = plain(answer.get_data(as_text=True)).lower()
    assert "kính gửi: bệnh viện chợ rẫy" in letter
    assert "cô điều dưỡng quát" in letter
    assert "bích thủy" not in letter
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers


def test_who_called_is_masked_until_somebody_says_why_they_look(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    page = visitor.text(f"/desk/cases/{code}")
    assert "090 ••• ••56" in page
    assert CONTACT not in plain(page)
    assert len(sounds(page)) == 2
    desk.grant(visitor, code, "cần gọi lại để hỏi thêm")
    answer = visitor.post(f"/desk/cases/{code}/identity/look")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "090 812 3456" in shown
    assert "bích thủy" in plain(shown)
    assert len(sounds(shown)) == 3
    assert visitor.get(sounds(shown)[2]).status_code == 200
    event = next(event for event in desk.events(code) if event.kind == "identity_viewed")
    assert (event.actor, event.data) == ("thanhtra@soyte.example", {"why": "cần gọi lại để hỏi thêm"})
    assert "090 812 3456" not in visitor.text(f"/desk/cases/{code}")


@pytest.mark.parametrize("why", ["", "   ", "abc", "\x00\x01"])
def test_a_request_without_a_reason_is_refused_and_leaves_no_trace(desk: Desk, why: str) -> None:
    code = desk.place()
    answer = desk.inspector().post(f"/desk/cases/{code}/identity", {"why": why})
    assert answer.status_code == 422
    assert "090 812 3456" not in answer.get_data(as_text=True)
    assert not {"identity_viewed", "identity_asked"} & set(desk.kinds(code))


def test_a_withheld_number_is_told_as_such(desk: Desk) -> None:
    assert "Không hiện số" in desk.inspector().text(f"/desk/cases/{desk.place(number='')}")


def test_an_emergency_stands_out_and_says_why(desk: Desk) -> None:
    page = desk.inspector().text(f"/desk/cases/{desk.place(emergency=True)}")
    assert 'class="banner urgent" role="alert"' in page
    assert "115" in plain(page)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"' {{ 7*7 }}"


def test_markup_in_any_kept_field_is_shown_as_text(desk: Desk) -> None:
    code = desk.place(then=("confirm", "forward", "reply"), reply=HOSTILE)

    def spoil(_session: Session, case: Case) -> None:
        case.summary = case.subject_text = HOSTILE
        case.subject_unit = None
        case.facts = {"dossier": HOSTILE, "event_words": HOSTILE}

    desk.change(code, spoil)
    visitor = desk.inspector()
    for path in (f"/desk/cases/{code}", "/desk/?view=all", f"/desk/cases/{code}/letter"):
        page = visitor.text(path)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "49" not in plain(page).replace(code, "") or "{{ 7*7 }}" in plain(page)


def test_a_case_that_is_still_being_told_can_be_looked_at(desk: Desk) -> None:
    code = desk.place()

    def young(_session: Session, case: Case) -> None:
        case.status, case.suggestion_sealed, case.summary = "open", None, ""

    desk.change(code, young)
    page = plain(desk.inspector().text(f"/desk/cases/{code}"))
    assert "Đang tiếp nhận" in page
    assert "Xác nhận và chuyển ngay" not in page


def test_a_unit_that_left_the_directory_leaves_its_cases_readable(desk: Desk) -> None:
    code = desk.place()

    def move(_session: Session, case: Case) -> None:
        case.responsible_unit = case.subject_unit = "don-vi-da-giai-the"

    desk.change(code, move)
    visitor = desk.inspector()
    assert "don-vi-da-giai-the" in plain(visitor.text(f"/desk/cases/{code}"))
    assert visitor.get("/desk/").status_code == 200
    assert visitor.get(f"/desk/cases/{code}/letter").status_code == 200


def test_the_words_that_led_to_a_suggestion_can_be_found_in_the_answer(desk: Desk) -> None:
    code = desk.place()
    page = desk.inspector().text(f"/desk/cases/{code}")
    span = re.search(r'id="hint-category" data-spans="(\w+):(\d+)-(\d+)', page)
    assert span
    place = int(span.group(2))
    story = page[page.index('data-question="story"') :]
    assert f'data-p="{place}"' in story
    with desk.tools.database.begin():
        because = hearing.suggestion_of(desk.case(code), desk.tools.keys).category.because[0]
    words = because.words.split()
    assert re.search(rf'data-p="{because.first}" data-q="\d+">{words[0]}[.,]?</span>', story, flags=re.IGNORECASE)


def test_a_long_day_later_the_pass_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    code = desk.place()
    visitor: Visitor = desk.inspector()
    url = sounds(visitor.text(f"/desk/cases/{code}"))[0]
    monkeypatch.setattr("casebook.web.people.PLAY_SECONDS", -1)
    answer = visitor.get(url)
    assert answer.status_code == 403
    assert "Hãy tải lại trang phản ánh rồi nghe" in answer.get_data(as_text=True)
    assert desk.now - desk.events(code)[-1].at < timedelta(days=1)
