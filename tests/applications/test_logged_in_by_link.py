"""Who answers through a mailed link while they are logged in answers as themselves; nobody agrees with themselves (rules 8, 27 and 28)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.consent_states import consent_states
from applications.domain.consents import answer_by_account
from applications.domain.content import reading_digest
from applications.domain.links import DeadLink
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.enums import ConsentAnswer
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from organisations.domain.representing import end_representation
from organisations.models import Representative
from tests.applications.collaborating import joined
from tests.applications.consenting import HOUR, answer, ask
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, speaker_for
from tests.factories.scenarios import mailed_secret
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    return scenarios.ready()


@pytest.fixture
def place(case: Any) -> Any:
    return case.partners[0]


@pytest.fixture
def speaker(place: Any) -> User:
    return speaker_for(place.organisation)


def counts(case: Any) -> tuple[bool, bool]:
    """Tell whether the answer of the partner counts, and whether it is one of who does not answer for it."""
    case.refresh_from_db()
    [state] = consent_states(snapshot_of(case))
    return state.is_valid, state.is_by_other


def lacks(case: Any) -> list[str]:
    case.refresh_from_db()
    return [
        each.page
        for each in what_is_missing(snapshot_of(case), review_round=case.call.rounds.all()[0], at=AT)
    ]


def by_account(case: Any, place: Any, user: User) -> None:
    case.refresh_from_db()
    answer_by_account(
        application_id=case.pk,
        participation_id=place.pk,
        answer=ConsentAnswer.GIVEN,
        reason="",
        seen_digest=reading_digest(snapshot_of(case)),
        actor=user,
        at=AT,
    )


def said_no(case: Any, place: Any, speaker: User) -> None:
    answer(
        case,
        ask(case, place),
        answer=ConsentAnswer.DECLINED,
        reason="Liever niet.",
        signed_in_as=speaker,
        at=AT,
    )


def test_their_no_stands_until_one_of_them_says_yes(case: Any, place: Any, speaker: User) -> None:
    said_no(case, place, speaker)
    with pytest.raises(RuleViolation, match="Alleen iemand die bevestigd is"):
        answer(case, ask(case, place), at=AT)


def test_they_say_yes_after_it_through_a_link_too(case: Any, place: Any, speaker: User) -> None:
    said_no(case, place, speaker)
    answer(case, ask(case, place), signed_in_as=speaker, at=AT)
    assert counts(case) == (True, False)


def test_their_yes_counts_no_more_once_others_ended_them(
    case: Any, place: Any, speaker: User, client: Client
) -> None:
    answer(case, ask(case, place), signed_in_as=speaker, given_by_name="Noor", at=AT)
    assert (counts(case), lacks(case)) == ((True, False), [])
    row = Representative.objects.get(user=speaker)
    end_representation(representative_id=row.pk, reason="Een oplichter.", actor=person(Role.OFFICER), at=AT)
    assert (counts(case), lacks(case)) == ((False, True), ["partners"])
    log_in(client, case.applicant)
    shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
    assert "noteerde later dat deze persoon niet voor deze partner spreekt" in shown


@pytest.mark.parametrize("by_link", [False, True])
def test_who_agreed_and_speaks_for_the_lead_since_agreed_with_themselves(
    case: Any, place: Any, speaker: User, client: Client, by_link: bool
) -> None:
    if by_link:
        answer(case, ask(case, place), signed_in_as=speaker, at=AT)
    else:
        by_account(case, place, speaker)
    assert (counts(case), lacks(case)) == ((True, False), [])
    RepresentativeFactory.create(user=speaker, organisation=case.lead)
    assert (counts(case), lacks(case)) == ((False, True), ["partners"])
    log_in(client, case.applicant)
    shown = page_text(client.get(reverse("applications:partners", args=[case.reference])))
    assert "kan niet meer voor deze partner antwoorden" in shown
    # Somebody else there can.
    by_account(case, place, speaker_for(place.organisation))
    assert (counts(case), lacks(case)) == ((True, False), [])


def test_who_agreed_while_logged_in_and_helps_the_lead_since_did_too(case: Any, place: Any) -> None:
    reader = UserFactory.create()
    answer(case, ask(case, place), signed_in_as=reader, at=AT)
    assert counts(case) == (True, False)
    joined(case, reader)
    assert counts(case) == (False, True)


def test_who_was_ended_reads_asks_and_answers_nothing_through_the_mailbox_of_another(
    case: Any, place: Any, speaker: User, client: Client
) -> None:
    row = Representative.objects.get(user=speaker)
    end_representation(representative_id=row.pk, reason="Een oplichter.", actor=person(Role.OFFICER), at=AT)
    link = ask(case, place)
    secret = mailed_secret(place.contact_email)
    pages = [
        reverse("applications:consent", args=[secret]),
        reverse("applications:ask_question", args=[secret]),
    ]
    with at_moment(AT + HOUR):
        assert [client.get(each).status_code for each in pages] == [200, 200]
        log_in(client, speaker)
        assert [client.get(each).status_code for each in pages] == [410, 410]
    with pytest.raises(DeadLink, match="niet spreekt voor deze organisatie"):
        answer(case, link, signed_in_as=speaker, at=AT)
    assert answer(case, link, at=AT).answer == ConsentAnswer.GIVEN
