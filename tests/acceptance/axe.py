"""axe-core, the accessibility checker, fetched from npm when a test asks for it; none of it is in the repository."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

from playwright.sync_api import Page

PIN = "4.11.1"
SHA256 = "5b86f813d96904f2d925fed5715877c75fc1cc140f89565fb42145e7801b2305"
CACHE = Path(__file__).parents[2] / "var" / "cache" / "axe-core"
FETCH_SECONDS = 30


class NoAxe(Exception):
    """axe-core cannot be had here."""


def axe_script() -> str:
    """Give the checker's script, fetched once; raises NoAxe where npm or its registry is not there."""
    package = CACHE / f"axe-core-{PIN}.tgz"
    if not package.exists():
        _fetch()
    assert hashlib.sha256(package.read_bytes()).hexdigest() == SHA256, f"{package} is not what was pinned"
    with tarfile.open(package) as files:
        script = files.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def _fetch() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", f"axe-core@{PIN}"]
    try:
        subprocess.run(command, cwd=CACHE, check=True, capture_output=True, timeout=FETCH_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoAxe(f"axe-core {PIN} cannot be fetched with npm: {type(error).__name__}") from error


def violations(page: Page, script: str) -> list[str]:
    """Check the page that is open; gives a line for each element that breaks a rule. Frames are not entered."""
    page.wait_for_load_state()
    page.evaluate(script)
    found = page.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
