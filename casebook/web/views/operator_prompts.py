"""The prompts: what callers hear, which a voice has recorded; uploading, hearing and removing recordings."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Response, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from casebook.models import DirectoryChange
from casebook.queries import directory_pages
from casebook.rules import prompt_sound
from casebook.service.directory_changes import SOUND
from casebook.web.doors import Route
from casebook.web.spreadsheets import MEDIA_TYPE, spreadsheet
from casebook.web.telling import in_language, in_words
from casebook.web.views.operator import NEEDS, POST, OperatorViews, read_upload, sound, to
from config.directory.lines import Line
from config.directory.prompts import Prompt, PromptBook
from config.directory.store import lines_of
from config.errors import HotlineError, PermanentError
from recordings import audio

TAB = "operator_prompts"

LARGEST = 10 * 1024 * 1024
"""Bytes of one recording: ten minutes of studio sound."""

LONGEST_S = 180.0
"""Seconds; nobody listens longer to a machine."""

MOST_TOLD = 5
"""Refused files that are told one by one: what is told travels in a cookie."""

KINDS = {".wav": "audio/wav", ".mp3": "audio/mpeg"}
SHOWN = {"": "Tất cả", "missing": "Chưa thu", "recorded": "Đã thu"}


class BadSound(PermanentError):
    """Không dùng được tệp này làm lời thoại."""


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """A prompt with the name of its line, empty for all lines; its recording and how many seconds that plays."""

    prompt: Prompt
    line: str
    file: Path | None
    seconds: float | None

    @property
    def in_line_form(self) -> bool:
        """Whether the words are changed in the line's form: its greeting and notice."""
        own = self.prompt.name.partition(".")[2]
        return own == "greeting" or own.startswith("notice-")


