"""Until the advice a review, and until a decision the advice, can be taken back with a reason; it is kept (rule 30)."""

from decimal import Decimal
from typing import Any

import pytest

from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from hubportal.accounts.enums import Role
from hubportal.accounts.models import RoleGrant
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.mail.domain.composing import address_of
from hubportal.mail.models import OutgoingMail
from reviews.advice_queries import is_reviewed_by
from reviews.barred import barred_from_reviewing
from reviews.domain.advising import fix_advice
from reviews.domain.asking_back import answer_withdrawal, ask_to_withdraw_review
from reviews.domain.interests import declare_interest
from reviews.domain.reviewing import Judgement, complete_review, save_review
from reviews.domain.withdrawing import OthersKnown, withdraw_advice, withdraw_review
from reviews.enums import ReviewStatus
from reviews.models import (
    AdviceDraft,
    CommitteeAdvice,
    Review,
    ReviewResult,
    WithdrawalRequest,
    WithdrawnAdvice,
    WithdrawnReview,
)
from reviews.queries import awaiting_advice, reviews_visible_to, reviews_waiting_for
from tests.factories.accounts import person
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    after_deadline,
    assigned,
    committee,
    decided,
    judged,
    judgements,
    open_to,
    reviewed,
    several_submitted,
)
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def own(case: Any) -> Any:
    return case.assignments.order_by("pk")[0]


def take_review_back(case: Any, **changes: Any) -> Review:
    values = {
        "assignment_id": own(case).pk,
        "reason": "Een score klopt niet.",
        "actor": own(case).reviewer,
        "at": after_deadline(case, days=15),
    }
    return withdraw_review(**{**values, **changes})


def one_in(**start: Any) -> Any:
    """An application of which only the first review is in."""
    case = assigned(**start)
    judged(own(case), judgements(case, 4), at=after_deadline(case, days=14))
    return case


def take_advice_back(case: Any, **changes: Any) -> WithdrawnAdvice:
    values = {
        "application_id": case.pk,
        "reason": "De commissie besprak dit niet.",
        "actor": committee().chair,
        "at": after_deadline(case, days=25),
    }
    return withdraw_advice(**{**values, **changes})


def advise(case: Any, **changes: Any) -> CommitteeAdvice:
    values = {
        "application_id": case.pk,
        "outcome": Outcome.GRANTED,
        "amount": Decimal(40_000),
        "text": "Goed plan.",
        "actor": committee().chair,
        "at": after_deadline(case, days=26),
    }
    return fix_advice(**{**values, **changes})


def ask_back(case: Any, **changes: Any) -> WithdrawalRequest:
    values = {
        "assignment_id": own(case).pk,
        "reason": "Ik las een bijlage niet.",
        "seen_version": 1,
        "actor": own(case).reviewer,
        "at": after_deadline(case, days=15),
    }
    return ask_to_withdraw_review(**{**values, **changes})


def answer_back(asked: WithdrawalRequest, **changes: Any) -> WithdrawalRequest:
    values = {
        "request_id": asked.pk,
        "is_allowed": True,
        "answer": "Een echte vergissing.",
        "actor": committee().chair,
        "at": after_deadline(asked.review.assignment.application, days=16),
    }
    return answer_withdrawal(**{**values, **changes})


