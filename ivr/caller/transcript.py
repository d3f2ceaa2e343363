"""Prints a call line by line as it happens, in Vietnamese, with the caller's number masked."""

from __future__ import annotations

from functools import singledispatchmethod

from rich.console import Console
from rich.table import Table
from rich.text import Text

from config.phone import masked, readable
from ivr.caller.events import Asked, Dialled, Ended, Event, Heard, Pressed, Spoke, Trouble, What

HOTLINE, CALLER, PROVIDER = "tổng đài", "người gọi", "nhà mạng"
_STYLES = {HOTLINE: "cyan", CALLER: "green", PROVIDER: "dim"}
_ENDED_BY = {
    "caller": "Người gọi gác máy.",
    "hotline": "Tổng đài kết thúc cuộc gọi.",
    "provider": "Nhà mạng cắt cuộc gọi vì tổng đài không trả lời được.",
}
_DIAL_STATUS = {
    "completed": "đã nói chuyện",
    "no-answer": "không ai nghe máy",
    "busy": "máy bận",
    "failed": "không nối được",
    "canceled": "đã hủy",
}


class Printer:
    """A listener that writes each event to `console`; with `webhooks` also the provider's requests."""

    def __init__(self, console: Console, webhooks: bool = False) -> None:
        self._console = console
        self._webhooks = webhooks

    def open(self, caller: str, called: str) -> None:
        """Write who calls whom."""
        self._console.print(f"[bold]☎  {masked(caller)} gọi {readable(called)}[/bold]")

    def __call__(self, event: Event) -> None:
        """Write `event`, if it is one to be read."""
        line = self._line(event.what)
        if line is None:
            return
        who, text = line
        row = Table.grid(padding=(0, 1))
        row.add_column(width=5, style="dim")
        row.add_column(width=9, style=_STYLES[who])
        row.add_column()
        row.add_row(_clock(event.at), who, text)
        self._console.print(row)

    @singledispatchmethod
    def _line(self, what: What) -> tuple[str, Text] | None:
        """Who does it, and what to write about it; None for nothing."""
        raise TypeError(f"no way to write {what!r}")

    @_line.register
    def _heard(self, what: Heard) -> tuple[str, Text]:
        return HOTLINE, Text(what.text or f"♪ {what.played.rpartition('/')[2]}")

    @_line.register
    def _pressed(self, what: Pressed) -> tuple[str, Text]:
        if not what.keys:
            return CALLER, Text("(không bấm phím)", "dim")
        return CALLER, Text.assemble("bấm ", (f" {' '.join(what.keys)} ", "bold reverse"))

    @_line.register
    def _spoke(self, what: Spoke) -> tuple[str, Text]:
        said = f"“{what.words}”" if what.words else what.name or "bản ghi âm"
        return CALLER, Text.assemble((f"● {what.seconds:.0f} giây  ", "red"), said)

    @_line.register
    def _dialled(self, what: Dialled) -> tuple[str, Text]:
        number = what.number if what.number.startswith("sip:") else _short_or_masked(what.number)
        return PROVIDER, Text(f"nối máy tới {number}: {_DIAL_STATUS.get(what.status, what.status)}")

    @_line.register
    def _asked(self, what: Asked) -> tuple[str, Text] | None:
        if not self._webhooks:
            return None
        path = what.url.partition("://")[2].partition("/")[2]
        status = what.status or "không trả lời"
        return PROVIDER, Text(f"{what.method} /{path} → {status}, {what.seconds * 1000:.0f} ms", "dim")

    @_line.register
    def _trouble(self, what: Trouble) -> tuple[str, Text]:
        return PROVIDER, Text(f"lỗi {what.code}: {what.text}", "bold red")

    @_line.register
    def _ended(self, what: Ended) -> tuple[str, Text]:
        return PROVIDER, Text(_ENDED_BY[what.by])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _short_or_masked(number: str) -> str:
    """Short public numbers such as 115 are no secret."""
    return number if len(number) <= 5 else masked(number)
