"""What everybody meets first, in a window of a telephone and of a desk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits

FIRST_PAGES = [
    "/",
    "/account/login/",
    "/account/signup/",
    "/regios/",
    "/privacy/",
    "/toegankelijkheid/",
    "/help/",
]
WINDOWS = {
    "narrow": {"viewport": NARROW},
    "wide": {"viewport": WIDE},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
}


@pytest.fixture
def _reference_data(transactional_db: None) -> None:
    call_command("load_reference", verbosity=0)


@pytest.mark.usefixtures("_reference_data")
@pytest.mark.parametrize("window", WINDOWS)
def test_first_pages_can_be_used_by_everybody(
    live_server: LiveServer, visit: Callable[..., Page], window: str, tmp_path: Path
) -> None:
    options: dict[str, Any] = WINDOWS[window]
    page = visit(**options)
    for path in FIRST_PAGES:
        answer = page.goto(f"{live_server.url}{path}")
        assert answer is not None
        assert (answer.status, page.locator("h1").count()) == (200, 1), path
        assert_fits(page)
        assert_axe_clean(page)


@pytest.mark.usefixtures("_reference_data")
def test_pages_work_without_scripts(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Inloggen").first.click()
    assert page.url == f"{live_server.url}/account/login/"


@pytest.mark.usefixtures("_reference_data")
def test_keyboard_reaches_the_content_first(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto(f"{live_server.url}/")
    page.keyboard.press("Tab")
    focused = page.evaluate("[document.activeElement.tagName, document.activeElement.getAttribute('href')]")
    assert focused[0] == "A"
    assert focused[1].startswith("#")
    assert page.locator(focused[1]).count() == 1