class TestKnowingOthers:
    """Nobody fits the own scores to those of others unnoticed (rules 16 and 30)."""

    def test_once_another_review_was_there_to_read_only_the_chair_gives_it_back(self) -> None:
        case = reviewed()
        with pytest.raises(OthersKnown):
            take_review_back(case)
        assert set(Review.objects.values_list("status", flat=True)) == {ReviewStatus.COMPLETE}
        asked = ask_back(case)
        assert ask_back(case, reason="Nog eens.") == asked
        assert ReviewResult.objects.get(application=case).reviews == 2
        open_to(case, committee().chair)
        answered = answer_back(asked)
        assert (answered.is_allowed, answered.answered_by) == (True, committee().chair)
        kept = WithdrawnReview.objects.get()
        assert (kept.knew_others, kept.request, kept.reason) == (True, asked, "Ik las een bijlage niet.")
        assert kept.scores["doel"]["value"] == 4
        assert Review.objects.get(assignment=own(case)).status == ReviewStatus.DRAFT
        assert ReviewResult.objects.get(application=case).reviews == 1
        assert AuditEvent.objects.filter(act__startswith="reviews.withdrawal_").count() == 2
        assert list(every_violation()) == []

    def test_nobody_asks_in_stock_what_they_can_do_themselves(self) -> None:
        """The answer would later be about another review."""
        case = one_in()
        with pytest.raises(RuleViolation):
            ask_back(case)
        assert not WithdrawalRequest.objects.exists()
        assert take_review_back(case).status == ReviewStatus.DRAFT

    def test_a_review_that_another_took_back_since_was_read_too(self) -> None:
        case = reviewed()
        open_to(case, committee().chair)
        first, second = case.assignments.order_by("pk")
        answer_back(ask_back(case, assignment_id=second.pk, actor=second.reviewer))
        with pytest.raises(OthersKnown):
            take_review_back(case, assignment_id=first.pk, at=after_deadline(case, days=17))

    def test_who_was_read_before_rewriting_is_known_ever_after(self) -> None:
        """Taking back twice does not make what was read unread."""
        case = one_in()
        open_to(case, committee().chair)
        first, second = case.assignments.order_by("pk")
        judged(second, judgements(case, 2), at=after_deadline(case, days=15))
        answer_back(ask_back(case), at=after_deadline(case, days=16))
        answer_back(
            ask_back(case, assignment_id=second.pk, actor=second.reviewer), at=after_deadline(case, days=17)
        )
        complete_review(assignment_id=first.pk, actor=first.reviewer, at=after_deadline(case, days=18))
        with pytest.raises(OthersKnown):
            take_review_back(case, at=after_deadline(case, days=19))

    def test_a_refusal_leaves_it_and_the_reviewer_can_ask_again(self) -> None:
        case = reviewed()
        open_to(case, committee().chair)
        asked = ask_back(case)
        assert answer_back(asked, is_allowed=False, answer="Dit is geen vergissing.").is_allowed is False
        assert not WithdrawnReview.objects.exists()
        with pytest.raises(RuleViolation):
            answer_back(asked)
        assert ask_back(case).pk != asked.pk

    def test_chair_and_deputy_hear_that_it_is_asked_and_the_reviewer_that_it_is_answered(self) -> None:
        """The mails tell nothing of the application, the reason or the answer."""
        case = reviewed()
        chair, deputy, tied, also = (
            committee().chair,
            committee().deputy,
            person(Role.DEPUTY),
            own(case).reviewer,
        )
        open_to(case, chair)
        declare_interest(application_id=case.pk, has_interest=True, explanation="Buur.", actor=tied, at=AT)
        RoleGrant.objects.create(user=also, role=Role.DEPUTY, granted_at=AT)
        for _click in range(2):
            asked = ask_back(case)
        mails = OutgoingMail.objects.filter(kind="withdrawal_asked").order_by("pk")
        assert [each.recipient for each in mails] == [chair.email, deputy.email]
        answer_back(asked)
        told = OutgoingMail.objects.get(kind="withdrawal_answered")
        assert told.recipient == also.email
        assert address_of("admin:review", case.reference) in told.body
        for each in (*mails, told):
            for secret in (case.title, "Ik las een bijlage niet", "Een echte vergissing"):
                assert secret not in each.subject + each.body
        assert case.reference not in mails[0].subject + mails[0].body

    def test_it_is_answered_by_chair_or_deputy_who_may_read_it_and_never_for_oneself(self) -> None:
        case = reviewed()
        asked = ask_back(case)
        with pytest.raises(NotAllowed):
            answer_back(asked)
        officer, chair, deputy = person(Role.OFFICER), committee().chair, committee().deputy
        open_to(case, officer, chair, deputy)
        RoleGrant.objects.create(user=own(case).reviewer, role=Role.DEPUTY, granted_at=AT)
        for actor in (officer, own(case).reviewer):
            with pytest.raises(NotAllowed):
                answer_back(asked, actor=actor)
        with pytest.raises(RuleViolation) as refusal:
            answer_back(asked, actor=chair, answer=" ")
        assert refusal.value.field == "answer"
        assert answer_back(asked, actor=deputy).answered_by == deputy

    def test_what_changed_since_it_was_shown_is_not_taken_back(self) -> None:
        case = one_in()
        with pytest.raises(NewerVersion):
            take_review_back(case, seen_version=2)
        with pytest.raises(NewerVersion):
            ask_back(case, seen_version=2)
        assert take_review_back(case, seen_version=1).status == ReviewStatus.DRAFT

    @pytest.mark.django_db(transaction=True)
    def test_who_takes_back_while_another_comes_in_never_gets_both(self) -> None:
        case = one_in()
        second = case.assignments.order_by("pk")[1]
        save_review(
            assignment_id=second.pk,
            judgements=judgements(case, 2),
            remark="",
            seen_version=0,
            actor=second.reviewer,
            at=after_deadline(case, days=14),
        )
        at = after_deadline(case, days=15)
        race(
            lambda: take_review_back(case),
            lambda: complete_review(assignment_id=second.pk, actor=second.reviewer, at=at),
        )
        taken = WithdrawnReview.objects.first()
        assert taken is None or taken.knew_others is False
        assert list(every_violation()) == []

    def test_who_once_judged_stays_one_who_judged(self) -> None:
        """Taking a review back unties nobody (rules 14 and 29)."""
        case = one_in()
        reader, reviewer = person(Role.OFFICER, Role.REVIEWER), own(case).reviewer
        open_to(case, reader)
        take_review_back(case)
        assert (case.pk, reader.pk) in barred_from_reviewing([case.pk])
        own(case).__class__.objects.filter(pk=own(case).pk).update(ended_at=AT, ended_because="role")
        assert Application.objects.filter(is_reviewed_by(reviewer)).exists()


