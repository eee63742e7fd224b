"""A kwartiermaker maps a region, and a visitor sees what was made public."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.enums import Role
from regions.models import Region
from tests.factories.accounts import person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
NAME, QUESTION = "Cliëntenraad De Linde (fictief)", "Hoe praten jongeren mee over zorg dichtbij?"


def test_kwartiermaker_maps_a_region_and_a_visitor_sees_what_is_public(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    page = visit()
    log_in_with_code(page, live_server, user)
    _open_region(page, region)
    _add_organisation(page, region)
    _add_question(page, region)
    visitor = visit()
    visitor.goto(f"{live_server.url}/regios/{region.slug}/")
    arrive(visitor, region.name)
    expect(visitor.get_by_text(NAME)).to_have_count(0)
    _publish(page, region)
    visitor.reload()
    arrive(visitor, region.name)
    expect(visitor.get_by_role("heading", name=NAME)).to_be_visible()
    expect(visitor.get_by_text(QUESTION)).to_have_count(0)


def _open_region(page: Page, region: Region) -> None:
    follow(page, "Regiowerk")
    arrive(page, "Mijn regio's")
    follow(page, region.name)
    arrive(page, region.name)
    expect(page.get_by_text("Hier zijn nog geen organisaties bekend")).to_be_visible()


def _add_organisation(page: Page, region: Region) -> None:
    follow(page, "Organisatie met alle gegevens toevoegen")
    arrive(page, "Organisatie toevoegen")
    page.get_by_label("Naam van de organisatie").fill(NAME)
    page.get_by_label("Rechtsvorm").select_option("stichting")
    page.get_by_label("Gemeente van vestiging").select_option("Zwolle")
    page.get_by_label("medezeggenschap").check()
    page.get_by_label("Wat de organisatie doet").fill("Praat mee over de zorg in Zwolle.")
    press(page, "Toevoegen")
    arrive(page, region.name)
    expect(page.get_by_text(f"{NAME} is toegevoegd.")).to_be_visible()
    expect(page.get_by_role("rowheader", name=NAME)).to_be_visible()


def _add_question(page: Page, region: Region) -> None:
    follow(page, "Participatievraagstukken")
    arrive(page, "Participatievraagstukken")
    follow(page, "Vraagstuk toevoegen")
    arrive(page, "Vraagstuk toevoegen")
    page.get_by_label("Het vraagstuk").fill(QUESTION)
    page.get_by_label(re.compile("^Organisatie, regel 1$")).select_option(NAME)
    page.get_by_label(re.compile("^Vorm van participatie, regel 1$")).select_option("adviseren")
    press(page, "Opslaan")
    arrive(page, "Participatievraagstukken")
    expect(page.get_by_text(f"{NAME}: adviseren")).to_be_visible()


def _publish(page: Page, region: Region) -> None:
    page.get_by_role("navigation", name="Onderdelen van deze regio").get_by_role(
        "link", name="Organisaties"
    ).click()
    arrive(page, region.name)
    follow(page, f"Openen {NAME}")
    arrive(page, NAME)
    press(page, "Opslaan en openbaar maken")
    arrive(page, region.name)
    expect(page.get_by_text(f"{NAME} is nu openbaar zoals u het hebt geschreven")).to_be_visible()
    expect(page.get_by_role("row", name=NAME).get_by_text("openbaar", exact=True)).to_be_visible()
