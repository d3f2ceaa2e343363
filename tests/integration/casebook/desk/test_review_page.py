"""The review page: the call beside the words beside the form, and what scripts ask of it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from casebook.models import Case
from casebook.rules.policy import Role
from ivr.models import Call
from recordings.models import Recording
from transcription import service as transcripts
from transcription.ports import Segment

from .conftest import Desk, Visitor, hidden, plain
from .test_splitting import two_cases

STORY = "hôm qua tôi đi khám ở chợ rẩy\nbác sĩ quát tôi"


def part(page: str, start: str, end: str = "</section>") -> str:
    return page[page.index(start) : page.index(end, page.index(start))]


def story_of(desk: Desk, code: str) -> UUID:
    return next(link.recording_id for link in desk.case(code).recordings if link.question == "story")


def words_of(desk: Desk, code: str) -> list[list[Segment]]:
    with desk.tools.database.begin() as session:
        revisions = transcripts.history(session, story_of(desk, code))
        return [transcripts.segments_of(revision, desk.tools.keys) for revision in revisions]


def correct(visitor: Visitor, desk: Desk, code: str, words: str, revision: int) -> Any:
    path = f"/desk/cases/{code}/answers/{story_of(desk, code)}"
    return visitor.post(path, {"text": words, "revision": str(revision)})


def restore(visitor: Visitor, desk: Desk, code: str, revision: int, based_on: int, **more: str) -> Any:
    path = f"/desk/cases/{code}/answers/{story_of(desk, code)}/restore"
    return visitor.post(path, {"restore": str(revision), "revision": str(based_on), **more})


def test_the_call_is_told_beside_the_words(desk: Desk) -> None:
    page = desk.inspector().text(f"/desk/cases/{desk.place()}")
    call = plain(part(page, 'id="call"'))
    for told in (
        "Chất lượng khám, chữa bệnh",
        "090 ••• ••56",
        "1 phút 35 giây",
        "1 gửi phản ánh",
        "4 Thái độ phục vụ",
        "Nội dung phản ánh · có trả lời",
    ):
        assert told in call


@pytest.mark.parametrize(
    ("quality", "told"),
    [
        (
            {"received": 1000.0, "lost": 0.0, "jitter": 4.0, "codec": "PCMA"},
            "Đường truyền tốt mất 0% gói, rung 4 ms, PCMA",
        ),
        ({"received": 900.0, "lost": 100.0, "jitter": 20.0}, "Đường truyền kém, nhiều chỗ mất tiếng mất 10% gói"),
    ],
)
def test_how_the_line_was_is_told_plainly(desk: Desk, quality: dict[str, Any], told: str) -> None:
    code = desk.place()
    with desk.tools.database.begin() as session:
        session.execute(update(Call).values(quality=quality))
    assert told in plain(part(desk.inspector().text(f"/desk/cases/{code}"), 'id="call"'))


def test_a_case_without_a_known_call_tells_what_is_known(desk: Desk) -> None:
    code = desk.place()
    with desk.tools.database.begin() as session:
        session.execute(delete(Call))
    call = plain(part(desk.inspector().text(f"/desk/cases/{code}"), 'id="call"'))
    assert "Không có nhật ký phím bấm" in call
    assert "Nội dung phản ánh" in call


def test_words_can_be_corrected_where_they_stand_only_by_who_handles_cases(desk: Desk) -> None:
    code = desk.place(story="tôi trả hai triệu đồng")
    page = desk.inspector().text(f"/desk/cases/{code}")
    assert "data-correct" in page
    assert 'data-w="hai triệu đồng"' in page
    reader = desk.person(Role.SUPERVISOR).text(f"/desk/cases/{code}")
    assert "data-correct" not in reader
    assert "data-w=" not in reader


def test_the_words_of_a_split_answer_are_corrected_as_a_whole(desk: Desk) -> None:
    visitor = desk.inspector()
    code, _ = two_cases(desk, visitor)
    page = visitor.text(f"/desk/cases/{code}")
    assert "data-correct" not in part(page, 'data-question="story"', "</article>")
    assert "không đưa hóa đơn</textarea>" in page


def test_silences_are_handed_to_the_player(desk: Desk) -> None:
    code = desk.place(story=STORY)

    def pause(session: Session, case: Case) -> None:
        recording = session.get_one(Recording, story_of(desk, code))
        recording.duration_s, recording.waveform = 60.0, [0] * 60

    desk.change(code, pause)
    silences = re.search(
        r'data-question="story"[^>]*data-silences="([^"]*)"', desk.inspector().text(f"/desk/cases/{code}")
    )
    assert silences
    assert silences.group(1).strip().endswith("-60.0")


def test_an_older_transcript_comes_back_as_a_new_one_with_its_own_times(desk: Desk) -> None:
    code = desk.place(story=STORY)
    visitor = desk.inspector()
    correct(visitor, desk, code, "một câu khác hẳn", 1)
    page = visitor.text(f"/desk/cases/{code}")
    assert "Trở lại bản lần 1" in page
    answer = restore(visitor, desk, code, 1, 2)
    assert answer.status_code == 303
    first, _, third = words_of(desk, code)
    assert third == first
    shown = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Lịch sử sửa (3 bản)" in shown
    assert "Trở lại bản chép lời “Nội dung phản ánh” lần 1 (thành lần 3)" in shown
    assert "bac si quat toi" in desk.case(code).search_text


def test_coming_back_to_an_older_transcript_can_be_undone_the_same_way(desk: Desk) -> None:
    code = desk.place(story=STORY)
    visitor = desk.inspector()
    correct(visitor, desk, code, "một câu khác hẳn", 1)
    restore(visitor, desk, code, 1, 2)
    assert restore(visitor, desk, code, 2, 3).status_code == 303
    assert " ".join(segment.text for segment in words_of(desk, code)[-1]) == "một câu khác hẳn"


def test_ones_own_last_correction_is_taken_back_with_one_button_and_nobody_elses(desk: Desk) -> None:
    code = desk.place(story=STORY)
    mine, other = desk.inspector(), desk.inspector("khac@soyte.example")
    correct(mine, desk, code, "một câu khác hẳn", 1)
    assert "Hoàn tác lần sửa cuối của bạn" not in other.text(f"/desk/cases/{code}")
    form = part(mine.text(f"/desk/cases/{code}"), 'class="take-back"', "</form>")
    fields = {name: hidden(form, name) for name in ("revision", "restore")}
    assert fields == {"revision": "2", "restore": "1"}
    assert restore(mine, desk, code, 1, 2).status_code == 303
    first, _, third = words_of(desk, code)
    assert third == first


@pytest.mark.parametrize(
    ("revision", "based_on", "told"),
    [(1, 1, "Người khác vừa lưu"), (9, 2, "không có lần sửa đó"), (0, 2, "không có lần sửa đó")],
)
def test_a_transcript_is_not_restored_over_what_was_not_seen(
    desk: Desk, revision: int, based_on: int, told: str
) -> None:
    code = desk.place(story=STORY)
    visitor = desk.inspector()
    correct(visitor, desk, code, "một câu khác hẳn", 1)
    answer = restore(visitor, desk, code, revision, based_on)
    assert answer.status_code == 409
    assert told in answer.get_data(as_text=True)
    assert len(words_of(desk, code)) == 2


def test_the_contact_answer_is_restored_only_by_who_is_looking_at_it(desk: Desk) -> None:
    code = desk.place()
    visitor = desk.inspector()
    contact = next(link.recording_id for link in desk.case(code).recordings if link.question == "contact")
    path = f"/desk/cases/{code}/answers/{contact}/restore"
    assert visitor.post(path, {"restore": "1", "revision": "1"}).status_code == 403
    other = desk.place()
    assert visitor.post(path.replace(code, other), {"restore": "1", "revision": "1"}).status_code == 404


def test_of_a_long_correction_the_history_shows_the_change_and_its_neighbours(desk: Desk) -> None:
    said = "một hai ba bốn năm sáu bảy tám chín mười"
    code = desk.place(story=said)
    visitor = desk.inspector()
    correct(visitor, desk, code, f"{said} mốt", 1)
    history = part(visitor.text(f"/desk/cases/{code}"), 'class="history"', "</details>")
    assert "… bảy tám chín mười <ins>mốt</ins>" in " ".join(history.split())


def found(visitor: Visitor, typed: str) -> list[dict[str, Any]]:
    answer = visitor.get("/desk/units.json", query_string={"q": typed})
    assert answer.status_code == 200
    units: list[dict[str, Any]] = answer.get_json()
    return units


def test_the_picker_is_told_name_kind_place_and_whether_letters_arrive(desk: Desk) -> None:
    with desk.tools.database.begin() as session:
        session.execute(text("UPDATE units SET email = '' WHERE slug = 'bv-quan-4'"))
    visitor = desk.inspector()
    assert found(visitor, "xóm chiếu") == [
        {
            "name": "Bệnh viện Quận 4",
            "kind": "Bệnh viện",
            "place": "TP.HCM",
            "by": "phường, xã Xóm Chiếu; trước 7/2025 là Quận 4",
            "email": False,
        }
    ]
    assert found(visitor, "cho ray")[0]["email"] is True
    assert "@" not in visitor.text("/desk/units.json?q=cho+ray")


@pytest.mark.parametrize("typed", ["", "   ", "zzzz", "\x00", "<script>", "%", "a" * 5_000])
def test_the_picker_is_told_nothing_where_nothing_fits(desk: Desk, typed: str) -> None:
    assert found(desk.inspector(), typed) == []


def test_units_are_not_listed_for_who_reads_no_cases(desk: Desk) -> None:
    assert desk.person(Role.AUDITOR).get("/desk/units.json?q=a").status_code == 403


def test_enter_in_a_field_saves_and_sends_nothing(desk: Desk) -> None:
    page = desk.inspector().text(f"/desk/cases/{desk.place()}")
    form = part(page, 'id="case-form"', "</form>")
    first = re.search(r'<button [^>]*value="(\w+)"', form)
    assert first
    assert first.group(1) == "save"


def test_each_field_says_why_how_sure_and_what_else_it_may_be(desk: Desk) -> None:
    code = desk.place(story="bác sĩ kê nhầm thuốc rồi cô điều dưỡng quát tôi", key=None)
    page = desk.inspector().text(f"/desk/cases/{code}")
    hint = part(page, 'id="hint-category"', "</div>")
    assert re.search(r"sure-(high|mid|low)\">\d+%", hint)
    assert 'data-spans="story:' in hint
    keys = re.findall(r'data-fill="category" data-key="(\d)"', hint)
    assert keys == ["1", "2", "3"][: len(keys)]
    assert keys
    field = re.search(r'<select id="f-category"[^>]*aria-describedby="([^"]*)"', page)
    assert field
    assert all(f'id="{name}"' in page for name in field.group(1).split())


def test_the_token_of_the_page_is_in_every_form(desk: Desk) -> None:
    visitor = desk.inspector()
    code = desk.place(story=STORY)
    correct(visitor, desk, code, "một câu khác hẳn", 1)
    page = visitor.text(f"/desk/cases/{code}")
    forms = re.findall(r'<form method="post".*?</form>', page, flags=re.DOTALL)
    assert len(forms) > 4
    for form in forms:
        assert hidden(form, "csrf_token")
