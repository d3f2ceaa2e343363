"""A hotline that has been at work for two weeks: invented calls, in every state a case can be in.

No call, name, number or private clinic here is real; public facilities carry real names, and nothing said
about them happened.
"""

from __future__ import annotations

import io
import random
import tomllib
import wave
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casebook.adapters.mail_sink import Keeper
from casebook.models import Case, OutboxMail
from casebook.rules import wording
from casebook.rules.policy import Role
from casebook.rules.states import Action
from casebook.service import cases, events, forwarding, hearing, intake, outbox, review, users
from casebook.service.cases import Caller
from casebook.web.tools import DeskTools, Directory
from config.directory.lines import CATEGORIES
from config.directory.models import UnitRow
from config.jobs.models import FailedStep
from config.jobs.steps import Step, note_failure
from ivr.models import Call as TelephoneCall
from recordings.audio import inspect
from recordings.models import Recording, RecordingState
from recordings.rules.keys import content_key, sealing_context
from transcription import service as transcripts
from transcription.ports import EngineIdentity, Segment, Word

PASSWORD = "mật khẩu để xem thử"
PEOPLE = (
    ("chanh.thanhtra@soyte.example", "Lê Thị Thanh Mai", (Role.CHIEF_INSPECTOR, Role.OPERATOR)),
    ("thanhtra@soyte.example", "Nguyễn Hữu Phước", (Role.INSPECTOR,)),
    ("lanhdao@soyte.example", "Trần Quốc Bảo", (Role.SUPERVISOR,)),
    ("vanhanh@soyte.example", "Phạm Minh Khôi", (Role.OPERATOR,)),
)
IDENTITY = EngineIdentity("ctc", "viet-asr", "0.1.0.dev11")


@dataclass(frozen=True)
class Call:
    """One invented call: how long ago, what was said, and what became of it."""

    hours_ago: float
    line: str
    facility: str
    story: str
    number: str
    contact: str = ""
    key: str | None = None
    then: tuple[str, ...] = ()
    emergency: bool = False
    why: str = ""
    reply: str = ""


CALLS = tuple(
    Call(**call) for call in tomllib.loads((Path(__file__).parent / "calls.toml").read_text("utf-8"))["calls"]
)


def seed(tools: DeskTools, now: datetime) -> list[str]:
    """Fill the hotline; gives the codes of the cases in the order of CALLS."""
    with tools.database.begin() as session:
        for email, name, roles in PEOPLE:
            made = now - timedelta(days=30)
            user = users.create(session, email=email, name=name, roles=roles, password=PASSWORD, now=made)
            user.last_login_at = made
        session.execute(update(UnitRow).where(UnitRow.slug == "phong-to-chuc-can-bo").values(email=""))
    chance = random.Random(20261121)
    codes = []
    for call in CALLS:
        with tools.database.begin() as session:
            codes.append(place(session, tools, call, now, chance))
    with tools.database.begin() as session:
        _trouble(session, tools, codes, now)
    return codes


def place(session: Session, tools: DeskTools, call: Call, now: datetime, chance: random.Random) -> str:
    """File one call and take its case as far as it went; gives the code."""
    directory = Directory.read(session)
    at = now - timedelta(hours=call.hours_ago)
    case = cases.open_case(
        session,
        line=directory.lines[call.line],
        now=at,
        keys=tools.keys,
        caller=Caller(call.number) if call.number else None,
        category_key=call.key,
        anonymous=not call.number,
        emergency=call.emergency,
    )
    for question in ("facility", "story", "contact"):
        if text := getattr(call, question):
            recording = _record(session, tools, text, question, at, chance)
            cases.add_recording(session, case.id, recording, question, at)
    _telephone(session, call, case, at)
    session.refresh(case)
    intake.intake_ended(session, case.id, at + timedelta(minutes=2))
    heard, suggestion = hearing.understand_again(session, case, tools.keys, tools.understand)
    hearing.apply_suggestion(case, heard, suggestion, tools.keys, keep_fields=False)
    cases.move(
        session,
        case,
        Action.STRUCTURE,
        now=at + timedelta(minutes=3),
        actor=events.SYSTEM,
        **hearing.event_data(suggestion),
    )
    _continue(session, tools, case, call, at)
    return case.code


def _telephone(session: Session, call: Call, case: Case, at: datetime) -> None:
    """The call itself, as the webhooks would have written it down."""
    questions = [question for question in ("facility", "story", "contact") if getattr(call, question)]
    keys = [("1", "gửi phản ánh")]
    keys += [(str(CATEGORIES.index(call.key) + 1), wording.CATEGORIES[call.key])] if call.key else []
    keys += [("1", "muốn để lại cách liên hệ") if call.contact else ("0", "không muốn nêu danh tính")]
    row = TelephoneCall(provider_sid=f"CA{uuid4().hex}", line_slug=call.line, dialled="", case_id=case.id)
    row.state = {"step": "ended", "code": case.code, "question": 2}
    row.answers = {"pressed": keys, "recordings": {uuid4().hex: question for question in questions}}
    row.outcome, row.status, row.hours = "reported", "completed", "open"
    row.started_at, row.ended_at, row.duration_s = at, at + timedelta(seconds=95), 95
    lost = len(call.story) % 40
    row.quality = {"received": 4000.0, "lost": float(lost), "late": 3.0, "jitter": 8.0 + lost / 2, "codec": "PCMA"}
    session.add(row)


