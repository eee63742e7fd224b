"""Who is mailed what a partner answered: nobody who may not read the application any more (rules 22 and 27)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.domain.consents import answer_by_account
from applications.domain.content import reading_digest
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import dispute_colleague, end_representation
from organisations.models import Representative
from tests.applications.consenting import answer, ask
from tests.factories.moments import AT
from tests.factories.organisations import office, pending_for, speaker_for
from tests.factories.scenarios import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return written(partners=2)


def told() -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind="consent_answered").values_list("recipient", flat=True))


def end_for(user: User) -> None:
    mine = Representative.objects.get(user=user, ended_at=None)
    end_representation(representative_id=mine.pk, reason="Werkt er niet meer.", actor=office(), at=AT)


def test_who_began_it_hears_what_a_partner_answers(case) -> None:
    speaker_for(case.coalition.lead_organisation)
    answer(case, ask(case))
    assert told() == [case.applicant.email]


def test_who_began_it_and_speaks_for_the_lead_no_more_hears_nothing(case) -> None:
    colleague = speaker_for(case.coalition.lead_organisation)
    link = ask(case)
    end_for(case.applicant)
    answer(case, link)
    assert told() == [colleague.email]


def test_neither_who_only_says_so_nor_an_account_that_ended_hears_of_it(case) -> None:
    lead = case.coalition.lead_organisation
    pending_for(lead)
    speaker_for(lead, is_active=False)
    link = ask(case)
    end_for(case.applicant)
    answer(case, link)
    assert told() == []


def told_elsewhere() -> list[tuple[str, str]]:
    rows = OutgoingMail.objects.filter(kind="consent_elsewhere").order_by("recipient")
    return list(rows.values_list("recipient", "subject"))


def test_who_speaks_for_a_partner_hears_that_somebody_else_consented_for_it(case) -> None:
    """The lead chooses the mailbox that is asked; told once a day, and of nothing but a yes (rule 27)."""
    partner = case.partners[0]
    speaker, _ended = speaker_for(partner.organisation), speaker_for(partner.organisation, is_active=False)
    pending_for(partner.organisation)
    answer(case, ask(case), answer=ConsentAnswer.DECLINED, reason="Nee")
    assert told_elsewhere() == []
    for _time in range(2):
        answer(case, ask(case, at=AT + timedelta(minutes=2 + _time)))
    assert told_elsewhere() == [
        (speaker.email, f"Iemand stemde in namens {partner.stated_name} ({case.reference})")
    ]
    body = OutgoingMail.objects.get(kind="consent_elsewhere").body
    assert partner.contact_email in body
    assert reverse("applications:consent_account", args=[case.reference, partner.pk]) in body


def test_who_disputes_a_colleague_hears_that_the_colleague_consented(case) -> None:
    """Rule 27: the office looks into it, and the other can answer before the submission."""
    partner = case.partners[0]
    one, other = speaker_for(partner.organisation), speaker_for(partner.organisation)
    dispute_colleague(
        representative_id=other.representations.get().pk, reason="Werkt hier niet meer.", actor=one, at=AT
    )
    ask(case)
    case.refresh_from_db()
    answer_by_account(
        application_id=case.pk,
        participation_id=partner.pk,
        answer=ConsentAnswer.GIVEN,
        reason="",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=other,
        at=AT,
    )
    assert [email for email, _subject in told_elsewhere()] == [one.email]


def test_nobody_hears_of_an_answer_by_who_speaks_for_the_partner(case) -> None:
    partner = case.partners[0]
    speaker_for(partner.organisation, email=partner.contact_email)
    speaker_for(partner.organisation)
    answer(case, ask(case))
    assert told_elsewhere() == []
