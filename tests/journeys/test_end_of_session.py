"""Two minutes before its end a session asks whether somebody goes on, by the script alone, on a page without the portal (WCAG 2.2.1)."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from tests.browser import NARROW

HERE = "http://portal.example/"
ADDRESS = "/account/session/"


class Window:
    """A page with a field and the dialog; the portal answers how long the session lasts, or that it ended."""

    def __init__(self, page: Page, *, hours: int = 0, seconds: int | None = 100) -> None:
        self.page, self.seconds, self.asked = page, seconds, []  # type: ignore[var-annotated]
        dialog = render_to_string("components/session_end.html", {"session_hours": hours})
        self.html = f"<title>Aanvraag</title><textarea aria-label='Tekst'>Wat ik typte</textarea>{dialog}"
        page.route(f"{HERE}**", self.answer)
        page.goto(HERE)
        page.get_by_label("Tekst").focus()
        page.add_script_tag(path=settings.BASE_DIR / "static" / "js" / "session.js")

    def answer(self, route: Route) -> None:
        if not route.request.url.endswith(ADDRESS):
            route.fulfill(body=self.html, content_type="text/html")
            return
        self.asked.append(route.request.method)
        if route.request.method == "POST":
            self.seconds = 12 * 3600
        status = 401 if self.seconds is None else 200
        route.fulfill(status=status, body=json.dumps({"seconds": self.seconds}))


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    return visit(viewport=NARROW)


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_who_is_there_goes_on_by_one_key_where_they_were(page: Page, key: str) -> None:
    window = Window(page)
    asks = page.get_by_role("dialog", name="Bent u er nog?")
    expect(asks).to_be_visible()
    expect(asks).to_have_accessible_description(
        "Over twee minuten wordt u uitgelogd, omdat er lang niets gebeurde. Wat u typte, blijft op deze pagina staan."
    )
    expect(page).to_have_title("Bent u er nog? | Aanvraag")
    expect(page.get_by_role("button", name="Ik ga door")).to_be_focused()
    page.keyboard.press(key)
    expect(asks).to_be_hidden()
    expect(page).to_have_title("Aanvraag")
    expect(page.get_by_label("Tekst")).to_be_focused()
    assert window.asked == ["GET", "POST"]


def test_long_before_the_end_nothing_is_asked(page: Page) -> None:
    window = Window(page, hours=11)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_timeout(200)
    assert window.asked == []


def test_another_tab_that_prolonged_it_spares_the_question(page: Page) -> None:
    window = Window(page, seconds=3600)
    page.wait_for_timeout(200)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert window.asked == ["GET"]


def test_after_the_end_it_says_what_to_do_and_loses_nothing(page: Page) -> None:
    """Rule 32."""
    window = Window(page, seconds=None)
    ended = page.get_by_role("dialog", name="U bent uitgelogd")
    expect(ended).to_be_visible()
    expect(page.get_by_role("link", name="Opnieuw inloggen in een nieuw tabblad")).to_be_focused()
    page.get_by_role("button", name="Sluiten").click()
    expect(ended).to_be_hidden()
    expect(page.get_by_label("Tekst")).to_have_value("Wat ik typte")
    # Logged in again, in another tab: from then on it is asked anew.
    window.seconds = 90
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("button", name="Ik ga door")).to_be_visible()
