"""Speaking for an organisation is proved before it counts (rule 27)."""

from datetime import timedelta
from functools import partial

import pytest

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.models import OutgoingMail
from organisations.domain.claiming import MAX_A_DAY, claim_organisation
from organisations.domain.mails import MOST_ASKED_ABOUT
from organisations.domain.representing import (
    ASK_AGAIN_AFTER,
    DisputedMeanwhile,
    ask_colleagues_again,
    confirm_as_office,
    confirm_colleague,
    dispute_colleague,
    dispute_of,
    end_representation,
)
from organisations.enums import Proof, Standing
from organisations.models import Organisation, Representative
from organisations.permissions import may_vouch_as_office
from organisations.queries import organisations_of
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, office, speaker_for
from tests.factories.scenarios import facts_of
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def newcomer() -> User:
    return UserFactory.create()


@pytest.fixture
def waiting(organisation: Organisation, newcomer: User) -> Representative:
    """Somebody who only said that they speak for the organisation."""
    return claim_organisation(facts=facts_of(organisation), actor=newcomer, at=AT)


def colleague_of(organisation: Organisation) -> User:
    return speaker_for(organisation)


def test_a_colleague_who_speaks_for_it_vouches_once_and_the_person_is_told(
    organisation: Organisation, waiting: Representative, newcomer: User
) -> None:
    colleague = colleague_of(organisation)
    for _click in range(2):
        proved = confirm_colleague(representative_id=waiting.pk, actor=colleague, at=LATER)
    assert (proved.proof, proved.proved_by, proved.proved_at) == (Proof.COLLEAGUE, colleague, LATER)
    assert list(organisations_of(newcomer)) == [organisation]
    told = OutgoingMail.objects.filter(kind="representation_confirmed")
    assert [each.recipient for each in told] == [newcomer.email]


def test_the_office_vouches(waiting: Representative) -> None:
    assert (
        confirm_as_office(representative_id=waiting.pk, shown_dispute="", actor=office(), at=LATER).proof
        == Proof.OFFICE
    )


def test_who_only_said_so_vouches_for_nobody(organisation: Organisation, waiting: Representative) -> None:
    accomplice = UserFactory.create()
    claim_organisation(facts=facts_of(organisation), actor=accomplice, at=AT)
    for act in (confirm_colleague, partial(confirm_as_office, shown_dispute="")):
        with pytest.raises(NotAllowed):
            act(representative_id=waiting.pk, actor=accomplice, at=LATER)
    with pytest.raises(NotAllowed):
        dispute_colleague(representative_id=waiting.pk, reason="Weg.", actor=accomplice, at=LATER)


def test_nobody_vouches_for_themselves(organisation: Organisation) -> None:
    user = person(Role.OFFICER)
    claimed = claim_organisation(facts=facts_of(organisation), actor=user, at=AT)
    for act in (confirm_colleague, partial(confirm_as_office, shown_dispute="")):
        with pytest.raises(NotAllowed):
            act(representative_id=claimed.pk, actor=user, at=LATER)
    with refused_by("representative_proved_by_somebody_else"):
        Representative.objects.filter(pk=claimed.pk).update(
            proof=Proof.OFFICE, proved_by=user, proved_at=LATER
        )


def test_what_a_colleague_disputes_is_for_the_office_alone(
    organisation: Organisation, waiting: Representative, newcomer: User
) -> None:
    colleague, other = colleague_of(organisation), colleague_of(organisation)
    disputed = dispute_colleague(
        representative_id=waiting.pk, reason="Ken ik niet.", actor=colleague, at=LATER
    )
    assert disputed.standing == Standing.CONTESTED
    with pytest.raises(NotAllowed):
        confirm_colleague(representative_id=waiting.pk, actor=other, at=LATER)
    unseen = {"representative_id": waiting.pk, "actor": office(), "at": LATER}
    for shown in ("", f"1{dispute_of(disputed)}"):
        with pytest.raises(DisputedMeanwhile):
            confirm_as_office(shown_dispute=shown, **unseen)
    settled = confirm_as_office(shown_dispute=dispute_of(disputed), **unseen)
    assert (settled.standing, settled.contest_reason) == (Standing.PROVED, "")
    # Who tries a number learns of nobody who knows it (rule 26).
    assert not OutgoingMail.objects.filter(kind="representation_disputed").exists()


