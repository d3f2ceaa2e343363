"""`upgrade`: bring the database up to date."""

from __future__ import annotations

import click

from ivr.wiring.house import open_house


@click.command()
def command() -> None:
    """Cập nhật cấu trúc cơ sở dữ liệu và nạp danh bạ đường dây, đơn vị."""
    with open_house("upgrade") as house:
        click.echo(house.upgrade())
