"""Which regions and organisations have more than one coalition in a call (rule 11)."""

import pytest

from applications.queries import organisations_in_several_coalitions, regions_with_several_coalitions
from tests.factories.calls import make_call
from tests.factories.scenarios import submitted, written

pytestmark = pytest.mark.django_db


def test_only_regions_and_organisations_with_several_coalitions_are_found() -> None:
    first = submitted()
    second = submitted(
        call=first.call,
        lead=first.lead,
        applicant=first.applicant,
        region=first.coalition.region,
        coalition_name="Andere coalitie (fictief)",
    )
    third = submitted(call=first.call)
    assert list(regions_with_several_coalitions([first, second, third])) == [first.coalition.region]
    assert list(organisations_in_several_coalitions([first, second, third])) == [first.lead]


def test_what_overlaps_need_not_be_among_the_rows_themselves() -> None:
    first = submitted()
    other = submitted(call=first.call, region=first.coalition.region)
    assert list(regions_with_several_coalitions([other])) == [first.coalition.region]
    assert list(organisations_in_several_coalitions([other])) == []


def test_a_draft_and_another_call_do_not_count() -> None:
    first = submitted()
    written(
        call=first.call,
        lead=first.lead,
        applicant=first.applicant,
        region=first.coalition.region,
        coalition_name="Ander (fictief)",
    )
    submitted(
        call=make_call(slug="andere-oproep", reference_prefix="AND"),
        lead=first.lead,
        applicant=first.applicant,
        region=first.coalition.region,
        coalition_name="Derde (fictief)",
    )
    assert list(regions_with_several_coalitions([first])) == []
    assert list(organisations_in_several_coalitions([first])) == []
