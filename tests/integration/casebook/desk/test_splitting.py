"""A call that held two matters: two cases, each with its own words, its own fields, its own letter."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook import pipeline
from casebook.models import Case, CaseRecording, CaseRedaction, OutboxMail
from casebook.rules.file_types import FileKind
from casebook.rules.policy import Role
from casebook.rules.timeline import Names
from casebook.service import cases, hearing, proof, voice_copies
from casebook.service.files import CheckedFile
from recordings.models import Recording

from .conftest import Desk, Visitor, hidden, plain
from .test_acts import correct, saved
from .test_related import relate
from .test_undo import undo, undo_form, write_letter

TWO_MATTERS = (
    "sáng nay tôi đưa mẹ đi khám ở bệnh viện chợ rẫy cô điều dưỡng quát mắng mẹ tôi\n"
    "còn hôm qua bệnh viện từ dũ thu của vợ tôi năm triệu đồng mà không đưa hóa đơn"
)


def choices(page: str) -> list[str]:
    """The names under which the page asks where each sentence belongs, in order."""
    return list(dict.fromkeys(re.findall(r'name="(side-[^"]+)"', page)))


def splitting_page(visitor: Visitor, code: str) -> tuple[dict[str, str], list[str]]:
    """The hidden fields of the page, and its choices."""
    page = visitor.text(f"/desk/cases/{code}/split")
    revisions = dict(re.findall(r'name="(revision-[^"]+)" value="([^"]*)"', page))
    return {"csrf_token": hidden(page, "csrf_token"), **revisions}, choices(page)


def split(visitor: Visitor, code: str, *sides: str) -> Any:
    """Split with these sides for the sentences of facility and story, in order."""
    fields, names = splitting_page(visitor, code)
    assert len(names) == len(sides), names
    return visitor.bare_post(f"/desk/cases/{code}/split", {**fields, **dict(zip(names, sides, strict=True))})


def sibling_of(desk: Desk, code: str) -> str:
    with desk.tools.database.begin() as session:
        of_it = select(Case.code).where(Case.split_from == desk.case(code).id).order_by(Case.code)
        return session.scalars(of_it).one()


def two_cases(desk: Desk, visitor: Visitor, **call: Any) -> tuple[str, str]:
    """A case with its sibling: the second sentence of the story went to the new one."""
    code = desk.place(story=TWO_MATTERS, **call)
    assert split(visitor, code, "here", "here", "new").status_code == 303
    return code, sibling_of(desk, code)


def said_in(desk: Desk, code: str) -> str:
    with desk.tools.database.begin() as session:
        case = session.scalars(select(Case).where(Case.code == code)).one()
        heard = hearing.heard_of(session, case, desk.tools.keys).answers
    return " ".join(word.text for question in ("facility", "story") for word in heard.get(question, ()))


def letter_of(desk: Desk, code: str) -> str:
    write_letter(desk, code)
    with desk.tools.database.begin() as session:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == desk.case(code).id)).one()
    return mail.text.lower()


def test_the_page_asks_for_each_sentence_where_it_belongs(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    visitor = desk.inspector()
    assert f"/desk/cases/{code}/split" in visitor.text(f"/desk/cases/{code}")
    page = plain(visitor.text(f"/desk/cases/{code}/split"))
    assert "quát mắng mẹ tôi" in page
    assert "Phản ánh này Phản ánh mới Cả hai" in page
    assert "Bích Thủy" not in page, "who called is no question here"
    assert len(splitting_page(visitor, code)[1]) == 3


def test_each_case_has_its_own_words_and_fields_understood_from_them(desk: Desk) -> None:
    visitor = desk.inspector()
    code, new = two_cases(desk, visitor)
    assert "quát mắng" in said_in(desk, code)
    assert "hóa đơn" not in said_in(desk, code)
    assert said_in(desk, new).startswith("còn hôm qua bệnh viện từ dũ")
    old_case, new_case = desk.case(code), desk.case(new)
    assert (old_case.subject_unit, new_case.subject_unit) == ("bv-cho-ray", "bv-tu-du")
    assert new_case.facts["amount_vnd"] == 5_000_000
    assert "amount_vnd" not in old_case.facts
    assert (new_case.status, new_case.line, new_case.opened_at) == ("review", old_case.line, old_case.opened_at)
    assert new_case.caller_hash == old_case.caller_hash
    assert new_case.code != old_case.code
    assert "hoa don" in new_case.search_text
    assert "hoa don" not in old_case.search_text


def test_both_show_the_link_and_what_happened(desk: Desk) -> None:
    visitor = desk.inspector()
    code, new = two_cases(desk, visitor)
    old_page, new_page = (plain(visitor.text(f"/desk/cases/{each}")) for each in (code, new))
    assert "Đã tách một phần sang" in old_page
    assert "Tách ra từ" in new_page
    assert desk.kinds(code)[-1] == "split_off"
    assert desk.kinds(new) == ["opened", "split_from", "structure"]
    assert "hóa đơn" not in old_page.split("Diễn biến")[0].split("Sửa chữ")[0]
    assert Names()


def test_each_letter_says_only_its_own_matter(desk: Desk) -> None:
    visitor = desk.inspector()
    code, new = two_cases(desk, visitor)
    for each in (code, new):
        assert saved(visitor, each, "confirm").status_code == 303
    first, second = letter_of(desk, code), letter_of(desk, new)
    assert "quát mắng" in first
    assert "hóa đơn" not in first
    assert "hóa đơn" in second
    assert "quát mắng" not in second


def test_a_sentence_may_belong_to_both_and_an_answer_to_the_new_one_alone(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    visitor = desk.inspector()
    assert split(visitor, code, "new", "both", "new").status_code == 303
    new = sibling_of(desk, code)
    assert said_in(desk, new) == "bệnh viện chợ rẫy " + TWO_MATTERS.replace("\n", " ")
    assert said_in(desk, code) == TWO_MATTERS.split("\n")[0]
    page = plain(visitor.text(f"/desk/cases/{code}"))
    assert "Máy không nghe ra lời nào" not in page


def test_undoing_a_split_gives_everything_back_and_the_row_stays(desk: Desk) -> None:
    visitor = desk.inspector()
    code = desk.place(story=TWO_MATTERS)
    before, said = desk.case(code), said_in(desk, code)
    split(visitor, code, "here", "here", "new")
    new = sibling_of(desk, code)
    assert undo(visitor, code).status_code == 303
    after = desk.case(code)
    for name in ("status", "category", "subject_unit", "level", "summary", "facts", "search_text"):
        assert getattr(after, name) == getattr(before, name), name
    assert said_in(desk, code) == said
    left = desk.case(new)
    assert (left.status, left.recordings, left.merged_into) == ("set_aside", [], after.id)
    with desk.tools.database.begin() as session:
        answer = cases.status_by_code(session, new)
        assert answer is not None
        assert answer.status.value == "review", "whoever was told the new code hears how the matter stands"
        assert proof.prove(session).broken is None
    assert "Đã tách" not in plain(visitor.text(f"/desk/cases/{code}"))
    assert visitor.post(f"/desk/cases/{new}/unsplit").status_code == 409


@pytest.mark.parametrize("which", [0, 1])
def test_a_split_stays_once_one_of_the_letters_has_left(desk: Desk, which: int) -> None:
    visitor = desk.inspector()
    both = two_cases(desk, visitor)
    saved(visitor, both[which], "confirm")
    write_letter(desk, both[which])
    answer = visitor.post(f"/desk/cases/{both[1]}/unsplit")
    assert answer.status_code == 409
    assert "Phiếu chuyển đang được gửi" in answer.get_data(as_text=True)
    assert desk.case(both[1]).recordings


def test_a_part_is_split_again_and_splits_are_undone_the_latest_first(desk: Desk) -> None:
    visitor = desk.inspector()
    three = TWO_MATTERS + "\nphòng khám gần nhà bán thuốc hết hạn cho con tôi"
    code = desk.place(story=three)
    split(visitor, code, "here", "here", "new", "new")
    second = sibling_of(desk, code)
    split(visitor, second, "here", "new")
    third = sibling_of(desk, second)
    assert "thuốc hết hạn" in said_in(desk, third)
    assert "thuốc hết hạn" not in said_in(desk, second)
    assert visitor.post(f"/desk/cases/{second}/unsplit").status_code == 409
    assert visitor.post(f"/desk/cases/{third}/unsplit").status_code == 303
    assert "thuốc hết hạn" in said_in(desk, second)
    assert visitor.post(f"/desk/cases/{second}/unsplit").status_code == 303
    assert said_in(desk, code) == "bệnh viện chợ rẫy " + three.replace("\n", " ")


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        (("here", "here", "here"), "ít nhất một câu cho phản ánh mới"),
        (("new", "new", "new"), "để lại ít nhất một câu"),
        (("both", "both", "both"), "không thể giống hệt nhau"),
        (("", "bịa đặt", "here"), "ít nhất một câu cho phản ánh mới"),
    ],
)
def test_a_split_that_splits_nothing_is_explained(desk: Desk, sides: tuple[str, ...], told: str) -> None:
    code = desk.place(story=TWO_MATTERS)
    answer = split(desk.inspector(), code, *sides)
    assert answer.status_code == 409
    assert told in answer.get_data(as_text=True)
    assert desk.count(Case) == 1


def test_what_was_chosen_is_still_chosen_when_a_split_is_refused(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    page = split(desk.inspector(), code, "both", "both", "both").get_data(as_text=True)
    assert page.count('value="both" checked') == 3


def test_words_that_were_corrected_meanwhile_are_looked_at_again(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    visitor = desk.inspector()
    fields, names = splitting_page(visitor, code)
    correct(visitor, desk, code, TWO_MATTERS.replace("quát mắng", "la mắng"))
    answer = visitor.bare_post(f"/desk/cases/{code}/split", {**fields, names[-1]: "new"})
    assert answer.status_code == 409
    assert "Bản chép lời vừa được sửa" in answer.get_data(as_text=True)
    assert desk.count(Case) == 1


def test_a_correction_reaches_both_cases_and_no_word_changes_sides(desk: Desk) -> None:
    visitor = desk.inspector()
    code, new = two_cases(desk, visitor)
    first, second = TWO_MATTERS.split("\n")
    # Words go, words come: places move, moments stay.
    corrected = f"tôi đưa mẹ đi khám cô điều dưỡng la mắng mẹ tôi rất to tiếng\n{second.replace('năm', 'sáu')}"
    assert correct(visitor, desk, code, corrected).status_code == 303
    assert said_in(desk, code) == f"bệnh viện chợ rẫy {corrected.splitlines()[0]}"
    assert said_in(desk, new) == corrected.splitlines()[1]
    with desk.tools.database.begin() as session:
        queued = session.connection().exec_driver_sql(
            "SELECT args->>'case_id' FROM procrastinate_jobs WHERE task_name = 'structure' AND status = 'todo'"
        )
        assert str(desk.case(new).id) in {row[0] for row in queued}
    assert first != corrected


def test_a_hold_on_either_case_keeps_the_shared_recording(desk: Desk) -> None:
    chief = desk.chief()
    code, new = two_cases(desk, chief)
    story = next(link.recording_id for link in desk.case(new).recordings if link.question == "story")

    def held() -> bool:
        with desk.tools.database.begin() as session:
            return session.get_one(Recording, story).legal_hold

    for each, on, expected in ((code, "1", True), (new, "1", True), (code, "", True), (new, "", False)):
        chief.post(f"/desk/cases/{each}/hold", {"on": on, "words": "Công văn 12"})
        assert held() is expected, (each, on)


def test_a_held_case_is_split_into_two_held_ones_and_undone_into_one(desk: Desk) -> None:
    chief = desk.chief()
    code = desk.place(story=TWO_MATTERS)
    chief.post(f"/desk/cases/{code}/hold", {"on": "1", "words": "Công văn 12"})
    split(chief, code, "here", "here", "new")
    new = sibling_of(desk, code)
    assert desk.case(new).legal_hold
    assert chief.post(f"/desk/cases/{new}/unsplit").status_code == 303
    with desk.tools.database.begin() as session:
        held = select(Recording.legal_hold).join(CaseRecording, CaseRecording.recording_id == Recording.id)
        assert set(session.scalars(held)) == {True}


def test_a_recording_announced_again_is_tied_to_no_case_anew(desk: Desk) -> None:
    code, new = two_cases(desk, desk.inspector())
    story = next(link.recording_id for link in desk.case(new).recordings if link.question == "story")

    def announce(session: Session, case: Case) -> None:
        assert cases.add_recording(session, case.id, story, "story", desk.now) is False

    desk.change(code, announce)
    with desk.tools.database.begin() as session:
        assert set(hearing.cases_of_recording(session, story)) == {desk.case(code).id, desk.case(new).id}
    assert pipeline.SURE_ENOUGH


def test_what_was_hidden_by_hand_stays_hidden_in_the_new_case(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    story = next(link.recording_id for link in desk.case(code).recordings if link.question == "story")

    def hide(session: Session, case: Case) -> None:
        marks = {"hidden": [[8.0, 9.0]], "shown": [], "made_by": "x", "made_at": desk.now}
        session.add(CaseRedaction(case_id=case.id, recording_id=story, revision=1, **marks))

    desk.change(code, hide)
    split(desk.inspector(), code, "here", "here", "new")
    with desk.tools.database.begin() as session:
        new_id: UUID = desk.case(sibling_of(desk, code)).id
        assert session.scalars(select(CaseRedaction.recording_id).where(CaseRedaction.case_id == new_id)).all() == [
            story
        ]


def test_a_copy_in_another_voice_made_before_the_split_is_taken_away(desk: Desk) -> None:
    code = desk.place(story=TWO_MATTERS)
    story = next(link.recording_id for link in desk.case(code).recordings if link.question == "story")

    def copy(session: Session, case: Case) -> None:
        made = CheckedFile("phản ánh.wav", b"RIFF", FileKind.SOUND, "0" * 64)
        voice_copies.enter(session, case, story, made, keys=desk.tools.keys, now=desk.now, actor="x")

    desk.change(code, copy)
    split(desk.inspector(), code, "here", "here", "new")
    with desk.tools.database.begin() as session:
        assert voice_copies.copies_of(session, desk.case(code), story) == []


def test_cases_of_one_call_are_not_merged_but_unsplit(desk: Desk) -> None:
    visitor = desk.inspector()
    code, new = two_cases(desk, visitor)
    answer = relate(visitor, code, new, "merged", keep=code)
    assert answer.status_code == 409
    assert "hoàn tác việc tách" in plain(answer.get_data(as_text=True))


@pytest.mark.parametrize("then", [("confirm", "forward"), ("confirm", "forward", "reply", "close"), ("set_aside",)])
def test_a_case_that_left_or_ended_is_not_split(desk: Desk, then: tuple[str, ...]) -> None:
    code = desk.place(story=TWO_MATTERS, then=then, why="Xong.", reply="Đã xử lý.")
    visitor = desk.inspector()
    assert f"/desk/cases/{code}/split" not in visitor.text(f"/desk/cases/{code}")
    assert split(visitor, code, "here", "here", "new").status_code == 409
    assert desk.count(Case) == 1


def test_nobody_splits_what_they_may_not_see_or_handle(desk: Desk) -> None:
    secret = desk.place(line="ve_benh_moi_tien", key=None, story=TWO_MATTERS)
    plain_case = desk.place(story=TWO_MATTERS)
    visitor = desk.inspector()
    assert visitor.get(f"/desk/cases/{secret}/split").status_code == 404
    assert visitor.post(f"/desk/cases/{secret}/split").status_code == 404
    assert visitor.post(f"/desk/cases/{plain_case}/unsplit").status_code == 404
    assert desk.person(Role.SUPERVISOR).get(f"/desk/cases/{plain_case}/split").status_code == 403


def test_the_new_case_of_a_confidential_one_is_confidential(desk: Desk) -> None:
    chief = desk.chief()
    code, new = two_cases(desk, chief, line="ve_benh_moi_tien", key=None)
    assert desk.case(new).confidential
    assert desk.inspector().get(f"/desk/cases/{new}").status_code == 404
    assert undo_form(chief.text(f"/desk/cases/{code}"))[0].endswith("/unsplit")
