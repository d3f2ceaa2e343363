"""A suggestion as JSON, for keeping it with the case, and back."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter

from .shapes import Suggestion

_ADAPTER: TypeAdapter[Suggestion] = TypeAdapter(Suggestion)


def to_json(suggestion: Suggestion) -> dict[str, Any]:
    """Give `suggestion` as a dict of JSON values."""
    return cast(dict[str, Any], _ADAPTER.dump_python(suggestion, mode="json"))


def from_json(kept: dict[str, Any]) -> Suggestion:
    """Give back the suggestion that `to_json` made; raises pydantic.ValidationError on anything else."""
    return _ADAPTER.validate_python(kept)
