"""A KvK number fills in what everybody can read of an organisation, says so, and tells nothing of any other (rule 26)."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalitions.views.known import MOST
from hubportal.accounts.enums import Role
from mapping.models import MapEntry
from organisations.models import Organisation
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.agreeing import agreed
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.regions import RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db

NAME = "Raad Zuid (fictief)"
NOTHING = "Bij dit nummer staat geen organisatie op de openbare kaart. Vul de organisatie zelf in."
PUBLIC = "We hebben ingevuld wat iedereen op de kaart van de regio kan lezen. Kijk of het klopt."


@pytest.fixture
def asking(client: Client) -> Client:
    """Return the browser of somebody with an account and nothing else."""
    return log_in(client, UserFactory.create())


def shown(**values: Any) -> Organisation:
    """Make an organisation that a region shows to everybody."""
    return organisation_in(
        RegionFactory.create(), name=NAME, published_at=AT, published_by=person(), **values
    )


def answer(client: Client, number: str) -> dict[str, Any]:
    """Return what the script is answered about a number."""
    asked = client.get(
        reverse("coalitions:known_number"), {"kvk_number": number}, headers={"accept": "application/json"}
    )
    assert asked.status_code == 200
    return dict(asked.json())


def test_what_is_public_is_filled_in_and_said_where_it_comes_from(asking: Client) -> None:
    known = shown()
    spelled = f"{known.kvk_number[:4]} {known.kvk_number[4:]}"
    assert answer(asking, spelled) == {
        "filled": {"name": NAME, "municipality": known.municipality_id},
        "told": PUBLIC,
    }


def _unpublished() -> str:
    return str(organisation_in(RegionFactory.create(), name=NAME).kvk_number)


def _of_a_draft() -> str:
    return str(scenarios.started().lead.kvk_number)


def _taken_off() -> str:
    known = shown()
    assert known.municipality is not None
    MapEntry.objects.create(organisation=known, region=known.municipality.region, removed_at=AT)
    return str(known.kvk_number)


@pytest.mark.parametrize(
    "make", [_unpublished, _of_a_draft, _taken_off, lambda: "12345678", lambda: "x", lambda: ""]
)
def test_of_any_other_number_nothing_is_told(asking: Client, make: Any) -> None:
    assert answer(asking, make()) == {"filled": {}, "told": NOTHING}


def test_what_is_not_public_takes_as_many_statements_as_what_nobody_knows(asking: Client) -> None:
    found = []
    for number in (_unpublished(), _of_a_draft(), "12345678"):
        with CaptureQueriesContext(connection) as statements:
            answer(asking, number)
        found.append(len(statements))
    assert found == [found[0]] * 3


def test_what_the_organisation_agreed_to_is_filled_in_and_not_what_the_map_says_since(asking: Client) -> None:
    region = RegionFactory.create()
    known = organisation_in(region, name=NAME)
    kwartiermaker = KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER), region=region)
    agreed(known, region, kwartiermaker.user)
    Organisation.objects.filter(pk=known.pk).update(name="Werknaam van de kwartiermaker")
    assert answer(asking, known.kvk_number)["filled"]["name"] == NAME


def test_without_a_script_the_same_is_filled_in_and_the_way_back_is_kept(asking: Client) -> None:
    known = shown()
    page = asking.get(reverse("organisations:claim"), {"next": "/start/"})
    here = page.context["here"]
    asked = {"kvk_number": known.kvk_number, "next": here}
    filled = asking.get(reverse("coalitions:known_number"), asked, follow=True)
    form = filled.context["form"]
    assert {name: form[name].value() for name in ("kvk_number", "name", "municipality")} == {
        "kvk_number": known.kvk_number,
        "name": NAME,
        "municipality": str(known.municipality_id),
    }
    assert PUBLIC in page_text(filled)
    assert filled.context["next"] == "/start/"
    # Another number takes the place of this one.
    assert filled.context["here"] == here


def test_a_partner_is_filled_in_too(client: Client) -> None:
    case, known = scenarios.started(partners=0), shown()
    log_in(client, case.applicant)
    page = client.get(reverse("coalitions:add_partner", args=[case.coalition_id]))
    asked = {"kvk_number": known.kvk_number, "next": page.context["here"]}
    filled = client.get(reverse("coalitions:known_number"), asked, follow=True)
    assert filled.context["form"]["name"].value() == NAME


@pytest.mark.parametrize("elsewhere", ["https://elders.example/", "//elders.example/"])
def test_it_leads_to_no_other_website(asking: Client, elsewhere: str) -> None:
    led = asking.get(reverse("coalitions:known_number"), {"kvk_number": "1", "next": elsewhere})
    assert led["Location"] == "/?kvk_number=1"


def test_nobody_goes_through_the_register(asking: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    known = shown()
    monkeypatch.setattr("coalitions.views.known.MOST", 2)
    assert [bool(answer(asking, known.kvk_number)["filled"]) for _time in range(3)] == [True, True, False]
    assert MOST == 200