def test_the_office_settles_the_dispute_of_somebody_who_was_confirmed_with_two_clicks(
    organisation: Organisation,
) -> None:
    other, disputed = colleague_of(organisation), colleague_of(organisation)
    row = Representative.objects.get(user=disputed)
    Representative.objects.filter(pk=row.pk).update(proof=Proof.COLLEAGUE, proved_by=other)
    dispute_colleague(representative_id=row.pk, reason="Weg.", actor=other, at=LATER)
    row.refresh_from_db()
    shown = dispute_of(row)
    for _click in range(2):
        settled = confirm_as_office(representative_id=row.pk, shown_dispute=shown, actor=office(), at=LATER)
    assert (settled.standing, settled.proved_by) == (Standing.PROVED, other)
    with pytest.raises(NotAllowed):
        confirm_as_office(representative_id=row.pk, shown_dispute=shown, actor=disputed, at=LATER)


def test_disputing_somebody_who_was_confirmed_locks_them_out_of_nothing(
    organisation: Organisation,
) -> None:
    """Who was proved first would otherwise end the others."""
    liar, victim = colleague_of(organisation), colleague_of(organisation)
    row = Representative.objects.get(user=victim)
    dispute_colleague(representative_id=row.pk, reason="Weg ermee.", actor=liar, at=LATER)
    assert list(organisations_of(victim)) == [organisation]
    told = OutgoingMail.objects.get(kind="representation_disputed")
    assert (told.recipient, "Weg ermee" in told.body, liar.full_name in told.body) == (
        victim.email,
        False,
        False,
    )
    with pytest.raises(NotAllowed):
        end_representation(representative_id=row.pk, reason="Weg ermee.", actor=liar, at=LATER)


def test_one_stops_oneself_and_can_say_it_again_later(organisation: Organisation) -> None:
    user = speaker_for(organisation)
    row = Representative.objects.get(user=user)
    for _click in range(2):
        end_representation(representative_id=row.pk, reason="", actor=user, at=LATER)
    assert list(organisations_of(user)) == []
    again = claim_organisation(facts=facts_of(organisation), actor=user, at=LATER)
    assert (again.standing, Representative.objects.count()) == (Standing.PENDING, 2)
    assert not OutgoingMail.objects.filter(kind="representation_ended").exists()


def test_the_office_ends_it_with_a_reason_that_the_person_reads(organisation: Organisation) -> None:
    user = speaker_for(organisation)
    row = Representative.objects.get(user=user)
    with pytest.raises(RuleViolation) as refusal:
        end_representation(representative_id=row.pk, reason="", actor=office(), at=LATER)
    assert refusal.value.field == "reason"
    end_representation(representative_id=row.pk, reason="U werkt er niet meer.", actor=office(), at=LATER)
    assert list(organisations_of(user)) == []
    assert "U werkt er niet meer." in OutgoingMail.objects.get(kind="representation_ended").body


def test_colleagues_are_mailed_when_somebody_says_so_and_again_at_most_once_a_day(
    organisation: Organisation, newcomer: User
) -> None:
    colleagues = [colleague_of(organisation) for _each in range(2)]
    waiting = claim_organisation(facts=facts_of(organisation), actor=newcomer, at=AT)

    def mailed() -> list[str]:
        asked = OutgoingMail.objects.filter(kind="representation_asked")
        return sorted(each.recipient for each in asked)

    addresses = sorted(each.email for each in colleagues)
    assert mailed() == addresses
    ask_colleagues_again(representative_id=waiting.pk, actor=newcomer, at=AT + ASK_AGAIN_AFTER / 2)
    assert mailed() == addresses
    ask_colleagues_again(representative_id=waiting.pk, actor=newcomer, at=AT + ASK_AGAIN_AFTER)
    assert mailed() == sorted(addresses * 2)
    with pytest.raises(NotAllowed):
        ask_colleagues_again(representative_id=waiting.pk, actor=colleagues[0], at=AT + 3 * ASK_AGAIN_AFTER)


def test_a_dispute_follows_who_stops_and_says_the_same_again(
    organisation: Organisation, waiting: Representative, newcomer: User
) -> None:
    colleague = colleague_of(organisation)
    dispute_colleague(representative_id=waiting.pk, reason="Ken ik niet.", actor=colleague, at=LATER)
    end_representation(representative_id=waiting.pk, reason="", actor=newcomer, at=LATER)
    again = claim_organisation(facts=facts_of(organisation), actor=newcomer, at=LATER)
    assert (again.standing, again.contest_reason) == (Standing.CONTESTED, "Ken ik niet.")
    with pytest.raises(NotAllowed):
        confirm_colleague(representative_id=again.pk, actor=colleague, at=LATER)


