"""In a browser, every form saves while somebody types, and meets a newer version in one way (rules 12 and 32)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from reviews.models import Review
from tests.browser import NARROW, WIDE
from tests.journeys.walking import budget_line, look, press
from tests.versions import written
from tests.versions.written import FORMS, WITHOUT_MERGING, Written

pytestmark = pytest.mark.usefixtures("transactional_db", "first_round")
FIELDS = {
    "particulars": "Titel van het project",
    "people": "Naam",
    "section": "",
    "budget": "Waarvoor",
    "review": "Reden: ",
    "advice": "Redenen van de commissie",
    "decision": "Redenen van het besluit",
    "correction": "Wat er wordt verbeterd",
}
SAVED = re.compile(r"^\s*Opgeslagen om \d\d:\d\d\s*$")


class Window:
    """A window of somebody who writes one of the forms."""

    def __init__(self, form: Written, page: Page, server: LiveServer) -> None:
        self.form, self.page, self.server = form, page, server
        self.log_in()

    def log_in(self) -> None:
        session = self.form.client().cookies["sessionid"].value
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.server.url}])

    def open(self) -> None:
        self.page.goto(f"{self.server.url}{self.form.address}")

    @property
    def box(self) -> Any:
        places: dict[str, Callable[[], Any]] = {
            "people": lambda: self.page.get_by_role("group", name="Projectleider"),
            "budget": lambda: budget_line(self.page, 1),
        }
        place = places.get(self.form.name, lambda: self.page)()
        label = FIELDS[self.form.name]
        return place.get_by_label(label).first if label else place.get_by_role("textbox")

    def type(self, text: str) -> None:
        if self.form.name == "budget":
            line = budget_line(self.page, 1)
            line.get_by_label("Post").select_option(index=1)
            line.get_by_label("Organisatie").select_option(index=1)
            line.get_by_label("Bedrag").fill("1.250,00")
        self.box.fill(text)

    @property
    def state(self) -> Any:
        return self.page.locator("[data-save-state]")

    def save_elsewhere(self, text: str) -> None:
        """Save another text from another window of the same person."""
        seen = self.form.first_version
        assert self.form.save(self.form.client(), text, seen=seen).status_code == 302

    def meet_a_newer_version(self) -> None:
        """Type over what was saved elsewhere meanwhile, and press the button."""
        self.open()
        self.save_elsewhere("Uit het andere venster")
        self.type("Uit dit venster")
        self.page.locator("form[data-autosave] .hub-form-actions button").last.click()
        expect(self.page.get_by_role("alert")).to_contain_text("Er is al een nieuwere versie opgeslagen")


@pytest.fixture(params=FORMS, ids=lambda make: make.__name__)
def form(request: Any, transactional_db: None, first_round: None) -> Written:
    return request.param()


@pytest.fixture
def window(form: Written, live_server: LiveServer, visit: Callable[..., Page]) -> Iterator[Window]:
    return Window(form, visit(viewport=NARROW), live_server)


def test_it_saves_while_somebody_types_and_says_saved_again_when_that_is_undone(window: Window) -> None:
    window.open()
    window.type("Eerste")
    expect(window.state).to_have_text(SAVED)
    assert window.form.kept() == "Eerste"
    look(window.page)
    window.page.route("**/*", lambda route: route.abort())
    window.box.press("End")
    window.box.press("!")
    expect(window.state).to_have_text("Nog niet opgeslagen")
    window.box.press("Backspace")
    expect(window.state).to_have_text(SAVED)
    window.page.unroute("**/*")
    window.page.reload()
    expect(window.box).to_have_value("Eerste")


def test_both_versions_stand_side_by_side_and_mine_can_be_saved_over_it(window: Window) -> None:
    window.meet_a_newer_version()
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)
        look(window.page)
    # Enter compares anew; it chooses nothing.
    if window.form.name not in {"section", "review"}:
        window.box.press("Enter")
        both = window.page.get_by_role("alert")
        expect(both.locator("del", has_text="[weggehaald: het andere").first).to_be_visible()
        expect(both.locator("ins", has_text="[toegevoegd: dit").first).to_be_visible()
    assert window.form.kept() == "Uit het andere venster"
    choice = window.page.get_by_role("button", name="Mijn versie eroverheen opslaan").first
    choice.focus()
    choice.press("Enter")
    expect(window.page.get_by_role("alert")).to_have_count(0)
    expect(window.box).to_have_value("Uit dit venster")
    assert window.form.kept() == "Uit dit venster"


def test_who_keeps_what_is_saved_is_not_offered_the_other_text_again(window: Window) -> None:
    window.meet_a_newer_version()
    window.page.get_by_role("link", name="Houden wat is opgeslagen").first.click()
    expect(window.page.get_by_role("alert")).to_have_count(0)
    for _time in range(2):
        expect(window.box).to_have_value("Uit het andere venster")
        expect(window.state).to_have_text(SAVED)
        window.page.reload()
    assert window.form.kept() == "Uit het andere venster"


@pytest.mark.parametrize(
    "form", [each for each in FORMS if each.__name__ not in WITHOUT_MERGING], indirect=True
)
def test_both_can_be_put_in_one_text_which_its_button_saves(window: Window) -> None:
    window.meet_a_newer_version()
    both = "Uit het andere venster\nUit dit venster"
    for size in (NARROW, WIDE):
        window.page.set_viewport_size(size)
        window.page.get_by_role("button", name="Beide in één tekst zetten").first.scroll_into_view_if_needed()
        look(window.page)
    window.page.get_by_role("button", name="Beide in één tekst zetten").first.click()
    expect(window.page.get_by_text("Er is nog niets opgeslagen").first).to_be_visible()
    expect(window.box).to_have_value(both)
    look(window.page)
    assert window.form.kept() == "Uit het andere venster"
    window.page.locator("form[data-autosave] .hub-form-actions button").last.click()
    expect(window.page.get_by_text("Er is nog niets opgeslagen")).to_have_count(0)
    assert window.form.kept() == both


def test_a_script_that_meets_a_newer_version_says_so_and_keeps_the_text_on_the_device(window: Window) -> None:
    window.open()
    window.save_elsewhere("Uit het andere venster")
    window.type("Uit dit venster")
    expect(window.state).to_contain_text("iemand heeft een nieuwere versie opgeslagen")
    assert window.form.kept() == "Uit het andere venster"
    window.open()
    expect(window.box).to_have_value("Uit dit venster")
    expect(window.state).to_contain_text("iemand heeft een nieuwere versie opgeslagen")


def test_what_was_typed_while_logged_out_is_saved_after_logging_in_again(window: Window) -> None:
    window.open()
    window.page.context.clear_cookies(name="sessionid")
    window.type("Uitgelogd getypt")
    expect(window.state).to_contain_text("Niet opgeslagen: u bent uitgelogd.")
    look(window.page)
    window.log_in()
    window.open()
    expect(window.box).to_have_value("Uitgelogd getypt")
    expect(window.state).to_have_text(SAVED)
    assert window.form.kept() == "Uitgelogd getypt"


def test_a_page_that_was_made_before_what_this_window_saved_is_loaded_anew(window: Window) -> None:
    made_before = []

    def keep(route: Route) -> None:
        made_before.append(route.fetch())
        route.fulfill(response=made_before[0])

    address = f"{window.server.url}{window.form.address}"
    window.page.route(address, keep, times=1)
    window.open()
    window.type("Bewaard tijdens het laden")
    expect(window.state).to_have_text(SAVED)
    body = made_before[0].text()
    window.page.route(address, lambda route: route.fulfill(response=made_before[0], body=body), times=1)
    window.open()
    expect(window.box).to_have_value("Bewaard tijdens het laden")
    expect(window.state).to_have_text(SAVED)
    assert window.form.kept() == "Bewaard tijdens het laden"


def test_without_scripts_the_choice_is_the_same(
    form: Written, live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    window = Window(form, visit(java_script_enabled=False), live_server)
    window.meet_a_newer_version()
    press_first = window.page.get_by_role("button", name="Mijn versie eroverheen opslaan").first
    press_first.click()
    expect(window.page.get_by_role("alert")).to_have_count(0)
    assert form.kept() == "Uit dit venster"


def test_rows_that_were_added_to_a_budget_come_back_with_what_was_typed(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    window = Window(written.budget(), visit(), live_server)
    page = window.page
    window.open()
    rows = page.locator("[data-line]")
    number = rows.count() + 1
    press(page, "Meer regels")
    page.route("**/begroting/", lambda route: route.fulfill(status=429))
    budget_line(page, number).get_by_label("Waarvoor").fill("Zaalhuur")
    expect(window.state).to_contain_text("Niet opgeslagen: het portaal antwoordt niet goed.")
    page.unroute("**/begroting/")
    window.open()
    line = budget_line(page, number)
    expect(line.get_by_label("Waarvoor")).to_have_value("Zaalhuur")
    expect(window.state).to_contain_text(f"{number}. Bedrag")


PASTE = """(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_pasted_cells_add_up_and_a_wrong_amount_keeps_no_other_from_being_saved(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 32."""
    window = Window(written.budget(), visit(), live_server)
    page, saved = window.page, window.form.case.budget_lines
    window.open()
    window.type("Zaalhuur")
    expect(page.get_by_role("row", name="U vraagt")).to_contain_text("1.250,00")
    second = budget_line(page, 2).get_by_label("Waarvoor")
    second.evaluate(
        PASTE, 'Uren\t12,5\t80,05\n"Koffie\nen thee"\t\t\tveel\nDruk\t\t\t1,250.50\n=1+1\t\t\t€ 20\n'
    )
    expect(page.get_by_text("U vraagt € 3.521,13 van hoogstens € 50.000,00")).to_be_visible()
    expect(budget_line(page, 2)).to_contain_text("= € 1.000,63")
    third = budget_line(page, 3)
    expect(third).to_contain_text("Bedrag: telt nog niet mee, want wij kunnen dit niet lezen")
    expect(window.state).to_contain_text("maar niet alles. 3. Bedrag: ")
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        look(page)
    page.reload()
    # Kept on this device.
    expect(third.get_by_label("Bedrag")).to_have_value("veel")
    third.get_by_label("Bedrag").fill("8,87")
    expect(window.state).to_have_text(SAVED)
    # Enter goes to the next line, and sends nothing.
    third.get_by_label("Bedrag").press("Enter")
    expect(budget_line(page, 4).get_by_label("Bedrag")).to_be_focused()
    assert [(each.description, str(each.amount)) for each in saved.all()] == [
        ("Zaalhuur", "1250.00"),
        ("Uren", "1000.63"),
        ("Koffie en thee", "8.87"),
        ("Druk", "1250.50"),
        ("=1+1", "20.00"),
    ]


def test_enter_in_a_review_saves_it_and_does_not_complete_it(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 30."""
    window = Window(written.review(), visit(), live_server)
    window.open()
    criteria = window.form.case.call.criteria.all()
    for each in criteria:
        group = window.page.get_by_role("group", name=f"{each.title} (gewicht {each.weight}%)")
        group.get_by_label(re.compile("^4:")).check()
        window.page.get_by_label(f"Reden: {each.title}").fill("Goed.")
    group.get_by_label(re.compile("^4:")).press("Enter")
    expect(
        window.page.get_by_text("Opgeslagen. Uw beoordeling is nog niet afgerond; u kunt later verdergaan.")
    ).to_be_visible()
    assert Review.objects.get().status == "draft"
