"""Two rows of the map that are one organisation: found, put side by side, made one, and two again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mapping.models import MapEntry
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits
from tests.journeys.test_grid import cell, mapper, on_map, open_grid
from tests.journeys.walking import arrive

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_two_rows_become_one_and_two_again(
    live_server: LiveServer, visit: Callable[..., Page], viewport: dict[str, int]
) -> None:
    """Rule 30."""
    region = Region.objects.get(name="Zwolle")
    one, other = on_map(region, "Wijkraad Zuid"), on_map(region, "Stichting Wijkraad-Zuid")
    for row, notes in ((one, "Bellen na de zomer"), (other, "Zoeken leden")):
        MapEntry.objects.create(organisation=row, region=region, notes=notes)
    Organisation.objects.filter(pk=one.pk).update(
        role="life", website="https://wijkraad-zuid.example/over-ons"
    )
    Organisation.objects.filter(pk=other.pk).update(role="system")
    page = visit(viewport=viewport)
    open_grid(page, live_server, region, mapper(region))
    page.get_by_role("link", name="Openen Wijkraad Zuid").click()
    page.get_by_role("link", name="Samenvoegen met een andere organisatie").click()
    arrive(page, "Welke organisatie is dezelfde als Wijkraad Zuid?")
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("link", name="Stichting Wijkraad-Zuid").click()
    arrive(page, "Wijkraad Zuid en Stichting Wijkraad-Zuid samenvoegen?")
    page.get_by_role("group", name="Rol").get_by_label("systeemwereld").check()
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Ja, samenvoegen").click()
    expect(page.get_by_text("Het is nu één organisatie: Wijkraad Zuid.")).to_be_visible()
    assert_fits(page)
    assert_axe_clean(page)
    kept = organisations_in(region).get()
    assert (kept.name, kept.role, kept.other_names) == ("Wijkraad Zuid", "system", "Stichting Wijkraad-Zuid")
    page.get_by_role("button", name="Weer splitsen").click()
    expect(cell(page, "Stichting Wijkraad-Zuid", "notes")).to_have_text("Zoeken leden")
    expect(cell(page, "Wijkraad Zuid", "notes")).to_have_text("Bellen na de zomer")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_a_tie_is_found_saved_and_ended(
    live_server: LiveServer, visit: Callable[..., Page], viewport: dict[str, int]
) -> None:
    region = Region.objects.get(name="Zwolle")
    for name, role in (("Cliëntenraad Oost", "life"), ("Ziekenhuis Oost", "system")):
        Organisation.objects.filter(pk=on_map(region, name).pk).update(role=role)
    page = visit(viewport=viewport)
    open_grid(page, live_server, region, mapper(region))
    page.get_by_role("link", name="Openen Cliëntenraad Oost").click()
    page.get_by_role("link", name="Band toevoegen").click()
    page.get_by_label("Zoek op naam").fill("ziekenhuis")
    page.keyboard.press("Enter")
    page.get_by_label("Wat voor band is het?").select_option("hoort bij")
    page.get_by_label("Ziekenhuis Oost").check()
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("Cliëntenraad Oost hoort bij Ziekenhuis Oost")).to_be_visible()
    expect(page.get_by_text("verbindt leefwereld en systeemwereld")).to_be_visible()
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Band beëindigen").click()
    expect(page.get_by_text("De band is beëindigd.")).to_be_visible()
