"""Pictures of a region by keyboard, at both widths and in both colour schemes, and from a white spot to a row that is filled in."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mapping.domain.ties import tie_organisations
from mapping.enums import TieKind
from organisations.models import Organisation
from pictures.enums import PictureKind
from regions.models import Region
from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits
from tests.factories.moments import AT
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, press
from tests.mapping.grids import mapped
from tests.pictures.pictured import mapper_of
from tests.pictures.test_questions import asked_in

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")


def test_a_white_spot_leads_to_a_row_that_is_filled_in(page: Page, live_server: LiveServer) -> None:
    region = Region.objects.order_by("pk")[0]
    user = mapper_of(region)
    town = region.municipalities.order_by("sort_name")[0]
    one = mapped("Buurtkring (fictief)", region, user, streams=["residents"], reaches=[town])
    other = mapped("Wijkraad (fictief)", region, user, reach="region", streams=["residents"])
    tie_organisations(
        one_id=one.pk, other_id=other.pk, kind=TieKind.ADVISES, region=region, actor=user, at=AT
    )
    asked_in(region, user, "Wie rijdt de bus?", {one: ["inform"], other: ["advise"]})
    log_in_with_code(page, live_server, user)
    for kind in PictureKind:
        page.goto(f"{live_server.url}/regiowerk/{region.slug}/beelden/{kind}/")
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            for size in (NARROW, WIDE):
                page.set_viewport_size(size)
                assert_fits(page)
                assert_axe_clean(page)
        page.goto(f"{live_server.url}/beelden/{region.slug}/{kind}/")
        assert_axe_clean(page)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/beelden/witte-vlekken/")
    spot = page.get_by_role("table").get_by_role("link", name=f"{town.name}, Cliëntenraden: nog niemand")
    spot.focus()
    page.keyboard.press("Enter")
    arrive(page, "Organisatie toevoegen")
    expect(page.get_by_label("Gemeenten waar de organisatie werkt")).to_have_value(town.name)
    assert page.locator('input[name="streams"]:checked').get_attribute("value") == "councils"
    page.get_by_label("Naam van de organisatie").fill("Cliëntenraad Vlek (fictief)")
    press(page, "Toevoegen")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Organisatie toevoegen")
    added = Organisation.objects.get(name="Cliëntenraad Vlek (fictief)")
    assert (added.streams, list(added.reaches.all())) == (["councils"], [town])
