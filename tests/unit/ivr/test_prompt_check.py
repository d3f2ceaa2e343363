import csv
from pathlib import Path

from config.directory.lines import Line
from ivr.prompt_check import missing_files, recordable_prompts, studio_script


def test_the_check_lists_what_has_no_file_and_only_that(lines: dict[str, Line], tmp_path: Path) -> None:
    everything = recordable_prompts(lines.values())
    assert missing_files(lines.values(), tmp_path) == everything
    (tmp_path / "menu.wav").touch()
    (tmp_path / "chat_luong.notice-2026-1.mp3").touch()
    names = {prompt.name for prompt in everything} - {prompt.name for prompt in missing_files(lines.values(), tmp_path)}
    assert names == {"menu", "chat_luong.notice-2026-1"}


def test_the_studio_gets_every_text_once_with_its_file_name(lines: dict[str, Line]) -> None:
    rows = list(csv.reader(studio_script(recordable_prompts(lines.values())).splitlines()))
    assert rows[0] == ["file", "words"]
    assert ["digit-3.wav", "ba"] in rows
    assert ["status_closed.wav", "Phản ánh của Quý vị đã được giải quyết xong."] in rows
    assert len({file for file, _ in rows}) == len(rows)
