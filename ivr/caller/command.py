"""The command `call`: one call to a running hotline, printed as it happens, with the case's link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from casebook.rules.codes import readable as readable_code
from config.directory.lines import Line, line_for
from ivr.adapters.synthesis import Synthesiser
from ivr.caller.bundled import ATTITUDE, bundled_answers, given_answers, report_script
from ivr.caller.call import run_call
from ivr.caller.events import CallResult
from ivr.caller.media import DEFAULT_PORT, MediaServer
from ivr.caller.provider import Endpoint
from ivr.caller.script import (
    NOT_ANSWERED,
    Callbacks,
    CallPlan,
    DialOutcome,
    MediaFault,
    Message,
    PlanError,
    Sound,
    Text,
    parse_hang_up,
    parse_keys,
    random_caller,
)
from ivr.caller.transcript import Printer
from ivr.carrier.ledger import Account

MACHINE_VOICE = (
    "Lời người gọi do máy đọc (eSpeak), bộ nghe chép lại sẽ sai nhiều; dùng --say với giọng người thật để thấy "
    "chất lượng thật."
)


@dataclass(frozen=True, slots=True)
class CallOptions:
    """A call as asked for on the command line; what is left out is the bundled complaint.

    `say` are sound files and `text` sentences, one or the other: one is the story, several are the
    answers in the order of the line's questions. `keys` as "1,4,skip", one entry each time keys
    are asked for, replace those that make a report; `hang_up` as "record:2"; `wait` the seconds the
    recordings are served after the call.
    """

    line: str
    say: tuple[Path, ...] = ()
    text: tuple[str, ...] = ()
    keys: str | None = None
    category: str = ATTITUDE
    caller: str | None = None
    hang_up: str | None = None
    callbacks: str = Callbacks.ONCE
    webhooks_twice: bool = False
    media_fault: str = MediaFault.NONE
    dial: DialOutcome = NOT_ANSWERED
    pace: float = 0.0
    wait: float = 60.0
    show_webhooks: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call needs around it: the hotline's address and account, its lines, a voice, a desk.

    `case_link` gives the desk's address of a case code. `media_port` is where recordings are served;
    the hotline must allow it (`HOTLINE_TWILIO_API_URL`).
    """

    public_url: str
    account: Account
    lines: Sequence[Line]
    voice: Synthesiser
    case_link: Callable[[str], str]
    media_port: int = DEFAULT_PORT


def place_call(options: CallOptions, around: Surroundings, console: Console | None = None) -> int:
    """Make the call `options` ask for and print it; 0 if all went well, 1 if the hotline failed.

    Raises PlanError for options that make no sense, PortBusyError if recordings cannot be served.
    """
    console = console or Console()
    plan = plan_of(options, around.lines)
    printer = Printer(console, options.show_webhooks)
    with MediaServer(around.account, around.media_port) as media:
        printer.open(plan.caller, plan.line)
        result = run_call(plan, Endpoint(around.public_url, media), printer, around.voice)
        collected = _wait_for_collection(media, result, options.wait, console)
    _print_end(result, around, console)
    if "espeak" in around.voice.identity and any(isinstance(message, Text) for message in plan.messages):
        console.print(MACHINE_VOICE, style="dim")
    return 0 if collected and result.ended_by != "provider" and not result.troubles else 1


def plan_of(options: CallOptions, lines: Sequence[Line]) -> CallPlan:
    """The plan for `options`; raises PlanError for an unknown line, a missing file or a wrong key."""
    line = line_for(lines, options.line)
    if line is None:
        known = ", ".join(known.number for known in lines)
        raise PlanError(f"Không có đường dây nóng nào mang số {options.line}. Các số hiện có: {known}.")
    given = _messages(options)
    answers = given_answers(line, given) if given else bundled_answers(line)
    keys, messages = report_script(line, answers, options.category)
    return CallPlan(
        line=line.number,
        caller=options.caller or random_caller(),
        keys=keys if options.keys is None else parse_keys(options.keys),
        messages=messages,
        hang_up=parse_hang_up(options.hang_up) if options.hang_up else None,
        callbacks=Callbacks(options.callbacks),
        webhooks_twice=options.webhooks_twice,
        media_fault=MediaFault(options.media_fault),
        dial=options.dial,
        pace=options.pace,
    )


def _messages(options: CallOptions) -> tuple[Message, ...]:
    if options.say and options.text:
        raise PlanError("Chọn tệp âm thanh hoặc lời văn, không dùng cả hai.")
    missing = [str(path) for path in options.say if not path.is_file()]
    if missing:
        raise PlanError(f"Không tìm thấy tệp âm thanh: {', '.join(missing)}")
    sounds = tuple(Sound(path.read_bytes(), path.name) for path in options.say)
    return sounds or tuple(Text(words) for words in options.text)


def _wait_for_collection(media: MediaServer, result: CallResult, seconds: float, console: Console) -> bool:
    """Serve the recordings until the hotline has them all, at most `seconds`."""
    if not result.recordings:
        return True
    with console.status("Chờ tổng đài tải bản ghi âm…"):
        collected = media.ledger.wait_until_fetched(result.recordings, seconds)
    if collected:
        console.print(f"Tổng đài đã tải {len(result.recordings)} bản ghi âm.", style="dim")
    else:
        console.print(
            f"Sau {seconds:.0f} giây tổng đài chưa tải hết bản ghi âm. Kiểm tra worker có đang chạy không, và "
            f"HOTLINE_TWILIO_API_URL có phải là {media.url} không.",
            style="bold red",
        )
    return collected


def _print_end(result: CallResult, around: Surroundings, console: Console) -> None:
    slowest = f"webhook chậm nhất {result.slowest * 1000:.0f} ms"
    console.print(f"{len(result.webhooks)} webhook, {slowest}.", style="dim")
    if result.case_code is None:
        console.print("Không nghe thấy mã phản ánh nào được đọc.", style="yellow")
        return
    console.print(f"Mã phản ánh: [bold]{readable_code(result.case_code)}[/bold]")
    console.print(f"Xem hồ sơ: {around.case_link(result.case_code)}", soft_wrap=True)
