"""The lead of a coalition is offered by one and taken by another, with and without scripts (rules 30 and 44)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from coalitions.models import Participation
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.organisations import speaker_for
from tests.journeys.walking import arrive, follow, log_in, look, mailed_address, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_the_lead_is_offered_and_taken(
    live_server: LiveServer, visit: Callable[..., Page], viewport: dict[str, int]
) -> None:
    with around_acts():
        case = scenarios.written()
        partner = case.partners[0]
        taker = speaker_for(partner.organisation, full_name="Tara Overneemster (fictief)")
    mine = visit(viewport=viewport)
    log_in(mine, live_server, case.applicant.email)
    expect(mine).not_to_have_url(f"{live_server.url}/account/login/")
    mine.goto(f"{live_server.url}/aanvragen/{case.reference}/coalitie/")
    follow(mine, "Het penvoerderschap overdragen aan een andere organisatie")
    arrive(mine, "Penvoerderschap overdragen")
    mine.get_by_label("Welke partner wordt penvoerder?").select_option(label=partner.stated_name)
    press(mine, "Bekijken wat dit betekent")
    arrive(mine, f"Het penvoerderschap aanbieden aan {partner.stated_name}?")
    press(mine, "Ja, penvoerderschap aanbieden")
    arrive(mine, "Penvoerderschap overdragen")
    expect(mine.get_by_text("Er is nog geen antwoord.").first).to_be_visible()

    theirs = visit(viewport=viewport)
    log_in(theirs, live_server, taker.email)
    expect(theirs).not_to_have_url(f"{live_server.url}/account/login/")
    theirs.goto(mailed_address(live_server, taker.email, "lead_offered"))
    arrive(theirs, "Wordt u penvoerder?")
    follow(theirs, "Ja, verder")
    arrive(theirs, f"Wordt {partner.stated_name} penvoerder?")
    press(theirs, "Ja, wij worden penvoerder")
    expect(theirs.get_by_text("is nu penvoerder").first).to_be_visible()
    look(theirs)
    lead = Participation.objects.get(coalition=case.coalition_id, is_lead=True)
    assert lead.organisation_id == partner.organisation_id
