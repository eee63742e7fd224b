"""A whole region, from empty: 60 organisations from a spreadsheet and by hand, 12 questions and 80 engagements, counted alike."""

import re
from collections.abc import Callable
from itertools import cycle, product
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.models import User
from mapping.domain.engagements import write_engagement
from mapping.domain.involvement import Part
from mapping.domain.questions import save_question
from mapping.enums import ParticipationForm
from mapping.models import Engagement, MapEntry
from mapping.queries import questions_in
from mapping.question_queries import organisations_called
from organisations.models import Organisation
from pictures.tasks import make_regional_pictures_task
from regions.models import Region
from tests.browser import WIDE
from tests.documents.reading import opened, words_of
from tests.factories.moments import AT
from tests.journeys.counting import (
    INVOLVED,
    ORGANISATIONS,
    counted_in_grid,
    counted_in_matrix,
    counted_in_pictures,
    fits_narrowly,
)
from tests.journeys.test_grid import Keyboard, cell, mapper, open_grid
from tests.journeys.test_spreadsheet import paste_text
from tests.journeys.walking import arrive, follow, press, sweep

pytestmark = pytest.mark.usefixtures("reference_data", "first_round", "second_factor")

# As the spreadsheet calls them: what an organisation is, and whom it speaks for. Some words are in no list of ours.
CALLED = (
    ("Buurtkring", "bewonersclub", "burgerparticipatie"),
    ("Cliëntenraad", "Cliëntenraad", "medezeggenschap"),
    ("Dorpsraad", "dorps- of wijkraad", "burgerparticipatie"),
    ("Seniorenbond", "ouderenbond", "zieken en hun naasten"),
)
MEANT = {
    "bewonersclub": "residents-initiative",
    "ouderenbond": "older-people",
    "zieken en hun naasten": "patients",
}
FROM_SPREADSHEET = 57
BY_HAND = ("Zelfregiecentrum De Brug", "Zorgcoöperatie Samen", "Zwols Verbond")
PLANNED = 6
ABOUT = ["armoede", "eten", "geld", "jeugd", "lezen", "lucht", "reizen", "rust", "vervoer", "wonen", "zorg"]
BY_HAND_ASKED = "Wie praat mee over bewegen?"


def test_a_whole_region_is_counted_alike_comes_back_as_it_went_and_is_undone_as_far_as_it_can_be(
    live_server: LiveServer, visit: Callable[..., Page], tmp_path: Path
) -> None:
    region = Region.objects.get(name="Zwolle")
    user, here = mapper(region), f"{live_server.url}/regiowerk/{region.slug}/"
    page = visit(viewport=WIDE)
    open_grid(page, live_server, region, user)
    put_spreadsheet_on_map(page, region)
    page.goto(here)
    add_by_hand(page)
    ask_questions(page, here, region, user)
    involve_by_hand(page, here)
    involve_others(region, user)
    counted_in_grid(page, here, ORGANISATIONS)
    counted_in_matrix(page, here, ORGANISATIONS)
    told = counted_in_pictures(page, here)
    told_in_regional_picture(page, here, told)
    page.goto(f"{here}openstaand/")
    expect(page.locator("h2:has-text('Volgende datums van gesprekken') + ul > li")).to_have_count(PLANNED)
    fits_narrowly(page)
    before = kept_of(region)
    export_and_import_again(page, here, tmp_path)
    assert kept_of(region) == before
    touched = write_in_one_more_row(page, here, region)
    undo_the_spreadsheet(page, here, touched)
    left = INVOLVED + 1 + len(BY_HAND)
    counted_in_grid(page, here, left)
    counted_in_matrix(page, here, left)


