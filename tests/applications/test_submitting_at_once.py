"""Submitting while somebody else changes the application or its coalition (rules 4, 8 and 9)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from applications.domain.attachments import add_attachment, remove_attachment
from applications.domain.consents import answer_by_link, ask_consent
from applications.domain.content import reading_digest
from applications.domain.drafting import save_particulars, save_people, save_section
from applications.domain.lifecycle import WrongStatus
from applications.domain.readiness import NotReady
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import ChangedSince, DeadlinePassed, submit, withdraw
from applications.enums import ConsentAnswer, Status
from applications.models import Application, FrozenContent
from coalitions.domain.coalitions import change_contact
from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.errors import RuleViolation
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT, FIRST_DEADLINE
from tests.factories.scenarios import join, mailed_link, people_of, plan_budget, ready, written
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db(transaction=True)


def hand_in(case: Any, *, at: datetime = AT, round_number: int = 1) -> Application:
    return submit(
        application_id=case.pk,
        for_round_id=case.call.rounds.get(number=round_number).pk,
        actor=case.applicant,
        at=at,
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


# What is saved after this moment was not received by it.
RECEIVED = AT
AFTER = AT + timedelta(seconds=20)


def section(case: Any, at: datetime) -> Any:
    spec = case.call.sections.first()
    return save_section(
        reference=case.reference, key=spec.key, text="Anders", seen_version=1, actor=case.applicant, at=at
    )


def particulars(case: Any, at: datetime) -> Any:
    return save_particulars(
        application_id=case.pk,
        title="Anders",
        starts_on=case.starts_on,
        duration_months=case.duration_months,
        seen_version=case.particulars_version,
        actor=case.applicant,
        at=at,
    )


def people(case: Any, at: datetime) -> Any:
    return save_people(
        application_id=case.pk,
        values={**people_of(case), "leader_name": "Ander (fictief)"},
        seen_version=case.people.version,
        actor=case.applicant,
        at=at,
    )


def budget(case: Any, at: datetime) -> Any:
    plan_budget(case, 47_000, at=at)
    return case


def attachment(case: Any, at: datetime) -> Any:
    return add_attachment(
        application_id=case.pk, title="Plan", content=letter_pdf(), actor=case.applicant, at=at
    )


def no_attachment(case: Any, at: datetime) -> Any:
    remove_attachment(
        application_id=case.pk, attachment_id=case.attachments.get().pk, actor=case.applicant, at=at
    )
    return case


def contact(case: Any, at: datetime) -> Any:
    return change_contact(
        participation_id=case.partners[0].pk,
        contact_name="Nieuw",
        contact_email="nieuw@partner.example",
        actor=case.applicant,
        at=at,
    )


@pytest.mark.parametrize(
    "change",
    [section, particulars, people, budget, attachment, no_attachment, contact],
    ids=lambda each: each.__name__,
)
def test_what_is_saved_while_a_submission_comes_in_is_not_in_it(
    change: Callable[[Any, datetime], Any],
) -> None:
    """Rule 2: what is submitted stood there at the moment of receipt."""
    case = ready()
    if change is no_attachment:
        attachment(case, AT)
    with held_open(lambda: change(case, AFTER)) as meanwhile:
        slow = meanwhile(lambda: hand_in(case, at=RECEIVED))
        assert slow.waits()
    with pytest.raises(ChangedSince):
        slow.result()
    case.refresh_from_db()
    assert case.is_draft
    assert not FrozenContent.objects.exists()


def test_a_consent_that_is_answered_while_a_submission_comes_in_does_not_count_for_it() -> None:
    """Rules 2 and 8."""
    case = written()
    [partner] = case.partners
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)

    def agree() -> Any:
        return answer_by_link(
            link=mailed_link(partner.contact_email),
            answer=ConsentAnswer.GIVEN,
            reason="",
            given_by_name=partner.contact_name,
            seen_digest=reading_digest(snapshot_of(case)),
            signed_in_as=None,
            at=AFTER,
        )

    case.refresh_from_db()
    with held_open(agree) as meanwhile:
        slow = meanwhile(lambda: hand_in(case, at=RECEIVED))
        assert slow.waits()
    with pytest.raises(ChangedSince):
        slow.result()
    assert hand_in(case, at=AFTER).submitted_at == AFTER
    assert list(every_violation()) == []


def test_who_submits_once_more_does_so_at_that_moment_also_past_the_deadline() -> None:
    """Rules 2 and 3: who leaves a request open before a deadline does not write on after it."""
    case = ready(at=AT)
    last_moment = FIRST_DEADLINE - timedelta(seconds=1)
    section(case, FIRST_DEADLINE + timedelta(seconds=5))
    with pytest.raises(ChangedSince):
        hand_in(case, at=last_moment)
    with pytest.raises(DeadlinePassed) as refusal:
        hand_in(case, at=FIRST_DEADLINE + timedelta(seconds=9))
    assert refusal.value.next_round == case.call.rounds.get(number=2)
    case.refresh_from_db()
    assert case.is_draft
