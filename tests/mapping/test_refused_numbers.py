"""A no holds under the number at which it was said, and under the one that its row has now: under no other (rule 23)."""

from contextlib import nullcontext
from datetime import timedelta

import pytest

from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from mapping.agreement_queries import has_declined, refused_under
from mapping.domain.answering import decline_by_link
from mapping.domain.cells import save_cell
from mapping.domain.organisations import add_to_map
from mapping.domain.publishing import publish_organisation
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from regions.models import Region
from tests.factories.agreeing import asked
from tests.factories.moments import AT
from tests.factories.people import kwartiermaker_in
from tests.factories.regions import RegionFactory
from tests.racing import held_open

LATER = AT + timedelta(hours=1)
NUMBERS = ("68750110", "90001354", "90000021")


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    return region


@pytest.fixture
def mapper(region: Region) -> User:
    return kwartiermaker_in(region)


def typed(row: Organisation, number: str, region: Region, mapper: User) -> Organisation:
    row.refresh_from_db()
    how = {"organisation_id": row.pk, "region": region, "actor": mapper, "at": LATER}
    save_cell(field="kvk_number", value=number, was=row.kvk_number, seen_version=row.version, **how)
    return Organisation.objects.get(map_key=row.map_key)


def remembered() -> list[bool]:
    return [refused_under(each).exists() for each in NUMBERS]


@pytest.mark.django_db
def test_a_number_that_was_typed_on_a_row_and_corrected_is_refused_no_more(region, mapper) -> None:
    """Else a mistake would keep an organisation off every map that never said a word."""
    row = add_to_map(facts=OrganisationFacts("Kring (fictief)"), region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    row = typed(row, NUMBERS[0], region, mapper)
    assert remembered() == [True, False, False]
    row = typed(row, NUMBERS[1], region, mapper)
    assert (remembered(), has_declined(row)) == ([False, True, False], True)
    assert list(every_violation()) == []


@pytest.mark.django_db
def test_a_number_under_which_the_organisation_answered_stays_refused(region, mapper) -> None:
    facts = OrganisationFacts("Kring (fictief)", kvk_number=NUMBERS[0])
    row = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    for number in NUMBERS[1:]:
        row = typed(row, number, region, mapper)
    assert remembered() == [True, False, True]
    assert list(every_violation()) == []


@pytest.mark.django_db
def test_what_one_mailbox_said_under_a_number_goes_along_with_no_row(region, mapper) -> None:
    row = add_to_map(facts=OrganisationFacts("Kring (fictief)"), region=region, actor=mapper, at=AT)
    decline_by_link(request_id=asked(row, region, mapper).pk, name="Bo", reason="", at=AT)
    row = typed(row, NUMBERS[0], region, mapper)
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    facts = OrganisationFacts("Kring van elders (fictief)", kvk_number=NUMBERS[0])
    apart = add_to_map(facts=facts, region=elsewhere, actor=theirs, at=LATER)
    decline_by_link(request_id=asked(apart, elsewhere, theirs).pk, name="Bo", reason="", at=LATER)
    typed(row, NUMBERS[1], region, mapper)
    assert remembered() == [True, True, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("declines_first", [True, False])
def test_a_row_that_takes_a_number_while_its_organisation_declines_is_not_public(
    region, mapper, declines_first: bool
) -> None:
    facts = OrganisationFacts("Huis (fictief)", kvk_number=NUMBERS[0])
    row = add_to_map(facts=facts, region=region, actor=mapper, at=AT)
    request = asked(row, region, mapper)
    elsewhere = RegionFactory.create()
    theirs = kwartiermaker_in(elsewhere)
    other = add_to_map(facts=OrganisationFacts("Koepel (fictief)"), region=elsewhere, actor=theirs, at=AT)
    publish_organisation(organisation_id=other.pk, actor=theirs, at=AT)

    def decline() -> object:
        return decline_by_link(request_id=request.pk, name="Bo", reason="", at=LATER)

    def take() -> object:
        return typed(other, NUMBERS[0], elsewhere, theirs)

    first, second = (decline, take) if declines_first else (take, decline)
    with held_open(first) as meanwhile:
        late = meanwhile(second)
        assert late.waits()
    with pytest.raises(RuleViolation) if declines_first else nullcontext():
        late.result()
    rows = Organisation.objects.filter(kvk_number=NUMBERS[0])
    assert [each.published_at for each in rows if each.published_at] == []
    assert list(every_violation()) == []
