"""A carrier in a few lines: it signs its webhooks as Twilio does and knows one call."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.prompts import read_prompts
from config.directory.store import DATA, load_directory
from ivr.lineup import CachedLineup
from ivr.models import Call
from ivr.tools import IvrTools
from ivr.web import create_voice_blueprint

BASE = "https://hotline.example:8443/house"
TOKEN = "a-token"
CALLER = "+84912345678"
CHAT_LUONG, SECRET, GUIDE = "+84967771010", "+84989401155", "1900638563"


@dataclass
class MovingClock:
    """A clock that tests set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def moving_clock(now: datetime) -> MovingClock:
    return MovingClock(now)


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.begin() as session:
        load_directory(session)
    return database


@pytest.fixture
def tools(loaded: Database, keys: KeyRing, moving_clock: MovingClock, tmp_path: Path) -> IvrTools:
    return make_tools(loaded, keys, moving_clock, tmp_path)


def make_tools(database: Database, keys: KeyRing, clock: MovingClock, prompts: Path) -> IvrTools:
    texts = read_prompts(DATA / "prompts.toml")
    return IvrTools(database, keys, clock, BASE, TOKEN, prompts, CachedLineup(texts))


@dataclass
class Carrier:
    """Posts signed webhooks and follows the addresses in the TwiML it gets."""

    client: FlaskClient
    sid: str = "CA" + "1" * 32
    dialled: str = CHAT_LUONG
    caller: str = CALLER
    last: TestResponse | None = None
    recordings: int = field(default=0)

    def post(self, address: str, *, sign: str | None = None, **params: str) -> TestResponse:
        url = address if address.startswith("http") else f"{BASE}/voice/{address}"
        form = {"CallSid": self.sid, "To": self.dialled, "From": self.caller, "CallStatus": "in-progress", **params}
        signature = sign if sign is not None else RequestValidator(TOKEN).compute_signature(url, form)
        parts = urlsplit(url)
        path = parts.path.removeprefix("/house") + (f"?{parts.query}" if parts.query else "")
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": signature})

    def call(self) -> str:
        return self._follow(self.post("incoming", CallStatus="ringing"))

    def press(self, keys: str) -> str:
        return self._follow(self.post(self.address("Gather"), Digits=keys))

    def wait(self) -> str:
        return self._follow(self.post(self.address("Gather")))

    def speak(self, **params: str) -> str:
        self.recordings += 1
        return self._follow(self.post(self.address("Record"), **self.recorded(), Digits="#", **params))

    def keep_silent(self) -> str:
        return self._follow(self.post(self.address("Redirect")))

    def tell_recording(self, status: str = "completed", address: str | None = None) -> TestResponse:
        where = address or self.address("Record", "recordingStatusCallback")
        told = self.recorded() | {"RecordingStatus": status}
        if status == "absent":
            told |= {"RecordingUrl": "", "RecordingDuration": "0"}
        return self.post(where, **told)

    def dialled_ended(self, status: str) -> str:
        return self._follow(self.post(self.address("Dial"), DialCallStatus=status, DialCallDuration="5"))

    def hang_up(self, seconds: str = "42") -> TestResponse:
        return self.post("status", CallStatus="completed", CallDuration=seconds)

    def recorded(self) -> dict[str, str]:
        sid = f"RE{self.recordings:032d}"
        return {"RecordingSid": sid, "RecordingUrl": f"https://api.example/{sid}", "RecordingDuration": "7"}

    def address(self, verb: str, attribute: str = "action") -> str:
        assert self.last is not None
        element = ElementTree.fromstring(self.last.text).find(verb)
        assert element is not None, self.last.text
        return element.get(attribute) or (element.text or "")

    def _follow(self, response: TestResponse) -> str:
        assert response.status_code == 200, response.text
        self.last = response
        return re.sub(r"<[^>]+>", " ", response.text)


@pytest.fixture
def carrier(tools: IvrTools) -> Carrier:
    return carrier_for(tools)


def carrier_for(tools: IvrTools, **known: str) -> Carrier:
    app = Flask(__name__)
    app.register_blueprint(create_voice_blueprint(tools))
    return Carrier(app.test_client(), **known)  # type: ignore[arg-type]


@pytest.fixture
def call_row(loaded: Database) -> Callable[[], Call]:
    """Read the one call there is."""

    def read() -> Call:
        with loaded.begin() as session:
            return session.scalars(select(Call)).one()

    return read
