"""`mail-sink`: the local test mailbox."""

from __future__ import annotations

import click

from casebook.adapters.mail_sink import run_mail_sink
from config.logs import set_up_logs
from config.processes import end_with_supervisor
from config.settings import load_settings


@click.command()
def command() -> None:
    """Chạy hộp thư thử nghiệm (SMTP) tại máy, khi chưa có máy chủ thư thật."""
    end_with_supervisor()
    settings = load_settings()
    set_up_logs(settings.log_level, "mailbox")
    run_mail_sink(settings.mail_sink_bind, settings.mail_sink_dir)
