"""Debug mode: full error pages and a toolbar for developers, and neither of them elsewhere."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from demo.processes import running, wait_until_served
from tests.architecture.sources import ROOT
from tests.faults.conftest import database_address

ASKS = (
    "from django.conf import settings; from django.urls import is_valid_path; import django; django.setup()\n"
    "print(settings.DEBUG, 'debug_toolbar' in settings.INSTALLED_APPS, bool(is_valid_path('/__debug__/render_panel/')))"
)


def asked(**environment: str) -> str:
    """Return what a process of the portal says of debug mode: on or off, with its app, with its address."""
    return subprocess.run(
        [sys.executable, "-c", ASKS],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "hubportal.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_debug_mode_is_off_unless_asked() -> None:
    assert (asked(), asked(HUBPORTAL_DEBUG="1")) == ("False False False", "True True True")


def test_tests_know_nothing_of_debug_mode() -> None:
    code = "import tests.settings as found; print(found.DEBUG, 'debug_toolbar' in found.INSTALLED_APPS)"
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "HUBPORTAL_DEBUG": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == "False False\n"
    assert settings.TOOLBAR is False


@pytest.fixture
def developing(transactional_db: None, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the portal in debug mode as ``script/demo --debug`` does, without its watch on files."""
    # The bar refuses to be loaded by tests, and takes what they start for one of them.
    monkeypatch.delenv("PYTEST_VERSION")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "DJANGO_SETTINGS_MODULE": "hubportal.settings",
        "HUBPORTAL_DEBUG": "1",
        "HUBPORTAL_STORAGE": str(tmp_path / "storage"),
        "DATABASE_URL": database_address(),
    }
    with running(tmp_path / "logs", environment) as processes:
        processes.start("web", "manage", "runserver", "--noreload", f"127.0.0.1:{port}")
        wait_until_served(processes, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"


def test_bar_works_under_the_strict_policy_and_errors_are_shown_whole(
    developing: str, visit: Callable[..., Page]
) -> None:
    page = visit()
    answer = page.goto(f"{developing}/")
    assert answer is not None
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    page.locator("#djShowToolBarButton").click()
    page.locator("#djdt-SQLPanel a").click()
    expect(page.locator("#SQLPanel h3")).to_contain_text("SQL")
    expect(page.locator("#SQLPanel .djDebugPanelContent")).to_contain_text("default")
    page.goto(f"{developing}/nergens/")
    expect(page.get_by_text("DEBUG = True")).to_be_visible()
