"""Walking through the portal as a person does: by the words on the screen, looking around on every page."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.mail.models import OutgoingMail
from tests.browser import assert_axe_clean, assert_fits
from tests.factories.accounts import PASSWORD

# Words that English has and Dutch has not: one of them on a Dutch page was never translated.
ENGLISH = re.compile(r"\b(the|you|your|this|with|and|are|not|yet|please)\b", re.IGNORECASE)

MOST_GLANCES = 3
# What a browser says of a page that goes away: while it goes, and when the next one has nothing on it yet.
GOING_AWAY = ("because of a navigation", "Cannot read properties of null (reading 'scrollWidth')")


def arrive(page: Page, heading: str | re.Pattern[str], *, language: str = "nl") -> None:
    """Wait for the page with this heading; fail unless everybody can use it, in one language."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", language)
    look(page)
    if language == "nl":
        found = ENGLISH.search(page.locator("main").inner_text())
        assert found is None, f"{page.url} says {found and found[0]!r}"


def look(page: Page) -> None:
    """Fail unless everybody can use the page as it is now, with all that can be unfolded on it.

    What was waited for may stand on the page before as well: a page that goes away meanwhile is not looked at.
    """
    for glance in range(1, MOST_GLANCES + 1):
        try:
            _look(page)
        except PlaywrightError as left:
            if not any(each in left.message for each in GOING_AWAY) or glance == MOST_GLANCES:
                raise
            page.wait_for_load_state()
        else:
            break


def _look(page: Page) -> None:
    # Where no script of the page runs, none of axe's ends either.
    if page.evaluate("matchMedia('(scripting: none)').matches"):
        assert_fits(page)
        return
    closed = page.evaluate_handle("[...document.querySelectorAll('details:not([open])')]")
    closed.evaluate("all => all.forEach(each => { each.open = true })")
    assert_fits(page)
    assert_axe_clean(page)
    closed.evaluate("all => all.forEach(each => { each.open = false })")


def budget_line(page: Page, number: int) -> Locator:
    """Return a line of a budget: a group that is named by its number, and by whose share it is and what for."""
    return page.get_by_role("group", name=re.compile(rf"^Regel {number}(:|$)"))


def press(page: Page, name: str, *, about: str = "") -> None:
    """Press the button with this accessible name."""
    if about:
        full = re.compile(rf"^{re.escape(name)}\s*:\s*{re.escape(about)}$")
        page.get_by_role("button", name=full).click()
    else:
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    """Follow the first link that says this."""
    page.get_by_role("link", name=name, exact=True).first.click()


def follow_in_menu(page: Page, name: str) -> None:
    """Follow a link of the header, which a narrow window folds away."""
    button = page.get_by_role("button", name="Menu", exact=True)
    if button.is_visible():
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        look(page)
    page.get_by_role("banner").get_by_role("link", name=name, exact=True).click()


def mailed_address(server: LiveServer, recipient: str, kind: str | None = None) -> str:
    """Return the address in the last mail to somebody, on the server of this test."""
    mails = OutgoingMail.objects.filter(recipient=recipient)
    mail = (mails.filter(kind=kind) if kind else mails).latest("pk")
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.body)
    assert found is not None, mail.body
    return f"{server.url}{found[1]}"


def log_in(page: Page, server: LiveServer, email: str, *, password: str = PASSWORD) -> None:
    """Log in with address and password, from the home page."""
    page.goto(server.url)
    follow_in_menu(page, "Inloggen")
    arrive(page, "Inloggen")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(password)
    press(page, "Inloggen")


def sweep(task: Callable[[], None]) -> None:
    """Let a job do its round; in a thread, because a loop of the browser's already runs in this one."""

    def once() -> None:
        task()
        connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as worker:
        worker.submit(once).result()