@dataclass(frozen=True, slots=True)
class OperatorPrompts(OperatorViews):
    """The pages of the prompts."""

    def routes(self) -> tuple[Route, ...]:
        """List the pages."""
        prompt = "/operator/prompts/<name>"
        return (
            Route("/operator/prompts", TAB, self.prompts, NEEDS),
            Route("/operator/prompt-script.csv", "operator_script", self.script, NEEDS),
            Route("/operator/prompt-upload", "operator_prompts_take", self.take_many, NEEDS, POST),
            Route(prompt, "operator_prompt", self.prompt, NEEDS),
            Route(f"{prompt}/sound", "operator_prompt_sound", self.hear, NEEDS),
            Route(f"{prompt}/spoken", "operator_prompt_spoken", self.spoken, NEEDS),
            Route(f"{prompt}/upload", "operator_prompt_take", self.take, NEEDS, POST),
            Route(f"{prompt}/remove", "operator_prompt_remove", self.remove, NEEDS, POST),
        )

    def prompts(self) -> ResponseReturnValue:
        """List the prompts: all, those without a recording, those with one."""
        show = request.args.get("show", "")
        with self.begin() as session:
            listed = self._listed(session)
            fixed = [shown for shown in listed if shown.prompt.is_fixed]
            parts = {
                "": listed,
                "missing": [shown for shown in fixed if not shown.file],
                "recorded": [shown for shown in fixed if shown.file],
            }
            counts = {name: len(part) for name, part in parts.items()}
            groups = _by_line(parts.get(show, listed))
            return self.page(session, "prompts.html", TAB, groups=groups, counts=counts, shown=SHOWN, show=show)

    def script(self) -> ResponseReturnValue:
        """Give the words that no voice has recorded yet, with their file names, for the studio."""
        with self.begin() as session:
            listed = self._listed(session)
        rows = [(f"{it.prompt.name}.wav", it.prompt.text) for it in listed if it.prompt.is_fixed and not it.file]
        headers = {"Content-Disposition": 'attachment; filename="kich-ban-thu-am.csv"'}
        return Response(spreadsheet((_("tệp"), _("lời")), rows), mimetype=MEDIA_TYPE, headers=headers)

    def prompt(self, name: str) -> ResponseReturnValue:
        """Show a prompt: its words, its recording, what is doubtful about that, and its changes."""
        with self.begin() as session:
            return self._sheet(session, self._shown(session, name))

    def hear(self, name: str) -> ResponseReturnValue:
        """Play what callers hear: the recording, else the synthesiser."""
        with self.begin() as session:
            shown = self._shown(session, name)
        if shown.file is None:
            return sound(self.operations.speak(shown.prompt.text), KINDS[".wav"])
        return sound(shown.file.read_bytes(), KINDS[shown.file.suffix])

    def spoken(self, name: str) -> ResponseReturnValue:
        """Play the synthesiser's voice, also where there is a recording."""
        with self.begin() as session:
            shown = self._shown(session, name)
        return sound(self.operations.speak(shown.prompt.text), KINDS[".wav"])

    def take(self, name: str) -> ResponseReturnValue:
        """Take an uploaded recording of a prompt, for the next call."""
        with self.begin() as session:
            shown = self._shown(session, name)
        try:
            change = self._take(shown.prompt, request.files.get("file"))
        except HotlineError as error:
            with self.begin() as session:
                return self._sheet(session, shown, 422, error=in_words(error))
        flash(
            _("Đã nhận bản thu.") if change else _("Bản thu giống hệt bản đang dùng."),
            "good",
        )
        return to("operator_prompt", change, name=name)

    def take_many(self) -> ResponseReturnValue:
        """Take several recordings at once, each named after its prompt."""
        with self.begin() as session:
            book = self._book(session)
        files = [file for file in request.files.getlist("files") if file.filename]
        taken, refused = 0, [] if files else [_("Hãy chọn ít nhất một tệp.")]
        for file in files:
            name = Path(file.filename or "").stem
            try:
                taken += self._take(_fixed(book, name), file) is not None
            except HotlineError as error:
                refused.append(f"{file.filename}: {in_words(error)}")
        if taken:
            flash(_("Đã nhận %(n)s bản thu.", n=taken), "good")
        for reason in refused[:MOST_TOLD]:
            flash(reason, "bad")
        if len(refused) > MOST_TOLD:
            flash(_("và %(n)s tệp nữa không nhận được.", n=len(refused) - MOST_TOLD), "bad")
        return to(TAB, None)

    def remove(self, name: str) -> ResponseReturnValue:
        """Have the synthesiser speak a prompt again."""
        with self.begin() as session:
            self._shown(session, name)
        with self.editing() as editor:
            change = editor.sound(name, None)
        flash(_("Đã bỏ bản thu. Từ cuộc gọi sau, máy đọc lời này."), "good")
        return to("operator_prompt", change, name=name)

    def _take(self, prompt: Prompt, file: FileStorage | None) -> DirectoryChange | None:
        """Check, convert and put in place; raises HotlineError saying what is wrong."""
        if not prompt.is_fixed:
            raise BadSound("Lời này thay đổi theo từng cuộc gọi nên không thu sẵn được.")
        data = read_upload(file, LARGEST)
        if not data:
            raise BadSound("Hãy chọn một tệp âm thanh (WAV, MP3 hoặc OGG).")
        if len(data) > LARGEST:
            raise BadSound("Tệp lớn hơn 10 MB. Lời thoại chỉ dài vài chục giây; hãy cắt bớt hoặc nén lại.")
        converted = audio.to_telephone(data, max_duration_s=LONGEST_S)
        state = self.operations.prompts.keep(converted, ".wav")
        with self.editing() as editor:
            return editor.sound(prompt.name, state)

    def _sheet(self, session: Session, shown: ShownPrompt, status: int = 200, *, error: str = "") -> tuple[str, int]:
        return self.page(
            session,
            "prompt.html",
            TAB,
            status,
            shown=shown,
            error=error,
            warnings=_warnings(shown),
            changes=directory_pages.changes_of(session, SOUND, shown.prompt.name),
            line_link=_line_link(shown),
        )

    def _book(self, session: Session) -> PromptBook:
        return self.operations.book(lines_of(session))

    def _listed(self, session: Session) -> list[ShownPrompt]:
        lines = {line.slug: line for line in lines_of(session)}
        prompts = self._book(session).prompts.values()
        return [self._told(prompt, lines) for prompt in sorted(prompts, key=lambda prompt: prompt.name)]

    def _shown(self, session: Session, name: str) -> ShownPrompt:
        prompt = self._book(session).prompts.get(name)
        if prompt is None:
            abort(404, _("Không có lời thoại này."))
        return self._told(prompt, {line.slug: line for line in lines_of(session)})

    def _told(self, prompt: Prompt, lines: dict[str, Line]) -> ShownPrompt:
        line = lines.get(prompt.name.partition(".")[0])
        file = self.operations.prompts.heard(prompt.name) if prompt.is_fixed else None
        return ShownPrompt(prompt, line.name if line else "", file, _seconds(file) if file else None)


def _fixed(book: PromptBook, name: str) -> Prompt:
    prompt = book.prompts.get(name)
    if prompt is None:
        raise BadSound("Không có lời thoại nào mang tên này. Tên tệp phải như trong kịch bản thu âm.")
    return prompt


def _by_line(listed: Sequence[ShownPrompt]) -> list[tuple[str, list[ShownPrompt]]]:
    """Group the prompts: those of all lines first, then each line's own."""
    names = sorted({shown.line for shown in listed})
    return [(name, [shown for shown in listed if shown.line == name]) for name in names]


def _seconds(file: Path) -> float | None:
    """How long a recording plays; None where only decoding would tell."""
    try:
        with wave.open(str(file)) as sound_file:
            return float(sound_file.getnframes() / sound_file.getframerate())
    except (wave.Error, EOFError, OSError):
        return None


def _warnings(shown: ShownPrompt) -> tuple[str, ...]:
    if shown.file is None:
        return ()
    try:
        facts = audio.inspect(shown.file.read_bytes(), max_duration_s=LONGEST_S)
    except HotlineError as error:
        return (_("Không giải mã được tệp này, người gọi sẽ nghe máy đọc: %(why)s", why=in_words(error)),)
    found = prompt_sound.warnings(shown.prompt.text, facts.duration_s, facts.level_dbfs, facts.waveform)
    return tuple(map(in_language, found))


def _line_link(shown: ShownPrompt) -> str:
    slug = shown.prompt.name.partition(".")[0]
    return url_for("desk.operator_line", slug=slug) if shown.in_line_form else ""
