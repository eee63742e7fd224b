"""Who is mailed what a partner answered: nobody who may not read the application any more (rules 22 and 27)."""

import pytest

from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import end_representation
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
