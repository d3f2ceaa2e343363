"""Rendering mails: one template for text, one for HTML, from the same values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

Kind = Literal["letter", "daily", "alarm"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's two faces, saying the same."""

    text: str
    html: str


def render(kind: Kind, values: dict[str, Any]) -> Rendered:
    """Fill the templates of `kind`; raises jinja2.UndefinedError where a value is missing."""
    text, html = _environment(autoescape=False), _environment(autoescape=True)
    return Rendered(
        text=text.get_template(f"mail/{kind}.txt").render(values),
        html=html.get_template(f"mail/{kind}.html").render(values),
    )


@cache
def _environment(*, autoescape: bool) -> Environment:
    return Environment(
        loader=PackageLoader("casebook"),
        undefined=StrictUndefined,
        autoescape=autoescape,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
