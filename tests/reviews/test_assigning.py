"""Two reviewers at least for each application, never with an interest, what was assigned stays (rule 15)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from applications.domain.submitting import withdraw
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant
from hubportal.audit.models import AuditEvent
from hubportal.mail.models import OutgoingMail
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.enums import AffiliationKind
from reviews.models import Affiliation, Assignment, InterestDeclaration
from reviews.queries import rounds_to_assign
from reviews.tasks import assign_reviewers_task
from tests.factories.accounts import person
from tests.factories.calls import make_call
from tests.factories.moments import AT, moment
from tests.factories.organisations import RepresentativeFactory
from tests.factories.scenarios import assigned, judged, open_to, sealed, several_submitted, submitted
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewers():
    return [person(Role.REVIEWER) for _each in range(3)]


def assign(case: Any) -> int:
    return assign_reviewers(round_id=case.review_round_id, at=AT)


def who(case: Any) -> set[int]:
    return set(case.assignments.filter(ended_at=None).values_list("reviewer_id", flat=True))


def test_each_application_of_a_sealed_round_gets_two_and_the_load_is_even(reviewers) -> None:
    cases = several_submitted(3)
    sealed(cases[0])
    assert assign(cases[0]) == 6
    assert [len(who(each)) for each in cases] == [2, 2, 2]
    assert Counter(Assignment.objects.values_list("reviewer_id", flat=True)) == {
        each.pk: 2 for each in reviewers
    }
    assert AuditEvent.objects.filter(act="reviews.assigned").count() == 6


def test_assigning_is_idempotent(reviewers) -> None:
    case = sealed()
    assign(case)
    before = who(case)
    assert (assign(case), who(case)) == (0, before)
    assert not rounds_to_assign().exists()


def test_the_call_says_how_many_review() -> None:
    call = make_call(reviewers_per_application=3)
    case = assigned(call=call)
    assert len(who(case)) == 3


def test_only_sealed_applications_are_assigned(reviewers) -> None:
    case = submitted()
    assert assign(case) == 0
    assert not rounds_to_assign().exists()


def test_another_round_of_the_call_gets_no_reviewers_by_it(reviewers) -> None:
    first = sealed()
    second = sealed(call=first.call, at=moment("2024-05-20T10:00"))
    assert assign(second) == 2
    assert (who(first), len(who(second))) == (set(), 2)


def test_what_was_withdrawn_after_sealing_is_not_assigned(reviewers) -> None:
    case = sealed()
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert not rounds_to_assign().exists()
    assert assign(case) == 0


@pytest.mark.parametrize("kind", ["employer", "board", "speaks", "declared"])
def test_a_reviewer_with_an_interest_is_never_assigned(kind: str, reviewers) -> None:
    case = sealed()
    barred = reviewers[0]
    if kind == "speaks":
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=barred)
    elif kind == "declared":
        InterestDeclaration.objects.create(
            application=case, user=barred, has_interest=True, explanation="Ja", declared_at=AT
        )
    else:
        Affiliation.objects.create(
            user=barred, organisation=case.lead, kind=AffiliationKind(kind), noted_at=AT
        )
    assert assign(case) == 2
    assert barred.pk not in who(case)


def test_a_reviewer_who_declares_an_interest_is_replaced_and_never_asked_again(reviewers) -> None:
    case = sealed()
    assign(case)
    barred = case.assignments.first().reviewer
    declare_interest(application_id=case.pk, has_interest=True, explanation="Ja", actor=barred, at=AT)
    assert list(rounds_to_assign()) == [case.review_round]
    assert (assign(case), assign(case)) == (1, 0)
    assert (barred.pk in who(case), len(who(case))) == (False, 2)


def test_too_few_reviewers_are_assigned_as_far_as_they_go_and_the_rest_later() -> None:
    case = sealed()
    one = person(Role.REVIEWER)
    assert (assign(case), who(case)) == (1, {one.pk})
    assert list(rounds_to_assign()) == [case.review_round]
    person(Role.REVIEWER)
    assert assign(case) == 1


def test_closed_accounts_and_former_reviewers_get_no_work(reviewers) -> None:
    reviewers[0].is_active = False
    reviewers[0].save()
    RoleGrant.objects.filter(user=reviewers[1]).delete()
    case = sealed()
    assert (assign(case), who(case)) == (1, {reviewers[2].pk})


def test_the_sweep_assigns_every_round_that_lacks(reviewers) -> None:
    case = sealed()
    later = sealed(submitted(call=case.call, at=moment("2024-06-20T12:00")))
    assign_reviewers_task()
    assign_reviewers_task()
    assert (len(who(case)), len(who(later))) == (2, 2)


def test_the_database_refuses_a_reviewer_twice(reviewers) -> None:
    case = assigned()
    with refused_by("assignment_once_per_reviewer"):
        Assignment.objects.create(
            application=case, reviewer=case.assignments.first().reviewer, assigned_at=AT
        )


@pytest.mark.django_db(transaction=True)
def test_two_workers_assign_each_application_twice_not_four_times(reviewers) -> None:
    cases = several_submitted(2)
    sealed(cases[0])
    assert sorted(race(*(lambda: assign(cases[0]) for _each in range(3)))) == [0, 0, 4]
    assert [len(who(each)) for each in cases] == [2, 2]


def test_each_reviewer_is_mailed_once_how_much_waits_and_nothing_of_it(reviewers) -> None:
    cases = several_submitted(3)
    sealed(cases[0])
    assert assign(cases[0]) == 6
    told = OutgoingMail.objects.filter(kind="reviews_assigned").order_by("pk")
    numbers = Counter(Assignment.objects.values_list("reviewer__email", flat=True))
    assert {each.recipient: each.subject for each in told} == {
        email: f"{number} aanvragen wachten op uw beoordeling" for email, number in numbers.items()
    }
    assert not any(case.reference in each.body or case.title in each.body for case in cases for each in told)
    assert assign(cases[0]) == 0
    assert told.count() == len(numbers)


def test_who_could_read_others_reviews_in_another_role_is_not_assigned_afterwards() -> None:
    case = assigned()
    first, second = case.assignments.order_by("pk")
    judged(first, at=AT + timedelta(days=40))
    chair = person(Role.CHAIR)
    RoleGrant.objects.create(user=chair, role=Role.REVIEWER, granted_at=AT)
    open_to(case, chair)
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Buurvrouw.", actor=second.reviewer, at=AT
    )
    assert assign(case) == 0
    other = person(Role.REVIEWER)
    assert assign(case) == 1
    assert who(case) == {first.reviewer_id, other.pk}


def test_the_database_asks_why_an_assignment_ended(reviewers) -> None:
    assignment = assigned().assignments.first()
    with refused_by("assignment_ended_for_a_reason"):
        Assignment.objects.filter(pk=assignment.pk).update(ended_at=AT)


def test_reviewers_meet_others_than_in_an_earlier_round() -> None:
    first = sealed()
    four = [person(Role.REVIEWER) for _each in range(4)]
    assign(first)
    second = sealed(call=first.call, at=moment("2024-05-20T10:00"))
    third = submitted(call=first.call, at=moment("2024-06-20T12:00"))
    assign(second)
    assign(sealed(third))
    met = {frozenset(who(each)) for each in (first, second, third)}
    assert (len(met), set().union(*met) <= {each.pk for each in four}) == (3, True)
