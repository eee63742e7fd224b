"""Merging two organisations of the map: what is chosen is kept, talks and involvement are carried over."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client

from applications.domain.frozen import frozen_content
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed
from hubportal.kernel.versions import NewerVersion
from mapping.domain.merging import versions_of
from mapping.domain.unmerging import forget_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import Engagement, Merge
from mapping.queries import engagements_on_map, entry_of
from mapping.tasks import forget_merges_task
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.factories.scenarios import sealed
from tests.mapping.merged import LONG_AFTER, kwartiermaker, mapped, merge, two
from tests.refusals import refused_by

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


def test_what_is_chosen_and_what_only_one_says_is_kept(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(
        one,
        other,
        region,
        mapper,
        chosen={"name": one.pk, "role": other.pk, "talk": one.pk, "next_on": one.pk},
    )
    # The number belongs to its row.
    kept = Organisation.objects.get(pk=other.pk)
    assert (merged.kept, merged.gone) == (other, one)
    assert list(organisations_in(region)) == [kept]
    assert (kept.name, kept.sort_name, kept.other_names) == (
        "Wijkraad Zuid",
        "wijkraad zuid",
        "Stichting Wijkraad Zuid",
    )
    assert (kept.kvk_number, kept.website, kept.streams, kept.role, kept.public_contact) == (
        "12345678",
        "https://zuid.example",
        ["residents"],
        "system",
        "info@zuid.example",
    )
    assert set(kept.reaches.all()) == set(region.municipalities.all())
    entry = entry_of(kept, region)
    assert (entry.talk, entry.next_on, entry.notes) == ("talked", date(2024, 9, 2), "Tweede\n\nEerste")
    involved = (
        engagements_on_map()
        .order_by("question__title", "form")
        .values_list("question__title", "organisation", "form")
    )
    assert list(involved) == [
        ("Ander alleen", kept.pk, "consult"),
        ("Een alleen", kept.pk, "advise"),
        ("Samen", kept.pk, "coproduce"),
        ("Samen", kept.pk, "inform"),
    ]
    events = AuditEvent.objects.filter(act="mapping.merged")
    assert [(each.subject_id, each.actor_id, each.facts) for each in events] == [
        (other.pk, mapper.pk, {"organisation": one.pk, "region": region.pk})
    ]
    assert not list(every_violation())


def test_what_is_sealed_and_who_speaks_for_it_never_change(mapper: User) -> None:
    """Rules 4 and 26."""
    application = sealed()
    coalition = application.coalition
    user = kwartiermaker(coalition.region)
    held = coalition.lead_organisation
    partner = coalition.participations.exclude(organisation=held).get().organisation
    for each in (held, partner):
        each.works_in.add(coalition.region)
        speaker_for(each)
    frozen = frozen_content(application)
    seats = set(coalition.participations.values_list("pk", "organisation", "stated_name"))
    speakers = set(held.representatives.values_list("pk", "organisation"))
    merged = merge(held, partner, coalition.region, user, chosen={"kvk_number": partner.pk, "name": held.pk})
    assert (merged.kept, merged.gone) == (partner, held)
    assert set(coalition.participations.values_list("pk", "organisation", "stated_name")) == seats
    assert set(held.representatives.values_list("pk", "organisation")) == speakers
    assert frozen_content(application) == frozen
    forget_merge(merge_id=merged.pk, at=LONG_AFTER)
    held.refresh_from_db()
    assert (held.mapped_at, held.kvk_number != partner.kvk_number) == (None, True)
    assert set(coalition.participations.values_list("pk", "organisation", "stated_name")) == seats
    assert not list(every_violation())


def test_nobody_merges_over_what_they_did_not_see_nor_what_is_not_theirs(
    region: Region, mapper: User
) -> None:
    """Rules 12 and 22."""
    one, other = two(region, mapper)
    seen = versions_of(tuple((each, entry_of(each, region)) for each in (one, other)))  # type: ignore[arg-type]
    Organisation.objects.filter(pk=one.pk).update(version=9)
    with pytest.raises(NewerVersion):
        merge(one, other, region, mapper, seen=seen)
    with pytest.raises(NotAllowed):
        merge(one, other, region, kwartiermaker(RegionFactory.create()))
    hidden = mapped("Verborgen", there := RegionFactory.create(), kwartiermaker(there))
    with pytest.raises(Organisation.DoesNotExist):
        merge(one, hidden, region, mapper)
    with pytest.raises(Organisation.DoesNotExist):
        merge(one, one, region, mapper)
    assert not Merge.objects.exists()
    first = merge(one, other, region, mapper)
    assert merge(one, other, region, mapper) == first


class TestForgetting:
    def test_waits_for_thirty_days_and_takes_the_row_that_nothing_refers_to(
        self, region: Region, mapper: User
    ) -> None:
        one, other = two(region, mapper)
        merged = merge(one, other, region, mapper)
        assert not forget_merge(merge_id=merged.pk, at=AT + KEPT_IN_BIN)
        assert forget_merge(merge_id=merged.pk, at=LONG_AFTER)
        assert not forget_merge(merge_id=merged.pk, at=LONG_AFTER)
        assert list(Organisation.objects.all()) == [other]
        assert Engagement.objects.count() == 4
        assert not list(every_violation())

    def test_is_done_by_a_job(self, region: Region, mapper: User) -> None:
        merge(*two(region, mapper), region, mapper)
        Merge.objects.update(merged_at=AT - timedelta(days=4000))
        forget_merges_task()
        assert not Merge.objects.exists()


def test_a_merge_is_of_two_and_each_goes_once(region: Region, mapper: User) -> None:
    one, other = two(region, mapper)
    merged = merge(one, other, region, mapper)
    with refused_by("merge_of_two_organisations"), transaction.atomic():
        Merge.objects.update(kept=merged.gone)
    with refused_by("merge_once_per_organisation_that_went"), transaction.atomic():
        Merge.objects.create(kept=merged.kept, gone=merged.gone, region=region, merged_at=AT)
