"""What people put in is cleaned at the edge, whatever form or address it comes by (rule 33)."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from hubportal.middleware import VisibleText
from tests.breaking import force
from tests.factories import scenarios
from tests.factories.accounts import log_in

pytestmark = pytest.mark.django_db

SIGN_UP = {
    "email": "vreemd@elders.example",
    "password1": "wacht\u200bwoord-van-mij",
    "password2": "wacht\u200bwoord-van-mij",
}


def _edge() -> VisibleText:
    return VisibleText(lambda _request: pytest.fail("not asked"))


@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_every_field_of_every_form_is_cleaned_but_passwords(kind: str) -> None:
    """Rule 33."""
    sent = {"a": ["\u200bb", "c"], "password": "d\u200b", "leeg": " \ufeff"}
    factory = RequestFactory()
    if kind == "multipart":
        request = factory.post("/?q=%E2%80%8Be", sent)
    else:
        body = "a=%E2%80%8Bb&a=c&password=d%E2%80%8B&leeg=+%EF%BB%BF"
        request = factory.post("/?q=%E2%80%8Be", body, content_type="application/x-www-form-urlencoded")
    _edge().process_view(request)
    assert dict(request.POST.lists()) == {"a": ["b", "c"], "password": ["d\u200b"], "leeg": [""]}
    assert request.GET.dict() == {"q": "e"}


def test_a_name_that_nobody_sees_registers_nobody(client: Client) -> None:
    """Rule 33."""
    answer = client.post(reverse("account_signup"), {**SIGN_UP, "full_name": "\u200b\u2800"})
    assert "full_name" in answer.context["form"].errors
    assert not User.objects.filter(email=SIGN_UP["email"]).exists()


def test_a_name_with_an_advert_is_mailed_to_nobody(client: Client) -> None:
    """Rule 33."""
    advert = "Win veel geld op https://spam.example/x"
    answer = client.post(reverse("account_signup"), {**SIGN_UP, "full_name": advert})
    assert answer.context["form"].errors["full_name"] == [
        "Laat webadressen en e-mailadressen weg: schrijf alleen de naam.",
        "Schrijf alleen de naam van een persoon, zonder cijfers en zonder de tekens ! ? : ;",
    ]
    assert advert in answer.content.decode()
    assert not OutgoingMail.objects.exists()


def test_a_stranger_is_mailed_no_link_that_somebody_typed(client: Client) -> None:
    """Rule 33: names of before this rule too."""
    case = scenarios.written()
    partner = Participation.objects.filter(coalition=case.coalition, is_lead=False).first()
    assert partner is not None
    force(case.coalition.lead_organisation, name="Gratis telefoon: https://spam.example/win")
    force(partner, contact_name="klant, open https://spam.example/login nu")
    log_in(client, case.applicant)
    client.post(reverse("applications:ask_consent", args=[case.reference, partner.pk]))
    mail = OutgoingMail.objects.get(kind="consent_request", recipient=partner.contact_email)
    assert "https://spam" not in f"{mail.subject} {mail.body}"
    assert "spam.example" not in f"{mail.subject} {mail.body}"