def _continue(session: Session, tools: DeskTools, case: Case, call: Call, at: datetime) -> None:
    inspector, moment = PEOPLE[1][0], at
    for step in call.then:
        moment += timedelta(hours=1.5)
        if step == "confirm":
            case.responsible_unit = case.responsible_unit or "phong-nghiep-vu-y"
            review.confirm(session, case, now=moment, actor=inspector)
        elif step in {"forward", "failed"}:
            send(session, tools, case, moment, arrives=step == "forward")
        elif step == "acknowledge":
            cases.acknowledge(session, case, now=moment, actor=inspector)
        elif step == "reply":
            cases.reply(session, case, call.reply, now=moment, actor=inspector)
        elif step == "close":
            cases.close(session, case, now=moment, actor=inspector, why=call.why)
        elif step == "set_aside":
            cases.set_aside(session, case, now=moment, actor=inspector, why=call.why)


def send(session: Session, tools: DeskTools, case: Case, at: datetime, *, arrives: bool) -> None:
    """Write the letter of a confirmed case; it arrives in the test mailbox, or nobody knows whether it did."""
    office = Directory.read(session).office(tools)
    mail_id = forwarding.write_letter(session, case, office, at)
    assert mail_id is not None
    mail = session.get_one(OutboxMail, mail_id)
    if arrives:
        mail.state, mail.sent_at, mail.attempts = "sent", at, 1
        forwarding.finish_letter(session, mail_id, tools.calendar, at)
        if tools.mailbox:
            keep(tools, mail)
    else:
        mail.state, mail.attempts, mail.failure = "uncertain", 1, outbox.InterruptedDelivery.__doc__


def keep(tools: DeskTools, mail: OutboxMail) -> None:
    """Put a mail into the test mailbox as the sink would have."""
    assert tools.mailbox is not None
    message = outbox.compose(mail, tools.house.mail_from)
    Keeper(tools.mailbox).keep(message.as_bytes(), [mail.recipient])


def _record(session: Session, tools: DeskTools, text: str, question: str, at: datetime, chance: random.Random) -> UUID:
    segments = spoken(text, chance)
    sound = voice_like(segments, chance)
    facts, key = inspect(sound), content_key(sound)
    tools.store.put(key, tools.keys.seal(sound, sealing_context(key)))
    recording = Recording(
        id=uuid4(),
        provider_sid=f"RE{uuid4().hex}",
        call_sid=f"CA{uuid4().hex}",
        purpose=question,
        state=RecordingState.KEPT,
        sha256=key,
        store_key=key,
        content_type=facts.content_type,
        size_bytes=len(sound),
        duration_s=facts.duration_s,
        level_dbfs=facts.level_dbfs,
        silence_share=facts.silence_share,
        waveform=facts.waveform,
        channels=facts.channels,
        sample_rate=facts.sample_rate,
        created_at=at,
        kept_at=at + timedelta(minutes=1),
    )
    session.add(recording)
    session.flush()
    transcripts.save_heard(session, recording.id, segments, IDENTITY, tools.keys, at + timedelta(minutes=2))
    return recording.id


def spoken(text: str, chance: random.Random) -> list[Segment]:
    """Give the words of `text` times as people speak, and confidences as the engine has them."""
    at, segments = 0.6, []
    for sentence in text.split("\n"):
        words = []
        for word in sentence.split():
            lasts = 0.13 + 0.028 * len(word) + chance.random() * 0.05
            sure = min(1.0, max(0.2, chance.betavariate(9, 1.1)))
            words.append(Word(word, round(at, 2), round(at + lasts, 2), round(sure, 3)))
            at += lasts + chance.random() * 0.06
        if words:
            segments.append(Segment(words[0].start, words[-1].end, tuple(words)))
            at += 0.5 + chance.random() * 0.5
    return segments


def voice_like(segments: list[Segment], chance: random.Random, rate: int = 8000) -> bytes:
    """A hum that rises and falls where words are: looks like speech in a waveform, says nothing."""
    end = segments[-1].end + 0.8
    moments = np.arange(int(end * rate)) / rate
    envelope = np.full(moments.shape, 0.004)
    for segment in segments:
        for word in segment.words:
            inside = (moments >= word.start) & (moments < word.end)
            shape = np.sin(np.pi * (moments[inside] - word.start) / (word.end - word.start))
            envelope[inside] += shape * (0.25 + 0.55 * chance.random())
    pitch = 130 + 25 * np.sin(moments * 2.1)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    sound = envelope * (0.6 * np.sin(phase) + 0.3 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase))
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes((sound * 30000).astype("<i2").tobytes())
    return file.getvalue()


def _trouble(session: Session, tools: DeskTools, codes: list[str], now: datetime) -> None:
    """What is stuck: a recording that the provider refuses to give, the clock's own step."""
    case = cases.by_code(session, codes[5])
    assert case is not None
    recording = case.recordings[0].recording_id
    collect = Step("collect", "default", lambda **_: None, lambda arguments: f"recording:{arguments['recording_id']}")
    reason = "Nhà cung cấp từ chối tài khoản của ta. (HTTP 401)"
    note_failure(session, collect, {"recording_id": str(recording)}, reason, now - timedelta(hours=2))
    session.flush()
    stuck = session.scalars(select(FailedStep)).one()
    stuck.attempts, stuck.first_at = 11, now - timedelta(hours=8)
    kept = session.get_one(Recording, recording)
    kept.state, kept.failure, kept.attempts = RecordingState.FAILED, reason, 11
