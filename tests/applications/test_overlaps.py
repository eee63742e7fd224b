"""Which regions and organisations have more than one coalition in a call (rule 11)."""

import pytest

from applications.models import Application
from applications.queries import organisations_in_several_coalitions, region_has_several_coalitions
from tests.factories.calls import make_call
from tests.factories.scenarios import submitted, written

pytestmark = pytest.mark.django_db


def sharing_their_region(*applications: Application) -> set[Application]:
    keys = [each.pk for each in applications]
    return set(Application.objects.filter(region_has_several_coalitions(), pk__in=keys))


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
    assert sharing_their_region(first, second, third) == {first, second}
    assert list(organisations_in_several_coalitions([first, second, third])) == [first.lead]


def test_what_overlaps_need_not_be_among_the_rows_themselves() -> None:
    first = submitted()
    other = submitted(call=first.call, region=first.coalition.region)
    assert sharing_their_region(other) == {other}
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
    assert sharing_their_region(first) == set()
    assert list(organisations_in_several_coalitions([first])) == []