class TestReviews:
    def test_it_is_kept_as_it_was_and_counts_no_more_until_it_is_in_again(self) -> None:
        case = one_in()
        assignment = own(case)
        first = Review.objects.get(assignment=assignment)
        take_review_back(case)
        kept = WithdrawnReview.objects.get()
        assert kept.completed_at == first.completed_at
        assert kept.scores["doel"] == {
            "value": 4,
            "reason": judgements(case)[case.call.criteria.first()].reason,
        }
        assert ReviewResult.objects.get(application=case).reviews == 0
        assert list(reviews_waiting_for(assignment.reviewer)) == [assignment]
        # Others' reviews are closed again until the own is in (rule 16).
        assert [each.assignment for each in reviews_visible_to(assignment.reviewer)] == [assignment]
        assert AuditEvent.objects.get(act="reviews.review_withdrawn").actor_id == assignment.reviewer_id
        assert list(every_violation()) == []

        at = after_deadline(case, days=16)
        save_review(
            assignment_id=assignment.pk,
            judgements=judgements(case, 1),
            remark="",
            seen_version=2,
            actor=assignment.reviewer,
            at=at,
        )
        complete_review(assignment_id=assignment.pk, actor=assignment.reviewer, at=at)
        assert ReviewResult.objects.get(application=case).reviews == 1
        assert WithdrawnReview.objects.get().scores["doel"]["value"] == 4
        assert list(every_violation()) == []

    def test_a_second_click_takes_nothing_more_back(self) -> None:
        case = one_in()
        assert take_review_back(case).status == take_review_back(case).status == ReviewStatus.DRAFT
        assert WithdrawnReview.objects.count() == 1

    def test_only_the_reviewer_with_a_reason_and_before_the_advice(self) -> None:
        case = reviewed()
        with pytest.raises(NotAllowed):
            take_review_back(case, actor=committee().chair)
        with pytest.raises(RuleViolation) as refusal:
            take_review_back(case, reason=" ")
        assert refusal.value.field == "reason"
        advised(case)
        with pytest.raises(RuleViolation):
            take_review_back(case)
        assert set(Review.objects.values_list("status", flat=True)) == {ReviewStatus.COMPLETE}

    @pytest.mark.django_db(transaction=True)
    def test_no_advice_rests_on_a_review_that_is_taken_back_meanwhile(self) -> None:
        case = reviewed()
        open_to(case, committee().chair)
        asked = ask_back(case)
        outcomes = race(lambda: answer_back(asked), lambda: advise(case))
        assert sum(isinstance(each, RuleViolation) for each in outcomes) == 1
        assert list(every_violation()) == []


class TestAdvice:
    def test_it_is_kept_the_application_goes_back_and_it_can_be_adopted_anew(self) -> None:
        case = advised(granted=45_000)
        first = case.advice
        kept = take_advice_back(case)
        assert (kept.number, kept.amount, kept.text, kept.fixed_by) == (
            first.pk,
            first.amount,
            first.text,
            first.fixed_by,
        )
        case.refresh_from_db()
        assert case.status == Status.SEALED
        assert list(awaiting_advice(committee().chair)) == [case]
        draft = AdviceDraft.objects.get()
        assert (draft.outcome, draft.amount, draft.text) == ("granted", first.amount, first.text)
        assert AuditEvent.objects.get(act="reviews.advice_withdrawn").subject_id == first.pk
        moved = AuditEvent.objects.filter(act="applications.sealed").latest("pk")
        assert moved.facts == {"from": "advised", "to": "sealed", "why": "advice withdrawn"}
        assert list(every_violation()) == []
        assert advise(case).pk != first.pk
        assert list(every_violation()) == []

    def test_only_chair_or_deputy_with_a_reason_and_before_a_decision(self) -> None:
        case = advised()
        officer = person(Role.OFFICER)
        open_to(case, officer)
        with pytest.raises(NotAllowed):
            take_advice_back(case, actor=officer)
        with pytest.raises(RuleViolation) as refusal:
            take_advice_back(case, reason="")
        assert refusal.value.field == "reason"
        decided(case)
        with pytest.raises(RuleViolation):
            take_advice_back(case)
        assert CommitteeAdvice.objects.exists()

    def test_a_second_click_is_told_that_there_is_none(self) -> None:
        case = advised()
        take_advice_back(case)
        with pytest.raises(RuleViolation):
            take_advice_back(case)
        assert WithdrawnAdvice.objects.count() == 1

    def test_a_place_in_the_ranking_is_given_once_in_a_round(self) -> None:
        one, other = (reviewed(each) for each in several_submitted(2))
        open_to(one, committee().chair)
        open_to(other, committee().chair)
        advise(one, rank=1)
        with pytest.raises(RuleViolation) as refusal:
            advise(other, rank=1)
        assert refusal.value.field == "rank"
        # Free again once the advice that had it is taken back.
        take_advice_back(one)
        assert advise(other, rank=1).rank == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_chairs_at_once_never_give_one_place_twice(self) -> None:
        one, other = (reviewed(each) for each in several_submitted(2))
        for case in (one, other):
            open_to(case, committee().chair)
        outcomes = race(lambda: advise(one, rank=1), lambda: advise(other, rank=1))
        assert sorted(type(each).__name__ for each in outcomes) == ["CommitteeAdvice", "RuleViolation"]


