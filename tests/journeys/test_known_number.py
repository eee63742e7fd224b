"""A KvK number that is typed fills in empty fields by the script alone, and says so."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from tests.browser import NARROW

HERE = "http://portal.example/"
PAGE = """
<form method="get" action="/bekend/" data-known-number><button>Vul in</button></form><p role="status" data-known-told></p>
<form method="post"><input name="kvk_number" aria-label="Nummer"><input name="name" aria-label="Naam">
<select name="municipality" aria-label="Gemeente"><option value=""></option><option value="7">Gouda</option></select></form>
"""
ANSWER = '{"filled": {"name": "Raad Zuid", "municipality": 7}, "told": "Ingevuld."}'


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    page = visit(viewport=NARROW)

    def answer(route: Route) -> None:
        is_asked = "/bekend/" in route.request.url
        route.fulfill(
            body=ANSWER if is_asked else PAGE, content_type="application/json" if is_asked else "text/html"
        )

    page.route(f"{HERE}**", answer)
    page.goto(HERE)
    page.add_script_tag(path=settings.BASE_DIR / "static" / "js" / "known.js")
    return page


def test_what_is_empty_is_filled_in_and_said(page: Page) -> None:
    expect(page.get_by_role("button", name="Vul in")).to_be_hidden()
    page.get_by_label("Nummer").fill("1234 5678")
    expect(page.get_by_label("Naam")).to_have_value("Raad Zuid")
    expect(page.get_by_label("Gemeente")).to_have_value("7")
    expect(page.get_by_role("status")).to_have_text("Ingevuld.")


def test_what_somebody_typed_stays(page: Page) -> None:
    page.get_by_label("Naam").fill("Zelf getypt")
    page.get_by_label("Nummer").fill("12345678")
    expect(page.get_by_label("Gemeente")).to_have_value("7")
    expect(page.get_by_label("Naam")).to_have_value("Zelf getypt")
