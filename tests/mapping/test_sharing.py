"""One organisation on the maps of several regions: its facts are shared, the talk is of each region."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.versions import NewerVersion
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.models import MapEntry
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in, public_organisations_by_region
from regions.models import Region, RegionChange
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def kwartiermaker(*regions: Region) -> User:
    user = person(Role.KWARTIERMAKER)
    for each in regions:
        KwartiermakerAssignmentFactory.create(user=user, region=each)
    return user


@pytest.fixture
def here() -> Region:
    region: Region = RegionFactory.create()
    return region


@pytest.fixture
def there() -> Region:
    region: Region = RegionFactory.create()
    return region


def mapped(region: Region, actor: User, **facts: Any) -> Organisation:
    more = MapFacts(talk="talked", notes="Van hen alleen")
    return add_to_map(
        facts=OrganisationFacts("Zorgkring", **facts), region=region, more=more, actor=actor, at=AT
    )


def shared(here: Region, there: Region) -> tuple[Organisation, User, User]:
    """Return a published organisation on two maps, and the kwartiermakers of both."""
    mine, theirs = kwartiermaker(here), kwartiermaker(there)
    row = mapped(there, theirs)
    publish_organisation(organisation_id=row.pk, actor=theirs, at=AT)
    take_to_map(organisation_id=row.pk, region=here, actor=mine, at=AT)
    row.refresh_from_db()
    return row, mine, theirs


def test_what_is_published_comes_on_one_more_map_without_the_talk_of_the_other(
    here: Region, there: Region
) -> None:
    """Rule 22."""
    theirs, mine = kwartiermaker(there), kwartiermaker(here)
    row = mapped(there, theirs)
    with pytest.raises(NotAllowed):
        take_to_map(organisation_id=row.pk, region=here, actor=mine, at=AT)
    publish_organisation(organisation_id=row.pk, actor=theirs, at=AT)
    RegionChange.objects.all().delete()
    with pytest.raises(NotAllowed):
        take_to_map(organisation_id=row.pk, region=there, actor=mine, at=AT)
    for _each in range(2):
        taken = take_to_map(organisation_id=row.pk, region=here, actor=mine, at=AT)
    assert (taken.organisation, taken.differing) == (row, [])
    assert list(organisations_in(here)) == list(organisations_in(there)) == [row]
    kept = entry_of(row, here)
    assert (kept.talk, kept.notes) == ("", "")
    assert entry_of(row, there).notes == "Van hen alleen"
    assert list(RegionChange.objects.values_list("region", flat=True)) == [here.pk]
    assert set(public_organisations_by_region([here.pk, there.pk])) == {(here.pk, row.pk), (there.pk, row.pk)}
    events = AuditEvent.objects.filter(act="mapping.taken_to_map")
    assert [(each.subject_id, each.actor_id, each.facts) for each in events] == [
        (row.pk, mine.pk, {"region": here.pk})
    ]
    assert not list(every_violation())


def test_of_ones_own_maps_what_is_not_public_comes_on_one_more(here: Region, there: Region) -> None:
    user = kwartiermaker(here, there)
    row = mapped(there, user)
    take_to_map(organisation_id=row.pk, region=here, actor=user, at=AT)
    assert list(organisations_in(here)) == [row]
    assert MapEntry.objects.get(region=here).notes == ""


def test_both_change_its_facts_and_neither_overwrites_what_the_other_saved(
    here: Region, there: Region
) -> None:
    """Rule 12."""
    row, mine, theirs = shared(here, there)
    seen_here = row.version + entry_of(row, here).version
    seen_there = row.version + entry_of(row, there).version
    cell: dict[str, Any] = {"organisation_id": row.pk, "field": "website", "was": "", "at": AT}
    save_cell(**cell, region=there, value="https://hun.example", seen_version=seen_there, actor=theirs)
    with pytest.raises(NewerVersion):
        save_cell(**cell, region=here, value="https://ons.example", seen_version=seen_here, actor=mine)
    row.refresh_from_db()
    assert (row.website, row.changed_by) == ("https://hun.example", theirs)
    events = AuditEvent.objects.filter(act="mapping.organisation_changed", subject_id=row.pk)
    assert [(each.actor_id, each.facts) for each in events] == [(theirs.pk, {"fields": ["website"]})]


def test_the_talk_of_one_region_hinders_no_other(here: Region, there: Region) -> None:
    row, mine, theirs = shared(here, there)
    seen_here = row.version + entry_of(row, here).version
    seen_there = row.version + entry_of(row, there).version
    cell: dict[str, Any] = {"organisation_id": row.pk, "field": "notes", "was": "", "at": AT}
    save_cell(
        **{**cell, "was": "Van hen alleen"},
        region=there,
        value="Van hen",
        seen_version=seen_there,
        actor=theirs,
    )
    save_cell(**cell, region=here, value="Van ons", seen_version=seen_here, actor=mine)
    assert [entry_of(row, each).notes for each in (here, there)] == ["Van ons", "Van hen"]


def test_the_form_offers_ones_other_regions_and_no_others(
    client: Client, here: Region, there: Region
) -> None:
    user = kwartiermaker(here, there)
    row = mapped(there, user)
    RegionFactory.create(name="Van niemand")
    log_in(client, user)
    form = reverse("mapping:organisation", args=[there.slug, row.map_key])
    page = client.get(form)
    assert list(page.context["other_regions"]) == [here]
    assert f"Zet ook op de kaart van {here.name}" in page_text(page)
    answer = client.post(reverse("mapping:take", args=[here.slug, row.map_key]))
    assert answer.headers["Location"] == f"{reverse('mapping:workspace', args=[here.slug])}#rij-{row.map_key}"
    assert not client.get(form).context["other_regions"]
    assert list(organisations_in(here)) == [row]
