"""What the check of invariants finds in the text of any row (rule 33)."""

import pytest

from hubportal.audit.domain.collecting import every_violation
from organisations.models import Organisation
from tests.breaking import broken, force
from tests.factories import scenarios

pytestmark = pytest.mark.django_db


def test_rows_with_what_nobody_sees_are_named() -> None:
    """Rule 33."""
    case = scenarios.written()
    assert list(every_violation()) == []
    organisation = Organisation.objects.earliest("pk")
    force(organisation, name="De\u00ad Brug", description="Gew\U000e0041oon")
    force(case.applicant, full_name="Win: https://spam.example")
    assert {str(each) for each in every_violation() if each.rule == 33} == {
        str(broken(33, organisation, "name holds signs that nobody can see")),
        str(broken(33, organisation, "description holds signs that nobody can see")),
        str(broken(33, case.applicant, "full_name holds a link")),
    }
