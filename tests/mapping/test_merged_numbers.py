"""Organisations that were merged, and KvK numbers that change since or come on another map (rules 22, 26 and 30)."""

from typing import Any

import pytest
from django.test import Client

from coalitions.domain.mapping import put_members_on_map
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from mapping.domain.cells import save_cell
from mapping.models import MapEntry, Merge
from mapping.queries import entry_of
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.organisations import speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.scenarios import started
from tests.mapping.merged import LATER, asked, kwartiermaker, mapped, merge, two, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


def test_what_came_on_a_map_again_is_not_undone(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    Organisation.objects.filter(pk=one.pk).update(mapped_at=LATER, now_as=None)
    with pytest.raises(RuleViolation):
        undo(merged, region, mapper)


def numbered(organisation: Organisation, number: str, region: Region, actor: User) -> Organisation:
    version = organisation.version + entry_of(organisation, region).version
    values: dict[str, Any] = {"field": "kvk_number", "value": number, "seen_version": version, "at": LATER}
    return save_cell(organisation_id=organisation.pk, region=region, **values, actor=actor)


def test_the_number_of_the_one_that_went_is_taken_by_the_one_that_stayed(
    region: Region, mapper: User
) -> None:
    one, other = two(region, mapper)
    one = numbered(one, "87654321", region, mapper)
    merge(one, other, region, mapper, chosen={"kvk_number": one.pk})
    one.refresh_from_db()
    moved = numbered(one, "12345678", region, mapper)
    assert list(organisations_in(region)) == [moved]
    assert (moved.kvk_number, entry_of(moved, region).notes) == ("12345678", "Eerste\n\nTweede")
    assert moved.engagements.count() == 4
    assert not list(every_violation())


@pytest.mark.parametrize("by", ["kwartiermaker", "grant"])
def test_what_was_merged_away_comes_on_another_map_without_what_the_first_one_kept(
    region: Region, mapper: User, by: str
) -> None:
    """Rule 26."""
    case = started(region=RegionFactory.create())
    elsewhere = case.coalition.region
    gone = case.partners[0].organisation
    gone.works_in.add(region)
    gone.reaches.add(region.municipalities.get())
    kept = mapped("Stichting Wijkraad Zuid", region, mapper, kvk_number="12345678")
    asked("Samen", region, mapper, {gone: "inform", kept: "coproduce"})
    for each in (gone, kept):
        MapEntry.objects.update_or_create(organisation=each, region=region, defaults={"notes": "Van ons"})
    merged = merge(gone, kept, region, mapper, chosen={"kvk_number": kept.pk})
    assert merged.gone == gone
    assert (gone.works_in.count(), gone.reaches.count()) == (0, 0)
    assert (merged.before["gone"]["works_in"], merged.before["gone"]["reaches"]) == (
        [region.pk],
        [region.municipalities.get().pk],
    )
    Organisation.objects.filter(pk=gone.pk).update(municipality=None)
    if by == "grant":
        put_members_on_map([case.coalition_id], at=LATER)
    else:
        mapped("Van hen", elsewhere, kwartiermaker(elsewhere), kvk_number=gone.kvk_number)
    gone.refresh_from_db()
    assert gone.mapped_at is not None
    assert list(organisations_in(region)) == [kept]
    assert not gone.map_entries.filter(region=region).exists()
    assert (gone.engagements.count(), gone.reaches.count()) == (0, 0)
    with pytest.raises((Merge.DoesNotExist, RuleViolation)):
        undo(merged, region, mapper)
    # It can be merged anew.
    gone.works_in.add(region)
    assert merge(gone, kept, region, mapper, chosen={"kvk_number": kept.pk}).pk != merged.pk


def test_what_was_merged_into_it_goes_along_to_another_number(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    speaker_for(other)
    merged = merge(one, other, region, mapper)
    other.refresh_from_db()
    moved = numbered(other, "87654321", region, mapper)
    assert moved != other
    assert Merge.objects.get(pk=merged.pk).kept == moved
    undo(merged, region, mapper)
    assert set(organisations_in(region)) == {one, moved}
    assert entry_of(one, region).notes == "Eerste"
