"""A newcomer's first five minutes, and an operator's worst: the whole hotline, for real."""

from __future__ import annotations

import html
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.directory.lines import Line
from config.directory.lines_file import read_lines
from config.directory.store import DATA
from ivr.adapters.synthesis import synthesiser
from ivr.caller.bundled import bundled_answers, report_script
from ivr.caller.call import run_call
from ivr.caller.events import CallResult
from ivr.caller.provider import Endpoint
from ivr.caller.script import Callbacks, CallPlan, Sound, parse_hang_up
from tests.acceptance.running import MODELS, RunningHotline, running, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SHARED_SPEECH = Path(__file__).parents[3] / "shared" / "speech"
LINES = {line.slug: line for line in read_lines(DATA / "lines.toml")}


@pytest.fixture(scope="module")
def hotline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHotline]:
    with running(tmp_path_factory.mktemp("hotline")) as hotline:
        yield hotline


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """A few spoken words, as a recording."""
    voice = synthesiser(tmp_path_factory.mktemp("voice"))
    return Sound(voice.speak("Tôi chờ khám từ sáng đến trưa mà không ai gọi tên."), "story.wav")


WAITING = "3"
"""The key of the examination process, waiting and charges."""


def report(line: Line, story: Sound, **options: object) -> CallPlan:
    """A plan to report `story`, which is about waiting, on `line`, staying anonymous."""
    answers = dict.fromkeys(bundled_answers(line), story)
    keys, messages = report_script(line, answers, category=WAITING)
    return CallPlan(line=line.number, keys=keys, messages=messages, **options)  # type: ignore[arg-type]


def case_of(hotline: RunningHotline, result: CallResult) -> tuple[str, ...]:
    """The status and category of the case whose code was read out, once it waits for a person."""

    def look() -> tuple[str, ...] | None:
        rows = hotline.ask(
            "SELECT c.status, c.category, c.code FROM cases c JOIN calls k ON k.case_id = c.id"
            f" WHERE k.provider_sid = '{result.sid}' AND c.status <> 'open'"
        )
        return tuple(map(str, rows[0])) if rows else None

    found = until(look)
    assert isinstance(found, tuple)
    return found


def test_a_call_stands_on_the_desk_as_a_case_within_a_minute(hotline: RunningHotline, story: Sound) -> None:
    result = hotline.call(report(LINES["chat_luong"], story))
    assert result.troubles == ()
    status, category, code = case_of(hotline, result)
    assert status in {"review", "confirmed", "forwarded"}
    assert category == "quy_trinh_kham_bhyt"
    assert code == result.case_code
    page = hotline.desk().get(f"{hotline.url}/desk/cases/{code}", timeout=30)
    assert page.status_code == 200
    assert "chờ khám" in page.text
    assert result.caller.removeprefix("+84") not in page.text.replace(" ", "")


def test_the_recording_plays_through_us_in_ranges(hotline: RunningHotline, story: Sound) -> None:
    result = hotline.call(report(LINES["chat_luong"], story))
    *_, code = case_of(hotline, result)
    browser = hotline.desk()
    page = browser.get(f"{hotline.url}/desk/cases/{code}", timeout=30).text
    source = re.search(r'<audio[^>]*src="([^"]+)"', page)
    assert source is not None
    address = hotline.url + html.unescape(source[1])
    part = browser.get(address, headers={"Range": "bytes=0-99"}, timeout=30)
    assert part.status_code == 206
    assert len(part.content) == 100
    assert browser.get(address, timeout=30).content.startswith(part.content)


def test_a_confirmed_case_arrives_as_a_letter_in_the_local_mailbox(hotline: RunningHotline, story: Sound) -> None:
    result = hotline.call(report(LINES["ve_benh_moi_tien"], story))
    *_, code = case_of(hotline, result)
    browser, page = hotline.desk(), f"/desk/cases/{code}"
    fields = {
        "category": "vi_pham_tu_nhan",
        "subject": "Phòng khám Thiên Ý",
        "unit": "Thanh tra Sở Y tế",
        "level": "1",
        "summary": "Bị vẽ bệnh để lấy tiền",
        "do": "forward",
    }
    hotline.post(browser, f"{page}/form", fields, page=page)

    def letter() -> bool:
        return code in browser.get(f"{hotline.url}/desk/mailbox", timeout=30).text

    assert until(letter, 90)
    # The letter is sent before it is noted as sent, so that it is never noted and not sent.
    assert until(lambda: hotline.ask(f"SELECT 1 FROM cases WHERE code = '{code}' AND status = 'forwarded'"))


def test_the_caller_rings_back_with_the_code_and_hears_the_status(hotline: RunningHotline, story: Sound) -> None:
    result = hotline.call(report(LINES["chat_luong"], story))
    *_, code = case_of(hotline, result)
    asked = hotline.call(CallPlan(line=LINES["chat_luong"].number, keys=("2", *code)))
    if not any("Phản ánh của Quý vị" in said for said in asked.spoken):
        asked = hotline.call(CallPlan(line=LINES["chat_luong"].number, keys=("2", code)))
    assert any("Phản ánh của Quý vị đã được" in said for said in asked.spoken), asked.spoken


