"""Looking at a case: its page, its letters, its sound, its caller."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort, make_response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from casebook.adapters.mail_templates import render
from casebook.models import Case, OutboxMail
from casebook.queries.case_page import CONTACT
from casebook.queries.open_sound import open_to
from casebook.queries.visible import find
from casebook.rules import stretches
from casebook.rules.policy import Permission
from casebook.rules.stretches import WHOLE, Stretches
from casebook.service import events, forwarding
from casebook.web.case_sheet import CaseSheet
from casebook.web.doors import Route
from casebook.web.people import Passes, person
from casebook.web.security import LETTER_POLICY
from casebook.web.tools import Directory
from config import throttle
from recordings import service as recordings
from recordings.audio import MAX_DURATION_S
from recordings.models import Recording, RecordingState

PLAY_ONCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaseViews(CaseSheet):
    """The pages of one case."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        case = "/cases/<code>"
        return (
            Route(case, "case", self.case, Permission.READ_CASES),
            Route(f"{case}/letter", "letter", self.letter, Permission.READ_CASES),
            Route(f"{case}/mails/<uuid:mail_id>", "mail", self.mail, Permission.READ_CASES),
            Route(f"{case}/audio/<uuid:recording_id>", "audio", self.audio, Permission.LISTEN),
        )

    def case(self, code: str) -> ResponseReturnValue:
        """Show a case."""
        with self.begin() as session:
            return self.sheet(session, seen_case(session, code))

    def letter(self, code: str) -> ResponseReturnValue:
        """Show the letter exactly as it would leave now."""
        with self.begin() as session:
            case = seen_case(session, code)
            office = Directory.read(session).office(self.tools)
            values = forwarding.letter_values(session, case, office, self.now)
        return framed(render(forwarding.LETTER, values).html)

    def mail(self, code: str, mail_id: UUID) -> ResponseReturnValue:
        """Show a mail as it was written down."""
        with self.begin() as session:
            case = seen_case(session, code)
            mail = session.get(OutboxMail, mail_id)
            if mail is None or mail.case_id != case.id:
                abort(404)
            return framed(mail.html)

    def audio(self, code: str, recording_id: UUID) -> ResponseReturnValue:
        """Play a recording, in parts if the browser asks so; each opening of a page that plays it is an event."""
        with self.begin() as session:
            case = seen_case(session, code)
            recording = self._admitted(session, case, recording_id)
            heard = open_to(session, person().viewer, case.recordings)[recording_id]
        # No transaction is open while the store is read and the sound decoded.
        data, kind = self._sound(recording, heard)
        etag = f"{recording.sha256}" if heard == WHOLE else f"{recording.sha256}-{stretches.written(heard)}"
        return send_file(io.BytesIO(data), mimetype=kind, conditional=True, etag=quote(etag))

    def _sound(self, recording: Recording, heard: Stretches) -> tuple[bytes, str]:
        """The recording itself; where part of it belongs to a case that this person does not see, silence there."""
        store, keys = self.tools.store, self.tools.keys
        if heard == WHOLE:
            return recordings.playable(recording, store, keys)
        return recordings.playable_part(recording, store, keys, stretches.outside(heard, MAX_DURATION_S))

    def _admitted(self, session: Session, case: Case, recording_id: UUID) -> Recording:
        links = {link.recording_id: link.question for link in case.recordings}
        recording = session.get(Recording, recording_id) if recording_id in links else None
        if recording is None or recording.state is not RecordingState.KEPT:
            abort(404, "Bản ghi này không có hoặc đã bị xóa.")
        user = person()
        name = Passes(self.tools.secret).play(request.args.get("pass", ""), user.id, recording_id)
        if name is None:
            abort(403, "Trang này mở đã quá lâu. Hãy tải lại trang phản ánh rồi nghe.")
        if request.method == "GET" and throttle.hit(session, f"play:{name}", 1, PLAY_ONCE, self.now):
            told = {"question": links[recording_id], "recording": str(recording_id)}
            events.record(session, case.id, "played", now=self.now, actor=user.email, **told)
        return recording


def seen_case(session: Session, code: str, *, lock: bool = False) -> Case:
    """Give the case that this person may see; otherwise there is no such page."""
    case = find(session, person().viewer, code, lock=lock)
    if case is None:
        abort(404, "Không có phản ánh với mã này, hoặc bạn không được xem.")
    return case


def admit_correction(session: Session, case: Case, recording_id: UUID, secret: str) -> None:
    """Who corrects an answer sees all of it; the contact answer only who is looking at the caller's identity."""
    questions = {link.recording_id: link.question for link in case.recordings}
    question = questions.get(recording_id)
    if question is None:
        abort(404)
    user, look = person(), request.form.get("look", "")
    if open_to(session, user.viewer, case.recordings)[recording_id] != WHOLE:
        abort(403, _("Một phần bản ghi này thuộc phản ánh ngoài phạm vi của bạn. Hãy nhờ Chánh Thanh tra sửa."))
    if question == CONTACT and not Passes(secret).looks(look, user.id, case.id):
        abort(403, _("Hãy bấm “Xem danh tính” và ghi lý do trước khi sửa phần liên hệ."))


def framed(html: str) -> Response:
    """Answer with a mail's HTML, fenced off from the desk: no script, no link that acts, no address to load from."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response
