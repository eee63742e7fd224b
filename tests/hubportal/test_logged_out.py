"""Who was logged out while they typed in a form of one button loses nothing of it (rule 32)."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from organisations.models import Organisation
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db


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