def spreadsheet(region: Region) -> str:
    """Return what somebody kept in a spreadsheet: with a title, headings of their own, and one organisation twice."""
    places = [each.name for each in region.municipalities.order_by("sort_name")]
    assert len(CALLED) * len(places) == ORGANISATIONS
    rows = [
        [f"{name} {place}", kind, stream, place, "", "Belt terug"]
        for (name, kind, stream), place in product(CALLED, places)
    ][:FROM_SPREADSHEET]
    for row in rows[-PLANNED:]:
        row[4] = "20-05-2024"
    again = [*rows[0][:5], "Verhuisd"]
    headings = ["Instelling", "Wat is het", "Achterban", "Plaatsnaam", "Vervolgdatum", "Opm."]
    return "\n".join("\t".join(row) for row in (["Lijst van vorig jaar"], headings, *rows, again))


def put_spreadsheet_on_map(page: Page, region: Region) -> None:
    paste_text(page, spreadsheet(region))
    arrive(page, "Geplakte cellen")
    page.locator("summary", has_text="Kolommen").click()
    page.get_by_label("Wat is het").select_option("kind")
    press(page, "Lees de rijen met deze kolommen")
    for word, code in MEANT.items():
        page.get_by_label(re.compile(word)).select_option(code)
    press(page, "Toepassen op al deze rijen")
    # Beside the first row of the same name.
    expect(page.get_by_text("58 rijen. 1 wacht op u.")).to_be_visible()
    doubtful = page.locator("[data-import-row]")
    expect(doubtful).to_contain_text("rij 3 heeft deze naam ook")
    fits_narrowly(page)
    doubtful.focus()
    page.keyboard.press("3")
    press(page, "Keuzes opslaan")
    take(page, "57 nieuw", "1 overgeslagen")


def take(page: Page, *said: str) -> None:
    """Put on the map what waits for nobody any more."""
    expect(page.get_by_text("Er wacht niets op u.")).to_be_visible()
    follow(page, "Verder: op de kaart zetten")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit op de kaart van Zwolle zetten?")
    press(page, "Zet op de kaart")
    for each in said:
        expect(page.get_by_role("main").get_by_text(each, exact=True)).to_be_visible()


def add_by_hand(page: Page) -> None:
    hand, name = Keyboard(page), page.get_by_label("Naam van een nieuwe organisatie")
    name.focus()
    for each in BY_HAND:
        hand.type(each)
        hand.press("Tab")
        expect(page.get_by_role("combobox", name="Soort")).to_be_focused()
        hand.type("anders")
        hand.press("Control+Enter")
        expect(name).to_be_focused()
        expect(page.get_by_role("row", name=each).get_by_text("Opgeslagen", exact=True)).to_be_visible()


def ask_questions(page: Page, here: str, region: Region, user: User) -> None:
    page.goto(f"{here}vraagstukken/toevoegen/")
    page.get_by_label("Het vraagstuk").fill(BY_HAND_ASKED)
    press(page, "Opslaan")
    expect(page.get_by_role("link", name=BY_HAND_ASKED)).to_be_visible()
    facts: dict[str, Any] = {"description": "", "municipality": None, "forms": {}}
    for each in ABOUT:
        save_question(region=region, title=f"Wie praat mee over {each}?", **facts, actor=user, at=AT)


def involve_by_hand(page: Page, here: str) -> None:
    """Write in the matrix, by keyboard, that the first organisation takes part in the first two questions."""
    page.goto(f"{here}vraagstukken/matrix/")
    arrive(page, "Wie doet mee aan welk vraagstuk?")
    page.locator("[data-matrix] [tabindex='0']").focus()
    for keys in (["Enter"], ["ArrowDown", "Enter"]):
        for each in keys:
            page.keyboard.press(each)
        expect(page.get_by_role("checkbox", name="Informeren")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.locator("[data-matrix] a:focus")).to_have_text("Iinformeren")


def involve_others(region: Region, user: User) -> None:
    questions = list(questions_in(region))
    forms = cycle(ParticipationForm.values)
    for number, each in enumerate(organisations_called(region, "")[:INVOLVED]):
        # The first one takes part by hand.
        for question in (number, number + 1) if number else ():
            asked = questions[question % len(questions)]
            asked.refresh_from_db()
            write_engagement(
                question_id=asked.pk,
                organisation_id=each.pk,
                region=region,
                parts={next(forms): Part()},
                seen_version=asked.version,
                actor=user,
                at=AT,
            )


