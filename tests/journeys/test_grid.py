"""The grid of a region by keyboard: a row without loading a page, two people in one grid, and no connection."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from mapping.domain.questions import save_question
from mapping.models import MapEntry
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.browser import NARROW, WIDE, assert_axe_clean, assert_fits
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")
# Name, kind, stream and role, and on to the next row.
KEYS_OF_A_ROW = 29


def mapper(region: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    return user


def on_map(region: Region, name: str) -> Organisation:
    added = Organisation.objects.create(name=name, sort_name=name.lower(), created_at=AT, mapped_at=AT)
    added.works_in.add(region)
    return added


def open_grid(page: Page, server: LiveServer, region: Region, user: User) -> None:
    log_in_with_code(page, server, user)
    page.goto(f"{server.url}/regiowerk/{region.slug}/")
    arrive(page, region.name)
    expect(page.get_by_role("grid")).to_be_visible()


def cell(page: Page, name: str, column: str) -> Locator:
    headings = page.locator("[data-grid] thead th")
    index = headings.evaluate_all(
        "(all, field) => all.findIndex((each) => each.dataset.field === field)", column
    )
    row = page.locator("[data-grid] tbody tr", has=page.get_by_role("rowheader", name=name))
    return row.locator(f"> :nth-child({index + 1})").first


class Keyboard:
    """Types as a person does, and counts the keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *keys: str) -> None:
        for each in keys:
            self.page.keyboard.press(each)
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)


