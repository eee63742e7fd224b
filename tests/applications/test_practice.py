"""Of a call for practice each page and mail says that it is practice: who is asked may not know that word (rule 35)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consents import ask_consent
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.scenarios import mailed_secret
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
WORDS = "Dit is een oefening"


@pytest.mark.parametrize("is_rehearsal", [False, True])
def test_who_applies_who_is_asked_and_who_signs_reads_it(client: Client, is_rehearsal: bool) -> None:
    case: Any = scenarios.written()
    case.call.is_rehearsal = is_rehearsal
    case.call.save()
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    mail = OutgoingMail.objects.get(kind="consent_request")
    assert mail.body.startswith(WORDS) is is_rehearsal
    pages = [
        reverse("applications:consent", args=[mailed_secret(partner.contact_email)]),
        reverse("applications:overview", args=[case.reference]),
        reverse("website:call", args=[case.call.slug]),
    ]
    with at_moment(AT):
        first = page_text(client.get(pages[0]))
        log_in(client, case.applicant)
        shown = [first, *(page_text(client.get(each)) for each in pages[1:])]
    assert [WORDS in each for each in shown] == [is_rehearsal] * 3