@pytest.mark.parametrize("callbacks", list(Callbacks))
def test_whatever_order_callbacks_come_in_one_call_is_one_case(
    hotline: RunningHotline, story: Sound, callbacks: Callbacks
) -> None:
    plan = report(LINES["chat_luong"], story, callbacks=callbacks, late_seconds=0.5, webhooks_twice=True)
    result = hotline.call(plan)
    if callbacks is Callbacks.NEVER:
        # What never reached us is found by reconciliation; here its effect on the call itself is looked at.
        until(lambda: hotline.ask(f"SELECT 1 FROM calls WHERE provider_sid = '{result.sid}'"))
    else:
        case_of(hotline, result)
    assert hotline.ask(f"SELECT count(DISTINCT case_id) FROM calls WHERE provider_sid = '{result.sid}'") == [(1,)]


def test_a_hang_up_in_the_story_keeps_what_was_said(hotline: RunningHotline, story: Sound) -> None:
    result = hotline.call(report(LINES["chat_luong"], story, hang_up=parse_hang_up("record:2")))
    status, *_ = case_of(hotline, result)
    assert status in {"review", "confirmed", "forwarded"}


def test_a_forged_webhook_is_refused(hotline: RunningHotline) -> None:
    answer = hotline.desk().post(f"{hotline.url}/voice/incoming", {"CallSid": "CA1", "To": "0967771010"}, timeout=10)
    assert answer.status_code == 403
    assert hotline.ask("SELECT count(*) FROM calls WHERE provider_sid = 'CA1'") == [(0,)]


def test_killing_any_process_at_work_loses_no_call(hotline: RunningHotline, story: Sound) -> None:
    results = []
    for arguments in (("worker", "default,mail"), ("worker", "speech"), ("web",), ("clock",)):
        results.append(hotline.call(report(LINES["chat_luong"], story)))
        _kill(hotline, *arguments)
    for result in results:
        status, *_ = case_of_slowly(hotline, result)
        assert status in {"review", "confirmed", "forwarded"}


def case_of_slowly(hotline: RunningHotline, result: CallResult) -> tuple[str, ...]:
    """A dead worker's job is taken up when its heart has not beaten for half a minute."""
    until(
        lambda: hotline.ask(
            "SELECT 1 FROM cases c JOIN calls k ON k.case_id = c.id"
            f" WHERE k.provider_sid = '{result.sid}' AND c.status <> 'open'"
        ),
        180,
    )
    return case_of(hotline, result)


def test_while_the_database_is_away_a_message_is_still_taken(tmp_path: Path, story: Sound) -> None:
    with running(tmp_path) as hotline:
        # Held, so that it does not start the database again at once.
        hotline.process.send_signal(signal.SIGSTOP)
        postmaster = int((hotline.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        psutil.Process(postmaster).send_signal(signal.SIGQUIT)
        psutil.wait_procs([psutil.Process(postmaster)] if psutil.pid_exists(postmaster) else [], timeout=20)
        plan = CallPlan(line="0967771010", messages=(story,))
        result = run_call(plan, Endpoint(hotline.url, hotline.media))
        assert len(result.recordings) == 1
        assert any("sự cố" in said or "xin lỗi" in said.lower() for said in result.spoken), result.spoken
        hotline.process.send_signal(signal.SIGCONT)
        assert until(lambda: hotline.call(report(LINES["chat_luong"], story)).case_code, 180), "the database is back"


def test_ctrl_c_stops_everything_and_the_second_start_is_quick(tmp_path: Path) -> None:
    with running(tmp_path) as hotline:
        family = psutil.Process(hotline.process.pid).children(recursive=True)
        password = hotline.password
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive
    assert password, "shown at the first start"
    postmaster = tmp_path / "var" / "postgres" / "postmaster.pid"
    assert not postmaster.exists()
    started = time.monotonic()
    with running(tmp_path) as again:
        assert again.password == "", "and never again"
        assert time.monotonic() - started < 60


def test_a_second_hotline_on_one_data_directory_is_refused(hotline: RunningHotline) -> None:
    environment = dict(psutil.Process(hotline.process.pid).environ())
    second = subprocess.run(
        hotline.process.args, cwd=hotline.log.parent, env=environment, capture_output=True, text=True, timeout=60
    )
    assert second.returncode == 1
    assert "đang chạy" in second.stderr


@pytest.mark.speech
@pytest.mark.shared
def test_a_human_voice_is_heard_in_vietnamese(tmp_path: Path) -> None:
    if not (MODELS / "viet-ctc").is_dir():
        pytest.skip("no Vietnamese model is installed: python app.py models install viet-ctc")
    if not SHARED_SPEECH.is_dir():
        pytest.skip("the development recordings are not beside this repository")
    clip = Sound((SHARED_SPEECH / "fosd-000.flac").read_bytes(), "fosd-000.flac")
    with running(tmp_path, SPEECH_ENGINE="ctc") as hotline:
        result = hotline.call(report(LINES["buc_xuc_dich_vu_cong"], clip))
        *_, code = case_of_slowly(hotline, result)
        (text,) = hotline.ask(f"SELECT search_text FROM cases WHERE code = '{code}'")[0]
    heard = set(str(text).split())
    assert len(heard & set("thoa mot luong kem vua du de che lap dom nau".split())) >= 8


def _kill(hotline: RunningHotline, *arguments: str) -> None:
    """Send SIGKILL to processes of the hotline, and wait until they are back."""
    for process in hotline.children(*arguments):
        process.kill()
    until(lambda: hotline.children(*arguments))
    until(lambda: _answers(hotline))


def _answers(hotline: RunningHotline) -> bool:
    return hotline.call(CallPlan(line="0967771010", hang_up=parse_hang_up("gather:1"))).troubles == ()