def test_a_row_is_written_by_keyboard_without_loading_a_page(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    hand = Keyboard(page)
    page.get_by_label("Naam van een nieuwe organisatie").focus()
    hand.type("Wijkraad Zuid")
    hand.press("Tab")
    expect(page.get_by_role("combobox", name="Soort")).to_be_focused()
    # The kind, two boxes of streams, and the role.
    hand.type("dorps")
    hand.press("Tab", "ArrowDown", "ArrowDown", "Space", "Tab")
    hand.type("leef")
    hand.press("Control+Enter")
    expect(page.get_by_label("Naam van een nieuwe organisatie")).to_be_focused()
    expect(page.get_by_role("row", name="Wijkraad Zuid").get_by_text("Opgeslagen")).to_be_visible()
    expect(cell(page, "Wijkraad Zuid", "missing")).not_to_contain_text("soort")
    added = Organisation.objects.select_related("kind").get()
    assert added.kind is not None
    assert (added.name, added.kind.code, added.streams, added.role) == (
        "Wijkraad Zuid",
        "village-or-district-council",
        ["residents"],
        "life",
    )
    assert (loads, hand.keys) == ([], KEYS_OF_A_ROW)


def test_cells_are_moved_among_changed_copied_and_undone(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    first, second = on_map(region, "Alfa"), on_map(region, "Bravo")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    hand = Keyboard(page)
    cell(page, "Alfa", "neighbourhood").click()
    # What one types replaces; Escape leaves it as it was.
    hand.type("De H")
    hand.press("Escape")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("")
    hand.type("De Hoek")
    hand.press("Enter", "ArrowDown", "Control+d")
    expect(cell(page, "Bravo", "neighbourhood")).to_have_text("De Hoek")
    expect(page.get_by_role("row", name="Bravo").get_by_text("Opgeslagen")).to_be_visible()
    second.refresh_from_db()
    assert second.neighbourhood == "De Hoek"
    # At once, whether the first of both was saved already or not.
    hand.press("Control+z", "Control+z")
    expect(cell(page, "Bravo", "neighbourhood")).to_have_text("")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("")
    for each in (first, second):
        expect(page.locator(f"#rij-{each.map_key}")).to_have_attribute("data-version", "3")
        each.refresh_from_db()
        assert each.neighbourhood == ""
    # Now that the answers to both came: what they tell would take its place.
    hand.press("Control+z")
    expect(page.get_by_text("Er is niets meer om ongedaan te maken.")).to_be_visible()
    hand.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    hand.press("Escape", "/")
    expect(page.get_by_label("Zoek in namen, plaatsen en notities")).to_be_focused()


def test_another_number_that_makes_it_another_row_is_gone_on_with_and_undone(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 26: who speaks for the number before keeps it."""
    region = Region.objects.get(name="Zwolle")
    held = on_map(region, "Alfa")
    held.kvk_number = "12345678"
    held.save()
    speaker_for(held)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    write(page, "kvk_number", "99999999")
    write(page, "neighbourhood", "De Hoek")
    row = page.locator(f"#rij-{held.map_key}")
    expect(row).to_have_attribute("data-version", "3")
    moved = Organisation.objects.get(kvk_number="99999999")
    assert (moved.neighbourhood, moved.map_key, moved == held) == ("De Hoek", held.map_key, False)
    assert organisations_in(region).get() == moved
    hand = Keyboard(page)
    hand.press("Control+z", "Control+z")
    expect(row).to_have_attribute("data-version", "5")
    held.refresh_from_db()
    assert (organisations_in(region).get(), held.kvk_number, held.neighbourhood) == (held, "12345678", "")


def test_two_kwartiermakers_in_one_grid_lose_nothing(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rules 12 and 32."""
    region = Region.objects.get(name="Zwolle")
    known = on_map(region, "Alfa")
    mine, colleague = mapper(region), mapper(region)
    one, other = visit(viewport=WIDE), visit(viewport=WIDE)
    open_grid(one, live_server, region, mine)
    open_grid(other, live_server, region, colleague)
    write(one, "website", "https://een.example")
    expect(one.get_by_role("row", name="Alfa").get_by_text("Opgeslagen")).to_be_visible()
    # Another cell of the same row is no conflict.
    write(other, "neighbourhood", "De Hoek")
    expect(other.get_by_role("row", name="Alfa").get_by_text("Opgeslagen")).to_be_visible()
    expect(cell(other, "Alfa", "website")).to_have_text("https://een.example")
    # The first one still sees the place empty.
    write(one, "neighbourhood", "Zuid")
    conflict = one.get_by_role("region", name="Alfa: Wijk, buurt of dorp")
    expect(conflict).to_contain_text("De Hoek")
    expect(conflict).to_contain_text("Zuid")
    expect(conflict).to_contain_text(colleague.full_name)
    assert_axe_clean(one)
    # What was typed and not saved outlives the page.
    one.reload()
    expect(cell(one, "Alfa", "neighbourhood")).to_have_text("Zuid")
    conflict = one.get_by_role("region", name="Alfa: Wijk, buurt of dorp")
    conflict.get_by_role("button", name="Mijn versie eroverheen opslaan").click()
    expect(one.get_by_role("row", name="Alfa").get_by_text("Opgeslagen")).to_be_visible()
    known.refresh_from_db()
    assert (known.website, known.neighbourhood) == ("https://een.example", "Zuid")


def write(page: Page, column: str, text: str) -> None:
    cell(page, "Alfa", column).click()
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_what_is_typed_without_a_connection_is_saved_once_there_is_one(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 32."""
    region = Region.objects.get(name="Zwolle")
    known = on_map(region, "Alfa")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))

    page.route("**/organisaties/rij/", lambda route: route.fulfill(status=429))
    page.get_by_label("Naam van een nieuwe organisatie").fill("Bravo")
    page.keyboard.press("Enter")
    expect(page.locator("[data-grid-refused]")).to_contain_text("Druk op Enter om het nog eens te proberen")
    page.route("**/cel/", lambda route: route.fulfill(status=429))
    write(page, "public_contact", "info@alfa.example")
    expect(page.get_by_role("row", name="Alfa").get_by_text("Niet opgeslagen")).to_be_visible()
    page.reload()
    expect(cell(page, "Alfa", "public_contact")).to_have_text("info@alfa.example")
    page.unroute("**/cel/")
    page.unroute("**/organisaties/rij/")
    page.reload()
    expect(page.get_by_label("Naam van een nieuwe organisatie")).to_have_value("Bravo")
    page.get_by_label("Naam van een nieuwe organisatie").press("Enter")
    expect(page.get_by_role("rowheader", name="Bravo")).to_be_visible()
    expect(page.get_by_role("row", name="Alfa").get_by_text("Opgeslagen", exact=True)).to_be_visible()
    expect(page.get_by_label("Naam van een nieuwe organisatie")).to_have_value("")
    known.refresh_from_db()
    assert known.public_contact == "info@alfa.example"


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_grid_scrolls_in_its_own_box_and_axe_finds_nothing(
    live_server: LiveServer, visit: Callable[..., Page], viewport: dict[str, int]
) -> None:
    region = Region.objects.get(name="Zwolle")
    for name in ("Alfa", "Bravo"):
        MapEntry.objects.create(
            organisation=on_map(region, name), region=region, talk="talked", notes="Notitie"
        )
    page = visit(viewport=viewport)
    open_grid(page, live_server, region, mapper(region))
    assert_axe_clean(page)
    assert_fits(page)
    heights = page.locator("[data-grid] tbody tr:not([hidden])").evaluate_all(
        "(all) => all.map((each) => each.offsetHeight)"
    )
    assert set(heights) == {36}
    cell(page, "Alfa", "domains").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="welzijn")).to_be_visible()
    assert_axe_clean(page)
    assert_fits(page)


def test_without_a_script_a_row_opens_its_form_and_leads_back(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    page = visit(viewport=WIDE)
    log_in_with_code(page, live_server, mapper(region))
    page.route("**/grid*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/?volgorde=-naam")
    page.get_by_label("Naam van een nieuwe organisatie").fill("Alfa")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alfa is toegevoegd.")).to_be_visible()
    added = Organisation.objects.get()
    assert page.url.endswith(f"/regiowerk/{region.slug}/?volgorde=-naam#rij-{added.map_key}")
    page.get_by_role("link", name="Openen Alfa").click()
    page.get_by_label("Wijk, buurt of dorp").fill("De Hoek")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    expect(page.get_by_role("cell", name="De Hoek")).to_be_visible()
    assert page.url.endswith(f"?volgorde=-naam#rij-{added.map_key}")


def test_who_chooses_their_version_of_a_question_saves_it_over_the_newer_one(
    visit: Callable[..., Page], live_server: LiveServer
) -> None:
    """Rule 12: the button of the choice sends the version that it writes over."""
    region = Region.objects.all()[0]
    user = mapper(region)
    kept = {"region": region, "description": "", "municipality": None, "forms": {}, "actor": user, "at": AT}
    question = save_question(title="Hoe bereiken we jongeren?", **kept)
    page = visit()
    session = log_in(Client(), user).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('mapping:question', args=[region.slug, question.pk])}")
    save_question(title="Van een ander", question_id=question.pk, **kept)
    page.get_by_label("Het vraagstuk").fill("Van mij")
    page.get_by_role("button", name="Opslaan", exact=True).click()
    page.get_by_role("button", name="Mijn versie eroverheen opslaan").click()
    page.wait_for_url("**/vraagstukken/")
    expect(page.get_by_text("Van mij")).to_be_visible()


def test_what_may_be_the_same_is_offered_while_one_types_and_chosen_by_keyboard(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region, other = Region.objects.get(name="Zwolle"), Region.objects.get(name="Groningen")
    here, there = on_map(region, "Wijkraad Zuid"), on_map(other, "Wijkraad Oost")
    Organisation.objects.filter(pk=there.pk).update(published_at=AT)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    hand, name = Keyboard(page), page.get_by_label("Naam van een nieuwe organisatie")
    name.focus()
    hand.type("wijkraad")
    expect(page.get_by_role("button", name="Ja, ga naar Wijkraad Zuid")).to_be_visible()
    assert_axe_clean(page)
    hand.press("ArrowDown", "ArrowDown")
    expect(page.get_by_role("button", name="Ja, neem Wijkraad Oost")).to_be_focused()
    hand.press("Escape")
    expect(name).to_be_focused()
    # What is sent before an offer came, is asked about, and nothing of it is lost.
    hand.type(" zuid")
    hand.press("Enter")
    expect(page.get_by_role("button", name="Ja, neem Wijkraad Oost")).to_be_hidden()
    expect(name).to_have_value("wijkraad zuid")
    hand.press("ArrowDown", "ArrowDown")
    expect(page.get_by_role("button", name="Nee, een andere: toevoegen")).to_be_focused()
    hand.press("Enter")
    expect(page.get_by_role("rowheader", name="wijkraad zuid", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Nee, een andere: toevoegen")).to_be_hidden()
    assert organisations_in(region).count() == 2
    name.focus()
    hand.type("wijkraad oos")
    expect(page.get_by_role("button", name="Ja, neem Wijkraad Oost")).to_be_visible()
    hand.press("ArrowDown", "Enter")
    expect(page.get_by_text("Wijkraad Oost staat op de kaart van Zwolle.")).to_be_visible()
    expect(cell(page, "Wijkraad Oost", "name")).to_be_focused()
    assert set(organisations_in(region)) >= {here, there}


def test_an_offer_that_comes_once_the_row_was_added_is_not_shown(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    region = Region.objects.get(name="Zwolle")
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, mapper(region))
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/organisaties/dubbel/**", hold, times=1)
    hand = Keyboard(page)
    page.get_by_label("Naam van een nieuwe organisatie").focus()
    with page.expect_request("**/organisaties/dubbel/**"):
        hand.type("Buurthuis")
    hand.press("Enter")
    expect(page.get_by_role("rowheader", name="Buurthuis", exact=True)).to_be_visible()
    with page.expect_response("**/organisaties/dubbel/**") as answer:
        late[0].fulfill(body="<button>Te laat</button>", content_type="text/html")
    answer.value.finished()
    expect(page.get_by_role("button", name="Te laat")).to_have_count(0)


def test_the_form_offers_the_same_and_fits(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    region = Region.objects.get(name="Zwolle")
    on_map(region, "Wijkraad Zuid")
    page = visit(viewport=NARROW)
    open_grid(page, live_server, region, mapper(region))
    page.get_by_label("Naam van een nieuwe organisatie").type("wijkraad")
    expect(page.get_by_role("button", name="Ja, ga naar Wijkraad Zuid")).to_be_visible()
    assert_fits(page)
    page.goto(f"{live_server.url}/regiowerk/{region.slug}/organisaties/toevoegen/")
    page.get_by_label("Naam van de organisatie").type("wijkraad")
    expect(page.get_by_role("button", name="Ja, ga naar Wijkraad Zuid")).to_be_visible()
    assert_fits(page)
    assert_axe_clean(page)


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_a_row_is_taken_off_the_map_and_put_back(
    live_server: LiveServer, visit: Callable[..., Page], viewport: dict[str, int]
) -> None:
    """Rule 30."""
    region = Region.objects.get(name="Zwolle")
    row = on_map(region, "Wijkraad Zuid")
    MapEntry.objects.create(organisation=row, region=region, talk="talked")
    page = visit(viewport=viewport)
    open_grid(page, live_server, region, mapper(region))
    page.get_by_role("link", name="Openen Wijkraad Zuid").click()
    page.get_by_role("link", name="Van deze kaart halen").click()
    arrive(page, "Wijkraad Zuid van deze kaart halen?")
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Ja, van deze kaart halen").click()
    expect(page.get_by_text("Wijkraad Zuid staat niet meer op deze kaart.")).to_be_visible()
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("link", name="Prullenbak").click()
    arrive(page, "Prullenbak")
    assert_fits(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Terugzetten").click()
    expect(cell(page, "Wijkraad Zuid", "talk")).to_have_text("gesproken")
    expect(cell(page, "Wijkraad Zuid", "name")).to_be_focused()


def test_what_was_typed_in_a_row_that_went_off_the_map_is_shown_when_the_map_is_opened_anew(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """Rule 32: also what nobody can save any more can be read and copied, until it is let go."""
    region = Region.objects.get(name="Zwolle")
    alfa, user = on_map(region, "Alfa"), mapper(region)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, user)
    alfa.works_in.remove(region)
    write(page, "neighbourhood", "De Bocht")
    expect(page.locator("[data-grid-status]")).to_contain_text("Kopieer eerst wat u wilt bewaren")
    lost = page.locator("[data-grid-conflicts] section")
    for _again in range(2):
        page.reload()
        expect(lost).to_contain_text("Wijk, buurt of dorp: De Bocht")
    assert_axe_clean(page)
    lost.get_by_role("button", name="Ik heb dit niet meer nodig").click()
    expect(page.get_by_label("Naam van een nieuwe organisatie")).to_be_focused()
    page.reload()
    expect(page.get_by_role("grid")).to_be_visible()
    expect(lost).to_have_count(0)


def test_who_no_longer_maps_the_region_or_meets_a_broken_portal_reads_why_nothing_is_saved(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    """A portal that answers is no lost connection (rule 32)."""
    region = Region.objects.get(name="Zwolle")
    on_map(region, "Alfa")
    user = mapper(region)
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, user)
    status, refused = page.locator("[data-grid-status]"), page.locator("[data-grid-refused]")
    page.route("**/cel/", lambda route: route.fulfill(status=429, body="x"))
    write(page, "neighbourhood", "De Hoek")
    expect(status).to_contain_text("Niet opgeslagen: het portaal antwoordt niet goed.")
    user.kwartiermaker_assignments.all().delete()
    page.unroute("**/cel/")
    write(page, "neighbourhood", "De Bocht")
    expect(status).to_contain_text("of u brengt de regio niet meer in kaart.")
    expect(cell(page, "Alfa", "neighbourhood")).to_have_text("De Bocht")
    page.get_by_label("Naam van een nieuwe organisatie").fill("Bravo")
    page.keyboard.press("Enter")
    expect(refused).to_contain_text("of u brengt de regio niet meer in kaart.")
    expect(page.get_by_label("Naam van een nieuwe organisatie")).to_have_value("Bravo")
