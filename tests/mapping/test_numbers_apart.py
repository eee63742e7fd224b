"""A number on a map of which a kwartiermaker may not know: their own map has it apart, and nothing tells (rules 22 and 26)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from coalitions.domain.mapping import put_members_on_map
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map, change_organisation
from mapping.domain.publishing import publish_organisation, withdraw_publication
from mapping.domain.removing import empty_bin, remove_from_map
from mapping.domain.rows import MapFacts
from mapping.domain.sharing import take_to_map
from mapping.domain.unmerging import undo_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import Merge
from mapping.queries import entry_of
from organisations.domain.claiming import claim_organisation
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.test_organisations import facts, kwartiermaker
from tests.racing import race

pytestmark = pytest.mark.django_db

NUMBER = "12345678"


def mapped(region: Region, name: str = "De andere (fictief)", **values: Any) -> Organisation:
    """Return what a kwartiermaker of a region put on its map."""
    typed = facts(name=name, **{"kvk_number": NUMBER, "municipality": None, **values})
    return add_to_map(facts=typed, region=region, actor=kwartiermaker(region), at=AT)


def number_in_cell(organisation: Organisation, region: Region, number: str, actor: User) -> Organisation:
    return save_cell(
        organisation_id=organisation.pk,
        region=region,
        field="kvk_number",
        value=number,
        was=organisation.kvk_number,
        seen_version=1,
        actor=actor,
        at=AT,
    )


@pytest.fixture
def here() -> Region:
    return MunicipalityFactory.create().region


@pytest.fixture
def theirs() -> Organisation:
    """On the map of another region, with its number."""
    return mapped(RegionFactory.create())


def as_it_stands(organisation: Organisation) -> dict[str, Any]:
    return Organisation.objects.filter(pk=organisation.pk).values().get()


def test_each_region_keeps_its_own_facts_of_it(here: Region, theirs: Organisation) -> None:
    before = as_it_stands(theirs)
    mine = mapped(here, "De onze (fictief)")
    assert (mine.kvk_number, mine.apart_in, mine == theirs) == (NUMBER, here, False)
    assert as_it_stands(theirs) == before
    assert [each.name for each in organisations_in(here)] == ["De onze (fictief)"]


def test_a_third_region_has_it_apart_too(here: Region, theirs: Organisation) -> None:
    third = RegionFactory.create()
    assert [mapped(each).apart_in for each in (here, third)] == [here, third]


def test_a_number_of_an_own_region_is_refused(here: Region, theirs: Organisation) -> None:
    mapped(here)
    with pytest.raises(RuleViolation):
        mapped(here)
    both = kwartiermaker(here, RegionFactory.create())
    other = both.kwartiermaker_assignments.exclude(region=here).get().region
    with pytest.raises(RuleViolation):
        add_to_map(facts=facts(kvk_number=NUMBER), region=other, actor=both, at=AT)


def test_a_number_that_is_public_is_refused(here: Region, theirs: Organisation) -> None:
    actor = kwartiermaker(theirs.works_in.get())
    publish_organisation(organisation_id=theirs.pk, actor=actor, at=AT)
    with pytest.raises(RuleViolation):
        mapped(here)


def test_coalitions_and_representatives_find_the_one_of_the_portal(
    here: Region, theirs: Organisation
) -> None:
    mine = mapped(here)
    claimed = claim_organisation(facts=facts(kvk_number=NUMBER), actor=UserFactory.create(), at=AT)
    assert (claimed.organisation, theirs.apart_in, mine.apart_in) == (theirs, None, here)


def test_a_cell_takes_the_number_gives_it_back_and_takes_another(here: Region, theirs: Organisation) -> None:
    actor = kwartiermaker(here)
    mine = add_to_map(facts=facts(kvk_number=""), region=here, actor=actor, at=AT)
    for number, apart_in in ((NUMBER, here), ("", None), (NUMBER, here), ("87654321", None)):
        mine = number_in_cell(mine, here, number, actor)
        kept = Organisation.objects.get(pk=mine.pk)
        assert (kept.kvk_number, kept.apart_in) == (number, apart_in)
    assert as_it_stands(theirs)["kvk_number"] == NUMBER


def test_what_coalitions_hold_on_to_keeps_its_number_when_the_map_takes_a_hidden_one(
    here: Region, theirs: Organisation
) -> None:
    case = scenarios.started(region=here)
    partner, actor = case.partners[0].organisation, kwartiermaker(here)
    partner.works_in.add(here)
    number = partner.kvk_number
    told = facts(name="Met een ander nummer", kvk_number=NUMBER)
    moved = change_organisation(organisation_id=partner.pk, facts=told, region=here, actor=actor, at=AT)
    assert (moved.kvk_number, moved.apart_in, moved.name) == (NUMBER, here, "Met een ander nummer")
    partner.refresh_from_db()
    assert (partner.kvk_number, partner.mapped_at) == (number, None)


def test_a_grant_maps_the_one_of_the_portal_and_leaves_what_a_region_has_apart(here: Region) -> None:
    elsewhere = RegionFactory.create()
    case = scenarios.started(region=elsewhere)
    known = case.partners[0].organisation
    known.works_in.add(elsewhere)
    mine = mapped(here, kvk_number=known.kvk_number)
    put_members_on_map([case.coalition_id], at=AT)
    mine.refresh_from_db()
    known.refresh_from_db()
    assert (mine.apart_in, mine.name, known.apart_in) == (here, "De andere (fictief)", None)


def both_on_one_map(here: Region, theirs: Organisation) -> tuple[Organisation, User]:
    """Return the row that a region has apart, with a kwartiermaker who put the public one on the same map."""
    mine = mapped(here, "De onze (fictief)")
    publish_organisation(organisation_id=theirs.pk, actor=kwartiermaker(theirs.works_in.get()), at=AT)
    actor = kwartiermaker(here)
    take_to_map(organisation_id=theirs.pk, region=here, more=MapFacts(), actor=actor, at=AT)
    return mine, actor


def test_a_number_that_the_region_had_apart_before_is_refused(here: Region, theirs: Organisation) -> None:
    third = RegionFactory.create()
    mine = mapped(here)
    publish_organisation(organisation_id=mine.pk, actor=kwartiermaker(here), at=AT)
    actor = kwartiermaker(third)
    take_to_map(organisation_id=mine.pk, region=third, more=MapFacts(), actor=actor, at=AT)
    withdraw_publication(organisation_id=mine.pk, actor=actor, at=AT)
    remove_from_map(organisation_id=mine.pk, region=here, actor=kwartiermaker(here), at=AT)
    assert empty_bin(entry_id=entry_of(mine, here).pk, at=AT + KEPT_IN_BIN + timedelta(minutes=1))
    with pytest.raises(RuleViolation):
        mapped(here)
    row = mapped(here, kvk_number="87654321")
    with pytest.raises(RuleViolation):
        number_in_cell(row, here, NUMBER, kwartiermaker(here))
    speaker_for(row)
    with pytest.raises(RuleViolation):
        number_in_cell(row, here, NUMBER, kwartiermaker(here))


class TestMerging:
    @pytest.mark.parametrize("starts", ["apart", "portal"])
    def test_keeps_the_row_of_the_portal_and_undone_both_have_the_number(
        self, client: Client, here: Region, theirs: Organisation, starts: str
    ) -> None:
        mine, actor = both_on_one_map(here, theirs)
        log_in(client, actor)
        pair = [each.map_key for each in ((mine, theirs) if starts == "apart" else (theirs, mine))]
        address = reverse("mapping:merge", args=[here.slug, *pair])
        form = client.get(address).context["form"]
        typed = {name: str(form.initial.get(name) or each.initial) for name, each in form.fields.items()}
        answer = client.post(address, {**typed, "seen": client.get(address).context["seen"]})
        assert answer.headers["Location"] == reverse("mapping:organisation", args=[here.slug, theirs.map_key])
        mine.refresh_from_db()
        assert (mine.mapped_at, mine.kvk_number, mine.apart_in) == (None, "", None)
        assert as_it_stands(theirs)["kvk_number"] == NUMBER
        undo_merge(merge_id=Merge.objects.get().pk, region=here, actor=actor, at=AT)
        mine.refresh_from_db()
        assert (mine.mapped_at, mine.kvk_number, mine.apart_in) == (AT, NUMBER, here)
        assert set(organisations_in(here)) == {mine, theirs}

    def test_undone_a_number_that_was_taken_meanwhile_stays_where_it_is(
        self, here: Region, theirs: Organisation
    ) -> None:
        mine, actor = both_on_one_map(here, theirs)
        other = add_to_map(facts=facts(kvk_number="87654321"), region=here, actor=actor, at=AT)
        merged = merge_organisations(
            one_id=mine.pk,
            other_id=other.pk,
            chosen={"kvk_number": other.pk},
            region=here,
            actor=actor,
            at=AT,
        )
        assert merged.gone == mine
        Organisation.objects.filter(pk=theirs.pk).update(kvk_number="11111111")
        taker = add_to_map(facts=facts(kvk_number=NUMBER), region=here, actor=actor, at=AT)
        undo_merge(merge_id=merged.pk, region=here, actor=actor, at=AT)
        mine.refresh_from_db()
        assert (mine.mapped_at, mine.kvk_number, mine.apart_in) == (AT, "", None)
        assert as_it_stands(taker)["kvk_number"] == NUMBER


@pytest.mark.django_db(transaction=True)
def test_two_regions_at_once_have_one_number_both(here: Region) -> None:
    other = RegionFactory.create()
    acts = [(each, kwartiermaker(each)) for each in (here, other)]
    typed = facts(kvk_number=NUMBER)
    done = race(
        *(
            lambda region=region, actor=actor: add_to_map(facts=typed, region=region, actor=actor, at=AT)
            for region, actor in acts
        )
    )
    assert [type(each) for each in done] == [Organisation, Organisation]
    kept = Organisation.objects.filter(kvk_number=NUMBER).values_list("apart_in", flat=True)
    assert sorted(each is None for each in kept) == [False, True]
