"""Work comes back when a role or account ends, and the office ends and gives it by hand (rules 15 and 29)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.permissions import may_read
from hubportal.accounts.domain.roles import change_roles
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant, User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.mail.models import OutgoingMail
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.domain.placing import end_assignment, give_assignment, give_back_assignment
from reviews.domain.reviewing import complete_review, save_review
from reviews.enums import AssignmentEnd
from reviews.models import Review
from reviews.tasks import assign_reviewers_task
from tests.factories.accounts import log_in, person
from tests.factories.moments import SEALED_AT
from tests.factories.scenarios import (
    after_deadline,
    assigned,
    committee,
    judged,
    judgements,
    open_to,
    sealed,
    several_submitted,
)
from tests.racing import held_open, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    return assigned()


def officer_of(case: Any) -> Any:
    officer = committee().officer
    open_to(case, officer, at=SEALED_AT)
    return officer


def why(assignment: Any) -> str:
    assignment.refresh_from_db()
    return assignment.ended_because


def reviewing(case: Any) -> set[int]:
    return set(case.assignments.filter(ended_at=None).values_list("reviewer", flat=True))


class TestLeaving:
    def test_a_role_that_is_taken_gives_its_open_work_back_at_once(self, case) -> None:
        first, second = case.assignments.order_by("pk")
        judged(second, at=after_deadline(case, days=1))
        administrator = person(Role.ADMINISTRATOR)
        for leaving in (first.reviewer, second.reviewer):
            change_roles(user=leaving, roles=[], actor=administrator, at=SEALED_AT)
        assert (why(first), why(second)) == (AssignmentEnd.ROLE, "")
        assert AuditEvent.objects.filter(act="reviews.assignment_ended").count() == 1
        third = person(Role.REVIEWER)
        assert assign_reviewers(round_id=case.review_round_id, at=SEALED_AT) == 1
        assert reviewing(case) == {second.reviewer_id, third.pk}
        assert OutgoingMail.objects.filter(kind="reviews_assigned", recipient=third.email).count() == 1
        assert list(every_violation()) == []

    def test_another_role_that_is_taken_leaves_it(self, case) -> None:
        first = case.assignments.order_by("pk")[0]
        administrator = person(Role.ADMINISTRATOR)
        roles = [Role.REVIEWER, Role.CHAIR]
        change_roles(user=first.reviewer, roles=roles, actor=administrator, at=SEALED_AT)
        change_roles(user=first.reviewer, roles=roles[:1], actor=administrator, at=SEALED_AT)
        assert why(first) == ""

    def test_an_account_that_ends_gives_it_back_to_the_next_sweep(self, case) -> None:
        first, second = case.assignments.order_by("pk")
        first.reviewer.is_active = False
        first.reviewer.save()
        third = person(Role.REVIEWER)
        assign_reviewers_task()
        assert why(first) == AssignmentEnd.ROLE
        assert reviewing(case) == {second.reviewer_id, third.pk}
        assert not give_back_assignment(assignment_id=first.pk, at=SEALED_AT)

    @pytest.mark.django_db(transaction=True)
    def test_while_the_role_ends_no_other_act_ends_its_work_too(self) -> None:
        """One lock order: whoever acts on the application meanwhile finds what became of it."""
        case = assigned()
        first = case.assignments.order_by("pk")[0]
        administrator, officer = person(Role.ADMINISTRATOR), officer_of(case)

        def leave() -> None:
            change_roles(user=first.reviewer, roles=[], actor=administrator, at=SEALED_AT)

        def end_by_hand() -> Any:
            return end_assignment(
                assignment_id=first.pk, explanation="Ziek.", actor=officer, at=after_deadline(case, days=1)
            )

        with held_open(leave) as meanwhile:
            by_hand = meanwhile(end_by_hand)
            assert by_hand.waits()
        assert by_hand.result().ended_because == AssignmentEnd.ROLE
        assert why(first) == AssignmentEnd.ROLE
        assert AuditEvent.objects.filter(act="reviews.assignment_ended").count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_review_that_comes_in_while_the_role_ends_stays_or_is_refused(self) -> None:
        case = assigned()
        first = case.assignments.order_by("pk")[0]
        administrator, at = person(Role.ADMINISTRATOR), after_deadline(case, days=1)
        save_review(
            assignment_id=first.pk,
            judgements=judgements(case),
            remark="",
            seen_version=0,
            actor=first.reviewer,
            at=at,
        )
        outcomes = race(
            lambda: change_roles(user=first.reviewer, roles=[], actor=administrator, at=at),
            lambda: complete_review(assignment_id=first.pk, actor=first.reviewer, at=at),
        )
        assert outcomes[0] is None
        first.refresh_from_db()
        came_in = isinstance(outcomes[1], Review)
        assert (first.completed_at is not None, first.ended_because) == (came_in, "" if came_in else "role")
        assert list(every_violation()) == []


class TestEndingByHand:
    def test_the_office_ends_an_assignment_and_somebody_else_takes_it(self, case) -> None:
        first, second = case.assignments.order_by("pk")
        officer, third = officer_of(case), person(Role.REVIEWER)
        for _twice in range(2):
            end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer, at=SEALED_AT)
        assert (why(first), first.explanation) == (AssignmentEnd.OFFICE, "Ziek.")
        assert assign_reviewers(round_id=case.review_round_id, at=SEALED_AT) == 1
        assert reviewing(case) == {second.reviewer_id, third.pk}
        assert AuditEvent.objects.filter(act="reviews.assignment_ended").count() == 1

    def test_who_only_reviewed_reads_it_no_more_until_they_get_it_again(self, case) -> None:
        """Rule 14."""
        first = case.assignments.order_by("pk")[0]
        officer, reviewer = officer_of(case), first.reviewer
        assert may_read.allows(reviewer, case)
        end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer, at=SEALED_AT)
        assert not may_read.allows(reviewer, case)
        give_assignment(
            application_id=case.pk, reviewer=reviewer, explanation="Beter.", actor=officer, at=SEALED_AT
        )
        assert may_read.allows(reviewer, case)

    def test_who_handles_it_as_well_reads_on(self, case) -> None:
        first = case.assignments.order_by("pk")[0]
        RoleGrant.objects.create(user=first.reviewer, role=Role.CHAIR, granted_at=SEALED_AT)
        end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer_of(case), at=SEALED_AT)
        assert may_read.allows(User.objects.get(pk=first.reviewer_id), case)

    def test_a_complete_review_keeps_its_assignment(self, case) -> None:
        first = case.assignments.order_by("pk")[0]
        judged(first, at=SEALED_AT)
        with pytest.raises(RuleViolation):
            end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer_of(case), at=SEALED_AT)

    def test_it_takes_a_reason_and_an_officer_without_an_interest(self, case) -> None:
        first = case.assignments.order_by("pk")[0]
        officer = committee().officer
        with pytest.raises(NotAllowed):
            end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer, at=SEALED_AT)
        open_to(case, officer, at=SEALED_AT)
        with pytest.raises(RuleViolation):
            end_assignment(assignment_id=first.pk, explanation=" \u200b ", actor=officer, at=SEALED_AT)


class TestGivingByHand:
    def test_who_reviews_it_chooses_nobody_beside_themselves(self, case) -> None:
        first, second = case.assignments.order_by("pk")
        RoleGrant.objects.create(user=first.reviewer, role=Role.OFFICER, granted_at=SEALED_AT)
        with pytest.raises(NotAllowed):
            end_assignment(
                assignment_id=second.pk, explanation="Liever niet.", actor=first.reviewer, at=SEALED_AT
            )

    def test_the_office_assigns_somebody_beside_those_there(self, case) -> None:
        third, officer = person(Role.REVIEWER), officer_of(case)
        for _twice in range(2):
            give_assignment(
                application_id=case.pk, reviewer=third, explanation="Derde.", actor=officer, at=SEALED_AT
            )
        assert (third.pk in reviewing(case), len(reviewing(case))) == (True, 3)
        assert OutgoingMail.objects.filter(kind="reviews_assigned", recipient=third.email).count() == 1

    def test_who_was_ended_by_hand_can_be_given_it_again(self, case) -> None:
        first, officer = case.assignments.order_by("pk")[0], officer_of(case)
        end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer, at=SEALED_AT)
        give_assignment(
            application_id=case.pk,
            reviewer=first.reviewer,
            explanation="Beter.",
            actor=officer,
            at=SEALED_AT + timedelta(days=1),
        )
        assert (why(first), first.ended_at, first.explanation) == ("", None, "Beter.")

    @pytest.mark.parametrize("who", ["declared", "tied", "no reviewer"])
    def test_never_against_an_interest(self, case, who: str) -> None:
        third = person(
            Role.OFFICER if who == "no reviewer" else Role.REVIEWER,
            **({"email": case.people.leader_email} if who == "tied" else {}),
        )
        if who == "declared":
            third = case.assignments.order_by("pk")[0].reviewer
            declare_interest(
                application_id=case.pk, has_interest=True, explanation="Zus.", actor=third, at=SEALED_AT
            )
        with pytest.raises(RuleViolation):
            give_assignment(
                application_id=case.pk,
                reviewer=third,
                explanation="Toch.",
                actor=officer_of(case),
                at=SEALED_AT,
            )
        assert third.pk not in reviewing(case)


class TestPages:
    def test_an_officer_sees_what_lacks_and_what_would_help(self, client, case) -> None:
        officer, first = officer_of(case), case.assignments.order_by("pk")[0]
        end_assignment(assignment_id=first.pk, explanation="Ziek.", actor=officer, at=SEALED_AT)
        log_in(client, officer)
        shown = client.get(reverse("admin:placements"))
        assert [(each["application"], each["free"]) for each in shown.context["rows"]] == [(case, 0)]
        assert "Er is niemand meer die deze aanvraag mag beoordelen" in shown.content.decode()
        person(Role.REVIEWER)
        assert "Binnen een paar minuten" in client.get(reverse("admin:placements")).content.decode()

    def test_the_page_ends_and_gives_and_keeps_what_was_typed(self, client, case) -> None:
        officer, first, third = officer_of(case), case.assignments.order_by("pk")[0], person(Role.REVIEWER)
        log_in(client, officer)
        page = reverse("admin:placement", args=[case.reference])
        refused = client.post(page, {"end": "1", "end-explanation": "Al weken ziek."})
        assert (refused.status_code, "Al weken ziek." in refused.content.decode()) == (422, True)
        client.post(page, {"end": "1", "end-explanation": "Ziek.", "end-assignment": first.pk})
        client.post(page, {"give": "1", "give-explanation": "Neemt over.", "give-reviewer": third.pk})
        assert why(first) == AssignmentEnd.OFFICE
        assert third.pk in reviewing(case)

    def test_who_has_an_interest_sees_nothing_of_it(self, client, case) -> None:
        officer = committee().officer
        declare_interest(
            application_id=case.pk, has_interest=True, explanation="Zus.", actor=officer, at=SEALED_AT
        )
        case.assignments.all().delete()
        log_in(client, officer)
        assert client.get(reverse("admin:placement", args=[case.reference])).status_code == 404
        assert client.get(reverse("admin:placements")).context["rows"] == []

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries_however_many_rows(
        self, client, django_assert_num_queries, count
    ) -> None:
        officer = committee(reviewers=0).officer
        for case in several_submitted(count):
            open_to(sealed(case), officer, at=SEALED_AT)
        log_in(client, officer)
        client.get(reverse("admin:placements"))
        with django_assert_num_queries(16):
            assert len(client.get(reverse("admin:placements")).context["rows"]) == count
