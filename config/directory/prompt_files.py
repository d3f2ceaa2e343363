"""The operator's recordings of prompts in their directory; what was replaced is kept, so that it can come back."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.directory.prompts import AUDIO_SUFFIXES
from config.errors import PermanentError

KEPT = ".kept"
"""The directory, inside that of the prompts, in which every version is kept under its SHA-256."""

State = dict[str, Any]
"""Which recording is heard, as JSON: `suffix`, `sha256`."""


class PromptsNotWritable(PermanentError):
    """Không ghi được vào thư mục lời thoại. Hãy kiểm tra HOTLINE_PROMPTS_DIR và quyền ghi của chương trình."""


class VersionLost(PermanentError):
    """Bản thu trước không còn trong thư mục lời thoại, nên không lấy lại được. Hãy tải tệp lên lần nữa."""


@dataclass(frozen=True, slots=True)
class PromptFiles:
    """The recordings in `directory`; a prompt's name is its file's, without the suffix."""

    directory: Path

    def heard(self, name: str) -> Path | None:
        """Find the file that callers hear for a prompt, None where it is synthesised."""
        candidates = (self._path(name, suffix) for suffix in AUDIO_SUFFIXES)
        return next((path for path in candidates if path.is_file()), None)

    def state(self, name: str) -> State | None:
        """Say which recording callers hear for a prompt, None where it is synthesised."""
        path = self.heard(name)
        return _state(path.read_bytes(), path.suffix) if path else None

    def keep(self, sound: bytes, suffix: str) -> State:
        """Keep a recording without anybody hearing it yet. Raises PromptsNotWritable."""
        state = _state(sound, suffix)
        path = self._kept(state)
        if not path.is_file():
            _write_whole(path, sound)
        return state

    def kept(self, state: State) -> bytes:
        """Read a version that was kept. Raises VersionLost."""
        path = self._kept(state)
        if not path.is_file():
            raise VersionLost
        return path.read_bytes()

    def place(self, name: str, state: State | None) -> None:
        """Have callers hear a kept recording from now on, or the synthesiser for None; what was heard is kept.

        Raises PromptsNotWritable or VersionLost, and changes nothing then.
        """
        sound = self.kept(state) if state else b""
        present = [path for path in (self._path(name, suffix) for suffix in AUDIO_SUFFIXES) if path.is_file()]
        for path in present:
            self.keep(path.read_bytes(), path.suffix)
        if state:
            _write_whole(self._path(name, state["suffix"]), sound)
        for path in present:
            if not state or path.suffix != state["suffix"]:
                _remove(path)

    def _path(self, name: str, suffix: str) -> Path:
        if Path(name).name != name:
            raise ValueError(name)
        return self.directory / f"{name}{suffix}"

    def _kept(self, state: State) -> Path:
        return self.directory / KEPT / f"{state['sha256']}{state['suffix']}"


def _state(sound: bytes, suffix: str) -> State:
    return {"suffix": suffix, "sha256": hashlib.sha256(sound).hexdigest()}


def _write_whole(path: Path, content: bytes) -> None:
    """Write by renaming, so that a caller never hears half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as scratch:
            scratch.write(content)
        written = Path(scratch.name)
        # The gateway and the web server may be another user's processes.
        written.chmod(0o644)
        written.replace(path)
    except OSError as error:
        raise PromptsNotWritable from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise PromptsNotWritable from error
