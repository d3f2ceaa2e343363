"""How commands are found and how their errors are shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from config.errors import HotlineError


class Commands(click.Group):
    """A group whose commands are imported when they are asked for; `places` maps a name to its module.

    Each module holds its command under the name `command`. Our own errors are shown as a message, with an
    exit code of 1, not as a traceback.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None where there is none of that name."""
        if cmd_name not in self._places:
            return None
        found: click.Command = import_module(self._places[cmd_name]).command
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except HotlineError as error:
            click.secho(str(error), fg="red", err=True)
            sys.exit(1)
