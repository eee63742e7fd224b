"""Pages on which colleagues, kwartiermaker and office say who speaks for an organisation (rule 27)."""

from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hubportal.accounts.enums import Role
from hubportal.kernel.errors import NotAllowed
from organisations.domain.claiming import claim_organisation
from organisations.domain.representing import confirm_as_office, confirm_colleague, end_representation
from organisations.enums import Standing
from organisations.models import Organisation, Representative
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.mapping import KwartiermakerAssignmentFactory
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, pending_for, speaker_for
from tests.factories.scenarios import facts_of
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def waiting(organisation: Organisation) -> Representative:
    return Representative.objects.get(user=pending_for(organisation, full_name="Nina Nieuw"))


def kwartiermaker_of(organisation: Organisation) -> Any:
    user = person(Role.KWARTIERMAKER)
    KwartiermakerAssignmentFactory.create(user=user, region=organisation.municipality.region)
    return user


def test_a_colleague_confirms_after_being_asked_once_more(
    client: Client, organisation: Organisation, waiting: Representative
) -> None:
    log_in(client, speaker_for(organisation))
    page = reverse("organisations:colleagues", args=[organisation.pk])
    assert "Nina Nieuw" in page_text(client.get(page))
    url = reverse("organisations:confirm", args=[waiting.pk])
    assert "Spreekt Nina Nieuw namens" in page_text(client.get(url))
    waiting.refresh_from_db()
    assert waiting.standing == Standing.PENDING
    assert client.post(url).url == page
    waiting.refresh_from_db()
    assert waiting.standing == Standing.PROVED


def test_who_disputes_gives_a_reason_and_keeps_what_was_typed(
    client: Client, organisation: Organisation, waiting: Representative
) -> None:
    log_in(client, speaker_for(organisation))
    url = reverse("organisations:dispute", args=[waiting.pk])
    refused = client.post(url, {"reason": "x" * 501})
    assert (refused.status_code, refused.context["form"]["reason"].value()) == (422, "x" * 501)
    assert client.post(url, {"reason": "Ken ik niet."}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.standing, waiting.contest_reason) == (Standing.CONTESTED, "Ken ik niet.")


def test_one_stops_after_being_asked_once_more(client: Client, organisation: Organisation) -> None:
    user = speaker_for(organisation)
    row = Representative.objects.get(user=user)
    log_in(client, user)
    url = reverse("organisations:stop", args=[row.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).url == reverse("organisations:my_organisations")
    row.refresh_from_db()
    assert row.standing == Standing.ENDED


def test_the_office_finds_somebody_who_was_confirmed_and_ends_it_with_a_reason(
    client: Client, organisation: Organisation
) -> None:
    row = Representative.objects.get(user=speaker_for(organisation))
    log_in(client, person(Role.OFFICER))
    listed = reverse("admin:representatives")
    assert row.user.full_name not in page_text(client.get(listed))
    assert row.user.full_name in page_text(client.get(listed, {"zoek": organisation.kvk_number}))
    client.post(reverse("admin:end_representative", args=[row.pk]), {"reason": "Werkt er niet meer."})
    row.refresh_from_db()
    assert (row.standing, row.end_reason) == (Standing.ENDED, "Werkt er niet meer.")


def test_whom_somebody_confirmed_is_shown_where_the_office_ends_it(
    client: Client, organisation: Organisation, waiting: Representative
) -> None:
    """Rule 27: they stay, and may be no more a colleague than who confirmed them."""
    row = Representative.objects.get(user=speaker_for(organisation))
    other = Representative.objects.get(user=speaker_for(organisation))
    confirm_colleague(representative_id=waiting.pk, actor=row.user, at=AT)
    log_in(client, person(Role.OFFICER))
    shown = client.get(reverse("admin:end_representative", args=[row.pk])).content.decode()
    assert reverse("admin:end_representative", args=[waiting.pk]) in shown
    assert reverse("admin:end_representative", args=[other.pk]) not in shown


def test_who_disputes_and_why_is_for_the_office_only(
    client: Client, organisation: Organisation, waiting: Representative
) -> None:
    colleague = speaker_for(organisation)
    log_in(client, colleague)
    client.post(reverse("organisations:dispute", args=[waiting.pk]), {"reason": "Ken ik niet."})
    log_in(client, waiting.user)
    assert "Ken ik niet." not in page_text(client.get(reverse("organisations:my_organisations")))
    log_in(client, person(Role.OFFICER))
    shown = page_text(client.get(reverse("admin:confirm_representative", args=[waiting.pk])))
    assert "Ken ik niet." in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_take_the_same_queries_however_many_wait(
    client: Client, django_assert_num_queries: Any, organisation: Organisation, count: int
) -> None:
    for _each in range(count):
        pending_for(organisation)
    pages = (
        (speaker_for(organisation), reverse("organisations:colleagues", args=[organisation.pk]), 7),
        (
            kwartiermaker_of(organisation),
            reverse("mapping:representatives", args=[organisation.municipality.region.slug]),
            9,
        ),
        (person(Role.OFFICER), reverse("admin:representatives"), 14),
    )
    for user, url, queries in pages:
        log_in(client, user)
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200


def test_the_office_settles_only_the_dispute_that_it_saw(
    client: Client, organisation: Organisation, waiting: Representative
) -> None:
    officer = log_in(Client(), person(Role.OFFICER))
    url = reverse("admin:confirm_representative", args=[waiting.pk])
    shown = officer.get(url).context["form"].initial
    log_in(client, speaker_for(organisation))
    client.post(reverse("organisations:dispute", args=[waiting.pk]), {"reason": "Ken ik niet."})
    refused = officer.post(url, shown)
    assert (refused.status_code, "Ken ik niet." in page_text(refused)) == (409, True)
    waiting.refresh_from_db()
    assert waiting.standing == Standing.CONTESTED
    assert officer.post(url, refused.context["form"].initial).status_code == 302
    waiting.refresh_from_db()
    assert waiting.standing == Standing.PROVED


@pytest.mark.parametrize("ended", [False, True])
def test_an_officer_settles_nothing_of_an_organisation_that_is_their_own(
    client: Client, organisation: Organisation, ended: bool
) -> None:
    """Rule 27: who was confirmed by them could confirm them as a colleague."""
    officer, other = person(Role.OFFICER), UserFactory.create(full_name="Nina Nieuw")
    own = claim_organisation(facts=facts_of(organisation), actor=officer, at=AT)
    waiting = claim_organisation(facts=facts_of(organisation), actor=other, at=AT)
    if ended:
        end_representation(representative_id=own.pk, reason="", actor=officer, at=AT)
    log_in(client, officer)
    listed, found = reverse("admin:representatives"), reverse("admin:representatives") + "?zoek=Nina"
    confirm = reverse("admin:confirm_representative", args=[waiting.pk])
    end = reverse("admin:end_representative", args=[waiting.pk])
    assert "Nina Nieuw" not in page_text(client.get(listed))
    searched = client.get(found).content.decode()
    assert (confirm in searched, end in searched, "Een andere medewerker" in searched) == (False, False, True)
    for address in (confirm, end):
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    for act in (
        partial(confirm_as_office, shown_dispute=""),
        partial(end_representation, reason="Nee."),
    ):
        with pytest.raises(NotAllowed):
            act(representative_id=waiting.pk, actor=officer, at=AT)
    waiting.refresh_from_db()
    assert waiting.standing == Standing.PENDING
    log_in(client, person(Role.OFFICER))
    assert confirm in client.get(listed).content.decode()
