"""A case book with real parts around it: database, store, mail server, a provider's web server."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller
from sqlalchemy import text

from casebook import pipeline
from casebook.adapters.smtp import MailServer, SmtpSender
from casebook.models import Case
from casebook.rules.calendar import WorkingCalendar
from casebook.rules.understanding import Directory, understand
from casebook.service import cases, intake
from casebook.tools import House, Tools
from casebook.understanding_files import load_understanding
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.lines import Line
from config.directory.store import lines_of, load_directory, save_line, units_of
from config.jobs.worker import build_worker, run_worker
from recordings import service as recordings
from recordings.adapters.fetch import HttpFetcher
from recordings.adapters.local_store import LocalStore
from recordings.adapters.provider_media import TwilioMedia
from recordings.service import RecordingTools
from tests.integration.recordings.provider import PASSWORD, USER, Provider
from tests.integration.recordings.sounds import wav
from transcription.ports import SAMPLE_RATE, EngineIdentity, Samples, Segment, Word

FACILITY = "bệnh viện chợ rẫy"
STORY = (
    "sáng hôm qua tôi đưa mẹ đi khám chờ từ sáu giờ đến mười một giờ hỏi thì cô điều dưỡng quát "
    "nói không chờ được thì về tôi đóng năm trăm ngàn mà không có hóa đơn"
)
CONTACT = "tôi tên là trần thị hoa số điện thoại không chín một hai ba bốn năm sáu bảy tám"
SPOKEN = {2: FACILITY, 6: STORY, 4: CONTACT}
"""What is said in a recording of so many seconds."""

CALLER = "+84912345678"


class Listener:
    """An engine that knows recordings by their length."""

    def __init__(self, spoken: Mapping[int, str] = SPOKEN) -> None:
        self.spoken = dict(spoken)
        self.heard = 0
        self.fails_with: Exception | None = None

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity("listener", "none", "1")

    def transcribe(self, samples: Samples) -> list[Segment]:
        self.heard += 1
        if self.fails_with:
            raise self.fails_with
        text = self.spoken.get(round(len(samples) / SAMPLE_RATE), "")
        words = tuple(Word(word, i * 0.1, i * 0.1 + 0.08, 0.9) for i, word in enumerate(text.split()))
        return [Segment(words[0].start, words[-1].end, words)] if words else []


@dataclass
class Mailbox:
    """Takes mail as the world's mail servers do; `answers` are given to DATA before 250."""

    taken: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.answers:
            return self.answers.pop(0)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 OK"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_mailbox() -> Iterator[tuple[Mailbox, Controller]]:
    """A real SMTP server on loopback."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield box, controller
    finally:
        controller.stop(no_assert=True)


@dataclass
class Scene:
    """The case book at work, with a clock that can be moved."""

    database: Database
    keys: KeyRing
    provider: Provider
    mailbox: Mailbox
    listener: Listener
    tools: Tools
    moment: list[datetime]

    @property
    def now(self) -> datetime:
        return self.moment[0]

    def later(self, **duration: float) -> None:
        self.moment[0] += timedelta(**duration)

    def line(self, slug: str = "chat_luong") -> Line:
        with self.database.begin() as session:
            return {line.slug: line for line in lines_of(session)}[slug]

    def open_case(self, line: str = "chat_luong", **options: Any) -> UUID:
        chosen = self.line(line)
        caller = cases.Caller(CALLER)
        with self.database.begin() as session:
            return cases.open_case(session, line=chosen, now=self.now, keys=self.keys, caller=caller, **options).id

    def record(self, case_id: UUID, question: str, seconds: float, sid: str = "", body: bytes | None = None) -> UUID:
        """The provider announces a recording of this length."""
        sid = sid or f"RE{question}{case_id.hex[:8]}"
        path = f"/2010-04-01/Accounts/{USER}/Recordings/{sid}"
        url = self.provider.serve(path, wav(seconds) if body is None else body)
        with self.database.begin() as session:
            recording = recordings.expect(
                session, provider_sid=sid, call_sid="CA1", purpose=question, source_url=url, now=self.now
            )
            intake.recording_arrived(session, recording, case_id, question, self.now)
            return recording.id

    def end_call(self, case_id: UUID) -> None:
        with self.database.begin() as session:
            intake.intake_ended(session, case_id, self.now)

    def whole_call(self, **options: Any) -> UUID:
        """A call with all three answers, worked off up to the review."""
        case_id = self.open_case(**options)
        for question, seconds in (("facility", 2), ("story", 6), ("contact", 4)):
            self.record(case_id, question, seconds)
        self.end_call(case_id)
        self.work()
        return case_id

    def work(self, *queues: str) -> None:
        """Do every job that is due."""
        names = queues or ("default", "speech", "mail")
        while self.due(names):
            app = build_worker(self.database, pipeline.steps(self.tools), lambda: self.now)
            run_worker(app, names, 1, wait=False)

    def due(self, queues: Sequence[str]) -> int:
        """How many jobs could be done now."""
        with self.database.begin() as session:
            (count,) = session.scalars(
                text(
                    "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = ANY(:queues)"
                    " AND (scheduled_at IS NULL OR scheduled_at <= now())"
                ),
                {"queues": list(queues)},
            ).all()
            return int(count)

    def hurry(self) -> None:
        """Let every wait between tries be over."""
        with self.database.begin() as session:
            session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"))

    def case(self, case_id: UUID) -> Case:
        with self.database.begin() as session:
            case = cases.get(session, case_id)
            _ = [link.recording_id for link in case.recordings], [event.kind for event in case.events]
            return case

    def confirm(self, case_id: UUID, unit: str = "bv-cho-ray") -> None:
        with self.database.begin() as session:
            case = cases.get(session, case_id, lock=True)
            case.responsible_unit = unit
            cases.confirm(session, case, now=self.now, actor="thanh.tra@soyte.example")

    def forward(self) -> None:
        pipeline.Pipeline(self.tools).forward_due()
        self.work()


@contextmanager
def scene(database: Database, keys: KeyRing, provider: Provider, directory: Path, now: datetime) -> Iterator[Scene]:
    """Set the scene: a loaded directory, a store in `directory`, a mail server."""
    moment = [now]
    rules = load_understanding()
    with database.begin() as session:
        load_directory(session)
        for line in lines_of(session):
            # Tests say themselves where nobody need confirm.
            save_line(session, replace(line, auto_forward=()), now)
        index = Directory.build(units_of(session), rules)
    listener = Listener()
    with running_mailbox() as (box, controller):
        store = LocalStore(directory / "recordings")
        fetcher = HttpFetcher(provider.url, USER, PASSWORD)
        tools = Tools(
            database=database,
            clock=lambda: moment[0],
            keys=keys,
            recordings=RecordingTools(database, store, keys, fetcher, lambda: moment[0]),
            provider_media=TwilioMedia(provider.url, USER, PASSWORD),
            engine=lambda: listener,
            understand=lambda heard: understand(heard, index, rules),
            calendar=WorkingCalendar(),
            mail=SmtpSender(MailServer("127.0.0.1", controller.port, "none")),
            house=House("https://hotline.example", "hotline@soyte.example", ("lanh.dao@soyte.example",)),
        )
        yield Scene(database, keys, provider, box, listener, tools, moment)
