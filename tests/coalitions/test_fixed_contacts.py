"""The contact persons of who was received stay who they are, until a new draft is begun (rule 29)."""

from typing import Any

import pytest

from applications.domain.drafting import start_application
from calls.enums import Outcome
from coalitions.domain.coalitions import change_contact
from coalitions.models import Participation
from hubportal.kernel.errors import RuleViolation
from tests.factories import scenarios

pytestmark = pytest.mark.django_db


def renamed(case: Any, *, at: Any) -> Participation:
    return change_contact(
        participation_id=case.partners[0].pk,
        contact_name="Els Nieuw",
        contact_email="els@nieuw.example",
        actor=case.applicant,
        at=at,
    )


def test_they_stay_while_it_is_assessed_and_after_it_until_a_new_draft_is_begun() -> None:
    case = scenarios.submitted()
    at = scenarios.after_deadline(case, days=1)
    with pytest.raises(RuleViolation, match="Wijzigen kan niet meer"):
        renamed(case, at=at)
    case = scenarios.produced(scenarios.sealed(case), outcome=Outcome.REJECTED)
    at = scenarios.after_deadline(case, days=40)
    with pytest.raises(RuleViolation, match="Wijzigen kan niet meer"):
        renamed(case, at=at)
    draft = start_application(coalition_id=case.coalition_id, call=case.call, actor=case.applicant, at=at)
    assert renamed(case, at=at).contact_since == at
    assert draft.is_draft
