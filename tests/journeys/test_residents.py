"""A resident brings up a question, which the kwartiermaker takes over; and follows the region by mail (rules 22, 23 and 32)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mapping.models import ParticipationQuestion
from regions.models import Region
from residents.models import ResidentMessage
from tests.factories.following import follower_period, mailed_follow_secret
from tests.factories.people import kwartiermaker_in
from tests.factories.residents import message_period, secret_in_mail
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, press
from website.models import RegionFollower

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
QUESTION = "Hoe komt er een huisarts terug in het dorp?"


@pytest.fixture
def region() -> Region:
    message_period()
    follower_period()
    return Region.objects.get(name="Zwolle")


def test_a_resident_brings_up_a_question_and_the_kwartiermaker_takes_it_over(
    live_server: LiveServer, visit: Callable[..., Page], region: Region
) -> None:
    kwartiermaker = kwartiermaker_in(region)
    own, page = visit(), visit()
    own.goto(f"{live_server.url}/regios/{region.slug}/")
    arrive(own, "Zwolle")
    follow(own, "Een vraagstuk aandragen")
    arrive(own, "Een vraagstuk aandragen")
    own.get_by_label("Uw vraagstuk").fill(QUESTION)
    own.get_by_label("Toelichting").fill("Wij rijden nu een half uur.")
    own.get_by_label("Uw naam").fill("Ria Raadgever (fictief)")
    own.get_by_label("Uw e-mailadres").fill("ria@burger.example")
    press(own, "Verstuur")
    # Without consent it is not sent, and nothing that was typed is lost.
    expect(own.locator(".hub-error-summary")).to_be_visible()
    expect(own.get_by_label("Uw vraagstuk")).to_have_value(QUESTION)
    own.get_by_label("mag dit lezen").check()
    press(own, "Verstuur")
    arrive(own, "Kijk in uw mailbox")
    message = ResidentMessage.objects.get()
    own.goto(f"{live_server.url}/bericht/bevestigen/{secret_in_mail(message, 'bevestigen')}/")
    arrive(own, "Hebt u dit geschreven?")
    press(own, "Ja, ik was het: verstuur het")
    arrive(own, "Dank u wel, de kwartiermaker leest het")
    log_in_with_code(page, live_server, kwartiermaker)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/berichten/")
    arrive(page, "Berichten van inwoners")
    follow(page, QUESTION)
    arrive(page, QUESTION)
    press(page, "Neem over als vraagstuk")
    arrive(page, "Vraagstuk wijzigen")
    assert ParticipationQuestion.objects.get().title == QUESTION
    own.goto(f"{live_server.url}/bericht/inzien/{secret_in_mail(message, 'inzien')}/")
    arrive(own, "Wat u schreef")
    expect(own.get_by_text("overgenomen, zonder uw naam")).to_be_visible()
    own.goto(f"{live_server.url}/regios/{region.slug}/")
    expect(own.get_by_text(QUESTION)).to_have_count(0)


def test_a_resident_follows_a_region_and_confirms_it(
    live_server: LiveServer, visit: Callable[..., Page], region: Region
) -> None:
    page = visit()
    page.goto(f"{live_server.url}/regios/{region.slug}/volgen/")
    arrive(page, "Volgen per e-mail")
    page.get_by_label("Uw e-mailadres").fill("vera@burger.example")
    press(page, "Volgen")
    arrive(page, "Kijk in uw mailbox")
    secret = mailed_follow_secret(RegionFollower.objects.get())
    page.goto(f"{live_server.url}/volgen/bevestigen/{secret}/")
    arrive(page, "Wilt u deze regio volgen?")
    press(page, "Ja, volg deze regio")
    arrive(page, "U volgt deze regio")
    page.goto(f"{live_server.url}/regios/dekking/")
    arrive(page, "Landelijke dekking")
