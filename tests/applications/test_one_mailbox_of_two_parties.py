"""No account or address of the lead's people answers for a partner, however it is spelled (rules 8 and 28)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from applications.domain.consents import answer_by_account, ask_consent
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from applications.invariants.parties import violations
from applications.models import Application, Consent
from applications.permissions import may_answer_as_partner
from coalitions.domain.coalitions import AlreadyTakesPart, change_contact
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed
from organisations.domain.representing import end_representation
from organisations.models import Representative
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.factories.remembering import remembered

pytestmark = pytest.mark.django_db


@remembered
def asked() -> Application:
    """Return an application of which the partner was asked for consent."""
    case = scenarios.written()
    ask_consent(application_id=case.pk, participation_id=case.partners[0].pk, actor=case.applicant, at=AT)
    return case


def spelled_otherwise(person: User) -> str:
    """Return another address of the mailbox of a person."""
    name, _at, place = person.email.partition("@")
    return f"{name}+partner@{place}"


def of_partner(case: "scenarios.Case", **values: str) -> User:
    """Return somebody of whom it is proved that they speak for the partner."""
    return speaker_for(case.partners[0].organisation, **values)


def answers(case: "scenarios.Case", user: User) -> Consent:
    return answer_by_account(
        application_id=case.pk,
        participation_id=case.partners[0].pk,
        answer=ConsentAnswer.GIVEN,
        reason="",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=user,
        at=AT,
    )


def test_no_second_account_of_a_mailbox_that_speaks_for_the_lead_answers_for_a_partner() -> None:
    case = asked()
    colleague = speaker_for(case.coalition.lead_organisation)
    for lead in (colleague, case.applicant):
        twin = of_partner(case, email=spelled_otherwise(lead))
        assert not may_answer_as_partner.allows(twin, case)
        with pytest.raises(NotAllowed):
            answers(case, twin)
    other = of_partner(case)
    assert may_answer_as_partner.allows(other, case)
    assert answers(case, other).user == other
    assert list(violations()) == []


def test_nor_does_an_account_with_such_an_address_beside_its_own() -> None:
    case = asked()
    colleague = speaker_for(case.coalition.lead_organisation)
    twin = of_partner(case)
    EmailAddress.objects.create(user=twin, email=spelled_otherwise(colleague), verified=True)
    with pytest.raises(NotAllowed):
        answers(case, twin)


def test_an_address_that_the_lead_confirmed_beside_its_own_is_no_partners() -> None:
    case = scenarios.written()
    partner = case.partners[0]
    beside = EmailAddress.objects.create(
        user=speaker_for(case.coalition.lead_organisation), email=partner.contact_email, verified=True
    )
    with pytest.raises(NotAllowed, match="mailbox"):
        ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    EmailAddress.objects.filter(pk=beside.pk).update(email="prive@penvoerder.example")
    for email in ("prive@penvoerder.example", "Prive+2@penvoerder.example"):
        with pytest.raises(AlreadyTakesPart):
            change_contact(
                participation_id=partner.pk,
                contact_name="Wie",
                contact_email=email,
                actor=case.applicant,
                at=AT,
            )


def test_an_answer_through_a_second_account_of_the_applicant_is_found() -> None:
    case = asked()
    given = answers(case, of_partner(case))
    User.objects.filter(pk=given.user_id).update(
        email=spelled_otherwise(case.applicant), mailbox=case.applicant.mailbox
    )
    assert [(each.rule, each.row, each.sentence) for each in violations()] == [
        (8, given.pk, "was given through an account of the applicant")
    ]


def test_who_was_ended_before_they_were_asked_is_no_speaker_of_the_lead_any_more() -> None:
    """The act takes it, so no row that it makes is broken; who is ended afterwards was one then."""
    case = scenarios.written()
    partner = case.partners[0]
    left = speaker_for(case.lead, email=partner.contact_email)
    row = Representative.objects.get(user=left, organisation=case.lead)
    end_representation(representative_id=row.pk, reason="", actor=left, at=AT)
    scenarios.consented(case, partner, at=AT + timedelta(hours=1))
    assert list(violations()) == []
    force(row, ended_at=AT + timedelta(days=1))
    assert [each.rule for each in violations()] == [8]
