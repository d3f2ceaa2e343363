"""The desk as an application of its own: real database, real store, real rules; for tests and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from casebook.adapters.calendar_file import read_calendar
from casebook.rules.understanding import Directory, Heard, Suggestion, UnderstandingRules
from casebook.rules.understanding import understand as understand_call
from casebook.tools import House
from casebook.understanding_files import load_understanding, read_areas
from casebook.web import create_desk
from casebook.web.operations import Operations
from casebook.web.security import harden
from casebook.web.tools import DeskTools
from config.checks import mind, well, wrong
from config.clock import Clock
from config.crypto import KeyRing
from config.database.engine import Database
from config.directory.prompt_files import PromptFiles
from config.directory.prompts import read_prompts
from config.directory.store import DATA, load_directory, units_of
from config.settings import Settings
from config.told import Told
from ivr.adapters.sound import quiet_wav
from ivr.book import call_book
from ivr.rehearsal import rehearse
from ivr.service.telling import CallBook
from recordings.adapters.memory_store import MemoryStore

SECRET = "only-for-tests"

CHECKED = (
    ("Bộ nghe", well(Told("%(title)s được đặt trong cấu hình; mô hình %(model)s đã cài", title="CTC", model="ctc"))),
    (
        "Lời thoại",
        mind(
            Told("%(n)s lời thoại chưa có tệp thu sẵn, sẽ được máy đọc", n=79),
            Told("Thu âm rồi đặt vào %(folder)s", folder="/srv/lang-nghe/prompts"),
        ),
    ),
    ("Máy chủ thư", wrong("Máy chủ thư không trả lời hoặc tạm từ chối.", "Kiểm tra HOTLINE_SMTP_URL.")),
)
"""What the checks of a hotline that is not quite well say: with values, with a fix, as an error says it."""


def understanding(database: Database) -> Callable[[Heard], Suggestion]:
    """The rules that ship, over the directory as it is loaded now."""
    rules: UnderstandingRules = load_understanding(DATA / "understanding")
    with database.begin() as session:
        directory = Directory.build(units_of(session), rules)
    return lambda heard: understand_call(heard, directory, rules)


def desk_tools(
    database: Database,
    keys: KeyRing,
    clock: Clock,
    mailbox: Path | None,
    understand: Callable[[Heard], Suggestion] | None = None,
) -> DeskTools:
    """Load the directory that ships and put the desk's means together."""
    with database.begin() as session:
        load_directory(session)
    return DeskTools(
        database=database,
        clock=clock,
        keys=keys,
        store=MemoryStore(),
        house=House("http://127.0.0.1:8080", "duong-day-nong@soyte.example", ("lanh-dao@soyte.example",)),
        understand=understand or understanding(database),
        calendar=read_calendar(DATA / "holidays.csv"),
        secret=SECRET,
        mailbox=mailbox,
        calls=CallBook(),
        areas=read_areas(DATA / "understanding" / "places.csv"),
        operations=_operations(mailbox),
        second_factor_required=False,
    )


def _operations(mailbox: Path | None) -> Operations:
    """The real prompts and dialogue; recordings go beside the mailbox, and the synthesiser only hums."""
    texts = read_prompts(DATA / "prompts.toml")
    return Operations(
        prompts=PromptFiles((mailbox or Path("mailbox")).parent / "prompts"),
        book=lambda lines: call_book(texts, lines),
        rehearse=rehearse,
        speak=lambda text: quiet_wav(len(text.split()) / 4),
        checks=lambda: list(CHECKED),
    )


def desk_app(tools: DeskTools, base_url: str | None = None) -> Flask:
    """The application, hardened as the real one is."""
    app = Flask("desk")
    app.secret_key = SECRET
    harden(app, Settings(_env_file=None, public_url=base_url))
    app.register_blueprint(create_desk(tools))
    return app
