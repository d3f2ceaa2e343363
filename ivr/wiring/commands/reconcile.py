"""`reconcile`: compare with the provider, now."""

from __future__ import annotations

import click

from ivr.wiring.house import open_house


@click.command()
def command() -> None:
    """Đối soát với nhà cung cấp: nhận về cuộc gọi và bản ghi chưa tới."""
    with open_house("sync") as house:
        found = house.reconciler.run()
        click.echo(f"Đã xem {found.calls} cuộc gọi, {found.recordings} bản ghi; nhận về {found.imported} mục.")
