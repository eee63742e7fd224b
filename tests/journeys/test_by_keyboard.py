"""A whole application by keyboard alone, from the first field to the signature: every stop can be seen, none is a trap (WCAG 2.1.1, 2.1.2, 2.4.7 and 2.4.11)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.enums import Status
from applications.models import Application, DeclarationSignature
from tests.browser import NARROW, WIDE
from tests.database import around_acts
from tests.factories import scenarios
from tests.factories.accounts import PASSWORD
from tests.journeys.walking import arrive, mailed_address

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
WINDOWS = {"wide": WIDE, "narrow": NARROW}
# No page has as many stops.
MOST_STOPS, MOST_GLANCES = 250, 40
# Where the eye is: the stop itself, whether any of it can be seen, and whether it is marked.
_STOP = """() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const box = stop.getBoundingClientRect();
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]];
  const seen = points.some(([x, y]) => {
    const there = document.elementFromPoint(box.x + box.width * x, box.y + box.height * y);
    return there && (stop.contains(there) || there.contains(stop) || there.closest("label")?.control === stop);
  });
  const look = getComputedStyle(stop), around = stop.labels?.[0] ? getComputedStyle(stop.labels[0]) : look;
  // The last stop in a date is the button of its calendar, which the browser marks inside it.
  const ofBrowser = stop.type === "date" && stop.matches(":focus-within");
  const marks = [ofBrowser, look.outlineStyle !== "none" && look.outlineWidth !== "0px", look.boxShadow !== "none", around.boxShadow !== "none"];
  return { html: stop.outerHTML.slice(0, 160), seen, marked: marks.some(Boolean) };
}"""


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, goal: Locator) -> None:
        """Press Tab until the goal is where one is; each stop on the way can be seen and is marked."""
        goal.wait_for()
        for _stop in range(MOST_STOPS):
            if goal.evaluate("goal => goal === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            stop = self._stop()
            if stop is not None:
                assert (stop["seen"], stop["marked"]) == (True, True), f"{self.page.url}: {stop}"
        pytest.fail(f"{self.page.url}: no key leads to {goal}")

    def _stop(self) -> dict[str, Any] | None:
        """Return where one is, once the page has moved there."""
        for _glance in range(MOST_GLANCES):
            stop: dict[str, Any] | None = self.page.evaluate(_STOP)
            if stop is None or stop["seen"]:
                return stop
            self.page.wait_for_timeout(50)
        return stop

    def type(self, label: str | re.Pattern[str], text: str, *, within: Any = None) -> None:
        """Write in a field."""
        field = (within or self.page).get_by_label(label).first
        self.go_to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, *, within: Any = None) -> None:
        """Choose in a list by the arrows."""
        box = (within or self.page).get_by_label(label).first
        self.go_to(box)
        places = box.evaluate("list => [...list.options].map(each => each.text.trim())")
        steps = places.index(option) - box.evaluate("list => list.selectedIndex")
        for _step in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        expect(box.locator("option:checked")).to_have_text(option)

    def tick(self, label: str) -> None:
        """Tick a box."""
        box = self.page.get_by_label(label)
        self.go_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def press(self, name: str | re.Pattern[str], *, role: Any = "button") -> None:
        """Press a button, or follow a link."""
        self.go_to(self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first)
        self.page.keyboard.press("Enter")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_coalition_applies_by_keyboard_alone(
    live_server: LiveServer, visit: Callable[..., Page], window: str
) -> None:
    with around_acts():
        case = scenarios.started(partners=1)
    page = visit(viewport=WINDOWS[window])
    keys = Keyboard(page)
    page.goto(f"{live_server.url}/account/login/")
    keys.type("E-mailadres", case.applicant.email)
    keys.type("Wachtwoord", PASSWORD)
    page.keyboard.press("Enter")
    arrive(page, re.compile("^Welkom"))
    address = f"{live_server.url}/aanvragen/{case.reference}/"
    page.goto(f"{address}gegevens/")
    _write(keys, case)
    _plan(keys, case)
    _ask(keys, case, live_server, visit(viewport=WINDOWS[window]))
    page.goto(f"{address}controleren/")
    keys.press("Indienen voor ronde 1")
    expect(page.get_by_role("heading", name="Uw ontvangstbevestiging")).to_be_visible()
    assert Application.objects.get().status == Status.SUBMITTED
    keys.press("Nu ondertekenen", role="link")
    arrive(page, "Verklaring ondertekenen")
    keys.tick("Ik heb de verklaring gelezen en onderteken deze")
    keys.type("Uw functie", "projectmedewerker")
    keys.press("Ondertekenen")
    expect(page.get_by_text("U hebt de verklaring ondertekend.")).to_be_visible()
    assert DeclarationSignature.objects.count() == 1


def _write(keys: Keyboard, case: "scenarios.Case") -> None:
    page = keys.page
    keys.type("Titel van het project", "Met de toetsen (fictief)")
    keys.go_to(page.get_by_label("Eerste dag van het project"))
    # The same in either order of day and month, which is that of the browser.
    page.keyboard.type("07072024")
    keys.type("Duur in hele maanden", "6")
    keys.press("Concept opslaan en verder")
    arrive(page, "Betrokkenen")
    _name_people(keys, case)
    keys.press("Concept opslaan en verder")
    arrive(page, "Partners en instemming")
    room = page.url.partition("/partners/")[0]
    for spec in case.call.sections.all():
        page.goto(f"{room}/onderdeel/{spec.key}/")
        keys.go_to(page.get_by_role("textbox"))
        page.keyboard.type(f"Wij werken aan {spec.title.lower()}.")
        expect(page.locator("[data-save-state]")).to_contain_text("Opgeslagen om")
        keys.press("Concept opslaan en verder")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(spec.title)


def _name_people(keys: Keyboard, case: "scenarios.Case") -> None:
    page, lead = keys.page, case.lead.name
    for group, name, email in (
        ("Hoofdaanvrager", case.applicant.full_name, case.applicant.email),
        ("Bestuurlijk verantwoordelijke", "Bas Bestuur (fictief)", "bas@toetsen.example"),
        ("Projectleider", "Lea Leider (fictief)", "lea@toetsen.example"),
    ):
        part = page.get_by_role("group", name=group)
        keys.type("Naam", name, within=part)
        keys.type("E-mailadres", email, within=part)
        keys.choose("Organisatie", lead, within=part)
        if group == "Bestuurlijk verantwoordelijke":
            keys.type("Functie", "voorzitter", within=part)
    letter = page.get_by_role("group", name="De brief met ons besluit")
    keys.type("Straat en huisnummer", "Voorbeeldstraat 1", within=letter)
    keys.type("Postcode", "1234ab", within=letter)
    keys.type("Plaats", "Voorbeelddorp", within=letter)
    keys.choose("Hoe wilt u de brief", "Per e-mail, als pdf: u krijgt geen brief op papier", within=letter)


def _plan(keys: Keyboard, case: "scenarios.Case") -> None:
    page = keys.page
    page.goto(f"{page.url.partition(case.reference)[0]}{case.reference}/begroting/")
    heading = case.call.headings.filter(is_contribution=False)[0].title
    for number, (organisation, purpose, amount) in enumerate(
        ((case.lead.name, "Coördinatie", "30.000"), (case.partners[0].stated_name, "Uren", "5000,50")),
        start=1,
    ):
        line = page.get_by_role("group", name=re.compile(rf"^Regel {number}(:|$)"))
        keys.choose("Post", heading, within=line)
        keys.choose("Organisatie", organisation, within=line)
        keys.type(re.compile("^Waarvoor"), purpose, within=line)
        keys.type(re.compile("^Bedrag"), amount, within=line)
    keys.go_to(page.get_by_role("button", name="Concept opslaan", exact=True))
    # The sums are those of the page before it is sent, too.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="U vraagt")).to_contain_text("35.000,50")


def _ask(keys: Keyboard, case: "scenarios.Case", server: LiveServer, window: Page) -> None:
    page, partner = keys.page, case.partners[0]
    page.goto(f"{server.url}/aanvragen/{case.reference}/partners/")
    keys.press(re.compile("^Instemming vragen"))
    expect(page.get_by_text("De vraag is onderweg", exact=False)).to_be_visible()
    theirs = Keyboard(window)
    window.goto(mailed_address(server, partner.contact_email, "consent_request"))
    arrive(window, "Stemt uw organisatie in?")
    choice = window.get_by_label("Ja, wij stemmen in")
    theirs.go_to(choice)
    window.keyboard.press("Space")
    expect(choice).to_be_checked()
    theirs.type("Uw naam", partner.contact_name)
    theirs.type("Uw functie", "directeur")
    theirs.press("Antwoord versturen")
    arrive(window, "Bedankt, uw antwoord is bewaard")
