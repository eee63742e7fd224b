"""A second click on the same button is answered as the first was, though the page of the first is gone (rule 30)."""

import time
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.repeats import _LOOK_SECONDS, answer_repeats
from mapping.models import KwartiermakerAssignment, ParticipationQuestion
from organisations.models import Organisation, Representative
from people.enums import LinkUse
from tests.factories.accounts import log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, pending_for, speaker_for
from tests.factories.people import agreed_person, kwartiermaker_in, secret_for
from tests.factories.regions import RegionFactory
from tests.factories.residents import confirmed_message
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

TOKEN = {"csrfmiddlewaretoken": "a" * 64}


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    cache.clear()


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


def kwartiermaker(organisation: Organisation) -> User:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=organisation.municipality.region)
    return user


def twice(client: Client, url: str, **sent: Any) -> None:
    """Click twice, and read that it was done once."""
    first, second = (client.post(url, {**sent, **TOKEN}) for _click in range(2))
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert "was al gedaan" in page_text(client.get(first.url))


def test_confirming_a_colleague(client: Client, organisation: Organisation) -> None:
    row = Representative.objects.get(user=pending_for(organisation))
    log_in(client, speaker_for(organisation))
    twice(client, reverse("organisations:confirm", args=[row.pk]))


def test_stopping_and_ending_by_the_office(client: Client, organisation: Organisation) -> None:
    speaker, other = speaker_for(organisation), speaker_for(organisation)
    log_in(client, speaker)
    twice(client, reverse("organisations:stop", args=[Representative.objects.get(user=speaker).pk]))
    log_in(client, person(Role.OFFICER))
    row = Representative.objects.get(user=other)
    twice(client, reverse("admin:end_representative", args=[row.pk]), reason="Vertrokken.")


def test_handing_a_region_over(client: Client, organisation: Organisation) -> None:
    user, successor = kwartiermaker(organisation), person(Role.KWARTIERMAKER)
    log_in(client, user)
    url = reverse("website:hand_over", args=[organisation.municipality.region.slug])
    twice(client, url, user=successor.pk, is_sure="on")
    assert KwartiermakerAssignment.objects.get().user == successor


def test_somebody_without_an_account_who_withdraws_through_a_link(
    client: Client, organisation: Organisation
) -> None:
    """Everything is erased by the first click, and nothing is left by which the second would know the link."""
    region = organisation.municipality.region
    somebody = agreed_person(region, kwartiermaker_in(region))
    where = reverse("people:kept", args=[secret_for(somebody, LinkUse.LASTING)])
    with at_moment(AT):
        twice(client, where, is_sure="on")
        other_page = {"is_sure": "on", "csrfmiddlewaretoken": "b" * 64}
        assert Client().post(where, other_page).status_code == 404


def test_what_was_never_done_is_not_called_done(client: Client, organisation: Organisation) -> None:
    """Rule 26."""
    row = Representative.objects.get(user=pending_for(organisation))
    log_in(client, person())
    url = reverse("organisations:confirm", args=[row.pk])
    assert [client.post(url, TOKEN).status_code for _click in range(2)] == [404, 404]


def test_another_page_is_no_second_click(client: Client, organisation: Organisation) -> None:
    row = Representative.objects.get(user=pending_for(organisation))
    log_in(client, speaker_for(organisation))
    url = reverse("organisations:confirm", args=[row.pk])
    assert client.post(url, TOKEN).status_code == 302
    assert client.post(url, {"csrfmiddlewaretoken": "b" * 64}).status_code == 404


def test_what_was_refused_by_a_page_that_leads_elsewhere_is_not_called_done(client: Client) -> None:
    """First there is nothing to propose, then the region is no longer theirs: neither did anything."""
    region = RegionFactory.create()
    user = kwartiermaker_in(region)
    log_in(client, user)
    url = reverse("matching:propose", args=[region.slug])
    assert client.post(url, TOKEN).status_code == 302
    KwartiermakerAssignment.objects.all().delete()
    assert client.post(url, TOKEN).status_code == 404


def test_who_takes_over_what_a_resident_wrote_does_not_read_that_another_did(client: Client) -> None:
    region = RegionFactory.create()
    log_in(client, kwartiermaker_in(region))
    found = confirmed_message(region)
    url = reverse("residents:take_over", args=[region.slug, found.pk])
    first, second = (client.post(url, TOKEN) for _click in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    shown = page_text(client.get(first.url))
    assert "was al gedaan" in shown
    assert "al afgehandeld" not in shown
    assert ParticipationQuestion.objects.count() == 1
    other_page = client.post(url, {"csrfmiddlewaretoken": "b" * 64})
    assert other_page.url == reverse("residents:message", args=[region.slug, found.pk])


def test_another_file_of_the_same_size_is_no_second_click() -> None:
    answers = [HttpResponseRedirect("/daar/"), HttpResponse(status=422)]
    handle = answer_repeats(
        lambda request: answers.pop(0) if request.FILES["file"].read() else HttpResponse()
    )
    statuses = []
    for content in (b"een", b"twe"):
        request = RequestFactory().post("/", {**TOKEN, "file": SimpleUploadedFile("brief.pdf", content)})
        request.user = AnonymousUser()
        statuses.append(handle(request).status_code)
    assert statuses == [302, 422]


def test_whoever_lost_the_role_is_answered_as_if_they_never_had_it(
    client: Client, organisation: Organisation
) -> None:
    row = Representative.objects.get(user=pending_for(organisation))
    officer = person(Role.OFFICER)
    log_in(client, officer)
    url = reverse("admin:confirm_representative", args=[row.pk])
    assert client.post(url, TOKEN).status_code == 302
    RoleGrant.objects.filter(user=officer).delete()
    assert client.post(url, TOKEN).status_code == 404


def test_the_second_waits_for_the_answer_to_the_first(
    client: Client, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Representative.objects.get(user=pending_for(organisation))
    log_in(client, speaker_for(organisation))
    url = reverse("organisations:confirm", args=[row.pk])
    assert client.post(url, TOKEN).status_code == 302
    (key,) = (each for each in _keys() if "repeat-" in each)
    cache.set(key, "underway", 60)
    waited = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        cache.set(key, "/daar/", 60)

    monkeypatch.setattr(time, "sleep", wait)
    assert (client.post(url, TOKEN).url, waited) == ("/daar/", [_LOOK_SECONDS])


def _keys() -> list[str]:
    server: Any = cache
    found = server._cache.get_client(None).scan_iter(match=f"{server.key_prefix}:*")
    return [each.decode().partition(":1:")[2] for each in found]
