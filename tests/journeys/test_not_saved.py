"""What the scripts do with what cannot be saved, each on a page of its own without the portal (rules 12 and 32)."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

HERE = "http://portal.example/"
SAVED = (
    '<p data-save-state data-state="saved" data-lost="Dit bestaat niet meer" data-failing="Nog een keer"></p>'
)
FORM = '<form method="post" novalidate {marks}>{fields}<button type="submit">Opslaan</button></form>'


class Window:
    """A page with one form and the script of that name; the portal answers what is sent with a status."""

    def __init__(self, page: Page, script: str, fields: str, *, marks: str = "", status: int = 200) -> None:
        self.page, self.sent, self.status = page, [], status  # type: ignore[var-annotated]
        self.html = FORM.format(marks=marks, fields=fields)
        page.route(f"{HERE}**", self.answer)
        page.goto(HERE)
        page.add_script_tag(path=settings.BASE_DIR / "static" / "js" / f"{script}.js")

    def answer(self, route: Route) -> None:
        if route.request.method != "POST":
            route.fulfill(body=self.html, content_type="text/html")
            return
        self.sent.append(route.request.post_data)
        route.fulfill(status=self.status, body="{}")


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    return visit()


def test_half_a_day_is_not_sent_as_none(page: Page) -> None:
    window = Window(page, "page", '<input type="date" name="since" aria-label="Sinds">')
    day = page.get_by_label("Sinds")
    day.press_sequentially("05")
    page.get_by_role("button", name="Opslaan").click()
    expect(day).to_be_focused()
    assert window.sent == []
    day.fill("2024-05-01")
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Opslaan").click()
    assert window.sent == ["since=2024-05-01"]


def test_where_nothing_can_be_saved_any_more_that_is_said_and_not_tried_for_ever(page: Page) -> None:
    """After a region was handed over, for example."""
    fields = f'<input type="hidden" name="seen_version" value="1"><textarea name="text" aria-label="Tekst"></textarea>{SAVED}'
    window = Window(page, "autosave", fields, marks='data-autosave="x"', status=404)
    page.get_by_label("Tekst").fill("Wat ik typte")
    expect(page.locator("[data-save-state]")).to_have_text("Dit bestaat niet meer")
    expect(page.get_by_label("Tekst")).to_have_value("Wat ik typte")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_timeout(200)
    assert len(window.sent) == 1
