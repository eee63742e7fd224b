"""A review is complete with a score and a reason on every criterion, and then never changes (rules 16, 17)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.enums import Outcome
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from reviews.domain.advising import fix_advice
from reviews.domain.interests import declare_interest
from reviews.domain.results import mean_per_criterion, result_of, weighted_mean
from reviews.domain.reviewing import Incomplete, Judgement, complete_review, save_review
from reviews.enums import ReviewStatus
from reviews.models import Assignment, CommitteeAdvice, Review, Score
from reviews.queries import assignments_of, awaiting_advice, reviews_visible_to, reviews_waiting_for
from tests.factories.accounts import UserFactory, person
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    assigned,
    committee,
    judged,
    judgements,
    open_to,
    reviewed,
    sealed,
)
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=20)


@pytest.fixture
def case():
    return assigned()


@pytest.fixture
def assignment(case) -> Assignment:
    return case.assignments.order_by("pk").first()


def save(assignment: Assignment, given: Any = None, **values: Any) -> Review:
    defaults = {
        "assignment_id": assignment.pk,
        "judgements": judgements(assignment.application) if given is None else given,
        "remark": "",
        "seen_version": 0,
        "actor": assignment.reviewer,
        "at": LATER,
    }
    return save_review(**{**defaults, **values})


def complete(assignment: Assignment, actor: Any = None) -> Review:
    return complete_review(assignment_id=assignment.pk, actor=actor or assignment.reviewer, at=LATER)


class TestWriting:
    def test_a_review_is_saved_as_far_as_it_is_and_resumed(self, case, assignment) -> None:
        first, second = case.call.criteria.all()[:2]
        review = save(assignment, {first: Judgement(4, "Goed"), second: Judgement(None, "Nog lezen")})
        assert (review.status, review.version) == (ReviewStatus.DRAFT, 1)
        save(assignment, {second: Judgement(2, "Gelezen")}, seen_version=1, remark="Let op")
        scores = {each.criterion: (each.value, each.reason) for each in review.scores.all()}
        assert scores == {first: (4, "Goed"), second: (2, "Gelezen")}

    def test_a_newer_version_is_not_overwritten(self, case, assignment) -> None:
        save(assignment)
        with pytest.raises(NewerVersion):
            save(assignment, judgements(case, 1))
        assert set(Score.objects.values_list("value", flat=True)) == {4}

    @pytest.mark.parametrize("score", [0, 6, -1, 100])
    def test_a_score_outside_the_scale_is_refused(self, case, assignment, score: int) -> None:
        criterion = case.call.criteria.first()
        with pytest.raises(RuleViolation) as refusal:
            save(assignment, {criterion: Judgement(score, "x")})
        assert refusal.value.field == f"score-{criterion.key}"
        assert not Score.objects.exists()

    def test_a_criterion_of_another_call_is_refused(self, assignment) -> None:
        other = make_call(slug="ander", reference_prefix="AND").criteria.first()
        with pytest.raises(RuleViolation):
            save(assignment, {other: Judgement(3, "x")})

    def test_nobody_writes_the_review_of_another(self, case, assignment) -> None:
        colleague = case.assignments.exclude(pk=assignment.pk).get().reviewer
        for actor in (colleague, UserFactory.create(), committee().chair):
            with pytest.raises(NotAllowed):
                save(assignment, actor=actor)
            with pytest.raises(NotAllowed):
                complete(assignment, actor=actor)

    def test_before_declaring_nothing_is_written(self) -> None:
        """Rule 14."""
        case = sealed()
        assignment = Assignment.objects.create(
            application=case, reviewer=person(Role.REVIEWER), assigned_at=AT
        )
        with pytest.raises(NotAllowed):
            save(assignment)

    def test_after_declaring_an_interest_nothing_is_written_any_more(self, case, assignment) -> None:
        """Rule 14."""
        save(assignment)
        declare_interest(
            application_id=case.pk, has_interest=True, explanation="Ja", actor=assignment.reviewer, at=AT
        )
        with pytest.raises(NotAllowed):
            save(assignment, seen_version=1)
        with pytest.raises(NotAllowed):
            complete(assignment)
        assert not assignments_of(assignment.reviewer).exists()


class TestCompleting:
    @pytest.mark.parametrize(
        "gap", [Judgement(None, "Wel een reden"), Judgement(3, ""), Judgement(3, "  \n")]
    )
    def test_a_score_and_a_reason_on_every_criterion_are_needed(
        self, case, assignment, gap: Judgement
    ) -> None:
        """Rule 16."""
        given_now = judgements(case)
        criterion = case.call.criteria.last()
        save(assignment, {**given_now, criterion: gap})
        with pytest.raises(Incomplete) as refusal:
            complete(assignment)
        assert refusal.value.criteria == [criterion]

    def test_a_review_that_was_not_begun_lacks_every_criterion(self, case, assignment) -> None:
        with pytest.raises(Incomplete) as refusal:
            complete(assignment)
        assert refusal.value.criteria == list(case.call.criteria.all())

    def test_it_is_idempotent(self, assignment) -> None:
        save(assignment)
        assert complete(assignment).completed_at == complete(assignment).completed_at == LATER
        assert AuditEvent.objects.filter(act="reviews.completed").count() == 1

    def test_a_complete_review_is_not_saved_again(self, case, assignment) -> None:
        """Rule 17."""
        save(assignment)
        complete(assignment)
        with pytest.raises(RuleViolation):
            save(assignment, judgements(case, 1), seen_version=1)
        assert set(Score.objects.values_list("value", flat=True)) == {4}

    def test_once_the_advice_is_fixed_no_review_is_written(self) -> None:
        case = advised()
        late = Assignment.objects.create(application=case, reviewer=person(Role.REVIEWER), assigned_at=AT)
        open_to(case, late.reviewer)
        with pytest.raises(RuleViolation):
            save(late)

    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_the_database_refuses_a_change_of_what_is_in(self, assignment, act: str) -> None:
        """Rule 17."""
        save(assignment)
        complete(assignment)
        for rows, name, values in (
            (Score.objects.all(), "scores_of_a_complete_review_never_change", {"value": 5}),
            (Review.objects.all(), "complete_review_never_changes", {"remark": "Toch anders"}),
        ):
            with refused_by(name):
                rows.update(**values) if act == "update" else rows._raw_delete(rows.db)

    def test_a_score_of_a_draft_may_change(self, assignment) -> None:
        save(assignment)
        assert Score.objects.update(value=5) == 5

    def test_the_database_keeps_moments_and_scores_once(self, assignment) -> None:
        review = save(assignment)
        with refused_by("review_complete_has_its_moment"):
            Review.objects.filter(pk=review.pk).update(status=ReviewStatus.COMPLETE)
        with refused_by("review_complete_has_its_moment"):
            Review.objects.filter(pk=review.pk).update(completed_at=AT)
        with refused_by("score_once_per_criterion"):
            Score.objects.create(review=review, criterion=review.scores.first().criterion)

    @pytest.mark.django_db(transaction=True)
    def test_saving_and_completing_at_once_leave_the_scores_that_were_handed_in(self) -> None:
        case = assigned()
        assignment = case.assignments.order_by("pk").first()
        save(assignment)
        outcomes = race(
            lambda: complete(assignment), lambda: save(assignment, judgements(case, 1), seen_version=1)
        )
        review = Review.objects.get(assignment=assignment)
        assert review.status == ReviewStatus.COMPLETE
        assert not isinstance(outcomes[0], Exception)
        values = set(review.scores.values_list("value", flat=True))
        assert values == ({4} if isinstance(outcomes[1], RuleViolation) else {1})


class TestSeeing:
    """Others' reviews show only after the own is in (rule 16)."""

    def test_a_reviewer_sees_the_other_only_after_the_own(self, case) -> None:
        mine, others = case.assignments.order_by("pk")
        judged(others, at=LATER)
        save(mine)
        assert [each.assignment for each in reviews_visible_to(mine.reviewer)] == [mine]
        complete(mine)
        assert {each.assignment for each in reviews_visible_to(mine.reviewer)} == {mine, others}

    def test_a_reviewer_who_did_not_begin_sees_nothing(self, case) -> None:
        mine, others = case.assignments.order_by("pk")
        judged(others, at=LATER)
        assert not reviews_visible_to(mine.reviewer).exists()

    def test_nobody_sees_a_draft_of_another(self, case) -> None:
        mine, others = case.assignments.order_by("pk")
        save(others)
        judged(mine, at=LATER)
        open_to(case, committee().chair)
        assert [each.assignment for each in reviews_visible_to(mine.reviewer)] == [mine]
        assert [each.assignment for each in reviews_visible_to(committee().chair)] == [mine]

    def test_without_a_row_nobody_sees_any(self, case) -> None:
        reviewed(case)
        for user in (person(Role.REVIEWER), person(Role.CHAIR), person(Role.ADMINISTRATOR), case.applicant):
            assert not reviews_visible_to(user).exists()

    def test_what_waits_is_what_is_assigned_and_not_in(self, case) -> None:
        mine = case.assignments.order_by("pk").first()
        assert list(reviews_waiting_for(mine.reviewer)) == [mine]
        judged(mine, at=LATER)
        assert not reviews_waiting_for(mine.reviewer).exists()
        assert not reviews_waiting_for(committee().chair).exists()


