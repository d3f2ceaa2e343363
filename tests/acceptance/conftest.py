"""What stories in a real browser share: the seeded desk, a browser, its visitors, the checker of accessibility."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import delete

from config.throttle import Attempts
from tests.acceptance.axe import NoAxe, axe_script
from tests.acceptance.screenshots import ServedDesk, open_browser, served_desk
from tests.acceptance.visitors import Visitors


@pytest.fixture(scope="module")
def desk() -> Iterator[ServedDesk]:
    """The seeded desk; stories that change a case file their own."""
    with served_desk() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the stories of one module: its loop must not run on where others start theirs."""
    with sync_playwright() as playwright:
        opened = open_browser(playwright)
        yield opened
        opened.close()


@pytest.fixture
def visitors(browser: Browser, desk: ServedDesk) -> Iterator[Visitors]:
    """In no story has anybody knocked too often before it began, and none ends well in which a console complained."""
    with desk.tools.database.begin() as session:
        session.execute(delete(Attempts))
    opened = Visitors(browser, desk)
    yield opened
    for context in browser.contexts:
        context.close()
    assert opened.heard() == []


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's script; skips where it cannot be fetched."""
    try:
        return axe_script()
    except NoAxe as error:
        pytest.skip(str(error))
