"""Somebody writes on after being logged out, and past the limit: nothing typed is lost (rules 12 and 32)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.models import ApplicationSection
from tests.factories import scenarios
from tests.factories.accounts import PASSWORD
from tests.journeys.walking import arrive, log_in, look, press

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
TYPED = "Dit typte ik toen ik al was uitgelogd."


class Writer:
    """Somebody who writes the first section of a draft, and is logged out meanwhile."""

    def __init__(self, server: LiveServer, page: Page) -> None:
        self.server, self.page = server, page
        self.case = scenarios.written()
        self.spec = self.case.call.sections.all()[0]
        self.address = f"{server.url}/aanvragen/{self.case.reference}/onderdeel/{self.spec.key}/"
        log_in(page, server, self.case.applicant.email)
        arrive(page, re.compile("^Welkom"))

    @property
    def state(self) -> Locator:
        return self.page.locator("[data-save-state]")

    @property
    def kept(self) -> str:
        return ApplicationSection.objects.get(application=self.case, spec=self.spec).text

    def write_while_logged_out(self) -> None:
        self.page.goto(self.address)
        self.page.context.clear_cookies(name="sessionid")
        self.page.get_by_role("textbox").fill(TYPED)
        expect(self.state).to_contain_text("Niet opgeslagen: u bent uitgelogd.")

    def log_in_in_another_tab(self) -> None:
        tab = self.page.context.new_page()
        tab.goto(f"{self.server.url}/account/login/")
        tab.get_by_label("E-mailadres").fill(self.case.applicant.email)
        tab.get_by_label("Wachtwoord").fill(PASSWORD)
        press(tab, "Inloggen")
        arrive(tab, re.compile("^Welkom"))


@pytest.fixture
def writer(live_server: LiveServer, visit: Callable[..., Page]) -> Writer:
    return Writer(live_server, visit())


def test_the_old_tab_saves_by_itself_after_logging_in_again_and_its_button_works(writer: Writer) -> None:
    writer.write_while_logged_out()
    writer.log_in_in_another_tab()
    expect(writer.state).to_have_text(re.compile(r"^Opgeslagen om"), timeout=4_000)
    assert writer.kept == TYPED
    look(writer.page)
    writer.page.get_by_role("textbox").press("End")
    writer.page.get_by_role("textbox").press_sequentially(" En nog iets.")
    press(writer.page, "Concept opslaan")
    expect(writer.page.get_by_text("Opgeslagen in uw concept. Er is nog niets ingediend.")).to_be_visible()
    assert writer.kept == f"{TYPED} En nog iets."


def test_a_form_without_script_of_its_own_is_taken_after_logging_in_again(writer: Writer) -> None:
    page = writer.page
    page.route("**/autosave*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{writer.server.url}/aanvragen/{writer.case.reference}/gegevens/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Titel van het project").fill("Een andere titel")
    writer.log_in_in_another_tab()
    press(page, "Concept opslaan")
    expect(page.get_by_text("Opgeslagen in uw concept. Er is nog niets ingediend.")).to_be_visible()
    writer.case.refresh_from_db()
    assert writer.case.title == "Een andere titel"


def test_a_page_that_is_opened_anew_offers_what_the_device_kept(writer: Writer) -> None:
    writer.write_while_logged_out()
    # Nothing of it reaches the server before the page is opened anew.
    writer.page.route("**/onderdeel/**", lambda route: route.abort(), times=1)
    log_in(writer.page, writer.server, writer.case.applicant.email)
    arrive(writer.page, re.compile("^Welkom"))
    writer.page.unroute("**/onderdeel/**")
    assert writer.kept != TYPED
    writer.page.goto(writer.address)
    expect(writer.page.get_by_role("textbox")).to_have_value(TYPED)
    expect(writer.state).to_have_text(re.compile(r"^Opgeslagen om"))
    assert writer.kept == TYPED


KEPT = "Object.keys(localStorage).filter((each) => each.startsWith('hubportaal/')).length"


def test_logging_out_saves_first_and_leaves_nothing_on_the_device(writer: Writer) -> None:
    page = writer.page
    page.goto(writer.address)
    page.get_by_role("textbox").fill(TYPED)
    # Before it was saved by itself.
    page.get_by_role("button", name="Uitloggen").click()
    arrive(page, re.compile("^De mensen om wie het gaat"))
    assert (writer.kept, page.evaluate(KEPT)) == (TYPED, 0)


def test_logging_out_says_once_what_is_not_saved_and_then_leaves_nothing_on_the_device(
    writer: Writer,
) -> None:
    page = writer.page
    page.goto(writer.address)
    page.route("**/onderdeel/**", lambda route: route.fulfill(status=422, body="{}"))
    page.get_by_role("textbox").fill(TYPED)
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_text("Niet alles wat u hier typte, is opgeslagen of verstuurd.")).to_be_visible()
    assert page.evaluate(KEPT) == 1
    look(page)
    page.get_by_role("button", name="Uitloggen").click()
    arrive(page, re.compile("^De mensen om wie het gaat"))
    assert page.evaluate(KEPT) == 0


def test_a_text_over_its_limit_stands_out_and_is_told_once(writer: Writer) -> None:
    page, most = writer.page, writer.spec.max_characters
    page.goto(writer.address)
    length, said = page.locator("[data-length]"), page.locator("[data-length-said]")
    page.get_by_role("textbox").fill("w" * (most + 501))
    expect(length).to_have_text(f"{most + 501} tekens, 501 te veel")
    expect(length).to_have_attribute("data-state", "over")
    expect(said).to_have_text("Deze tekst is nu te lang.")
    expect(writer.state).to_have_text(re.compile(r"^Opgeslagen om"))
    look(page)
    page.reload()
    expect(length).to_have_text(f"{most + 501} tekens, 501 te veel")
    page.get_by_role("textbox").fill("w" * most)
    expect(length).to_have_text(f"{most} tekens van hoogstens {most}")
    expect(said).to_have_text("Deze tekst is niet meer te lang.")
