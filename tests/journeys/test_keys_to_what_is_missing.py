"""The keys n and p lead past rows that are complete, and are letters where one types."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mapping.models import MapEntry
from organisations.models import Organisation, OrganisationKind
from regions.models import Region
from tests.browser import WIDE
from tests.journeys.test_grid import cell, mapper, on_map, open_grid

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")


def complete(organisation: Organisation, region: Region) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(
        kind=OrganisationKind.objects.earliest("pk"),
        streams=["councils"],
        role="life",
        reach="region",
        domains=["care"],
        website="https://bravo.example",
    )
    MapEntry.objects.create(organisation=organisation, region=region, talk="talked")


def test_n_and_p_go_to_rows_of_which_something_is_missing_and_are_letters_where_one_types(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    for name in ("Alfa", "Bravo", "Charlie"):
        added = on_map(region, name)
        if name == "Bravo":
            complete(added, region)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    cell(page, "Alfa", "role").click()
    page.keyboard.press("n")
    expect(cell(page, "Charlie", "role")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("[data-grid-status]")).to_have_text("In de rijen hieronder ontbreekt niets meer.")
    expect(cell(page, "Charlie", "role")).to_be_focused()
    page.keyboard.press("p")
    expect(cell(page, "Alfa", "role")).to_be_focused()
    cell(page, "Alfa", "notes").click()
    page.keyboard.type("nog bellen")
    page.keyboard.press("Enter")
    expect(cell(page, "Alfa", "notes")).to_have_text("nog bellen")
    expect(page.get_by_role("row", name="Alfa").get_by_text("Opgeslagen", exact=True)).to_be_visible()
