"""Parts of a case's page that stand on their own: each knows its template and what that shows."""

from __future__ import annotations

from casebook.web.panels import claim, files, identity, muting, notes, related, replies, split
from casebook.web.panels.panel import Looked, Panel, Place, Shown, shown_panels

PANELS: tuple[Panel, ...] = (
    claim.PANEL,
    replies.PANEL,
    identity.PANEL,
    related.MERGED_PANEL,
    related.PANEL,
    split.PANEL,
    muting.PANEL,
    files.PANEL,
    notes.PANEL,
)
"""Every panel, in the order in which they stand in their place."""

__all__ = ["PANELS", "Looked", "Panel", "Place", "Shown", "shown_panels"]
