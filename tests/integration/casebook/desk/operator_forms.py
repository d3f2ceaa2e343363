"""Filling in the operator's forms as a browser would."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.integration.casebook.desk.conftest import Visitor


def fields_of(page: str, action: str) -> dict[str, Any]:
    """What a browser would send of the form that posts to `action`, unchanged."""
    start = page.index(f'action="{action}"')
    form = page[start : page.index("</form>", start)]
    found: dict[str, Any] = {}

    def add(name: str, value: str) -> None:
        found.setdefault(name, []).append(html.unescape(value))

    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        chosen = 'type="checkbox"' not in tag or " checked" in tag
        if name and chosen and 'type="file"' not in tag:
            add(name.group(1), value.group(1) if value else "")
    for name_, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, flags=re.DOTALL):
        add(name_, text)
    for name_, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, flags=re.DOTALL):
        chosen_ = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        add(name_, chosen_.group(1) if chosen_ else "")
    return found


def send(visitor: Visitor, path: str, action: str, **changes: Any) -> Any:
    """Open the page at `path`, change some fields of its form and post it."""
    fields = fields_of(visitor.text(path), action) | changes
    return visitor.bare_post(action, {name: value for name, value in fields.items() if value is not None})
