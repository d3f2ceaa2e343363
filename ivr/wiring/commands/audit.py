"""The command about what was written down: whether it still stands as it was written."""

from __future__ import annotations

import sys

import click

from casebook.rules import codes
from casebook.service import proof
from casebook.service.proof import Broken
from ivr.wiring.house import open_house

BROKEN = 2
"""The exit code when a link is broken; 1 is any other failure."""


@click.group(help="Nhật ký sự kiện: kiểm tra không ai sửa hay xóa.")
def command() -> None:
    """Group the commands about the events' chains."""


@command.command()
def verify() -> None:
    """Kiểm tra mọi chuỗi sự kiện và nêu mắt xích đứt đầu tiên."""
    with open_house("audit") as house:
        click.echo("Đang kiểm tra các chuỗi sự kiện…", err=True)
        with house.database.begin() as session:
            found = proof.prove(session)
        with house.database.begin() as session:
            proof.note(session, found, house.clock())
    seen = f"{found.case_events} sự kiện của {found.cases} phản ánh, {found.desk_events} sự kiện chung"
    if found.broken:
        click.secho(f"CHUỖI ĐÃ ĐỨT: {told(found.broken)}. Đã xem {seen}.", fg="red", err=True)
        sys.exit(BROKEN)
    click.echo(f"Các chuỗi còn nguyên: {seen}, {found.seals} niêm phong.")
    click.echo(f"Mã của sự kiện chung cuối cùng (ghi lại nơi khác để đối chiếu): {found.head}")


def told(broken: Broken) -> str:
    """Name a broken link for people."""
    chain = f"phản ánh {codes.readable(broken.code)}" if broken.code else "nhật ký chung"
    return f"{chain}, sự kiện số {broken.number}: {broken.why}"
