"""A one-time link that opens nothing any more is taken out of the mail that brought it."""

from datetime import timedelta

import pytest

from applications.domain.consents import ask_consent
from applications.domain.signing import sign_by_link
from applications.enums import LinkPurpose
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.moments import AT

pytestmark = pytest.mark.django_db


def went_out() -> None:
    OutgoingMail.objects.update(status=MailStatus.SENT, claimed_at=AT, sent_at=AT, attempts=1)


def test_a_link_that_was_used_is_blanked_and_the_rest_of_the_mail_stays() -> None:
    case = scenarios.submitted(signed=False)
    email = case.people.signatory_email
    link = scenarios.mailed_link(email, LinkPurpose.SIGN)
    secret = scenarios.mailed_secret(email, "signature_request")
    went_out()
    other = OutgoingMail.objects.exclude(recipient=email).order_by("pk").values_list("pk", "body")
    before = list(other)
    mail = OutgoingMail.objects.filter(recipient=email, kind="signature_request").latest("pk")
    sign_by_link(link=link, name=case.people.signatory_name, at=AT)
    text = mail.body
    mail.refresh_from_db()
    assert (secret in text, mail.body) == (True, text.replace(secret, "…"))
    assert list(other) == before


def test_a_link_that_was_replaced_is_blanked_and_the_new_one_works() -> None:
    case = scenarios.written()
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    first = scenarios.mailed_secret(partner.contact_email)
    went_out()
    later = AT + timedelta(hours=1)
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=later)
    assert not OutgoingMail.objects.filter(body__contains=first).exists()
    assert scenarios.mailed_secret(partner.contact_email) != first


def test_a_mail_that_did_not_go_out_yet_keeps_its_words() -> None:
    case = scenarios.written()
    partner = case.partners[0]
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=AT)
    first = scenarios.mailed_secret(partner.contact_email)
    later = AT + timedelta(hours=1)
    ask_consent(application_id=case.pk, participation_id=partner.pk, actor=case.applicant, at=later)
    assert OutgoingMail.objects.filter(body__contains=first, status=MailStatus.QUEUED).exists()
