"""What refers to an organisation of the map goes on with it when it is merged or gets another number, and comes back (rules 23 and 26)."""

from datetime import timedelta

import pytest
from django.db.models import ForeignKey

from coalitions.domain.mapping import put_members_on_map
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from mapping.domain.cells import save_cell
from mapping.domain.merging import merge_organisations
from mapping.domain.organisations import add_to_map
from mapping.domain.removing import empty_bin, remove_from_map
from mapping.domain.unmerging import undo_merge
from mapping.enums import KEPT_IN_BIN
from mapping.models import Merge
from mapping.queries import entry_of
from organisations.domain.following import followed
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from people.models import MappedPerson
from regions.models import Region
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, speaker_for
from tests.factories.people import agreed_person, kwartiermaker_in
from tests.factories.regions import MunicipalityFactory
from tests.factories.scenarios import started

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=3)
# What mapping itself carries over, by the region and the question it is of.
CARRIED = {
    "mapping.MapEntry.organisation",
    "mapping.Engagement.organisation",
    "mapping.PublishingRequest.organisation",
    "mapping.CorrectionRequest.organisation",
    "mapping.Tie.one",
    "mapping.Tie.other",
    "mapping.Merge.kept",
    "organisations.Organisation_works_in.organisation",
    "organisations.Organisation_reaches.organisation",
    "organisations.Organisation.now_as",
}
_NUMBER = "holds on to the number, under which it was proved, written, agreed or sealed (rules 4, 26 and 27)"
_IMPORTED = "says what a spreadsheet was compared with or put on the map: undoing it leaves what was merged or numbered anew"
STAYS = {
    "imports.ImportRow.twin": _IMPORTED,
    "imports.ImportRow.organisation": _IMPORTED,
    "mapping.Merge.gone": "says which one went",
    "organisations.Representative.organisation": _NUMBER,
    "takeovers.Takeover.organisation": _NUMBER,
    "matching.FoundWish.organisation": _NUMBER,
    "coalitions.Coalition.lead_organisation": _NUMBER,
    "coalitions.Participation.organisation": _NUMBER,
    "coalitions.FormerPartner.organisation": _NUMBER,
    "applications.ApplicationPeople.main_applicant_organisation": _NUMBER,
    "applications.ApplicationPeople.signatory_organisation": _NUMBER,
    "applications.ApplicationPeople.leader_organisation": _NUMBER,
    "reviews.Affiliation.organisation": "ties by number: no tie goes away with the map (rule 29)",
    "reviews.CoveredTie.organisation": "says which tie a measure covers (rule 29)",
}


def foreign_keys() -> set[str]:
    relations = Organisation._meta.get_fields(include_hidden=True)
    fields = [each.field for each in relations if each.auto_created and not each.concrete]
    return {f"{each.model._meta.label}.{each.name}" for each in fields if isinstance(each, ForeignKey)}


def test_every_foreign_key_to_an_organisation_follows_or_stays_for_a_reason() -> None:
    follows = {f"{model._meta.label}.{name}" for model, name in followed()}
    assert follows == {"people.MappedPerson.organisation", "matching.PartnerProposal.organisation"}
    assert sorted([*follows, *CARRIED, *STAYS]) == sorted(foreign_keys())


@pytest.fixture
def region() -> Region:
    region: Region = MunicipalityFactory.create().region
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def mapped(region: Region, actor: User, number: str) -> Organisation:
    seat, name = region.municipalities.get(), f"Kring {number} (fictief)"
    facts = OrganisationFacts(name, legal_form="foundation", municipality=seat, kvk_number=number)
    return add_to_map(facts=facts, region=region, actor=actor, at=AT)


def merged(one: Organisation, other: Organisation, actor: User) -> Merge:
    """Return a merge after which the first of two is kept."""
    chosen = dict.fromkeys(("kvk_number", "name"), one.pk)
    region = one.works_in.get()
    pair = {"one_id": one.pk, "other_id": other.pk}
    return merge_organisations(**pair, chosen=chosen, region=region, actor=actor, at=AT)


def renumbered(row: Organisation, number: str, actor: User) -> Organisation:
    cell = {"organisation_id": row.pk, "field": "kvk_number", "value": number, "was": row.kvk_number}
    return save_cell(**cell, region=row.works_in.get(), seen_version=0, actor=actor, at=AT)


def speaking_for(organisation: Organisation, actor: User, email: str = "ada@burger.example") -> MappedPerson:
    somebody = agreed_person(organisation.works_in.get(), actor, name=f"Ada {email[:3]}", email=email)
    MappedPerson.objects.filter(pk=somebody.pk).update(organisation=organisation)
    return somebody


