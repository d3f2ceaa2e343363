"""The operator's prompts: what callers hear, uploaded, converted, heard, removed, brought back."""

from __future__ import annotations

import gc
import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from casebook.models import DirectoryChange
from casebook.rules.policy import Role
from config.directory.lines_file import read_lines
from config.directory.prompt_files import PromptFiles
from config.directory.prompts import read_prompts
from config.directory.store import DATA
from ivr.book import call_book
from ivr.twiml import Voice

from .conftest import Desk, Visitor, hidden, plain

LIST = "/desk/operator/prompts"
MENU = f"{LIST}/menu"
CHANGES = "/desk/operator/changes"


@pytest.fixture
def operator(desk: Desk) -> Visitor:
    return desk.person(Role.OPERATOR)


@pytest.fixture
def files(desk: Desk) -> PromptFiles:
    return desk.tools.operations.prompts


def tone(
    seconds: float = 8.0, *, rate: int = 16_000, loud: float = 0.14, kind: str = "WAV", channels: int = 1
) -> bytes:
    """A hum like a voice: as loud as a studio is asked for, in any format."""
    at = np.arange(round(seconds * rate)) / rate
    sound = loud * np.sin(2 * np.pi * 220 * at)
    sink = io.BytesIO()
    soundfile.write(sink, np.stack([sound] * channels, axis=1), rate, format=kind)
    return sink.getvalue()


def upload(visitor: Visitor, data: bytes, name: str = "menu.wav", at: str = MENU) -> Any:
    fields = {"csrf_token": hidden(visitor.text(at), "csrf_token"), "file": (io.BytesIO(data), name)}
    return visitor.bare_post(f"{at}/upload", fields, content_type="multipart/form-data")


def test_every_prompt_is_listed_with_its_words_and_whether_a_voice_said_it(operator: Visitor, desk: Desk) -> None:
    book = call_book(read_prompts(DATA / "prompts.toml"), read_lines(DATA / "lines.toml"))
    page = operator.text(LIST)
    assert all(f">{name}</code>" in page for name in book.prompts)
    assert "Đường dây nóng Sở Y tế Thành phố Hồ Chí Minh xin nghe." in page
    assert "Không còn lời nào ở mục này" in operator.text(f"{LIST}?show=recorded")


@pytest.mark.parametrize("kind", ["WAV", "MP3", "OGG", "FLAC"])
def test_a_recording_becomes_what_a_telephone_carries_and_callers_hear_it(
    desk: Desk, operator: Visitor, files: PromptFiles, kind: str
) -> None:
    answer = upload(operator, tone(rate=22_050, channels=2, seconds=5.0, kind=kind), f"x.{kind.lower()}")
    assert answer.status_code == 303
    with wave.open(str(files.directory / "menu.wav")) as kept:
        assert (kept.getframerate(), kept.getnchannels(), kept.getsampwidth()) == (8000, 1, 2)
        assert kept.getnframes() / 8000 == pytest.approx(5.0, abs=0.15)
    book = call_book(read_prompts(DATA / "prompts.toml"), read_lines(DATA / "lines.toml"))
    voice = Voice(book, files.directory, "https://hotline.example")
    assert voice.audio_url("chat_luong", "menu") == "https://hotline.example/voice/prompts/menu.wav"
    page = plain(operator.text(answer.location))
    assert "Đã nhận bản thu" in page
    assert "Hoàn tác" in page
    heard = operator.get(f"{MENU}/sound")
    assert (heard.mimetype, heard.data[:4]) == ("audio/wav", b"RIFF")
    assert "directory_changed" in desk.desk_kinds()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Hãy chọn một tệp âm thanh"),
        (b"<html>not found</html>", "không phải âm thanh"),
        (b"MZ" + bytes(5000), "không giải mã được"),
        (tone()[:20_000], "cắt giữa chừng"),
        (tone(190, rate=8_000, kind="OGG"), "dài hơn giới hạn 3 phút"),
    ],
)
def test_what_is_no_prompt_is_refused_with_a_reason(
    desk: Desk, operator: Visitor, files: PromptFiles, data: bytes, told: str
) -> None:
    answer = upload(operator, data)
    assert answer.status_code == 422
    assert told in plain(answer.get_data(as_text=True))
    assert files.heard("menu") is None
    assert desk.count(DirectoryChange) == 0


# The test's own browser leaves its copy of a large post to be cleared away.
@pytest.mark.filterwarnings(r"ignore:Exception ignored in. <_io\.:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_a_file_that_is_too_large_is_refused_with_its_limit(operator: Visitor, files: PromptFiles) -> None:
    answer = upload(operator, b"RIFF" + bytes(10 * 1024 * 1024))
    status, page = answer.status_code, answer.get_data(as_text=True)
    del answer
    gc.collect()
    assert status == 422
    assert "Tệp lớn hơn 10 MB" in page
    assert files.heard("menu") is None


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (tone(loud=0.01), "Bản thu nhỏ"),
        (tone(loud=1.4), "quá to hoặc bị vỡ tiếng"),
        (tone(1.0), "ngắn so với lời"),
        (tone(60, rate=8_000, kind="OGG"), "dài so với lời"),
    ],
)
def test_what_sounds_doubtful_is_taken_with_a_warning(operator: Visitor, sound: bytes, told: str) -> None:
    assert upload(operator, sound).status_code == 303
    assert told in plain(operator.text(MENU))


