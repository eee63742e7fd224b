"""Whoever says that they speak for a partner opens nothing by that alone (rules 8, 22 and 27)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer, LinkPurpose
from applications.queries import visible_to
from coalitions.domain.coalitions import change_contact
from coalitions.queries import visible_to as coalitions_visible_to
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from organisations.domain.claiming import claim_organisation
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def asked_case() -> "scenarios.Case":
    case = scenarios.written()
    ask(case)
    return case


def ask(case: "scenarios.Case") -> None:
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=LATER)


def claims(case: "scenarios.Case", email: str) -> User:
    """Let somebody with this address say, by its public number, that they speak for the partner."""
    user = UserFactory.create(email=email)
    facts = scenarios.facts_of(case.partners[0].organisation)
    claim_organisation(facts=facts, actor=user, at=LATER)
    return user


def answers(case: "scenarios.Case", user: User) -> Any:
    return answer_by_account(
        application_id=case.pk,
        participation_id=case.partners[0].pk,
        answer=ConsentAnswer.GIVEN,
        reason="",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=user,
        at=LATER,
    )


def test_who_claims_a_partner_by_its_public_number_reads_nothing_and_cannot_consent() -> None:
    case = asked_case()
    stranger = claims(case, "vreemde@elders.example")
    assert not visible_to(stranger).exists()
    assert not coalitions_visible_to(stranger).exists()
    with pytest.raises(NotAllowed):
        answers(case, stranger)


def test_the_contact_person_who_registers_after_being_asked_reads_and_consents() -> None:
    case = asked_case()
    contact = claims(case, case.partners[0].contact_email)
    assert list(visible_to(contact)) == [case]
    assert list(coalitions_visible_to(contact)) == [case.coalition]
    assert answers(case, contact).user == contact


def test_a_partner_that_was_asked_twice_answers_with_its_account(client: Client) -> None:
    case = asked_case()
    ask(case)
    log_in(client, speaker_for(case.partners[0].organisation))
    url = reverse("applications:consent_account", args=[case.reference, case.partners[0].pk])
    with at_moment(LATER):
        assert client.get(url).status_code == 200


def test_a_link_to_a_former_contact_person_is_dead(client: Client) -> None:
    case = asked_case()
    partner = case.partners[0]
    secret = scenarios.mailed_secret(partner.contact_email)
    link = scenarios.mailed_link(partner.contact_email, LinkPurpose.CONSENT)
    change_contact(
        participation_id=partner.pk,
        contact_name="De juiste",
        contact_email="juist@partner.example",
        actor=case.applicant,
        at=LATER,
    )
    assert link.used_at is None
    with at_moment(LATER):
        assert client.get(reverse("applications:consent", args=[secret])).status_code == 410