class TestResults:
    @given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 5)), min_size=1, max_size=8))
    def test_a_weighted_mean_lies_between_the_lowest_and_the_highest(
        self, pairs: list[tuple[int, int]]
    ) -> None:
        mean = weighted_mean(pairs)
        assert min(score for _weight, score in pairs) <= mean <= max(score for _weight, score in pairs)
        assert mean.as_tuple().exponent == -2

    def test_halves_are_rounded_up_and_nothing_gives_zero(self) -> None:
        assert weighted_mean([(1, 1), (7, 2)]) == Decimal("1.88")
        assert weighted_mean([]) == Decimal("0.00")

    def test_the_weights_of_the_call_count(self, case) -> None:
        criteria = list(case.call.criteria.all())
        for assignment, score in zip(case.assignments.order_by("pk"), (1, 5), strict=True):
            given_now = {each: Judgement(5 if each.key == "doel" else score, "x") for each in criteria}
            judged(assignment, given_now, at=LATER)
        result = result_of(case)
        assert (result.reviews, result.mean, result.spread) == (2, Decimal("3.50"), Decimal("1.50"))
        means = {criterion.key: mean for criterion, mean in mean_per_criterion(case)}
        assert (means["doel"], means["begroting"]) == (Decimal("5.00"), Decimal("3.00"))

    def test_only_complete_reviews_count(self, case) -> None:
        mine, others = case.assignments.order_by("pk")
        judged(mine, at=LATER)
        save(others, judgements(case, 1))
        assert (result_of(case).reviews, result_of(case).mean) == (1, Decimal("4.00"))


