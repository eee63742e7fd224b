"""From the page of a region an application is begun in three steps, and its region stays the same all the way."""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.models import Application
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import PASSWORD
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def link_on(page: HttpResponse, words: str) -> str:
    """Return where the link with these words leads."""
    found = re.findall(rf'href="([^"]*)"[^>]*>\s*{re.escape(words)}\s*<', page.content.decode())
    # The last: that in the head of each page leads to the same without a way back.
    return unescape(found[-1])


def test_an_application_is_begun_from_the_page_of_its_region(client: Client) -> None:
    region = RegionFactory.create(name="Midden-Holland")
    municipality, call = MunicipalityFactory.create(name="Gouda", region=region), make_call()
    with at_moment(AT):
        wanted = link_on(client.get(reverse("website:region", args=[region.slug])), "Een aanvraag beginnen")
        log_in_page = client.get(wanted, follow=True)
        sign_up = link_on(log_in_page, "Account maken")
        assert wanted == f"{reverse('coalitions:start')}?region={region.slug}&then=application"
        form = client.get(sign_up)
        assert "Stap 1 van 3: uw account. Uw regio onthouden we." in page_text(form)
        typed = {"full_name": "Noor de Wit", "email": "noor@vereniging.example"}
        passwords = {"password1": PASSWORD, "password2": PASSWORD}
        client.post(
            reverse("account_signup"), {**typed, **passwords, "next": form.context["redirect_field_value"]}
        )
        [link] = re.findall(r"https?://[^/\s]+(/account/confirm-email/\S+)", OutgoingMail.objects.get().body)
        second = client.post(link, follow=True)
        assert "Stap 2 van 3: zeg namens welke organisatie u schrijft." in page_text(second)
        claim = link_on(second, "Mijn organisatie toevoegen")
        next_page = client.get(claim).context["next"]
        named = {"kvk_number": "11111111", "name": "Stichting Samen", "legal_form": "foundation"}
        third = client.post(claim, {**named, "municipality": municipality.pk, "next": next_page}, follow=True)
        assert "Stap 3 van 3: geef uw coalitie een naam" in page_text(third)
        assert third.context["region"] == region
        choice = third.context["form"].fields["lead_organisation"].queryset.get().pk
        answer = client.post(wanted, {"name": "Samen sterk", "lead_organisation": choice}, follow=True)
        client.post(answer.request["PATH_INFO"], {"call": call.slug})
    application = Application.objects.get()
    assert (application.coalition.region, application.coalition.lead_name) == (region, "Stichting Samen")
