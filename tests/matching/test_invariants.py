"""What the check of invariants finds of proposals, and what the database refuses (rule 26)."""

from datetime import timedelta

import pytest

from matching.invariants import violations
from matching.models import HelpRequest, PartnerProposal
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.matching.test_helping import asked, mapper_of, proposed
from tests.matching.test_partners import published_in
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def proposal() -> PartnerProposal:
    case = scenarios.started(partners=0)
    (made,) = proposed(case, mapper_of(case.coalition.region), published_in(case.coalition.region))
    return made


@pytest.mark.parametrize("hours", [-1, 2])
def test_a_proposal_outside_the_time_in_which_help_was_asked_is_found(hours: int) -> None:
    made = proposal()
    assert list(violations()) == []
    force(made.help_request, ended_at=AT + timedelta(hours=1), ended_by=made.help_request.asked_by)
    force(made, proposed_at=AT + timedelta(hours=hours))
    (found,) = violations()
    assert (found.rule, found.row) == (26, made.pk)
    assert found.sentence == "was proposed while the coalition did not ask for help"


def test_a_coalition_asks_once_at_a_time() -> None:
    once = asked(scenarios.started(partners=0))
    with refused_by("help_request_one_open_per_coalition"):
        HelpRequest.objects.create(coalition=once.coalition, asked_by=once.asked_by, asked_at=AT)


def test_what_ended_was_ended_by_somebody() -> None:
    once = asked(scenarios.started(partners=0))
    with refused_by("help_request_ended_by_somebody"):
        force(once, ended_at=AT)