class TestDatabase:
    def test_a_place_twice_is_refused(self) -> None:
        one, other = (reviewed(each) for each in several_submitted(2))
        rows = [
            CommitteeAdvice(
                application=each,
                outcome="rejected",
                text="x",
                requested_amount=1,
                mean_score=1,
                review_round=one.review_round,
                rank=1,
                fixed_by=committee().chair,
                fixed_at=AT,
            )
            for each in (one, other)
        ]
        with refused_by("advice_rank_once_per_round"):
            CommitteeAdvice.objects.bulk_create(rows)

    def test_what_was_taken_back_never_changes_and_has_a_reason(self) -> None:
        case = advised()
        take_advice_back(case)
        answer_back(ask_back(case, at=after_deadline(case, days=26)), at=after_deadline(case, days=26))
        for model, name in (
            (WithdrawnAdvice, "withdrawn_advice_never_changes"),
            (WithdrawnReview, "withdrawn_reviews_never_change"),
        ):
            rows: Any = model._base_manager.all()
            with refused_by(name):
                rows.update(reason="Anders")
            with refused_by(name):
                rows._raw_delete(rows.db)
        review, advice = WithdrawnReview.objects.get(), WithdrawnAdvice.objects.get()
        review.pk, review.reason = None, ""
        with refused_by("withdrawn_review_is_explained"):
            review.save(force_insert=True)
        advice.pk, advice.reason = advice.pk + 1, ""
        with refused_by("withdrawn_advice_is_explained"):
            advice.save(force_insert=True)


def test_a_request_is_explained_answered_by_somebody_and_asked_once() -> None:
    case = reviewed()
    asked = ask_back(case)
    rows = WithdrawalRequest.objects.filter(pk=asked.pk)
    with refused_by("withdrawal_request_answered_by_somebody"):
        rows.update(is_allowed=True, answered_at=AT, answered_by=committee().chair)
    with refused_by("withdrawal_request_is_explained"):
        rows.update(reason="")
    with refused_by("withdrawal_request_one_unanswered"):
        WithdrawalRequest.objects.create(review=asked.review, reason="x", asked_at=AT)
    with refused_by("withdrawn_review_knowing_others_was_allowed"):
        WithdrawnReview.objects.create(
            review=asked.review, completed_at=AT, scores={}, reason="x", withdrawn_at=AT, knew_others=True
        )


def test_the_spread_sees_disagreement_that_the_mean_hides() -> None:
    """5, 1, 3, 3, 3 against 1, 5, 3, 3, 3 gives the same mean (rule 17)."""
    case = reviewed()
    open_to(case, committee().chair)
    first, second, *_others = case.call.criteria.all()
    for assignment, scores in zip(case.assignments.order_by("pk"), ((5, 1), (1, 5)), strict=True):
        answer_back(ask_back(case, assignment_id=assignment.pk, actor=assignment.reviewer))
        given = {each: Judgement(3, "x") for each in case.call.criteria.all()}
        given |= {first: Judgement(scores[0], "x"), second: Judgement(scores[1], "x")}
        at = after_deadline(case, days=17)
        save_review(
            assignment_id=assignment.pk,
            judgements=given,
            remark="",
            seen_version=2,
            actor=assignment.reviewer,
            at=at,
        )
        complete_review(assignment_id=assignment.pk, actor=assignment.reviewer, at=at)
    weights = sum(each.weight for each in case.call.criteria.all())
    expected = (Decimal(2) * (first.weight + second.weight) / weights).quantize(Decimal("0.01"))
    assert expected > 0
    assert ReviewResult.objects.get(application=case).spread == expected
    assert list(every_violation()) == []
