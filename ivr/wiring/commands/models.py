"""The commands about speech models."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from config.errors import HotlineError
from config.settings import load_settings
from transcription import model_store
from transcription.progress import BarProgress

MEGABYTE = 1_000_000


@click.group(help="Liệt kê, cài và kiểm tra các mô hình nghe tiếng nói.")
def command() -> None:
    """Group the commands about models."""


@command.command("list")
def list_models() -> None:
    """Liệt kê các mô hình và cho biết mô hình nào đã cài."""
    table = Table("Tên", "Mô hình", "Dung lượng", "Giấy phép", "Đã cài")
    for state in model_store.list_models(load_settings().models_home):
        size = f"{state.entry.bytes / MEGABYTE:.0f} MB"
        table.add_row(state.entry.name, state.entry.title, size, state.entry.licence, "✓" if state.installed else "—")
    Console().print(table)


@command.command()
@click.argument("names", nargs=-1)
def install(names: tuple[str, ...]) -> None:
    """Tải và cài mô hình (mặc định: bộ nghe tiếng Việt dùng sẵn)."""
    home = load_settings().models_home
    for name in names or DEFAULT_MODELS:
        _guarded(install_model, name, home)


@command.command()
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Kiểm tra từng tệp của mô hình đã cài bằng SHA-256."""
    home = load_settings().models_home
    installed = [state.entry.name for state in model_store.list_models(home) if state.installed]
    for name in names or installed:
        _guarded(_verify, name, home)


DEFAULT_MODELS = ("viet-ctc",)
"""What the first run installs: the engine that hears Vietnamese on telephone lines best."""


def install_model(name: str, home: Path) -> None:
    """Install one model with a progress bar; raises the store's errors."""
    with BarProgress() as progress:
        path = model_store.install(name, home, progress)
    click.echo(f"Đã có mô hình {name} tại {path}")


def _guarded(act: Callable[[str, Path], None], name: str, home: Path) -> None:
    """Show our own errors as a message with an exit code of 1."""
    try:
        act(name, home)
    except HotlineError as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)


def _verify(name: str, home: Path) -> None:
    with BarProgress() as progress:
        model_store.verify(name, home, progress)
    click.echo(f"Mô hình {name} nguyên vẹn.")
