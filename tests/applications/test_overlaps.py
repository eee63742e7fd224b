"""Which regions and organisations have more than one coalition in a call (rule 11)."""

import pytest

from applications.queries import organisations_in_several_coalitions, regions_with_several_coalitions
from tests.factories.scenarios import submitted

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
    submitted(call=first.call)
    assert second.review_round == first.review_round
    assert list(regions_with_several_coalitions(first.review_round)) == [first.coalition.region]
    assert list(organisations_in_several_coalitions(first.review_round)) == [first.lead]