class TestAdvice:
    def fix(self, case: Any, actor: Any, **values: Any) -> CommitteeAdvice:
        defaults = {
            "application_id": case.pk,
            "outcome": Outcome.GRANTED,
            "amount": Decimal(40_000),
            "text": "Goed plan.",
            "actor": actor,
            "at": LATER,
        }
        return fix_advice(**{**defaults, **values})

    @pytest.fixture
    def judged_case(self):
        case = reviewed()
        open_to(case, committee().chair)
        return case

    def test_the_chair_fixes_the_advice_once_with_the_mean_as_it_stood(self, judged_case) -> None:
        chair = committee().chair
        assert list(awaiting_advice(chair)) == [judged_case]
        first = self.fix(judged_case, chair)
        assert (first.mean_score, first.requested_amount) == (Decimal("4.00"), judged_case.requested_amount)
        assert self.fix(judged_case, chair, outcome=Outcome.REJECTED) == first
        assert not awaiting_advice(chair).exists()

    def test_it_waits_for_every_review(self, case) -> None:
        chair = committee().chair
        open_to(case, chair)
        judged(case.assignments.first(), at=LATER)
        assert not awaiting_advice(chair).exists()
        with pytest.raises(RuleViolation):
            self.fix(case, chair)

    @pytest.mark.parametrize("amount", ["0", "-1", "48000.01"])
    def test_an_amount_above_what_was_asked_or_of_nothing_is_refused(self, judged_case, amount: str) -> None:
        with pytest.raises(RuleViolation) as refusal:
            self.fix(judged_case, committee().chair, amount=Decimal(amount))
        assert refusal.value.field == "amount"

    def test_it_has_reasons(self, judged_case) -> None:
        with pytest.raises(RuleViolation) as refusal:
            self.fix(judged_case, committee().chair, text=" ")
        assert refusal.value.field == "text"

    def test_only_chair_and_deputy_fix_it_and_only_what_is_open_to_them(self, judged_case) -> None:
        """Rule 14."""
        for role in (Role.OFFICER, Role.RELEASER):
            user = person(role)
            open_to(judged_case, user)
            with pytest.raises(NotAllowed):
                self.fix(judged_case, user)
        deputy = committee().deputy
        with pytest.raises(NotAllowed):
            self.fix(judged_case, deputy)
        open_to(judged_case, deputy)
        assert self.fix(judged_case, deputy).fixed_by == deputy

    def test_a_chair_with_an_interest_does_not(self, judged_case) -> None:
        chair = committee().chair
        declare_interest(
            application_id=judged_case.pk, has_interest=True, explanation="Ja", actor=chair, at=AT
        )
        with pytest.raises(NotAllowed):
            self.fix(judged_case, chair)

    @pytest.mark.parametrize("act", ["update", "delete"])
    def test_the_database_refuses_a_change_of_the_advice(self, act: str) -> None:
        advised()
        rows = CommitteeAdvice.objects.all()
        with refused_by("committee_advice_never_changes"):
            rows.update(text="Anders") if act == "update" else rows._raw_delete(rows.db)

    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("advice_amount_fits_its_outcome", {"amount": 0}),
            ("advice_amount_fits_its_outcome", {"amount": "48000.01"}),
            ("advice_amount_fits_its_outcome", {"outcome": "rejected"}),
            ("advice_amount_fits_its_outcome", {"outcome": "maybe"}),
            ("advice_has_reasons", {"text": ""}),
        ],
    )
    def test_the_database_refuses_an_advice_that_cannot_be(
        self, constraint: str, values: dict[str, Any]
    ) -> None:
        case = reviewed()
        row = {
            "application": case,
            "outcome": "granted",
            "amount": 40_000,
            "requested_amount": case.requested_amount,
            "text": "x",
            "mean_score": 4,
            "fixed_by": committee().chair,
            "fixed_at": AT,
        }
        with refused_by(constraint):
            CommitteeAdvice.objects.create(**{**row, **values})

    @pytest.mark.django_db(transaction=True)
    def test_two_clicks_at_once_fix_one_advice(self) -> None:
        case = reviewed()
        chair = committee().chair
        open_to(case, chair)
        first, second = race(*(lambda: self.fix(case, chair) for _each in range(2)))
        assert first == second
