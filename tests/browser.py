"""A real browser for tests: the system's Chromium, driven by Playwright.

Tests that use it are marked ``browser``. Without Chromium they are skipped, see ``tests/skipping.py``.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import TCPServer
from typing import Any

import axe_core_python
import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright

# The first is Chromium without its windows, which draws the same pages for less.
NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    # A page is left before its scripts could repay the time that it takes to make them fast.
    "--js-flags=--no-opt --no-maglev",
)
LACKS = "no Chromium was found: install it (Debian: apt-get install chromium-headless-shell) and run the tests again"
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A message of a page that answers 404 or 422 on purpose is no mistake of a script.
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    # Where a test cuts the connection.
    "Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    # Or the server.
    "Failed to load resource: net::ERR_CONNECTION_REFUSED",
)
# What is drawn by lot, or by the clock: the token of a form, whose page it is, and the server's time.
_BY_LOT = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=)"[^"]*"|(?<=data-page-of=)"[^"]*"|(?<=data-now=)"[^"]*"'
)
_CLEAN: set[str] = set()
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class NamelessServer(ThreadedWSGIServer):
    """A server that looks up no name of its address: that may take long, or fail, where no names are known."""

    def server_bind(self) -> None:
        """Take the address as it is."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and let live servers look up no names."""
    config.addinivalue_line("markers", "browser: needs Chromium")
    LiveServerThread.server_class = NamelessServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the browser."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def executable() -> str | None:
    """Return the path of the system's Chromium."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one browser for the tests of a module.

    Not longer: Playwright's loop lives in this thread, where others' tests run loops of their own.
    """
    path = executable()
    if path is None:
        pytest.skip(LACKS)
    # Playwright's loop runs in this thread, which is why Django would refuse to ask the database here.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a window of somebody who was not here before; mistakes in pages fail the test."""
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            mistakes.append(message.text)

    def note(problem: Error) -> None:
        mistakes.append(problem.message)

    def open_window(**options: Any) -> Page:
        context = chromium.new_context(**{"locale": "nl-NL", "viewport": WIDE, **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", note)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert mistakes == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """Return a wide window of a visitor."""
    return visit()


def assert_axe_clean(page: Page) -> None:
    """Fail unless axe finds nothing wrong on the page as it is now; the same page in the same window is asked once."""
    seen = _as_it_is(page)
    if seen in _CLEAN:
        return
    # Evaluated, not added to the page: the Content-Security-Policy would refuse a script element.
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})",
        RULES,
    )
    problems = [
        f"{page.url}: {violation['id']}: {violation['help']}: {node['target']} {node['html'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert problems == []
    _CLEAN.add(seen)


def _as_it_is(page: Page) -> str:
    """Return the digest of a page with all that decides how it looks, but for what is drawn by lot for each answer."""
    window, elements = page.evaluate(
        "[[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, document.documentElement.className],"
        " document.documentElement.outerHTML]"
    )
    return hashlib.sha256(f"{window}{_BY_LOT.sub('', elements)}".encode()).hexdigest()


def assert_fits(page: Page) -> None:
    """Fail when the page has to be moved sideways to be read."""
    # In its own letters: until they came, others stand there that may be wider. Without scripts no promise is kept.
    page.evaluate("matchMedia('(scripting: none)').matches ? null : document.fonts.ready.then(() => null)")
    width, seen, beyond = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth,"
        " [...document.querySelectorAll('body *')]"
        "  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
        "  .slice(0, 5).map(each => each.outerHTML.slice(0, 150))]"
    )
    assert width <= seen, f"{page.url} is {width} wide in a window of {seen}: {beyond}"
