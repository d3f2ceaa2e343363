"""`settings`: the table of settings."""

from __future__ import annotations

import click

from config.settings_table import settings_table


@click.command()
def command() -> None:
    """In bảng các biến cấu hình."""
    click.echo(settings_table())
