"""The journey of a call, top to bottom.

    a recording arrives → collect → transcribe → structure → (a person confirms) → forward → answer

Each arrow is a job in the same transaction as the row that calls for it. Each step may run twice and be
killed anywhere: it looks at what is there, does what is missing, and queues the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook.models import Case, CaseRecording
from casebook.rules.states import Action, Status
from casebook.rules.understanding.shapes import Suggestion
from casebook.service import (
    alarm,
    cases,
    digest,
    events,
    forwarding,
    hearing,
    links,
    muting,
    outbox,
    proof,
    sessions,
    voice_copies,
)
from casebook.service.forwarding import FORWARD, Office
from casebook.service.hearing import TRANSCRIBE
from casebook.service.intake import COLLECT, FORGET_PROVIDER_COPY, STRUCTURE, intake_ended, next_structure
from casebook.tools import Tools
from config import throttle
from config.directory.lines import Line, Policy
from config.directory.store import lines_of, units_of
from config.errors import PermanentError, TemporaryError
from config.jobs.queue import defer
from config.jobs.steps import PATIENT, Step
from config.jobs.ticker import Periodic
from config.jobs.worker import RETRY_STALLED
from recordings import service as recordings
from recordings.models import Recording, RecordingState
from transcription import service as transcripts

FORWARD_DUE = "forward_due"
DAILY_MAIL = "daily_mail"
HOUSEKEEPING = "housekeeping"
PROVE_CHAINS = "prove_chains"
PROVE_AT = time(2, 40)
"""When few people call (Vietnam's time)."""
SURE_ENOUGH = 0.8
"""Facility and category both at least this sure before a line's policy may stand by them."""

SILENT_INTAKE = timedelta(hours=3)
"""A call whose end was never reported is taken to be over after this: longer than the longest recording."""


class RecordingLost(PermanentError):
    """Không lấy được bản ghi."""


class HiddenMeanwhile(TemporaryError):
    """Phần che vừa thay đổi trong lúc tạo bản đã đổi giọng."""


class ChainBroken(PermanentError):
    """Nhật ký sự kiện không còn nguyên vẹn; chạy `python app.py audit verify`."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps of the journey, bound to their tools."""

    tools: Tools

    def collect(self, recording_id: str) -> None:
        """Fetch, check, encrypt and keep a recording; then have it written down."""
        key = UUID(recording_id)
        with self.tools.database.begin() as session:
            # One that was given up on comes here again only when a person asked for it.
            recordings.retry(session, key)
        outcome = recordings.collect(key, self.tools.recordings)
        with self.tools.database.begin() as session:
            self._after_collect(session, outcome)
        if outcome.state is RecordingState.FAILED:
            raise RecordingLost(outcome.failure)

    def transcribe(self, recording_id: str) -> None:
        """Hear a recording, once; then have its case understood."""
        tools, key = self.tools, UUID(recording_id)
        with tools.database.begin() as session:
            recording = session.get_one(Recording, key)
            heard_before = transcripts.latest(session, key) is not None
        if not heard_before:
            sound = recordings.samples(recording, tools.recordings.store, tools.keys)
            segments = tools.engine().transcribe(sound)
            with tools.database.begin() as session:
                transcripts.save_heard(session, key, segments, tools.engine().identity, tools.keys, tools.clock())
        with tools.database.begin() as session:
            next_structure(session, key)

    def structure(self, case_id: str) -> None:
        """Understand what was heard so far; when the call is over and all is heard, hand the case to a person."""
        with self.tools.database.begin() as session:
            case = cases.get(session, UUID(case_id), lock=True)
            suggestion = self._understand(session, case)
            danger = alarm.danger_of(session, case, suggestion)
            if danger:
                muting.let_ring(session, case, self.tools.clock())
                self._alarm(session, case, danger)
            if case.intake_ended_at is not None and not hearing.unsettled(session, case):
                self._hand_over(session, case, suggestion)

    def disguise(self, case_id: str, recording_id: str, actor: str) -> None:
        """Make the copy of an answer that may leave; it is shown to nobody outside before an inspector says so."""
        tools, key = self.tools, UUID(recording_id)
        means = voice_copies.Means(tools.keys, tools.recordings.store, tools.understand)
        with tools.database.begin() as session:
            case = cases.get(session, UUID(case_id))
            recording = session.get_one(Recording, key)
            hidden = voice_copies.hidden_stretches(session, case, recording, means)
            question = voice_copies.question_of(case, key)
        made = voice_copies.make(recording, hidden, means, question)
        with tools.database.begin() as session:
            case = cases.get(session, UUID(case_id), lock=True)
            if voice_copies.hidden_stretches(session, case, recording, means) != hidden:
                # Somebody hid more words meanwhile: made again, with those.
                raise HiddenMeanwhile
            voice_copies.enter(session, case, key, made, keys=tools.keys, now=tools.clock(), actor=actor)

    def forward_due(self) -> None:
        """Queue a letter for every confirmed case that has none."""
        with self.tools.database.begin() as session:
            for case_id in forwarding.waiting(session):
                forwarding.ask_to_forward(session, case_id)

    def forward(self, case_id: str) -> None:
        """Write the letter of a confirmed case to its unit; the outbox sends it."""
        with self.tools.database.begin() as session:
            case = cases.get(session, UUID(case_id), lock=True)
            forwarding.write_letter(session, case, self._office(session), self.tools.clock())

    def send_mail(self, mail_id: str) -> None:
        """Send one mail of the outbox; a letter that was taken makes its case forwarded."""
        tools, key = self.tools, UUID(mail_id)
        outbox.deliver(tools.database, key, tools.mail, tools.house.mail_from, tools.clock)
        with tools.database.begin() as session:
            forwarding.finish_letter(session, key, tools.calendar, tools.clock())

    def daily_mail(self, day: str) -> None:
        """Write the supervisors' mail of the morning of `day` (ISO), which is about the day before."""
        about = date.fromisoformat(day) - timedelta(days=1)
        with self.tools.database.begin() as session:
            names = {unit.slug: unit.name for unit in units_of(session)}
            digest.post_daily(session, about, names, self.tools.house, self.tools.clock())

    def forget_provider_copy(self, recording_id: str) -> None:
        """Once our copy is proven readable, have the provider delete its own; a lost one is fetched anew."""
        tools, key = self.tools, UUID(recording_id)
        try:
            recordings.prove(key, tools.recordings)
        except recordings.CopyLost:
            with tools.database.begin() as session:
                defer(session, COLLECT, queueing_lock=f"collect:{recording_id}", recording_id=recording_id)
            return
        recordings.delete_provider_copy(key, tools.provider_media, tools.recordings)

    def housekeeping(self) -> None:
        """End intakes that nobody ended, delete what is past its time, forget old counters."""
        tools, now = self.tools, self.tools.clock()
        with tools.database.begin() as session:
            stale = select(Case.id).where(Case.intake_ended_at.is_(None), Case.opened_at < now - SILENT_INTAKE)
            for case_id in session.scalars(stale.limit(500)).all():
                intake_ended(session, case_id, now)
            throttle.forget_old(session, now)
            sessions.forget_old(session, now)
            links.forget_old(session, now)
        recordings.apply_retention(tools.recordings, self._tell_deletion)

    def prove_chains(self) -> None:
        """Seal yesterday's events and look through every chain; a broken one is for a person to look at."""
        tools = self.tools
        with tools.database.begin() as session:
            proof.seal(session, tools.clock())
        with tools.database.begin() as session:
            found = proof.prove(session)
        with tools.database.begin() as session:
            proof.note(session, found, tools.clock())
        if found.broken:
            raise ChainBroken

    def _tell_deletion(self, session: Session, recording: Recording) -> None:
        for case_id in hearing.cases_of_recording(session, recording.id):
            events.record(session, case_id, "recording_deleted", now=self.tools.clock(), recording=str(recording.id))

    def _after_collect(self, session: Session, outcome: recordings.CollectOutcome) -> None:
        now, name = self.tools.clock(), str(outcome.recording_id)
        if outcome.state is RecordingState.KEPT:
            recordings.retain(session, outcome.recording_id, self._keep_until(session, outcome.recording_id))
            defer(session, TRANSCRIBE, queue="speech", queueing_lock=f"hear:{name}", recording_id=name)
            defer(session, FORGET_PROVIDER_COPY, queueing_lock=f"forget:{name}", recording_id=name)
        elif outcome.retry_after_s is not None:
            at = now + timedelta(seconds=outcome.retry_after_s)
            defer(session, COLLECT, queueing_lock=f"collect:{name}", at=at, recording_id=name)
        else:
            next_structure(session, outcome.recording_id)

    def _keep_until(self, session: Session, recording_id: UUID) -> datetime | None:
        lines = _lines(session)
        of_it = [cases.get(session, case_id) for case_id in hearing.cases_of_recording(session, recording_id)]
        return max((case.opened_at + timedelta(days=lines[case.line].retention_days) for case in of_it), default=None)

    def _understand(self, session: Session, case: Case) -> Suggestion:
        tools = self.tools
        heard, suggestion = hearing.understand_again(session, case, tools.keys, tools.understand)
        confirmed = Status(case.status) not in {Status.OPEN, Status.REVIEW}
        hearing.apply_suggestion(case, heard, suggestion, tools.keys, keep_fields=confirmed)
        return suggestion

    def _alarm(self, session: Session, case: Case, reason: str) -> None:
        line = _lines(session)[case.line]
        alarm.raise_alarm(session, case, line, reason, self.tools.house, self.tools.clock())

    def _hand_over(self, session: Session, case: Case, suggestion: Suggestion) -> None:
        if Status(case.status) is not Status.OPEN:
            return
        now = self.tools.clock()
        if not _anything_kept(session, case) and not case.emergency:
            why = "Người gọi không để lại lời nào: không có bản ghi."
            cases.set_aside(session, case, now=now, actor=events.SYSTEM, why=why)
            return
        if muting.hush(session, case, now):
            return
        cases.move(session, case, Action.STRUCTURE, now=now, actor=events.SYSTEM, **hearing.event_data(suggestion))
        self._confirm_by_policy(session, case, suggestion)

    def _confirm_by_policy(self, session: Session, case: Case, suggestion: Suggestion) -> None:
        """Stand by a sure suggestion where an administrator said that such cases leave without a person.

        Everything else waits for one (NĐ 142/2026: no decision by a machine alone).
        """
        line = _lines(session)[case.line]
        if line.policy(case.category or "") is not Policy.AUTOMATIC or case.emergency:
            return
        if suggestion.flags.not_a_complaint.value or case.sureness < SURE_ENOUGH or not case.responsible_unit:
            return
        cases.confirm(session, case, now=self.tools.clock(), actor="quy định của đường dây")

    def _office(self, session: Session) -> Office:
        tools = self.tools
        return Office(
            units={unit.slug: unit for unit in units_of(session)},
            lines=_lines(session),
            keys=tools.keys,
            understand=tools.understand,
            calendar=tools.calendar,
            house=tools.house,
        )


def _lines(session: Session) -> dict[str, Line]:
    return {line.slug: line for line in lines_of(session)}


def _anything_kept(session: Session, case: Case) -> bool:
    kept = (RecordingState.KEPT, RecordingState.FAILED, RecordingState.DELETED)
    linked = select(CaseRecording.recording_id).where(CaseRecording.case_id == case.id)
    rows = select(Recording.id).where(Recording.id.in_(linked), Recording.state.in_(kept))
    return session.scalars(rows.limit(1)).first() is not None


def _give_to_a_person(session: Session, arguments: dict[str, Any]) -> None:
    """A recording that no engine can write down still has a case, which an inspector can listen to."""
    next_structure(session, UUID(arguments["recording_id"]))


def _of(kind: str) -> Callable[[dict[str, Any]], str]:
    """Name what a job works on after its one argument, such as `case:<id>`."""
    return lambda arguments: f"{kind}:{arguments[f'{kind}_id']}"


def steps(tools: Tools) -> list[Step]:
    """List every step, for the worker."""
    line = Pipeline(tools)
    return [
        Step(COLLECT, "default", line.collect, _of("recording"), PATIENT),
        Step(TRANSCRIBE, "speech", line.transcribe, _of("recording"), PATIENT, on_failure=_give_to_a_person),
        Step(STRUCTURE, "default", line.structure, _of("case")),
        Step(voice_copies.DISGUISE, "default", line.disguise, _of("recording")),
        Step(FORWARD_DUE, "default", line.forward_due, lambda _: FORWARD_DUE),
        Step(FORWARD, "default", line.forward, _of("case")),
        Step(outbox.SEND_MAIL, "mail", line.send_mail, _of("mail"), PATIENT),
        Step(DAILY_MAIL, "default", line.daily_mail, lambda arguments: f"{DAILY_MAIL}:{arguments['day']}"),
        Step(FORGET_PROVIDER_COPY, "default", line.forget_provider_copy, _of("recording"), PATIENT),
        Step(HOUSEKEEPING, "default", line.housekeeping, lambda _: HOUSEKEEPING),
        Step(PROVE_CHAINS, "default", line.prove_chains, lambda _: PROVE_CHAINS),
    ]


def periodics(*, forward_every: timedelta, daily_at: time) -> list[Periodic]:
    """List what the clock fires for the case book."""
    return [
        Periodic(FORWARD_DUE, every=forward_every),
        Periodic(DAILY_MAIL, daily_at=daily_at, tells_day=True),
        Periodic(HOUSEKEEPING, every=timedelta(minutes=10)),
        Periodic(PROVE_CHAINS, daily_at=PROVE_AT),
        Periodic(RETRY_STALLED, every=timedelta(seconds=30)),
    ]
