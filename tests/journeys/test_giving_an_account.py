"""An applicant gives the account of a grant, after showing who they are; an officer compares and accepts it (rule 30)."""

from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from decisions.models import BankAccount
from hubportal.accounts.models import User
from tests.browser import NARROW, WIDE
from tests.factories.accounts import PASSWORD
from tests.factories.paying import lead_of, officer_of, told
from tests.factories.scenarios import after_deadline
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, log_in, look, press
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")


@pytest.mark.parametrize("window", [NARROW, WIDE], ids=["360", "1280"])
def test_an_applicant_gives_an_account_and_an_officer_accepts_it(
    live_server: LiveServer, visit: Callable[..., Page], window: ViewportSize
) -> None:
    case = told()
    officer, lead = officer_of(case), lead_of(case)
    with at_moment(after_deadline(case, days=31)):
        _give(visit(viewport=window), live_server, lead.email, case.reference)
        assert list(BankAccount.objects.values_list("iban", "holder", "state", "given_by")) == [
            ("NL91ABNA0417164300", case.lead.name, "waiting", lead.pk)
        ]
    with at_moment(after_deadline(case, days=32)):
        _accept(visit(viewport=window), live_server, officer, case.reference)
    assert BankAccount.objects.get().state == "counts"


def _give(page: Page, server: LiveServer, email: str, reference: str) -> None:
    log_in(page, server, email)
    page.wait_for_url("**/start/")
    page.goto(f"{server.url}/aanvragen/{reference}/stand/")
    look(page)
    _let_the_log_in_be_long_ago(page)
    follow(page, "Geef de rekening op")
    arrive(page, "Bevestig dat u het bent")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    press(page, "Verder")
    arrive(page, "Rekening voor de subsidie")
    number, name = page.get_by_label("Rekeningnummer (IBAN)"), page.get_by_label("Op naam van")
    number.fill("NL91 ABNA 0417 1643 01")
    name.fill("Een verkeerde naam")
    name.press("Enter")
    expect(page.get_by_text("Fout: Dit IBAN klopt niet")).to_be_visible()
    expect(name).to_have_value("Een verkeerde naam")
    look(page)
    number.fill("nl91 abna 0417 1643 00")
    # Enter gives nothing yet: it leads to the page that shows what will be given.
    number.press("Enter")
    arrive(page, "Is dit de goede rekening?")
    press(page, "Terug, om iets te veranderen")
    arrive(page, "Rekening voor de subsidie")
    expect(number).to_have_value("NL91 ABNA 0417 1643 00")
    name.fill(_lead_name(page))
    press(page, "Verder")
    arrive(page, "Is dit de goede rekening?")
    press(page, "Geef deze rekening op")
    expect(page.get_by_text("U hebt deze rekening opgegeven.")).to_be_visible()
    arrive(page, "Rekening voor de subsidie")


def _let_the_log_in_be_long_ago(page: Page) -> None:
    [key] = [each["value"] for each in page.context.cookies() if each["name"] == "sessionid"]
    session = SessionStore(key)
    methods = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**each, "at": 0} for each in methods]
    session.save()


def _lead_name(page: Page) -> str:
    said = page.locator(".hub-lead").inner_text()
    return said.removeprefix("Wij betalen de subsidie op een rekening van ").partition(". Een collega")[0]


def _accept(page: Page, server: LiveServer, officer: User, reference: str) -> None:
    log_in_with_code(page, server, officer)
    page.goto(f"{server.url}/beheer/")
    look(page)
    follow(page, "Rekeningen van subsidies om te controleren")
    arrive(page, "Rekeningen van subsidies")
    follow(page, reference)
    arrive(page, "Controleer de rekening")
    expect(page.get_by_text("NL91 ABNA 0417 1643 00")).to_be_visible()
    expect(page.get_by_text("dezelfde naam")).to_be_visible()
    follow(page, "Keur niet goed, en schrijf waarom")
    arrive(page, "De rekening terugsturen?")
    press(page, "Terugsturen")
    look(page)
    follow(page, "Annuleren")
    arrive(page, "Controleer de rekening")
    press(page, "Keur deze rekening goed")
    expect(page.get_by_text("De rekening is goedgekeurd.")).to_be_visible()
    arrive(page, "Rekeningen van subsidies")
