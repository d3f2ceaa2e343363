"""How soon a browser shows something of the desk's pages: `python -m tests.bench.first_content`.

The machine's own Chromium asks a desk of `--cases` cases on loopback; times are the browser's (Paint Timing,
Navigation Timing), so with the network, the reading of the page and its styles.
"""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import Mapping, Sequence

import numpy as np
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from tests.acceptance.desk_app import desk_app
from tests.acceptance.screenshots import ServedDesk, log_in, open_browser
from tests.acceptance.seed import PEOPLE
from tests.bench.desk import OFFICER, FullDesk, full_desk

TIMES, AIM_MS = 10, 300

TIMINGS = """async () => {
    const paint = () => performance.getEntriesByName("first-contentful-paint")[0];
    while (!paint()) await new Promise((done) => setTimeout(done, 20));
    return [performance.getEntriesByType("navigation")[0].responseStart, paint().startTime];
}"""


def measure(cases: int) -> None:
    """Print when the first byte came and when the first content was seen, for each page."""
    with full_desk(cases) as desk:
        report_all(desk)


def report_all(desk: FullDesk) -> None:
    """Serve the desk and look at it as each of its people."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, desk_app(desk.tools), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served = ServedDesk(f"http://127.0.0.1:{server.server_port}", list(desk.seeded), desk.tools)
    print(
        f"{TIMES} times each, ms in the browser{'':14s}first byte p95   first content median     p95   (aim ≤ {AIM_MS})"
    )
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        for email, paths in pages(desk).items():
            page = browser.new_context(locale="vi-VN").new_page()
            log_in(page, served, email)
            for path in paths:
                report(page, served.url + path, path)
        browser.close()
    server.shutdown()
    server.server_close()


def pages(desk: FullDesk) -> Mapping[str, Sequence[str]]:
    """Give what each person looks at."""
    operator = ("lines", "units", "prompts", "health", "changes")
    case, of_unit = f"/desk/cases/{desk.seeded[11]}", f"/desk/unit/cases/{desk.of_unit[0]}"
    return {
        PEOPLE[0][0]: ("/desk/", "/desk/?view=all", "/desk/?view=all&q=si%C3%AAu+%C3%A2m", case, "/desk/failures"),
        PEOPLE[2][0]: ("/desk/today",),
        PEOPLE[3][0]: tuple(f"/desk/operator/{name}" for name in operator),
        OFFICER: ("/desk/unit", "/desk/unit?show=all", "/desk/unit?show=all&q=nguoi", of_unit),
    }


def report(page: Page, address: str, name: str) -> None:
    """Open a page many times, the first not counted, and print how long it took."""
    took = []
    for _ in range(TIMES + 1):
        page.goto(address)
        took.append(page.evaluate(TIMINGS))
    first_byte, content = np.array(took[1:]).T
    p95 = np.percentile(content, 95)
    over = "" if p95 <= AIM_MS else "   over"
    print(f"{name:46s} {np.percentile(first_byte, 95):14.0f} {np.median(content):22.0f} {p95:7.0f}{over}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    measure(parser.parse_args().cases)
