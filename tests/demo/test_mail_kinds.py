"""Every kind of mail is named in the demo, with the newest one of those that were written."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.mail.enums import KINDS
from hubportal.mail.models import OutgoingMail
from tests.factories.mail import queued_mail
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def test_each_kind_is_there_and_leads_to_the_newest(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for subject in ("Ouder (fictief)", "Nieuwer (fictief)"):
        queued_mail(kind="receipt", subject=subject)
    queued_mail(kind="withdrawn", subject="Ingetrokken (fictief)")
    newest = OutgoingMail.objects.get(subject="Nieuwer (fictief)")
    with django_assert_num_queries(1):
        shown = client.get(reverse("demo:mail_kinds"))
    text = page_text(shown)
    assert f"staan 2 van de {len(KINDS)} soorten e-mail" in text
    assert str(newest.pk) in re.findall(r'href="/demo/mails/(\d+)/"', shown.content.decode())
    assert ("Ouder (fictief)" in text, text.count("nu niet in de mailbox")) == (False, len(KINDS) - 2)
