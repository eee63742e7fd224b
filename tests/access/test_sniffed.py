"""HTML_CodeSniffer finds no error (WCAG 2.1 AA) on any page of the access matrix, nor on a form that was refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from hubportal.kernel import clock
from tests.access.walking import each_page
from tests.access.world import PRESENT, build
from tests.browser import NARROW, WIDE
from tests.showing import showing
from tests.sniffer import sniffed_on

LABEL = '<label for="naam">Naam</label>'
PAGE = '<!DOCTYPE html><html lang="nl"><head><title>Iets</title></head><body><main>{}</main></body></html>'


@pytest.mark.django_db
def test_the_sniffer_finds_no_error_on_any_page(visit: Callable[..., Page]) -> None:
    """Takes a minute: it opens every page of the portal. Dark colours are those of ``tests/looks/test_contrast.py``."""
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    pages = each_page(build())
    page = visit(viewport=WIDE)
    show, found = showing(page, pages), {}
    for address in pages:
        show(address)
        if errors := sniffed_on(page):
            found[re.sub(r"\d{4}-\d+|\d+", "…", address)] = errors
    assert len(pages) > 250
    assert found == {}


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ('<input id="naam">', ["4_1_2.H91.InputText.Name", "1_3_1.F68"]),
        (f'{LABEL}<input id="naam"><p id="naam">x</p>', ["4_1_1.F77"]),
        ('<img src="/x.png">', ["1_1_1.H37"]),
        ('<p style="color: #aaa; background: #fff">Grijs</p>', ["1_4_3.G18.Fail"]),
    ],
)
def test_the_sniffer_finds_what_is_wrong(visit: Callable[..., Page], body: str, codes: list[str]) -> None:
    page = visit(viewport=NARROW)
    showing(page, {"/": PAGE.format(body)})("/")
    assert [each.partition(":")[0] for each in sniffed_on(page)] == codes
    showing(page, {"/": PAGE.format(f'{LABEL}<input id="naam">')})("/")
    assert sniffed_on(page) == []