def test_a_good_recording_has_no_warning(operator: Visitor) -> None:
    upload(operator, tone())
    assert 'class="note warn"' not in operator.text(MENU)


def test_the_version_before_comes_back_and_goes_again(operator: Visitor, files: PromptFiles) -> None:
    first, second = tone(), tone(9)
    upload(operator, first)
    before = files.state("menu")
    upload(operator, second)
    after = files.state("menu")
    assert before != after
    operator.post(f"{CHANGES}/2/undo", at=LIST)
    assert files.state("menu") == before
    operator.post(f"{CHANGES}/2/redo", at=LIST)
    assert files.state("menu") == after
    operator.post(f"{CHANGES}/2/undo", at=LIST)
    operator.post(f"{CHANGES}/1/undo", at=LIST)
    assert files.heard("menu") is None


def test_a_removed_recording_leaves_the_prompt_to_the_synthesiser(operator: Visitor, files: PromptFiles) -> None:
    upload(operator, tone())
    assert operator.post(f"{MENU}/remove", at=MENU).status_code == 303
    assert files.heard("menu") is None
    assert operator.get(f"{MENU}/sound").data[:4] == b"RIFF"
    operator.post(f"{CHANGES}/2/undo", at=LIST)
    assert files.heard("menu") is not None


def test_a_file_that_was_put_there_by_hand_is_kept_too(operator: Visitor, files: PromptFiles) -> None:
    files.directory.mkdir(parents=True)
    by_hand = tone(kind="MP3")
    (files.directory / "menu.mp3").write_bytes(by_hand)
    upload(operator, tone(9))
    assert files.heard("menu") == files.directory / "menu.wav"
    assert not (files.directory / "menu.mp3").exists()
    operator.post(f"{CHANGES}/1/undo", at=LIST)
    assert (files.directory / "menu.mp3").read_bytes() == by_hand


def test_the_same_recording_again_is_no_change(desk: Desk, operator: Visitor) -> None:
    upload(operator, tone())
    upload(operator, tone())
    assert desk.count(DirectoryChange) == 1


def test_many_recordings_are_taken_at_once_by_their_names(operator: Visitor, files: PromptFiles) -> None:
    sounds = [
        (io.BytesIO(tone(4)), "menu.wav"),
        (io.BytesIO(tone(4, kind="MP3")), "chat_luong.greeting.mp3"),
        (io.BytesIO(tone(4)), "khong-co.wav"),
        (io.BytesIO(b"<html>"), "goodbye.wav"),
    ]
    fields = {"csrf_token": hidden(operator.text(LIST), "csrf_token"), "files": sounds}
    answer = operator.bare_post("/desk/operator/prompt-upload", fields, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = plain(operator.text(answer.location))
    assert "Đã nhận 2 bản thu" in page
    assert "khong-co.wav: Không có lời thoại nào mang tên này" in page
    assert "goodbye.wav:" in page
    assert [files.heard(name) is not None for name in ("menu", "chat_luong.greeting", "goodbye")] == [True, True, False]


def test_the_studio_gets_the_words_that_no_voice_has_said(operator: Visitor) -> None:
    before = operator.text("/desk/operator/prompt-script.csv")
    assert "menu.wav," in before
    upload(operator, tone())
    assert "\r\nmenu.wav," not in operator.text("/desk/operator/prompt-script.csv")


def test_words_that_are_a_lines_own_lead_to_its_form_others_say_why_they_stay(operator: Visitor) -> None:
    assert "/desk/operator/lines/chat_luong" in operator.text(f"{LIST}/chat_luong.greeting")
    assert "config/data/prompts.toml" in operator.text(MENU)


@pytest.mark.parametrize("name", ["khong-co", "..", "%2e%2e%2fREADME", ".kept"])
def test_only_prompts_have_an_address(operator: Visitor, name: str) -> None:
    assert operator.get(f"{LIST}/{name}/sound").status_code == 404


def test_a_directory_that_cannot_be_written_is_told_and_nothing_is_lost(
    desk: Desk, operator: Visitor, files: PromptFiles
) -> None:
    files.directory.parent.mkdir(parents=True, exist_ok=True)
    files.directory.write_text("a file where the directory should be")
    answer = upload(operator, tone())
    assert answer.status_code == 422
    assert "Không ghi được vào thư mục lời thoại" in answer.get_data(as_text=True)
    assert desk.count(DirectoryChange) == 0


def test_a_version_that_was_cleared_away_is_told(operator: Visitor, files: PromptFiles) -> None:
    upload(operator, tone())
    upload(operator, tone(9))
    for kept in Path(files.directory, ".kept").iterdir():
        kept.unlink()
    operator.post(f"{CHANGES}/2/undo", at=LIST)
    assert "Bản thu trước không còn" in plain(operator.text(CHANGES))
    assert files.heard("menu") is not None
