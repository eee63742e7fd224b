"""Who had a mail sent reads that it came back, and nobody else does (rules 26 and 34)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.domain.consents import ask_consent
from hubportal.mail.models import OutgoingMail
from tests.breaking import force
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.scenarios import submitted, written

pytestmark = pytest.mark.django_db

BACK = AT + timedelta(hours=1)
TOLD = "is teruggekomen op"
SAID = "550 5.1.1 No such user (fictief)"


def come_back(kind: str, *, at: Any = BACK) -> OutgoingMail:
    mail = OutgoingMail.objects.filter(kind=kind).latest("pk")
    known = {"claimed_at": at, "sent_at": at, "attempts": 1, "bounced_at": at}
    return force(mail, status="bounced", answer=SAID, problem=SAID, **known)


def asked(case: Any, *, at: Any = AT) -> None:
    ask_consent(
        application_id=case.pk,
        participation_id=case.partners[0].pk,
        actor=case.applicant,
        at=at,
    )


def partners_page(client: Any, case: Any) -> str:
    log_in(client, case.applicant)
    return client.get(reverse("applications:partners", args=[case.reference])).content.decode()


def test_a_request_for_consent_that_came_back_is_told_on_the_row_of_the_partner(client) -> None:
    case = written()
    asked(case)
    assert TOLD not in partners_page(client, case)
    mail = come_back("consent_request")
    shown = partners_page(client, case)
    assert f"Onze e-mail aan {mail.recipient} {TOLD}" in shown
    # Not what the mail server said.
    assert "No such user" not in shown


def test_a_request_of_before_says_nothing_of_the_one_that_is_on_its_way(client) -> None:
    case = written()
    asked(case)
    come_back("consent_request", at=AT + timedelta(minutes=2))
    asked(case, at=AT + timedelta(hours=2))
    assert TOLD not in partners_page(client, case)


def status_page(client: Any, case: Any, user: Any) -> str:
    log_in(client, user)
    return client.get(reverse("applications:status", args=[case.reference])).content.decode()


def test_a_request_to_sign_that_came_back_is_told_to_the_lead_organisation(client) -> None:
    case = submitted(signed=False)
    kinds = set(OutgoingMail.objects.values_list("kind", flat=True))
    assert "signature_request" in kinds
    assert case.submitted_at is not None
    come_back("signature_request", at=case.submitted_at + timedelta(minutes=1))
    assert TOLD in status_page(client, case, case.applicant)
