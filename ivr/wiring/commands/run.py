"""`run`: the first-run set-up, then every process of the hotline under one supervisor."""

from __future__ import annotations

import time
from urllib.error import URLError
from urllib.request import urlopen

import click
from rich.console import Console
from rich.panel import Panel

from casebook.service import users
from config.database.embedded import EmbeddedPostgres
from config.database.engine import Database
from config.errors import HotlineError
from config.logs import set_up_logs
from config.processes import Child, Supervisor, command_line, only_one
from config.secrets import load_secrets
from config.settings import Settings, load_settings
from ivr.wiring.commands.models import DEFAULT_MODELS, install_model
from ivr.wiring.house import House, embedded_home
from transcription import choice
from transcription.errors import ModelMissing

console = Console(stderr=True)

READY_SECONDS = 60


@click.command()
def command() -> None:
    """Chạy toàn bộ đường dây nóng trên máy này (web, worker, đồng hồ)."""
    settings = load_settings()
    set_up_logs(settings.log_level, "run")
    with only_one(settings.data_dir):
        embedded = _start_database(settings)
        try:
            url = embedded.url if embedded else _given_url(settings)
            password = _prepare(settings, url)
            supervisor = Supervisor(_children(settings), {"HOTLINE_DATABASE_URL": url})
            if embedded:
                supervisor.watch = embedded.revive
            supervisor.run(when_started=lambda: _announce(settings, password))
        finally:
            if embedded:
                embedded.stop()
    console.print("Đường dây nóng đã dừng.")


def _given_url(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


def _start_database(settings: Settings) -> EmbeddedPostgres | None:
    if settings.database_url:
        return None
    with console.status("Khởi động PostgreSQL nhúng…"):
        return EmbeddedPostgres(embedded_home(settings))


def _prepare(settings: Settings, url: str) -> str | None:
    """Migrate, load the directory, make the first account, see to a speech model; gives a new password."""
    house = House(settings, load_secrets(settings), Database(url))
    _refuse_wrong_settings(house)
    try:
        with console.status("Cập nhật cơ sở dữ liệu…"):
            console.print(house.upgrade())
        with house.database.begin() as session:
            password = users.create_first(session, settings.admin_email, house.clock())
        _prepare_speech(settings)
        return password
    finally:
        house.database.close()


def _refuse_wrong_settings(house: House) -> None:
    """What no process could start with is told here once, not by each of them over and over."""
    _ = house.keys, house.store, house.mail


def _prepare_speech(settings: Settings) -> None:
    try:
        chosen = choice.choose(settings.speech_engine, settings.speech_model, settings.models_home)
    except ModelMissing:
        console.print("Chưa có mô hình nghe tiếng Việt; đang cài (khoảng 70 MB, một lần).")
        _install_first_model(settings)
        return
    console.print(f"Bộ nghe: {chosen.why}.")


def _install_first_model(settings: Settings) -> None:
    """A hotline without ears still takes calls: recordings wait until a model is there."""
    try:
        for name in DEFAULT_MODELS:
            install_model(name, settings.models_home)
    except HotlineError as error:
        console.print(
            f"[bold red]Chưa cài được mô hình nghe:[/] {error}\nĐường dây nóng vẫn nhận cuộc gọi; bản ghi sẽ chờ. "
            "Khi có mạng, chạy: python app.py models install"
        )


def _children(settings: Settings) -> list[Child]:
    children = [
        Child("web", command_line("web")),
        Child("worker", command_line("worker", "--queues", "default,mail", "--concurrency", "4")),
        Child("speech", command_line("worker", "--queues", "speech", "--concurrency", "1")),
        Child("clock", command_line("clock")),
    ]
    if settings.gateway:
        children.append(Child("gateway", command_line("gateway")))
    if settings.uses_mail_sink:
        children.append(Child("mail-sink", command_line("mail-sink")))
    return children


def _announce(settings: Settings, password: str | None) -> None:
    if not _web_answers(settings):
        console.print("[bold red]Máy chủ web chưa trả lời; xem nhật ký ở trên.[/]")
        return
    lines = [
        f"Bàn làm việc:   {settings.base_url}/desk/",
        f"Đăng nhập:      {settings.admin_email}",
        f"Mật khẩu:       {password}  (chỉ hiện một lần này)"
        if password
        else "Mật khẩu:       đã đặt ở lần chạy đầu; quên thì chạy: .venv/bin/python app.py user password",
        "Gọi thử:        make call   (ở một cửa sổ khác)",
        *([f"Điện thoại SIP: sip:0967771010@{settings.gateway_bind}"] if settings.gateway else []),
    ]
    if settings.uses_mail_sink:
        lines.append(f"Hộp thư thử:    {settings.base_url}/desk/mailbox")
    lines.append("Dừng:           Ctrl-C")
    console.print(Panel("\n".join(lines), title="Lắng Nghe đang chạy", expand=False))


def _web_answers(settings: Settings) -> bool:
    """Wait until the web server answers, at most READY_SECONDS."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://{settings.bind}/healthz", timeout=2):
                return True
        except (URLError, OSError):
            time.sleep(0.3)
    return False
