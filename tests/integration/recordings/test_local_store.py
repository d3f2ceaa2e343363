"""A full disk, a read-only one, a lost one: the real thing, not pretended.

- full: a 256 KiB tmpfs mounted in a user namespace of its own (`unshare`), and a file size limit (RLIMIT_FSIZE);
- read-only: that tmpfs mounted again read-only; root may write to read-only directories, not file systems;
- lost: a path under a file, and a directory that is not there.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recordings.adapters.local_store import ABANDONED_S, PARTS, LocalStore
from recordings.ports import StoreUnavailable
from recordings.rules.keys import content_key

ROOT = Path(__file__).parents[3]
KEY = content_key(b"a")

TRY = f"""
import sys
from pathlib import Path
from recordings.adapters.local_store import LocalStore
store = LocalStore(Path(sys.argv[1]))
for step in sys.argv[2:]:
    try:
        if step == "get":
            print(store.get("{KEY}")[:20])
        elif step == "delete":
            store.delete("{KEY}")
        elif step == "check":
            store.check()
        else:
            store.put("{KEY}", b"x" * int(step))
        print(step, "done")
    except Exception as error:
        print(step, type(error).__name__, error)
print(sum(1 for part in (store.root / ".parts").iterdir()), "parts left")
"""


def run(command: list[str], before: Callable[[], None] | None = None) -> list[str]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, preexec_fn=before, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def in_small_disk(directory: Path, *steps: str, then: str = "true", more: tuple[str, ...] = ()) -> list[str]:
    """Run steps on a store on a 256 KiB disk of its own; then a shell command, then more steps."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this machine allows no user namespaces, so no small disk can be mounted")
    directory.mkdir()
    store, python = f"{directory}/kho", sys.executable
    script = (
        f'mount -t tmpfs -o size=256k none {directory} && "{python}" -c "$0" {store} {" ".join(steps)}'
        f' && {then} && "{python}" -c "$0" {store} {" ".join(more)}'
    )
    return run(["unshare", "-rm", "sh", "-c", script, TRY])


def test_a_full_disk_is_named_and_what_was_there_stays_whole(tmp_path: Path) -> None:
    lines = in_small_disk(tmp_path / "disk", "1000", "900000", "get", "2000", "delete")
    assert lines[0] == "1000 done"
    assert lines[1].startswith("900000 StoreFull Kho bản ghi")
    assert lines[2:5] == [str(b"x" * 20), "get done", "2000 done"]
    assert lines[6] == "0 parts left"


def test_a_disk_that_became_read_only_is_named_and_can_still_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    lines = in_small_disk(disk, "1000", then=f"mount -o remount,ro {disk}", more=("2000", "delete", "check", "get"))
    assert [line.split()[:2] for line in lines[2:5]] == [
        ["2000", "StoreReadOnly"],
        ["delete", "StoreReadOnly"],
        ["check", "StoreReadOnly"],
    ]
    assert lines[5:7] == [str(b"x" * 20), "get done"]


def test_a_file_too_large_for_the_system_is_a_full_store_and_leaves_nothing(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    lines = run([sys.executable, "-B", "-c", TRY, str(tmp_path / "kho"), "1000", "5000", "get"], before=limit)
    assert lines[1].startswith("5000 StoreFull")
    assert lines[-2:] == ["get done", "0 parts left"]


def test_a_store_under_a_file_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = LocalStore(tmp_path / "file" / "kho")
    for use in (store.check, lambda: store.put(KEY, b"a"), lambda: store.get(KEY), lambda: store.delete(KEY)):
        with pytest.raises(StoreUnavailable):
            use()


def test_a_store_whose_disk_is_not_mounted_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "kho")
    store.put(KEY, b"a")
    (tmp_path / "kho").rename(tmp_path / "elsewhere")
    for use in (lambda: store.get(KEY), lambda: store.exists(KEY), lambda: list(store.keys())):
        with pytest.raises(StoreUnavailable, match="gắn"):
            use()


def test_only_our_own_user_may_read_what_is_stored(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "kho")
    store.put(KEY, b"a")
    for path in (tmp_path / "kho").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_check_clears_what_dead_writers_left_but_not_what_is_being_written(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "kho")
    store.put(KEY, b"a")
    old, fresh = (store.root / PARTS / name for name in ("old", "fresh"))
    old.write_bytes(b"half")
    fresh.write_bytes(b"half")
    long_ago = fresh.stat().st_mtime - ABANDONED_S - 1
    os.utime(old, (long_ago, long_ago))
    store.check()
    assert [path.name for path in (store.root / PARTS).iterdir()] == ["fresh"]
    assert list(store.keys()) == [KEY]
