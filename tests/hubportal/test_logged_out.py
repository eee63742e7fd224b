"""Who was logged out while they typed in a form of one button loses nothing of it (rule 32)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from organisations.models import Organisation
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db

PASSWORD = "een lang geheim van mij 8"


def test_what_was_typed_is_sent_after_logging_in_again(client: Client) -> None:
    assigned = KwartiermakerAssignmentFactory.create(user=person(Role.KWARTIERMAKER))
    add = reverse("mapping:add_organisation", args=[assigned.region.slug])
    typed = {"name": "Raad Zuid", "notes": "Belde."}
    kept = client.post(add, typed | {"csrfmiddlewaretoken": "x"})
    assert (kept.status_code, kept.context["sent"]) == (403, list(typed.items()))
    assert "Wat u typte, is niet opgeslagen" in page_text(kept)
    assert "Belde." in page_text(kept)
    log_in(client, assigned.user)
    assert client.post(add, dict(kept.context["sent"])).status_code == 302
    assert Organisation.objects.get().name == "Raad Zuid"


def test_it_is_sent_again_with_the_token_of_after_the_log_in() -> None:
    """Which a script takes over (``static/js/page.js``): without one the button would be refused, and the texts are copied."""
    client, log_in_page = Client(enforce_csrf_checks=True), reverse("account_login")
    member = UserFactory.create()
    member.set_password(PASSWORD)
    member.save()
    EmailAddress.objects.update_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )

    def current() -> str:
        client.get(log_in_page)
        return client.cookies["csrftoken"].value

    add, typed = reverse("organisations:claim"), {"name": "Stichting Zuid (fictief)", "kvk_number": "12"}
    kept = client.post(add, {**typed, "csrfmiddlewaretoken": current()})
    shown = kept.content.decode()
    assert (kept.status_code, "<div hidden data-with-script>" in shown) == (403, True)
    [before] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    entered = {"login": member.email, "password": PASSWORD, "csrfmiddlewaretoken": current()}
    assert client.post(log_in_page, entered).status_code == 302
    refused = client.post(add, {**typed, "csrfmiddlewaretoken": before})
    taken = client.post(add, {**typed, "csrfmiddlewaretoken": client.cookies["csrftoken"].value})
    # Taken by the form, which then says what is wrong with it.
    assert (refused.status_code, taken.status_code) == (403, 422)


def test_a_file_is_chosen_again(client: Client) -> None:
    assigned = KwartiermakerAssignmentFactory.create()
    sent = {"file": ContentFile(b"Naam", name="kaart.csv"), "pasted": ""}
    kept = client.post(reverse("imports:imports", args=[assigned.region.slug]), sent)
    assert (kept.status_code, kept.context["is_form"]) == (403, False)


def test_a_page_that_is_opened_leads_to_where_one_logs_in(client: Client) -> None:
    add = reverse("mapping:add_organisation", args=[KwartiermakerAssignmentFactory.create().region.slug])
    assert client.get(add).url == f"{reverse('account_login')}?next={add}"
    assert client.post(add, {"csrfmiddlewaretoken": "x"}).url == f"{reverse('account_login')}?next={add}"
    assert client.post(add, {"name": "x"}, headers={"accept": "application/json"}).status_code == 401
