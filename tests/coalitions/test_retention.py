"""A coalition of which no application is kept goes with the contact persons that it named, once its period is over (rule 23)."""

from datetime import timedelta
from typing import Any

import pytest

from applications.domain.submitting import withdraw
from coalitions.models import Coalition, Participation
from organisations.models import Organisation
from retention.domain.destroying import destroy_row
from retention.enums import DataKind
from retention.queries import past_period, rows_to_destroy
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.retention import LATER, approved, report_on
from tests.matching.test_helping import asked, mapper_of, proposed
from tests.matching.test_partners import published_in

pytestmark = pytest.mark.django_db
MUCH_LATER = LATER + timedelta(days=500)


def destroy(kind: DataKind) -> None:
    approved(report_on(kind))
    due = LATER + timedelta(days=7)
    for row in list(rows_to_destroy(at=due)):
        destroy_row(listed_id=row.pk, at=due)


def past() -> list[Any]:
    return list(past_period(DataKind.COALITIONS, before=MUCH_LATER))


def test_it_stays_while_an_application_is_kept_and_goes_after_the_last_one() -> None:
    case, other = scenarios.written(), scenarios.written()
    organisations = Organisation.objects.count()
    assert past() == []
    withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen="draft")
    assert past() == []
    destroy(DataKind.DISCARDED_DRAFTS)
    assert past() == [case.coalition]
    destroy(DataKind.COALITIONS)
    assert list(Coalition.objects.all()) == [other.coalition]
    assert set(Participation.objects.values_list("coalition", flat=True)) == {other.coalition_id}
    assert Organisation.objects.count() == organisations


def test_one_that_asks_for_help_stays_and_what_was_proposed_goes_with_it() -> None:
    case = scenarios.started(partners=0)
    mapper = mapper_of(case.coalition.region)
    request = asked(case)
    proposed(case, mapper, published_in(case.coalition.region, "Kring (fictief)"))
    withdraw(application_id=case.pk, actor=case.applicant, at=AT, seen="draft")
    destroy(DataKind.DISCARDED_DRAFTS)
    assert past() == []
    type(request).objects.filter(pk=request.pk).update(ended_at=AT, ended_by=case.applicant)
    destroy(DataKind.COALITIONS)
    assert (Coalition.objects.exists(), type(request).objects.exists()) == (False, False)
