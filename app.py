#!/usr/bin/env python3
"""Lắng Nghe, the hotline server: its commands. `python app.py run` starts everything on one machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from config.errors import HotlineError
from config.logs import set_up_logs
from config.processes import end_with_supervisor
from config.settings_table import settings_table
from ivr.caller.command import CallOptions, place_call
from ivr.wiring import checks, models, people, running, serving
from ivr.wiring.house import open_house

QUEUES = ("default", "speech", "mail")


def plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Show our own errors as a message with an exit code of 1, not as a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except HotlineError as error:
            click.secho(str(error), fg="red", err=True)
            sys.exit(1)

    return wrapped


@click.group(
    help="Lắng Nghe: máy chủ đường dây nóng của Sở Y tế.", context_settings={"help_option_names": ["-h", "--help"]}
)
def main() -> None:
    """Group the commands."""


@main.command()
@plain_errors
def run() -> None:
    """Chạy toàn bộ đường dây nóng trên máy này (web, worker, đồng hồ)."""
    running.run_everything()


@main.command()
@plain_errors
def web() -> None:
    """Chạy máy chủ web: webhook thoại và bàn làm việc."""
    end_with_supervisor()
    serving.serve_web()


@main.command()
@click.option("--queues", default=",".join(QUEUES), show_default=True, help="Các hàng đợi, cách nhau bằng dấu phẩy.")
@click.option("--concurrency", default=1, show_default=True, help="Số việc làm cùng lúc.")
@plain_errors
def worker(queues: str, concurrency: int) -> None:
    """Chạy một worker: tải bản ghi, chép lời, lập phản ánh, gửi thư."""
    end_with_supervisor()
    serving.serve_jobs(_queue_names(queues), concurrency)


@main.command()
@plain_errors
def clock() -> None:
    """Chạy đồng hồ: đến giờ thì xếp việc định kỳ vào hàng đợi."""
    end_with_supervisor()
    serving.serve_clock()


@main.command("mail-sink")
@plain_errors
def mail_sink() -> None:
    """Chạy hộp thư thử nghiệm (SMTP) tại máy, khi chưa có máy chủ thư thật."""
    end_with_supervisor()
    serving.serve_mail_sink()


@main.command()
@plain_errors
def upgrade() -> None:
    """Cập nhật cấu trúc cơ sở dữ liệu và nạp danh bạ đường dây, đơn vị."""
    with open_house("upgrade") as house:
        click.echo(house.upgrade())


@main.command()
@plain_errors
def check() -> None:
    """Kiểm tra mọi thứ cần cho đường dây nóng; mỗi lỗi kèm cách sửa."""
    with open_house("check") as house:
        sys.exit(checks.report(house))


@main.command()
@click.option("--line", default="0967771010", show_default=True, help="Số đường dây gọi tới.")
@click.option("--from", "caller", default=None, help="Số người gọi; để trống thì chọn ngẫu nhiên.")
@click.option(
    "--say",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp WAV cho mỗi câu trả lời.",
)
@click.option("--text", multiple=True, help="Lời nói (được đọc thành tiếng) cho mỗi câu trả lời.")
@click.option("--keys", default=None, help="Phím bấm theo thứ tự, ví dụ 1,4,skip.")
@click.option(
    "--callbacks",
    type=click.Choice(["once", "twice", "late", "swapped", "never"]),
    default="once",
    show_default=True,
    help="Cách nhà cung cấp báo tin.",
)
@plain_errors
def call(
    line: str, caller: str | None, say: tuple[Path, ...], text: tuple[str, ...], keys: str | None, callbacks: str
) -> None:
    """Gọi thử đường dây nóng bằng giao thức thật của nhà cung cấp."""
    with open_house("call") as house:
        options = CallOptions(line=line, caller=caller, say=say, text=text, keys=keys, callbacks=callbacks)
        sys.exit(place_call(options, house.call_surroundings()))


@main.command("daily-mail")
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), default=None, help="Ngày tổng hợp; mặc định là hôm qua."
)
@plain_errors
def daily_mail(day: datetime | None) -> None:
    """Gửi ngay thư tổng hợp cho lãnh đạo."""
    with open_house("mail") as house:
        wanted: date | None = day.date() if day else None
        click.echo(house.post_daily(wanted))


@main.command()
@plain_errors
def reconcile() -> None:
    """Đối soát với nhà cung cấp: nhận về cuộc gọi và bản ghi chưa tới."""
    with open_house("sync") as house:
        found = house.reconciler.run()
        click.echo(f"Đã xem {found.calls} cuộc gọi, {found.recordings} bản ghi; nhận về {found.imported} mục chưa có.")


@main.command()
@plain_errors
def settings() -> None:
    """In bảng các biến cấu hình."""
    click.echo(settings_table())


def _queue_names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = set(names) - set(QUEUES)
    if unknown or not names:
        raise click.BadParameter(f"Hàng đợi phải là: {', '.join(QUEUES)}")
    return names


main.add_command(people.user)
main.add_command(models.models)

if __name__ == "__main__":
    set_up_logs("INFO", "app")
    main()
