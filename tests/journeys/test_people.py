"""Somebody is written down, agrees without an account, prolongs, withdraws, or is erased (rule 23)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.models import User
from hubportal.kernel import clock
from people.domain.erasing import erase_person
from people.enums import ErasureReason, LinkUse
from people.models import ErasureReceipt, MappedPerson
from regions.models import Region
from tests.factories.people import (
    PARTS,
    agreed_person,
    kwartiermaker_in,
    people_periods,
    reminded_person,
    secret_for,
    waiting_person,
)
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, press

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
NAME = "Bregje Bedacht (fictief)"


@pytest.fixture
def region() -> Region:
    people_periods()
    return Region.objects.get(name="Zwolle")


@pytest.fixture
def kwartiermaker(region: Region) -> User:
    return kwartiermaker_in(region)


def follow_link(page: Page, live_server: LiveServer, somebody: MappedPerson, use: LinkUse) -> None:
    """Open the link that was mailed to somebody."""
    page.goto(f"{live_server.url}/mijn-gegevens/{PARTS[use]}/{secret_for(somebody, use)}/")


def test_somebody_is_asked_agrees_is_written_about_and_erased(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, kwartiermaker: User
) -> None:
    page, own = visit(), visit()
    log_in_with_code(page, live_server, kwartiermaker)
    _write_down(page, region)
    somebody = MappedPerson.objects.get()
    _agree(own, live_server, somebody)
    _write_what_they_know(page)
    _write_a_talk(page, live_server)
    follow_link(own, live_server, somebody, LinkUse.LASTING)
    arrive(own, "Wat we van u bewaren")
    expect(own.get_by_text("Zit acht jaar in een cliëntenraad.")).to_be_visible()
    expect(own.get_by_text("Wil meepraten over vervoer.")).to_be_visible()
    follow(page, "Gegevens van deze persoon wissen")
    arrive(page, f"Gegevens van {NAME} wissen?")
    page.get_by_label("Deze persoon vroeg erom, of zei nee").check()
    press(page, "Ja, voorgoed wissen")
    arrive(page, "Gewist")
    expect(page.get_by_text(ErasureReceipt.objects.get().code)).to_be_visible()
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/mensen/")
    arrive(page, "Mensen")
    expect(page.get_by_text(NAME)).to_have_count(0)
    own.reload()
    arrive(own, "Deze link werkt niet")


def test_a_browser_forgets_what_was_typed_of_somebody_who_was_erased(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, kwartiermaker: User
) -> None:
    page = visit()
    people_periods()
    somebody = agreed_person(region, kwartiermaker, at=clock.now())
    log_in_with_code(page, live_server, kwartiermaker)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/mensen/{somebody.pk}/wijzigen/")
    page.get_by_label("Wat deze persoon weet").fill("Weet veel.")
    kept = "Object.keys(localStorage).filter((each) => each.startsWith('hubportaal/mensen/')).length"
    assert page.evaluate(kept) == 1
    erase_person(person_id=somebody.pk, reason=ErasureReason.ASKED, actor=kwartiermaker, at=clock.now())
    state = page.locator("[data-save-state]")
    expect(state).to_contain_text("Niet opgeslagen: dit bestaat niet meer")
    page.get_by_label("Wat deze persoon weet").fill("Weet nog meer.")
    assert page.evaluate(kept) == 0
    expect(page.get_by_label("Wat deze persoon weet")).to_have_value("Weet nog meer.")


def _write_down(page: Page, region: Region) -> None:
    follow(page, "Regiowerk")
    follow(page, region.name)
    follow(page, "Mensen")
    arrive(page, "Mensen")
    follow(page, "Iemand opschrijven")
    arrive(page, "Iemand opschrijven")
    page.get_by_label("Naam").fill(NAME)
    press(page, "Opslaan en vragen")
    expect(page.get_by_text("Vul een e-mailadres of een telefoonnummer in").first).to_be_visible()
    expect(page.get_by_label("Naam")).to_have_value(NAME)
    page.get_by_label("E-mailadres").fill("bregje@burger.example")
    press(page, "Opslaan en vragen")
    arrive(page, NAME)
    expect(page.get_by_text("We hebben het deze persoon per e-mail gevraagd.").first).to_be_visible()


def _agree(own: Page, live_server: LiveServer, somebody: MappedPerson) -> None:
    follow_link(own, live_server, somebody, LinkUse.ANSWER)
    arrive(own, "Mogen we uw gegevens bewaren?")
    own.get_by_label(re.compile("^Ja, de kwartiermaker mag")).check()
    press(own, "Mijn antwoord versturen")
    arrive(own, "Bedankt, uw antwoord is bewaard")


def _write_what_they_know(page: Page) -> None:
    page.reload()
    follow(page, "Wijzigen")
    arrive(page, NAME)
    page.get_by_label("Wat deze persoon weet").fill("Zit acht jaar in een cliëntenraad. Heeft reuma.")
    expect(page.locator("[data-save-state]")).to_contain_text(
        "Zegt dit misschien iets over iemands gezondheid?"
    )
    page.get_by_label("Wat deze persoon weet").fill("Zit acht jaar in een cliëntenraad.")
    expect(page.locator("[data-save-state]")).not_to_contain_text("gezondheid")
    press(page, "Opslaan")
    arrive(page, NAME)
    expect(page.get_by_text("Zit acht jaar in een cliëntenraad.")).to_be_visible()


def _write_a_talk(page: Page, live_server: LiveServer) -> None:
    there = page.url
    follow(page, "Gesprek opschrijven")
    arrive(page, "Gesprek opschrijven")
    page.get_by_label("Wat is er gezegd?").fill("Wil meepraten over vervoer.")
    today = page.get_by_label("Dag van het gesprek").input_value()
    page.get_by_label("Hierop terugkomen op").fill(today)
    press(page, "Opslaan")
    arrive(page, NAME)
    page.goto(f"{live_server.url}/start/")
    follow(page, f"Kom terug op het gesprek met {NAME}")
    press(page, "Ik ben erop teruggekomen", about="gesprek van 1 mei 2024")
    expect(page.get_by_text("Genoteerd: u bent op dit gesprek teruggekomen.")).to_be_visible()
    assert page.url == there


def test_who_has_no_e_mail_is_asked_by_telephone_and_a_talk_is_removed(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, kwartiermaker: User
) -> None:
    somebody = waiting_person(region, kwartiermaker, email="", phone="010 555 12 34", at=clock.now())
    page = visit()
    log_in_with_code(page, live_server, kwartiermaker)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/mensen/{somebody.pk}/")
    follow(page, "Vastleggen dat deze persoon toestemming gaf")
    arrive(page, "Toestemming vastleggen")
    page.get_by_label("via de telefoon").check()
    page.get_by_label("Op welke dag?").fill("2024-05-01")
    page.get_by_label("Hoe vroeg u het, en wat zei deze persoon?").fill("Voorgelezen, zei ja.")
    press(page, "De toestemming vastleggen")
    expect(page.get_by_text("Zet dit vinkje alleen als het klopt.").first).to_be_visible()
    page.get_by_label(re.compile("^Ik heb deze persoon de tekst")).check()
    press(page, "De toestemming vastleggen")
    arrive(page, NAME)
    expect(page.get_by_text("Vastgelegd door")).to_contain_text("Voorgelezen, zei ja.")
    follow(page, "Gesprek opschrijven")
    page.get_by_label("Wat is er gezegd?").fill("Verkeerd opgeschreven.")
    press(page, "Opslaan")
    follow(page, "1 mei 2024")
    follow(page, "Dit gesprek weghalen")
    arrive(page, "Dit gesprek weghalen?")
    press(page, "Ja, weghalen")
    arrive(page, NAME)
    expect(page.get_by_text("Verkeerd opgeschreven.")).to_have_count(0)


def test_somebody_prolongs_and_somebody_withdraws_by_themselves(
    live_server: LiveServer, visit: Callable[..., Page], region: Region, kwartiermaker: User
) -> None:
    now = clock.now()
    reminded = reminded_person(region, kwartiermaker, now=now)
    agreed = agreed_person(region, kwartiermaker, at=now)
    own = visit()
    follow_link(own, live_server, reminded, LinkUse.PROLONG)
    arrive(own, "Mogen we uw gegevens langer bewaren?")
    own.get_by_label(re.compile("^Ja, de kwartiermaker mag")).check()
    press(own, "Mijn antwoord versturen")
    arrive(own, "Bedankt, uw antwoord is bewaard")
    before = reminded.kept_until
    reminded.refresh_from_db()
    assert reminded.kept_until > before
    follow_link(own, live_server, agreed, LinkUse.LASTING)
    arrive(own, "Wat we van u bewaren")
    press(own, "Intrekken en wissen")
    expect(own.get_by_text("Zet hier een vinkje om alles te wissen.").first).to_be_visible()
    own.get_by_label("Ja, wis alles wat er van mij wordt bewaard").check()
    press(own, "Intrekken en wissen")
    arrive(own, "Gewist")
    assert list(MappedPerson.objects.all()) == [reminded]