def spoken_for(somebody: MappedPerson) -> Organisation | None:
    return MappedPerson.objects.get(pk=somebody.pk).organisation


def ways() -> dict[Organisation, Organisation]:
    """Return as what the map goes on with each organisation that went."""
    rows = Organisation.objects.filter(now_as__isnull=False).select_related("now_as")
    return {each: each.now_as for each in rows if each.now_as}


def test_people_speak_for_what_was_merged_and_come_back_unless_they_changed_since(
    region: Region, mapper: User
) -> None:
    kept, gone, third = (mapped(region, mapper, f"{each}" * 8) for each in (1, 2, 3))
    people = [speaking_for(gone, mapper, f"{each}@burger.example") for each in ("ada", "bob")]
    own = speaking_for(kept, mapper, "eva@burger.example")
    merge = merged(kept, gone, mapper)
    assert [spoken_for(each) for each in (*people, own)] == [kept] * 3
    MappedPerson.objects.filter(pk=people[1].pk).update(organisation=third)
    undo_merge(merge_id=merge.pk, region=region, actor=mapper, at=LATER)
    assert [spoken_for(each) for each in (*people, own)] == [gone, third, kept]
    assert list(every_violation()) == []


@pytest.mark.parametrize("is_held", [False, True])
@pytest.mark.parametrize("is_known", [False, True])
def test_people_speak_for_the_row_of_another_number(
    region: Region, mapper: User, *, is_held: bool, is_known: bool
) -> None:
    row = mapped(region, mapper, "12345678")
    if is_held:
        speaker_for(row)
    if is_known:
        OrganisationFactory.create(kvk_number="99999999", mapped_at=None)
    somebody = speaking_for(row, mapper)
    now = renumbered(row, "99999999", mapper)
    assert spoken_for(somebody) == now
    assert ways() == ({row: now} if is_held else {})
    assert Organisation.objects.filter(pk=row.pk).exists() == (is_held or not is_known)
    back = renumbered(now, "12345678", mapper)
    assert (spoken_for(somebody), back == row) == (back, is_held or not is_known)
    assert (back.kvk_number, ways()) == ("12345678", {})


def test_every_way_leads_straight_to_where_it_ends_and_undoing_leads_back(
    region: Region, mapper: User
) -> None:
    one, two, three = (mapped(region, mapper, f"{each}" * 8) for each in (1, 2, 3))
    for each in (one, two):
        speaker_for(each)
    merged(two, one, mapper)
    assert ways() == {one: two}
    last = merged(three, two, mapper)
    assert ways() == {one: three, two: three}
    undo_merge(merge_id=last.pk, region=region, actor=mapper, at=LATER)
    assert ways() == {one: two}
    moved = renumbered(Organisation.objects.get(pk=two.pk), "44444444", mapper)
    assert ways() == {one: moved, two: moved}
    undo_merge(merge_id=Merge.objects.get().pk, region=region, actor=mapper, at=LATER)
    assert ways() == {two: moved}
    assert list(every_violation()) == []


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_whoever_spoke_for_what_left_the_last_map_does_not_hear_of_its_number_again(
    region: Region, mapper: User, *, is_elsewhere: bool
) -> None:
    """Rule 26: neither they nor their kwartiermaker, whether another region had the number or not."""
    if is_elsewhere:
        there = MunicipalityFactory.create().region
        mapped(there, kwartiermaker_in(there), "12345678")
    row = mapped(region, mapper, "12345678")
    somebody = speaking_for(row, mapper)
    remove_from_map(organisation_id=row.pk, region=region, actor=mapper, at=AT)
    assert empty_bin(entry_id=entry_of(row, region).pk, at=AT + KEPT_IN_BIN + timedelta(minutes=1))
    again = add_to_map(
        facts=OrganisationFacts("Anders genoemd", kvk_number="12345678"),
        region=region,
        actor=mapper,
        at=LATER,
    )
    left = spoken_for(somebody)
    assert left is not None
    assert (left == again, left.name, left.kvk_number, left.mapped_at) == (False, row.name, "", None)
    assert list(every_violation()) == []


def test_what_a_grant_puts_on_the_map_stands_for_itself(region: Region, mapper: User) -> None:
    case = started(region=region)
    partner = case.partners[0].organisation
    partner.works_in.add(region)
    kept = mapped(region, mapper, "12345678")
    merged(kept, partner, mapper)
    assert ways() == {partner: kept}
    put_members_on_map([case.coalition_id], at=LATER)
    assert ways() == {}
