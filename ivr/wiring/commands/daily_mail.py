"""`daily-mail`: the morning mail, now."""

from __future__ import annotations

from datetime import datetime

import click

from ivr.wiring.house import open_house


@click.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), default=None, help="Ngày; mặc định hôm qua.")
def command(day: datetime | None) -> None:
    """Gửi ngay thư tổng hợp cho lãnh đạo."""
    with open_house("mail") as house:
        click.echo(house.post_daily(day.date() if day else None))
