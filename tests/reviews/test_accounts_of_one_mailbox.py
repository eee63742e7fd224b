"""Who gets another account of the same mailbox is still who they were: what they reviewed, and what ties them, goes along (rules 28 and 29)."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from decisions.permissions import may_decide
from hubportal.accounts.domain.roles import change_roles
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.kernel.mailboxes import mailbox
from reviews.barred import barred_from_reviewing
from reviews.domain.interests import declare_interest, note_affiliation
from reviews.enums import AffiliationKind, InterestOrigin
from reviews.interest_queries import interests_to_settle
from reviews.models import Affiliation
from reviews.placements import free_reviewers
from reviews.ties import readers_tied, ties_of
from tests.breaking import force
from tests.factories.accounts import UserFactory, person
from tests.factories.organisations import OrganisationFactory
from tests.factories.scenarios import advised, after_deadline, assigned, open_to, sealed
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
    force(second, verified=True)
    assert {each.organisation for each in ties_of(reviewer, case)} == {case.partners[0].organisation_id}


@pytest.mark.parametrize("trigger", ["former_address_is_kept", "changed_address_is_kept"])
def test_an_address_ties_on_once_it_was_taken_off_the_account(trigger: str) -> None:
    """Rule 29: nobody makes the portal forget whose mailbox they read before they declare their interests."""
    case = sealed()
    reviewer = person(Role.REVIEWER)
    mine = EmailAddress.objects.create(user=reviewer, email=case.partners[0].contact_email, verified=True)
    if trigger == "former_address_is_kept":
        mine.delete()
    else:
        mine.email = "elders@anders.example"
        mine.save()
    assert {each.organisation for each in ties_of(reviewer, case)} == {case.partners[0].organisation_id}
    assert mailbox(case.partners[0].contact_email) in mailboxes_of([reviewer])


def test_an_address_that_nobody_confirmed_is_kept_of_nobody_and_all_go_with_the_account() -> None:
    somebody = UserFactory.create()
    EmailAddress.objects.create(user=somebody, email="een@anders.example", verified=False).delete()
    assert not somebody.former_addresses.exists()
    EmailAddress.objects.create(user=somebody, email="Twee@anders.example", verified=True).delete()
    assert [each.email for each in somebody.former_addresses.all()] == ["twee@anders.example"]
    with refused_by("former_address_once"):
        somebody.former_addresses.create(email="twee@anders.example")
    with refused_by("former_address_goes_with_its_account"), connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_formeraddress (user_id, email) VALUES (0, 'x@y.example')")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    somebody.delete()
    # Those of the address that the account itself took along are gone too, once the database looked.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT count(*) FROM accounts_formeraddress")
        assert cursor.fetchone() == (0,)


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
