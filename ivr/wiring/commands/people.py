"""The commands about accounts of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import click
from rich.console import Console
from rich.table import Table

from casebook.rules.policy import Role
from casebook.service import passwords, people, users
from ivr.wiring.house import House, open_house

BY = "app.py"
"""Who did it, where it was done on the machine itself."""

ROLES = click.Choice([role.value for role in Role])


@click.group(help="Tài khoản của bàn làm việc.")
def command() -> None:
    """Group the commands about accounts."""


@command.command("list")
def list_users() -> None:
    """Liệt kê các tài khoản."""
    with open_house("user") as house, house.database.begin() as session:
        table = Table("Thư điện tử", "Tên", "Vai trò", "Hoạt động")
        for one in users.all_users(session):
            table.add_row(one.email, one.name, ", ".join(one.roles), "✓" if one.active else "—")
        Console().print(table)


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="Họ tên.")
@click.option("--role", "roles", multiple=True, type=ROLES, required=True, help="Vai trò; có thể nhiều.")
def add(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Tạo tài khoản với mật khẩu ngẫu nhiên."""

    def make(house: House) -> str:
        password = passwords.new_password()
        with house.database.begin() as session:
            chosen = [Role(role) for role in roles]
            user = users.create(session, email=email, name=name, roles=chosen, password=password, now=house.clock())
            people.tell_of_rights(session, user, chosen, house.department, house.clock(), by=BY)
        return f"Mật khẩu của {email}: {password}"

    _with_house(make)


@command.command()
@click.argument("email", required=False)
def password(email: str | None) -> None:
    """Đặt lại mật khẩu ngẫu nhiên (mặc định: tài khoản của lần chạy đầu)."""

    def reset(house: House) -> str:
        address = email or house.settings.admin_email
        with house.database.begin() as session:
            return f"Mật khẩu mới của {address}: {users.reset_password(session, address, house.clock())}"

    _with_house(reset)


@command.command()
@click.argument("email")
@click.option("--role", "roles", multiple=True, type=ROLES, required=True, help="Vai trò; có thể nhiều.")
def roles(email: str, roles: tuple[str, ...]) -> None:
    """Đổi vai trò của một tài khoản."""

    def change(house: House) -> str:
        with house.database.begin() as session:
            user = users.existing(session, email)
            wanted = replace(people.standing_of(user), roles=frozenset(map(Role, roles)))
            people.change(session, user, wanted, house.department, house.clock(), by=BY)
        return f"Đã đổi vai trò của {email}."

    _with_house(change)


@command.command()
@click.argument("email")
@click.option("--off/--on", default=True, help="Khóa hoặc mở lại.")
def lock(email: str, *, off: bool) -> None:
    """Khóa hoặc mở lại một tài khoản; mọi phiên đăng nhập của nó kết thúc."""

    def change(house: House) -> str:
        with house.database.begin() as session:
            users.set_active(session, email, house.clock(), active=not off)
        return f"Đã {'khóa' if off else 'mở lại'} {email}."

    _with_house(change)


@command.command("second-factor")
@click.argument("email")
def second_factor_off(email: str) -> None:
    """Đặt lại bước xác thực thứ hai của người mất điện thoại; mọi phiên của họ kết thúc."""

    def turn_off(house: House) -> str:
        with house.database.begin() as session:
            people.reset_factor(session, users.existing(session, email), house.department, house.clock(), by=BY)
        return f"{email} đăng nhập bằng mật khẩu rồi đặt lại bước xác thực thứ hai."

    _with_house(turn_off)


@command.command()
@click.argument("email")
@click.option("--name", required=True, help="Họ tên.")
@click.option("--role", "roles", multiple=True, type=ROLES, required=True, help="Vai trò; có thể nhiều.")
def invite(email: str, name: str, roles: tuple[str, ...]) -> None:
    """Tạo tài khoản và gửi thư mời chọn mật khẩu."""

    def make(house: House) -> str:
        standing = people.Standing(name, frozenset(map(Role, roles)))
        with house.database.begin() as session:
            people.invite(session, email, standing, house.department, house.clock(), by=BY)
        return f"Đã xếp thư mời {email} vào hàng đợi gửi."

    _with_house(make)


def _with_house(act: Callable[[House], str]) -> None:
    with open_house("user") as house:
        click.echo(act(house))
