"""A case whose caller pressed the emergency key: it waits for a person, and the supervisors are told."""

from __future__ import annotations

from casebook.rules.states import Status
from casebook.service import alarm, intake
from tests.integration.casebook.hotline_house import Scene


def test_a_pressed_key_alarms_once_and_leaves_the_case_to_a_person(hotline: Scene) -> None:
    case_id = hotline.open_case()
    for unreached in (False, False, True):
        with hotline.database.begin() as session:
            intake.emergency_pressed(session, case_id, hotline.now, unreached=unreached)
    hotline.end_call(case_id)
    hotline.work()
    case = hotline.case(case_id)
    assert (case.emergency, case.status) == (True, Status.REVIEW), "without a word, and not set aside all the same"
    assert [event.kind for event in case.events].count("emergency_key") == 2
    assert [mail["Subject"].startswith("KHẨN CẤP") for mail in hotline.mailbox.taken] == [True]
    body = hotline.mailbox.taken[0].get_body(("plain",))
    assert body is not None
    assert alarm.PRESSED in body.get_content()
