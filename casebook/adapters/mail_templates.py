"""Rendering mails: one template for text, one for HTML, from the same values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

Kind = Literal["letter", "daily", "alarm", "returned", "notice"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's two faces, saying the same."""

    text: str
    html: str


def render(kind: Kind, values: dict[str, Any]) -> Rendered:
    """Fill the templates of `kind`; raises jinja2.UndefinedError where a value is missing."""
    environment = _environment()
    return Rendered(
        text=environment.get_template(f"mail/{kind}.txt").render(values),
        html=environment.get_template(f"mail/{kind}.html").render(values),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("casebook"),
        undefined=StrictUndefined,
        # By the file's ending: what is text must not be escaped, what is HTML must.
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        keep_trailing_newline=True,
    )