def told_in_regional_picture(page: Page, here: str, told: list[str]) -> None:
    page.goto(f"{here}regiobeeld/")
    page.get_by_role("textbox", name=re.compile("^Tekst")).fill("Zo staat onze regio ervoor.")
    press(page, "Opslaan")
    expect(page.get_by_text("De tekst is opgeslagen.")).to_be_visible()
    press(page, "Maak het voor de kwartiermakers: de hele kaart")
    # What is asked has come in; else the job finds nothing to make.
    expect(page.get_by_text("We maken het.")).to_be_visible()
    sweep(make_regional_pictures_task)
    page.goto(f"{here}regiobeeld/")
    fits_narrowly(page)
    made = page.get_by_role("link", name=re.compile("^Regiobeeld van .* \\(PDF\\)$"))
    answer = page.request.get(urljoin(page.url, made.get_attribute("href")))
    with opened(answer.body()) as pdf:
        text = " ".join(" ".join(words_of(each) for each in pdf.pages).split())
    assert [each for each in told if each not in text] == []


def kept_of(region: Region) -> list[Any]:
    """Return all that the map of a region keeps, with its versions."""
    rows = Organisation.objects.filter(works_in=region).order_by("pk")
    entries = MapEntry.objects.filter(region=region).order_by("pk")
    engaged = Engagement.objects.filter(question__region=region).order_by("pk")
    reached = rows.order_by("pk", "reaches").values_list("pk", "reaches")
    return [list(rows.values()), list(reached), list(entries.values()), list(engaged.values())]


def export_and_import_again(page: Page, here: str, folder: Path) -> None:
    page.goto(here)
    with page.expect_download() as going:
        page.get_by_role("link", name="CSV", exact=True).click()
    file = folder / going.value.suggested_filename
    going.value.save_as(file)
    page.goto(f"{here}importeren/")
    page.get_by_label("Bestand").set_input_files(file)
    press(page, "Toon de rijen")
    expect(page.get_by_role("heading", level=1)).to_have_text("organisaties-zwolle.csv")
    expect(page.get_by_text("60 rijen.")).to_be_visible()
    fits_narrowly(page)
    take(page, "0 nieuw", "0 bijgewerkt", "60 stonden al zo op de kaart")


def write_in_one_more_row(page: Page, here: str, region: Region) -> set[str]:
    """Write in a row that takes part in nothing, and return the names on which somebody worked since the import."""
    listed = [each.name for each in organisations_called(region, "")]
    page.goto(here)
    cell(page, listed[INVOLVED], "neighbourhood").click()
    page.keyboard.type("De Hoek")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=listed[INVOLVED]).get_by_text("Opgeslagen")).to_be_visible()
    return set(listed[: INVOLVED + 1])


def undo_the_spreadsheet(page: Page, here: str, touched: set[str]) -> None:
    page.goto(f"{here}importeren/")
    arrive(page, "Een spreadsheet importeren")
    follow(page, "Geplakte cellen")
    follow(page, "Draai deze import terug")
    arrive(page, "Deze import terugdraaien?")
    press(page, "Draai deze import terug")
    undone = FROM_SPREADSHEET - len(touched)
    expect(
        page.get_by_text(f"Van de {FROM_SPREADSHEET} rijen zijn er {undone} teruggedraaid.")
    ).to_be_visible()
    stayed = page.get_by_role("list", name="Op de kaart gebleven, omdat iemand er sindsdien aan werkte")
    names = [each.partition(": ")[2] for each in stayed.get_by_role("listitem").all_inner_texts()]
    assert (set(names), len(names)) == (touched, len(touched))
    fits_narrowly(page)
