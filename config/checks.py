"""Checks an operator runs: each says what is well, or what is wrong and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from config.database.engine import Database
from config.database.schema import missing_revisions
from config.errors import HotlineError
from config.told import Told

GIB = 1024**3
LEAST_FREE = 2 * GIB
_UPGRADE = "Chạy: python app.py upgrade"


class Verdict(StrEnum):
    """How a check ended."""

    WELL = "well"
    MIND = "mind"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `fix` tells what to do when not all is well."""

    verdict: Verdict
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    name: str
    look: Callable[[], Finding]
    fix: str = ""

    def run(self) -> Finding:
        """Look; an error of ours, or of the database, becomes a finding with this check's fix."""
        try:
            return self.look()
        except DBAPIError as error:
            told_by = Told("Cơ sở dữ liệu báo lỗi: %(error)s", error=str(error.orig))
            return Finding(Verdict.WRONG, told_by, self.fix or _UPGRADE)
        except (HotlineError, OSError) as error:
            told = error.told if isinstance(error, HotlineError) else str(error)
            return Finding(Verdict.WRONG, told or type(error).__name__, self.fix)


def run_together(checks: Iterable[Check], seconds: float) -> list[tuple[str, Finding]]:
    """Look at everything at the same time; a check that takes longer than `seconds` is said to be unanswered."""
    listed = tuple(checks)
    pool = ThreadPoolExecutor(max_workers=max(1, len(listed)), thread_name_prefix="check")
    running = [(check, pool.submit(check.run)) for check in listed]
    wait([future for _, future in running], timeout=seconds)
    # What hangs on some server ends by its own time limit, and nobody waits for it.
    pool.shutdown(wait=False, cancel_futures=True)
    late = Finding(Verdict.MIND, Told("Chưa trả lời sau %(seconds)s giây", seconds=f"{seconds:.0f}"))
    return [
        (check.name, future.result() if future.done() and not future.cancelled() else replace(late, fix=check.fix))
        for check, future in running
    ]


def well(text: str) -> Finding:
    """All is well."""
    return Finding(Verdict.WELL, text)


def mind(text: str, fix: str) -> Finding:
    """It works, but the operator should know."""
    return Finding(Verdict.MIND, text, fix)


def wrong(text: str, fix: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.WRONG, text, fix)


def house_checks(database: Database, data_dir: Path) -> Iterable[Check]:
    """Give the checks of what everything stands on: database, schema, disk."""
    yield Check("Cơ sở dữ liệu", lambda: _database(database))
    yield Check("Cấu trúc dữ liệu", lambda: _schema(database))
    yield Check("Dung lượng đĩa", lambda: _disk(data_dir))


def _database(database: Database) -> Finding:
    if database.answers():
        return well(Told("PostgreSQL trả lời (%(url)s)", url=database.engine.url.render_as_string(hide_password=True)))
    return wrong("PostgreSQL không trả lời", "Kiểm tra HOTLINE_DATABASE_URL, hoặc bỏ trống để dùng bản nhúng.")


def _schema(database: Database) -> Finding:
    if not database.answers():
        return wrong("Chưa kiểm tra được", "Sửa cơ sở dữ liệu trước.")
    with database.engine.connect() as connection:
        missing = missing_revisions(connection)
    if missing:
        return wrong(Told("Còn thiếu bản cập nhật: %(missing)s", missing=", ".join(missing)), _UPGRADE)
    return well("Đã ở phiên bản mới nhất")


def _disk(data_dir: Path) -> Finding:
    free = shutil.disk_usage(data_dir).free
    text = Told("Còn trống %(free)s GiB", free=f"{free / GIB:.1f}")
    return well(text) if free >= LEAST_FREE else mind(text, "Giải phóng đĩa hoặc chuyển HOTLINE_DATA_DIR.")
