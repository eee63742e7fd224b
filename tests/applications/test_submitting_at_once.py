"""Submitting while somebody else changes the application or its coalition (rules 4, 8 and 9)."""

import json
from typing import Any

import pytest

from applications.domain.drafting import save_section
from applications.domain.lifecycle import WrongStatus
from applications.domain.readiness import NotReady
from applications.domain.submitting import submit, withdraw
from applications.enums import Status
from applications.models import Application, FrozenContent
from coalitions.domain.coalitions import change_contact
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from tests.factories.moments import AT
from tests.factories.scenarios import join, ready
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db(transaction=True)


def hand_in(case: Any) -> Application:
    return submit(
        application_id=case.pk,
        for_round_id=case.call.rounds.get(number=1).pk,
        actor=case.applicant,
        at=AT,
    )


def add(case: Any) -> Any:
    return join(case.coalition_id, case.coalition.region, actor=case.applicant, at=AT)


def test_who_submits_while_a_partner_is_added_hears_that_it_did_not_consent() -> None:
    case = ready()
    with held_open(lambda: add(case)) as meanwhile:
        late = meanwhile(lambda: hand_in(case))
        assert late.waits()
    with pytest.raises(NotReady):
        late.result()
    assert not FrozenContent.objects.exists()


def test_a_partner_that_is_added_while_somebody_submits_is_not_in_what_was_submitted() -> None:
    case = ready()
    with held_open(lambda: hand_in(case)) as meanwhile:
        late = meanwhile(lambda: add(case))
        assert late.waits()
    added = late.result()
    content = json.loads(bytes(FrozenContent.objects.get().content))
    numbers = {each["kvk_number"] for each in content["organisations"]}
    assert added.organisation.kvk_number not in numbers
    assert list(every_violation()) == []


def test_a_change_of_contact_person_that_waits_for_a_submission_changes_nothing_after_it() -> None:
    case = ready()
    partner = case.partners[0]
    with held_open(lambda: hand_in(case)) as meanwhile:
        late = meanwhile(
            lambda: change_contact(
                participation_id=partner.pk,
                contact_name="Nieuw",
                contact_email="nieuw@partner.example",
                actor=case.applicant,
                at=AT,
            )
        )
        assert late.waits()
    with pytest.raises(RuleViolation):
        late.result()
    partner.refresh_from_db()
    assert partner.contact_name != "Nieuw"


def test_a_save_that_waits_for_a_submission_writes_nothing_after_it() -> None:
    case = ready()
    spec = case.call.sections.first()
    with held_open(lambda: hand_in(case)) as meanwhile:
        late = meanwhile(
            lambda: save_section(
                reference=case.reference,
                key=spec.key,
                text="Te laat",
                seen_version=1,
                actor=case.applicant,
                at=AT,
            )
        )
        assert late.waits()
    with pytest.raises(WrongStatus):
        late.result()
    assert case.sections.get(spec=spec).text != "Te laat"


def test_submitting_and_withdrawing_at_once_leave_one_story() -> None:
    case = ready()
    outcomes = race(
        lambda: hand_in(case), lambda: withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    )
    case.refresh_from_db()
    assert case.status == Status.WITHDRAWN
    assert isinstance(outcomes[1], Application)
    assert isinstance(outcomes[0], Application | WrongStatus)
