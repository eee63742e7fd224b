"""How the map, a coalition and a representative name one number, and who reads which of it (rules 26 and 27)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from calls.models import Call
from coalitions.domain.coalitions import add_partner
from coalitions.domain.mapping import put_members_on_map
from coalitions.models import Participation
from hubportal.accounts.enums import Role
from mapping.domain.organisations import change_organisation
from organisations.domain.claiming import claim_organisation
from organisations.models import Organisation
from regions.models import Region
from reviews.models import Assignment
from tests.applications.numbers_named import (
    NUMBER,
    SEARCH,
    SECRET,
    TYPED,
    Reader,
    facts,
    in_a_draft,
    kwartiermaker,
    on_a_map,
    two_regions,
)
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    return make_call()


@pytest.fixture
def region() -> Region:
    return two_regions()


def test_the_office_reads_both_names_where_they_differ_and_who_judges_what_was_submitted() -> None:
    case = scenarios.advised()
    place = case.partners[0]
    officer = person(Role.OFFICER)
    scenarios.open_to(case, officer)
    reviewer = Assignment.objects.filter(application=case)[0].reviewer
    change_organisation(
        organisation_id=place.organisation_id,
        facts=replace(scenarios.facts_of(place.organisation), name=SECRET),
        actor=kwartiermaker(place.organisation.municipality.region),
        at=AT,
    )
    pages = [
        page_text(Reader(each).get(f"admin:{name}", case.reference))
        for each, name in ((officer, "decision"), (officer, "application"), (reviewer, "application"))
    ]
    told = f"{place.stated_name}: op de kaart als {SECRET}, stichting,"
    assert [told in page for page in pages] == [True, True, False]
    assert [SECRET in page for page in pages] == [True, True, False]
    assert [place.stated_name in page for page in pages] == [True, True, True]


def test_who_confirms_reads_how_the_map_names_the_number_too(region: Region) -> None:
    on_a_map()
    claimed = claim_organisation(facts=facts(TYPED, region), actor=UserFactory.create(), at=AT)
    reader = Reader(person(Role.OFFICER))
    for answer in (
        reader.get("admin:representatives"),
        reader.get("admin:representatives", **SEARCH),
        reader.get("admin:confirm_representative", claimed.pk),
    ):
        assert TYPED in page_text(answer)
        assert f"op de kaart als {SECRET}" in page_text(answer)


def test_how_a_draft_of_others_names_a_number_is_told_to_no_office(region: Region, call: Call) -> None:
    in_a_draft()
    claimed = claim_organisation(facts=facts(TYPED, region), actor=UserFactory.create(), at=AT)
    reader = Reader(person(Role.OFFICER))
    assert SECRET not in page_text(reader.get("admin:confirm_representative", claimed.pk))
    found = reader.get("admin:representatives", **SEARCH)
    assert list(found.context["page"]) == []


def test_a_grant_puts_an_organisation_on_the_map_as_its_coalition_named_it(
    region: Region, call: Call
) -> None:
    """Not as somebody named it first, in a draft of their own."""
    in_a_draft()
    first = Participation.objects.get(stated_name=SECRET)
    case = scenarios.started(
        region=region, call=call, partners=0, coalition_name="Een andere coalitie (fictief)"
    )
    add_partner(
        coalition_id=case.coalition_id,
        facts=facts(TYPED, region, legal_form="foundation"),
        works_in_region=True,
        contact_name="Noor",
        contact_email="noor@erbij.example",
        actor=case.applicant,
        at=AT,
    )
    put_members_on_map([case.coalition_id], at=AT)
    known = Organisation.objects.get(kvk_number=NUMBER)
    assert (known.name, known.legal_form, known.mapped_at) == (TYPED, "foundation", AT)
    assert known.municipality.region == region
    first.refresh_from_db()
    assert first.stated_name == SECRET
