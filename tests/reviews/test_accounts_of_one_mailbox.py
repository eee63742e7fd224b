"""Who gets another account of the same mailbox is still who they were: what they reviewed, and what ties them, goes along (rules 28 and 29)."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from decisions.permissions import may_decide
from hubportal.accounts.domain.roles import change_roles
from hubportal.accounts.enums import Role
from hubportal.accounts.models import KnownAddress, User
from hubportal.accounts.queries import accounts_beside, accounts_of, every_mailbox_of, mailboxes_of
from hubportal.kernel.mailboxes import mailbox
from organisations.permissions import may_vouch_as_office
from reviews.barred import barred_from_reviewing
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.enums import AffiliationKind, InterestOrigin, TieKind
from reviews.interest_queries import endable_by, interests_to_settle
from reviews.models import Affiliation, InterestDeclaration
from reviews.placements import free_reviewers
from reviews.queries import interested_in
from reviews.taking_part import takes_part_now
from reviews.ties import Tie, readers_tied, ties_of
from tests.breaking import force
from tests.factories.accounts import UserFactory, person
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, RepresentativeFactory
from tests.factories.scenarios import advised, after_deadline, assigned, open_to, sealed, submitted
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def moved(user: User, *roles: Role, at: Any) -> User:
    """Take the roles of an account, and give these to another one of its mailbox, as after a phone that was lost."""
    admin = person(Role.ADMINISTRATOR)
    change_roles(user=user, roles=[], actor=admin, at=at)
    local, _at, domain = user.email.partition("@")
    other = person(email=f"{local}+nieuw@{domain}")
    change_roles(user=other, roles=roles, actor=admin, at=at)
    return User.objects.get(pk=other.pk)


def first_of(case: Any) -> Any:
    return case.assignments.order_by("pk")[0]


def interested(case: Any, user: User, *, at: Any) -> Any:
    return declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buren.", actor=user, at=at
    )


def test_who_reviewed_an_application_does_not_decide_on_it() -> None:
    case = advised()
    officer = moved(first_of(case).reviewer, Role.OFFICER, at=after_deadline(case, days=22))
    open_to(case, officer, at=after_deadline(case, days=22))
    assert not may_decide.allows(officer, case)


def test_who_reviews_an_application_is_not_assigned_to_it_once_more() -> None:
    case = assigned()
    reviewer = moved(first_of(case).reviewer, Role.REVIEWER, at=after_deadline(case, days=1))
    assert (case.pk, reviewer.pk) in barred_from_reviewing([case.pk])
    assert reviewer not in free_reviewers(case)


def test_an_interest_that_was_declared_counts_on() -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    before = first_of(case).reviewer
    interested(case, before, at=at)
    officer = moved(before, Role.OFFICER, at=at)
    declared = declare_interest(
        application_id=case.pk, has_interest=False, explanation="", actor=officer, at=at
    )
    assert (declared.has_interest, declared.origin, declared.explanation) == (
        True,
        InterestOrigin.DATA,
        "een ander account van deze mailbox, dat een belang meldde",
    )


def test_nobody_records_a_measure_on_their_own_interest() -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    before = first_of(case).reviewer
    interested(case, before, at=at)
    assert interests_to_settle(person(Role.CHAIR)).exists()
    assert not interests_to_settle(moved(before, Role.CHAIR, at=at)).exists()


def test_a_seat_that_was_noted_counts_on() -> None:
    case = assigned()
    at = after_deadline(case, days=1)
    before = person(Role.REVIEWER)
    note_affiliation(user=before, organisation=case.lead, kind=AffiliationKind.BOARD, actor=before, at=at)
    officer = moved(before, Role.OFFICER, at=at)
    assert {(each.person, each.organisation) for each in ties_of(officer, case)} == {
        (officer.pk, case.lead.pk)
    }
    open_to(case, person(Role.OFFICER), at=at)
    reading = case.reading_access.latest("pk")
    force(reading, user=officer)
    assert reading in readers_tied()


def test_a_second_address_ties_too_once_it_is_confirmed() -> None:
    case = sealed()
    reviewer = person(Role.REVIEWER)
    second = EmailAddress.objects.create(user=reviewer, email=case.partners[0].contact_email, verified=False)
    assert ties_of(reviewer, case) == set()
    second.verified = True
    second.save()
    assert {each.organisation for each in ties_of(reviewer, case)} == {case.partners[0].organisation_id}


@pytest.mark.parametrize("is_changed", [False, True])
def test_an_address_ties_on_once_it_was_taken_off_the_account(is_changed: bool) -> None:
    """Rule 29: nobody makes the portal forget whose mailbox they read before they declare their interests."""
    case = sealed()
    reviewer = person(Role.REVIEWER)
    mine = EmailAddress.objects.create(user=reviewer, email=case.partners[0].contact_email, verified=True)
    if is_changed:
        mine.email = "elders@anders.example"
        mine.save()
    else:
        mine.delete()
    assert {each.organisation for each in ties_of(reviewer, case)} == {case.partners[0].organisation_id}
    assert mailbox(case.partners[0].contact_email) in mailboxes_of([reviewer])


def known_of(somebody: User) -> list[tuple[str, str, bool]]:
    return list(somebody.known_addresses.order_by("pk").values_list("email", "mailbox", "is_confirmed"))


def test_an_address_that_nobody_confirmed_is_kept_of_nobody_and_all_go_with_the_account() -> None:
    somebody = UserFactory.create(email="een@anders.example")
    EmailAddress.objects.create(user=somebody, email="niemand@anders.example", verified=False).delete()
    EmailAddress.objects.create(user=somebody, email="Twee+x@Anders.example", verified=True).delete()
    kept = [
        ("een@anders.example", "een@anders.example", True),
        ("twee+x@anders.example", "twee@anders.example", True),
    ]
    assert known_of(somebody) == kept
    with refused_by("known_address_once"):
        somebody.known_addresses.create(email="een@anders.example", mailbox="een@anders.example")
    somebody.delete()
    assert not KnownAddress.objects.exists()


@pytest.mark.parametrize("trigger", ["confirmed_address_is_kept", "own_address_is_kept"])
def test_the_database_keeps_an_address_whichever_way_it_is_written(trigger: str) -> None:
    somebody, email = UserFactory.create(), "langs@anders.example"
    if trigger == "confirmed_address_is_kept":
        EmailAddress.objects.bulk_create([EmailAddress(user=somebody, email=email, verified=True)])
    else:
        User.objects.filter(pk=somebody.pk).update(email=email, mailbox=email)
    assert email in mailboxes_of([somebody])


def test_a_wrong_address_that_was_corrected_before_anybody_confirmed_it_is_forgotten() -> None:
    """Else whoever typed the address of somebody else would be taken for them (rule 28)."""
    somebody = User.objects.create_user("ander@anders.example", "x")
    assert known_of(somebody) == [("ander@anders.example", "ander@anders.example", False)]
    somebody.email = "zelf+a@anders.example"
    somebody.save()
    assert known_of(somebody) == [("zelf+a@anders.example", "zelf@anders.example", False)]


def of_one_person(role: Role) -> tuple[User, User]:
    """Somebody with a role, and an account of theirs that had the mailbox of the first and has another address now."""
    one = person(role, email="mia@programma.example")
    second = UserFactory.create(email="mia+thuis@programma.example")
    first = EmailAddress.objects.get(user=second)
    EmailAddress.objects.create(user=second, email="mia@elders.example", verified=True)
    second.email = "mia@elders.example"
    second.save()
    first.delete()
    return one, second


def test_an_account_that_had_the_mailbox_before_is_theirs_too() -> None:
    one, second = of_one_person(Role.OFFICER)
    assert set(accounts_of(one)) == set(accounts_of(second)) == {one, second}
    assert every_mailbox_of(one) == {"mia@programma.example", "mia@elders.example"}
    stranger = UserFactory.create()
    assert (set(accounts_of(stranger)), accounts_beside(User.objects.filter(pk=stranger.pk))) == (
        {stranger},
        {stranger.pk: set()},
    )


def test_what_such_an_account_wrote_ties_and_shuts_out() -> None:
    one, second = of_one_person(Role.REVIEWER)
    own, case = submitted(), sealed()
    own.writers.create(user=second)
    assert takes_part_now(one)
    assert ties_of(one, case) == {Tie(case.pk, one.pk, own.lead.pk, TieKind.RIVAL, own.pk)}
    assert (case.pk, one.pk) in barred_from_reviewing([case.pk])
    case.writers.create(user=second)
    assert TieKind.NAMED in {each.kind for each in ties_of(one, case)}


def test_an_officer_confirms_no_second_account_of_theirs() -> None:
    one, second = of_one_person(Role.OFFICER)
    claim = RepresentativeFactory.create(user=second, proof="", proved_by=None, proved_at=None)
    assert not may_vouch_as_office.allows(one, claim)
    assert may_vouch_as_office.allows(person(Role.OFFICER), claim)


def test_an_interest_of_such_an_account_counts_and_nobody_ends_its_positions() -> None:
    one, second = of_one_person(Role.ADMINISTRATOR)
    case = sealed()
    InterestDeclaration.objects.create(
        application=case, user=second, has_interest=True, declared_at=AT, explanation="Mijn zus werkt er."
    )
    assert set(interested_in(case.pk)) == {one, second}
    seat = Affiliation.objects.create(
        user=second, organisation=case.lead, kind=AffiliationKind.BOARD, name=case.lead.name, noted_at=AT
    )
    assert not endable_by(one).filter(pk=seat.pk).exists()
    assert endable_by(person(Role.ADMINISTRATOR)).filter(pk=seat.pk).exists()


def test_whoever_reads_under_such_an_account_is_named_as_tied() -> None:
    one, second = of_one_person(Role.OFFICER)
    case = sealed()
    open_to(case, one, at=after_deadline(case))
    assert [each.user for each in readers_tied()] == []
    Affiliation.objects.create(
        user=second, organisation=case.lead, kind=AffiliationKind.BOARD, name=case.lead.name, noted_at=AT
    )
    assert [each.user for each in readers_tied()] == [one]


def test_a_position_of_such_an_account_ties() -> None:
    one, second = of_one_person(Role.REVIEWER)
    case = sealed()
    Affiliation.objects.create(
        user=second, organisation=case.lead, kind=AffiliationKind.BOARD, name=case.lead.name, noted_at=AT
    )
    assert {each.kind for each in ties_of(one, case)} == {AffiliationKind.BOARD}


@pytest.mark.parametrize(
    ("gone", "seat"), [("partner", "organisation"), ("partner", "number"), ("seat", "organisation")]
)
def test_a_seat_ties_under_what_the_map_goes_on_with(gone: str, seat: str) -> None:
    """Two rows of the map were one, or an organisation got another number."""
    case = sealed()
    partner, other = case.partners[0].organisation, OrganisationFactory.create()
    reader = person(Role.OFFICER)
    open_to(case, reader, at=after_deadline(case))
    kept = other if gone == "partner" else partner
    force(partner if gone == "partner" else other, now_as=kept, mapped_at=None)
    where = {"organisation": other} if seat == "organisation" else {"kvk_number": other.kvk_number}
    Affiliation.objects.create(
        user=reader, kind=AffiliationKind.BOARD, name="Zetel", noted_at=after_deadline(case), **where
    )
    assert {each.organisation for each in ties_of(reader, case)} == {partner.pk}
    assert [each.user for each in readers_tied()] == [reader]
