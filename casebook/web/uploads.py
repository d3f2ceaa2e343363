"""Posts that carry files: the only ones that may be large."""

from __future__ import annotations

from typing import Any

from flask import request

from casebook.rules.file_types import LARGEST_FILE
from casebook.service.files import BadFiles, Upload
from casebook.web.telling import in_language

UPLOADS = frozenset(
    {
        "desk.add_files",
        "desk.unit_reply",
        "desk.operator_prompt_take",
        "desk.operator_prompts_take",
        "desk.operator_unit_compare",
    }
)
"""The endpoints that take files."""

MAX_UPLOAD_POST_BYTES = 64 * 1024 * 1024
"""More than the 25 MB that are taken, so that who sends somewhat more is told so with all their words kept."""

FILES = "files"
"""What the forms' file field is called."""

MULTIPART = "multipart/form-data"


def allow_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the limit of this request if its address takes files; to be called before anything reads the form.

    Also for a stranger, whose session may have ended while typing: their words are kept by the log-in page.
    """
    if endpoint in UPLOADS and request.method == "POST":
        request.max_content_length = MAX_UPLOAD_POST_BYTES


def uploaded() -> list[Upload]:
    """Read the files of this post; of one that is too large only as much as tells so."""
    sent = [file for file in request.files.getlist(FILES) if file.filename]
    return [Upload(file.filename or "", file.stream.read(LARGEST_FILE + 1)) for file in sent]


def sent_as_upload() -> bool:
    """Whether the post came from a form with files; one that was kept over a log-in does not, and lost them."""
    return request.mimetype == MULTIPART


def reasons(error: BadFiles) -> list[str]:
    """Say of each file why it was not taken."""
    return [f"“{in_language(name)}”: {in_language(reason)}" for name, reason in error.reasons]
