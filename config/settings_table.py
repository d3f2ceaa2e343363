"""The settings as one table for people, made from the code so that the two cannot differ."""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo

from config.settings import Settings

PREFIX = str(Settings.model_config.get("env_prefix"))


def settings_table() -> str:
    """Give every setting as a Markdown table: name, default, meaning. No value in use is shown."""
    rows = ["| Biến môi trường | Mặc định | Ý nghĩa |", "|---|---|---|"]
    rows += [
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is None or value == ():
        return "(trống)"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{value}`"
