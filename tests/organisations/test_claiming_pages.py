"""The organisations that a person speaks for."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, Representative
from organisations.queries import organisations_of
from tests.factories.accounts import log_in, person
from tests.factories.organisations import OrganisationFactory, RepresentativeFactory, speaker_for
from tests.factories.regions import MunicipalityFactory
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "kvk_number": "12 34 56 78",
        "name": "Stichting Samen",
        "legal_form": "foundation",
        "municipality": MunicipalityFactory.create().pk,
        **changes,
    }


def claim(client: Client, **changes: Any) -> Any:
    return client.post(reverse("organisations:claim"), typed(**changes))


def test_visitors_are_asked_to_log_in(client: Client) -> None:
    for name in ("organisations:claim", "organisations:my_organisations"):
        assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_a_new_organisation_is_added_once_however_often_one_clicks(client: Client) -> None:
    user = person()
    log_in(client, user)
    for _each in range(2):
        assert claim(client).url == reverse("organisations:my_organisations")
    organisation = Organisation.objects.get()
    assert (organisation.kvk_number, organisation.name) == ("12345678", "Stichting Samen")
    assert Representative.objects.get().user == user
    assert "Stichting Samen" in page_text(client.get(reverse("organisations:my_organisations")))


def test_an_organisation_of_the_map_keeps_what_the_map_says(client: Client) -> None:
    mapped = OrganisationFactory.create(kvk_number="12345678", name="Zo heet zij")
    log_in(client, person())
    assert claim(client).status_code == 302
    mapped.refresh_from_db()
    assert (mapped.name, mapped.representatives.count()) == ("Zo heet zij", 1)


def test_who_says_to_speak_for_an_organisation_of_others_waits_and_is_told_so(client: Client) -> None:
    speaker_for(OrganisationFactory.create(kvk_number="12345678"))
    newcomer = person()
    log_in(client, newcomer)
    assert claim(client).status_code == 302
    shown = page_text(client.get(reverse("organisations:my_organisations")))
    assert "dit controleren wij nog" in shown
    assert list(organisations_of(newcomer)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kvk_number": "1234567a"}, "kvk_number"),
        ({"kvk_number": "123456789"}, "kvk_number"),
        ({"kvk_number": ""}, "kvk_number"),
        ({"legal_form": "initiative"}, "legal_form"),
        ({"legal_form": "verzonnen"}, "legal_form"),
        ({"name": ""}, "name"),
        ({"name": "www.a.example"}, "name"),
        ({"municipality": ""}, "municipality"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_kept(
    client: Client, changes: dict[str, Any], field: str
) -> None:
    log_in(client, person())
    response = claim(client, **changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["name"].value() == changes.get("name", "Stichting Samen")
    assert not Organisation.objects.exists()


def test_an_empty_form_is_refused(client: Client) -> None:
    log_in(client, person())
    assert client.post(reverse("organisations:claim"), {}).status_code == 422


def test_claiming_leads_back_to_the_page_that_sent_one_here(client: Client) -> None:
    log_in(client, person())
    assert claim(client, next=reverse("coalitions:start")).url == reverse("coalitions:start")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    user = person()
    for _each in range(count):
        RepresentativeFactory.create(user=user)
    log_in(client, user)
    with django_assert_num_queries(5):
        client.get(reverse("organisations:my_organisations"))