def test_whom_the_office_ended_comes_back_by_the_office_alone(organisation: Organisation) -> None:
    user = speaker_for(organisation)
    row = Representative.objects.get(user=user)
    end_representation(representative_id=row.pk, reason="Vertrokken.", actor=office(), at=LATER)
    again = claim_organisation(facts=facts_of(organisation), actor=user, at=LATER)
    assert (again.standing, again.contest_reason) == (Standing.CONTESTED, "Vertrokken.")


def test_who_is_disputed_disputes_nobody_back(organisation: Organisation) -> None:
    """Else nobody is left who confirms, hands over or gives an account, until the office settled it."""
    one, other = speaker_for(organisation), speaker_for(organisation)
    rows = {each.user: each for each in Representative.objects.filter(organisation=organisation)}
    dispute_colleague(representative_id=rows[other].pk, reason="Weg.", actor=one, at=LATER)
    with pytest.raises(NotAllowed):
        dispute_colleague(representative_id=rows[one].pk, reason="Zelf weg.", actor=other, at=LATER)
    rows[one].refresh_from_db()
    assert rows[one].contested_at is None


def test_who_is_disputed_vouches_for_nobody(organisation: Organisation, waiting: Representative) -> None:
    disputed, other = colleague_of(organisation), colleague_of(organisation)
    row = Representative.objects.get(user=disputed)
    dispute_colleague(representative_id=row.pk, reason="Vertrokken.", actor=other, at=LATER)
    with pytest.raises(NotAllowed):
        confirm_colleague(representative_id=waiting.pk, actor=disputed, at=LATER)


def test_stopping_and_saying_it_again_mails_colleagues_no_sooner(
    organisation: Organisation, newcomer: User
) -> None:
    colleague_of(organisation)
    for minutes in range(3):
        at = AT + timedelta(minutes=minutes)
        row = claim_organisation(facts=facts_of(organisation), actor=newcomer, at=at)
        end_representation(representative_id=row.pk, reason="", actor=newcomer, at=at)
    assert OutgoingMail.objects.filter(kind="representation_asked").count() == 1


def test_nobody_says_it_more_than_a_few_times_a_day(organisation: Organisation, newcomer: User) -> None:
    for _time in range(MAX_A_DAY):
        row = claim_organisation(facts=facts_of(organisation), actor=newcomer, at=AT)
        end_representation(representative_id=row.pk, reason="", actor=newcomer, at=AT)
    with pytest.raises(TooMuch):
        claim_organisation(facts=facts_of(organisation), actor=newcomer, at=AT)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("representative_proved_by_somebody_else", {"proof": "office"}),
        ("representative_contested_with_a_reason", {"contest_reason": "Zomaar"}),
        ("representative_ended_by_somebody", {"end_reason": "Zomaar"}),
    ],
)
def test_the_database_refuses_half_of_an_answer(
    waiting: Representative, constraint: str, values: dict[str, str]
) -> None:
    with refused_by(constraint):
        Representative.objects.filter(pk=waiting.pk).update(**values)


def test_an_officer_settles_nothing_that_another_account_of_the_own_mailbox_says(
    organisation: Organisation,
) -> None:
    """Rule 28: two accounts of one mailbox are one person."""
    officer = person(Role.OFFICER, email="olga@kantoor.example")
    second = UserFactory.create(email="Olga+thuis@kantoor.example")
    waiting = claim_organisation(facts=facts_of(organisation), actor=second, at=AT)
    for act in (partial(confirm_as_office, shown_dispute=""), partial(end_representation, reason="Nee.")):
        with pytest.raises(NotAllowed):
            act(representative_id=waiting.pk, actor=officer, at=LATER)
    assert not may_vouch_as_office.rows(officer).exists()
    other = person(Role.OFFICER)
    assert (
        confirm_as_office(representative_id=waiting.pk, shown_dispute="", actor=other, at=LATER).standing
        == Standing.PROVED
    )


def test_who_speaks_for_an_organisation_is_not_flooded_by_who_registers_over_and_over(
    organisation: Organisation,
) -> None:
    colleague = colleague_of(organisation)
    for _each in range(MOST_ASKED_ABOUT + 2):
        row = claim_organisation(facts=facts_of(organisation), actor=UserFactory.create(), at=AT)
    asked = OutgoingMail.objects.filter(kind="representation_asked", recipient=colleague.email)
    assert asked.count() == MOST_ASKED_ABOUT
    ask_colleagues_again(representative_id=row.pk, actor=row.user, at=LATER)
    assert asked.count() == MOST_ASKED_ABOUT
    ask_colleagues_again(representative_id=row.pk, actor=row.user, at=AT + timedelta(days=1))
    assert asked.count() == MOST_ASKED_ABOUT + 1
