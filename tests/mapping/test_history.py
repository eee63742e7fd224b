"""The history of an organisation: who changed what and when, as far as one region may know (rules 22 and 26)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.models import KwartiermakerAssignment
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.agreeing import agreed, asked
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def there() -> Region:
    region: Region = RegionFactory.create(name="Het Noorden")
    return region


def shared(here: Region, there: Region, actor: User) -> Organisation:
    row = add_to_map(facts=OrganisationFacts("Kring (fictief)"), region=here, actor=actor, at=AT)
    row.works_in.add(there)
    return row


def write(row: Organisation, region: Region, actor: User, field: str, value: Any, *, was: Any = "") -> None:
    save_cell(
        organisation_id=row.pk,
        region=region,
        field=field,
        value=value,
        seen_version=99,
        was=was,
        actor=actor,
        at=AT,
    )


def lines(client: Client, region: Region, row: Organisation) -> list[tuple[str, str, str]]:
    response = client.get(reverse("mapping:history", args=[region.slug, row.map_key]))
    return [(each["who"], str(each["what"]), each["fields"]) for each in response.context["lines"]]


def test_a_region_reads_who_changed_what_and_nothing_of_another_regions_talks(client, here, there) -> None:
    mine, theirs = kwartiermaker_in(here), kwartiermaker_in(there)
    row = shared(here, there, mine)
    write(row, here, mine, "talk", "talked")
    write(row, there, theirs, "notes", "Zij vertrouwen elkaar niet.")
    write(row, there, theirs, "public_contact", "020 000 00 00")
    asked(row, there, theirs, email="balie@kring.example")
    agreed(row, here, mine, at=AT + timedelta(hours=1))
    log_in(client, mine)
    outside = "iemand buiten deze regio"
    assert lines(client, here, row) == [
        ("de organisatie zelf", "organisatie openbaar gemaakt met de tekst waarmee zij akkoord ging", ""),
        ("de organisatie zelf", "organisatie ging akkoord met haar openbare tekst", ""),
        (mine.full_name, "organisatie gevraagd om akkoord met haar openbare tekst", ""),
        (outside, "organisatie gewijzigd", "openbaar contact"),
        (mine.full_name, "organisatie gewijzigd", "gesprek"),
    ]
    text = page_text(client.get(reverse("mapping:history", args=[here.slug, row.map_key])))
    assert theirs.full_name not in text
    assert "notities" not in text
    log_in(client, theirs)
    assert "gewijzigd: gesprek" not in page_text(
        client.get(reverse("mapping:history", args=[there.slug, row.map_key]))
    )


def test_who_mapped_the_region_before_is_still_named(client, here) -> None:
    mine = kwartiermaker_in(here)
    row = add_to_map(facts=OrganisationFacts("Kring (fictief)"), region=here, actor=mine, at=AT)
    write(row, here, mine, "public_contact", "020 000 00 00")
    KwartiermakerAssignment.objects.filter(user=mine).delete()
    newcomer = kwartiermaker_in(here)
    log_in(client, newcomer)
    assert lines(client, here, row)[0][0] == "iemand buiten deze regio"
    log_in(client, kwartiermaker_in(RegionFactory.create()))
    assert client.get(reverse("mapping:history", args=[here.slug, row.map_key])).status_code == 404


def test_the_history_goes_on_under_another_number_as_if_nobody_knew_it(client, here) -> None:
    """Rule 26: also there and back, and of what was public; nothing of before a row came on the map."""
    mine = kwartiermaker_in(here)
    speaker_for(OrganisationFactory.create(kvk_number="90000001", mapped_at=None))
    log_in(client, mine)
    read = {}
    for known, number in (("nobody", "90000002"), ("others", "90000001")):
        row = add_to_map(facts=OrganisationFacts(known), region=here, actor=mine, at=AT)
        key = row.map_key
        write(row, here, mine, "public_contact", "020 000 00 00")
        publish_organisation(organisation_id=row.pk, actor=mine, at=AT)
        for typed, was in ((number, ""), ("", number), (number, "")):
            write(organisations_in(here).get(map_key=key), here, mine, "kvk_number", typed, was=was)
        read[known] = lines(client, here, organisations_in(here).get(map_key=key))
    assert [each[2] for each in read["nobody"]] == [
        "KvK-nummer",
        "KvK-nummer",
        "KvK-nummer",
        "",
        "openbaar contact",
    ]
    assert read["others"] == read["nobody"]


def test_what_was_known_of_a_number_before_it_came_on_the_map_is_no_history_of_the_map(client, here) -> None:
    mine = kwartiermaker_in(here)
    speaker_for(OrganisationFactory.create(kvk_number="90000001", mapped_at=None, name="Anders genoemd"))
    row = add_to_map(facts=OrganisationFacts("Kring", kvk_number="90000001"), region=here, actor=mine, at=AT)
    log_in(client, mine)
    assert lines(client, here, row) == []
