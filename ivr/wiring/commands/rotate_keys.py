"""`rotate-keys`: seal everything under the first key."""

from __future__ import annotations

import click

from ivr.rotation import rotate_columns, rotate_files, rotate_recordings
from ivr.wiring.house import open_house


@click.command()
def command() -> None:
    """Mã hóa lại mọi dữ liệu bằng khóa đầu của HOTLINE_ENCRYPTION_KEYS, để bỏ được khóa cũ."""
    with open_house("rotate") as house:
        for title, count in rotate_columns(house.database, house.keys):
            click.echo(f"{title}: {count}")
        click.echo(f"bản ghi âm: {rotate_recordings(house.recordings)}")
        click.echo(f"tệp đính kèm: {rotate_files(house.recordings)}")
        click.echo(f"Mọi dữ liệu nay ở khóa {house.keys.current}.")
