"""An import that the jobs could not put on the map says why, to its maker alone, until it is taken or thrown away."""

import pytest
from django.test import Client

from hubportal.accounts.models import User
from imports.domain.importing import check_again
from imports.domain.taking import ask_to_take
from imports.enums import ImportState, Refusal
from imports.models import MapImport
from imports.tasks import check_rows_task, take_task
from mapping.domain.organisations import add_to_map
from mapping.models import KwartiermakerAssignment
from organisations.domain.organisations import OrganisationFacts
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, organisation_in
from tests.factories.regions import RegionFactory
from tests.imports.spreadsheets import a_region, address, checked, mapper_of, text_file
from tests.pages import page_text

pytestmark = pytest.mark.django_db

HEADING = "Deze import is niet op de kaart gekomen"
WENT_ON = "De kaart is veranderd nadat deze rijen waren nagekeken."


def asked(region: Region, user: User) -> MapImport:
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"], ["Café"]]))
    return ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT)


def refused(region: Region, user: User) -> MapImport:
    made = asked(region, user)
    add_to_map(facts=OrganisationFacts("Café"), region=region, actor=user, at=AT)
    take_task()
    made.refresh_from_db()
    return made


def test_its_page_says_why_until_it_is_taken(client: Client) -> None:
    """Rule 26: a colleague of the region does not hear of it."""
    region = a_region()
    user, colleague = mapper_of(region), mapper_of(region)
    log_in(client, user)
    made = refused(region, user)
    page = address("import", region, made)
    assert made.state == ImportState.CHECKING
    for _checking_and_deciding in range(2):
        text = page_text(client.get(page))
        assert (HEADING in text, WENT_ON in text) == (True, True)
        check_rows_task()
    made.refresh_from_db()
    assert made.state == ImportState.DECIDING
    log_in(client, colleague)
    assert client.get(page).status_code == 404
    assert WENT_ON not in page_text(client.get(address("imports", region)))
    log_in(client, user)
    ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT)
    assert HEADING not in page_text(client.get(page))
    take_task()
    made.refresh_from_db()
    assert (made.state, made.refusal) == (ImportState.TAKEN, "")
    assert HEADING not in page_text(client.get(page))


def test_who_lost_the_region_hears_that_once_they_have_it_again(client: Client) -> None:
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = asked(region, user)
    KwartiermakerAssignment.objects.all().delete()
    take_task()
    assert client.get(address("import", region, made)).status_code == 404
    KwartiermakerAssignmentFactory.create(user=user, region=region)
    made.refresh_from_db()
    assert made.refusal == Refusal.NOT_YOURS
    text = page_text(client.get(address("import", region, made)))
    assert (HEADING in text, "U bracht deze regio toen niet meer in kaart" in text) == (True, True)


def test_it_is_said_in_the_language_of_who_reads_it(client: Client) -> None:
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = refused(region, user)
    assert (made.refusal, made.refused_row) == (Refusal.WENT_ON, None)
    page = page_text(client.get(f"/en{address('import', region, made)}"))
    assert "The map changed since these rows were checked" in page


def test_a_number_that_somebody_took_meanwhile_names_its_row(client: Client) -> None:
    """Rule 26: the portal knows the number elsewhere, which is told only once it is on a map of the own regions."""
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    organisation_in(RegionFactory.create(), kvk_number="12345678")
    OrganisationFactory.create(kvk_number="12345678", apart_in=region, mapped_at=AT)
    made = checked(region, user, text_file([["Naam", "KvK"], ["Raad Zuid", "12345678"]]))
    ask_to_take(import_id=made.pk, seen=str(made.version), actor=user, at=AT)
    take_task()
    made.refresh_from_db()
    assert (made.refusal, made.refused_row) == (Refusal.NUMBER, 2)
    text = page_text(client.get(address("import", region, made)))
    assert "Rij 2: Er is al een organisatie met dit KvK-nummer." in text


def test_another_refusal_takes_the_place_of_the_first(client: Client) -> None:
    region = a_region()
    user = mapper_of(region)
    made = refused(region, user)
    check_rows_task()
    check_again(import_id=made.pk, at=AT)
    made.refresh_from_db()
    # Its maker was there to read the second one.
    assert made.refusal == ""


def test_nothing_is_said_of_an_import_that_was_not_refused(client: Client) -> None:
    region = a_region()
    user = mapper_of(region)
    log_in(client, user)
    made = checked(region, user, text_file([["Naam"], ["Raad Zuid"]]))
    assert HEADING not in page_text(client.get(address("import", region, made)))
