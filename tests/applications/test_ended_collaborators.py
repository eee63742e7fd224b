"""Who takes part for an organisation and was ended there since takes part no more (rules 27 and 37)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.collaborating import accept_invitation
from applications.domain.mails import queue_named_leader
from applications.queries import in_room_of
from applications.queries.named import named_in
from applications.queries.receipts import everybody_of, told_of
from applications.queries.roles import with_a_role
from applications.queries.tasks import assignable_in
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from organisations.domain.representing import end_representation
from organisations.models import Representative
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    return scenarios.written()


def ended(user: User, place: Any) -> None:
    row = Representative.objects.get(user=user, organisation=place.organisation, ended_at=None)
    end_representation(representative_id=row.pk, reason="Een oplichter.", actor=person(Role.OFFICER), at=AT)


def reads(user: User, case: Any) -> bool:
    return in_room_of(user).filter(pk=case.pk).exists()


def test_they_read_and_write_no_more_and_the_lead_sees_why(case, client: Client) -> None:
    place = case.partners[0]
    user = joined(case, speaker_for(place.organisation), participation_id=place.pk)
    assert reads(user, case)
    ended(user, place)
    assert (reads(user, case), user.email in everybody_of(case)["along"]) == (False, False)
    assert not assignable_in(case, case.applicant).filter(pk=user.pk).exists()
    log_in(client, user)
    section = reverse("applications:section", args=[case.reference, "regio"])
    assert client.get(section).status_code == client.post(section, {"text": "x"}).status_code == 404
    log_in(client, case.applicant)
    shown = page_text(client.get(reverse("applications:collaborators", args=[case.reference])))
    assert "Spreekt volgens een collega of het programmabureau niet voor deze organisatie" in shown
    # Who is proved anew takes part as before.
    RepresentativeFactory.create(user=user, organisation=place.organisation)
    assert reads(user, case)


def test_a_helper_for_no_organisation_goes_on(case) -> None:
    place = case.partners[0]
    user = joined(case, speaker_for(place.organisation))
    ended(user, place)
    assert reads(user, case)


def test_they_are_invited_for_it_no_more_but_as_a_helper(case) -> None:
    place = case.partners[0]
    user = speaker_for(place.organisation)
    waiting = invited(case, user.email, participation_id=place.pk)
    ended(user, place)
    with pytest.raises(RuleViolation, match="niet voor deze organisatie spreekt"):
        accept_invitation(key=waiting.key, actor=user, at=AT)
    other = speaker_for(place.organisation)
    ended(other, place)
    with pytest.raises(RuleViolation, match="niet spreekt voor") as refusal:
        invited(case, other.email, participation_id=place.pk)
    assert refusal.value.field == "email"
    assert invited(case, other.email).participation is None


def test_who_is_named_in_it_hears_and_sees_no_more_of_it(client: Client) -> None:
    case = scenarios.submitted()
    main = case.people.main_applicant_email
    user = User.objects.get(email=main)
    log_in(client, user)
    page = reverse("applications:receipt", args=[case.reference])
    assert (main in everybody_of(case)["named"], told_of(user).exists()) == (True, True)
    ended(user, case.coalition.participations.get(is_lead=True))
    named = everybody_of(case)["named"]
    assert (main in named, case.people.signatory_email in named, told_of(user).exists()) == (
        False,
        True,
        False,
    )
    assert client.get(page).status_code == 404


def test_who_is_named_for_a_partner_hears_of_no_takeover_and_no_account_and_opens_nothing(
    client: Client,
) -> None:
    case = scenarios.written()
    place = case.partners[0]
    leader = speaker_for(place.organisation, email="leider@kring.example")
    case.people.leader_email, case.people.leader_organisation = leader.email, place.organisation
    case.people.save()
    assert leader.email in with_a_role(case, case.applicant)
    assert (leader.email, case.people.leader_name) in named_in(case.people)
    ended(leader, place)
    assert leader.email not in with_a_role(case, case.applicant)
    assert leader.email not in {email for email, _name in named_in(case.people)}
    # That they are named is told, as the law asks: without the title, and without a page.
    mail = queue_named_leader(case, at=AT)
    assert mail is not None
    assert (case.title in mail.body, "/ontvangst/" in mail.body) == (False, False)
    assert "Daarin staat u als projectleider" in mail.body
