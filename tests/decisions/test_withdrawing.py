"""Until its letter is released a decision can be taken back or sent back, with a reason; it is kept (rule 30)."""

from typing import Any

import pytest

from calls.models import Call, ReviewRound
from decisions.domain.releasing import DecisionGone, release_letter_of_decision
from decisions.domain.withdrawing import AlreadyReleased, send_back_decision, withdraw_decision
from decisions.models import Decision, DecisionDraft, WithdrawnDecision
from decisions.queries import awaiting_decision, awaiting_release
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.collecting import every_violation
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.versions import SomebodyWasFirst
from hubportal.mail.models import OutgoingMail
from tests.decisions.test_deciding import LATER, decide
from tests.factories.accounts import person
from tests.factories.granting import read
from tests.factories.moments import AT
from tests.factories.scenarios import advised, after_deadline, committee, decided, open_to, released
from tests.racing import race
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def take_back(case: Any, actor: User | None = None, reason: str = "Verkeerd bedrag.") -> WithdrawnDecision:
    return withdraw_decision(
        decision_id=case.decision.pk, reason=reason, actor=actor or committee().officer, at=LATER
    )


def send_back(case: Any, actor: User, reason: str = "De redenen ontbreken.") -> WithdrawnDecision:
    return send_back_decision(decision_id=case.decision.pk, reason=reason, actor=actor, at=LATER)


def releaser_of(case: Any) -> User:
    releaser = committee().releaser
    open_to(case, releaser)
    return releaser


def totals(case: Any) -> tuple[Any, Any]:
    call, review_round = Call.objects.get(pk=case.call_id), ReviewRound.objects.get(pk=case.review_round_id)
    return call.granted_total, review_round.granted_total


def test_what_is_taken_back_is_kept_its_amount_is_free_and_it_can_be_decided_anew() -> None:
    case = decided(granted=45_000)
    before = case.decision
    assert totals(case) == (45_000, 45_000)
    kept = take_back(case)
    assert (kept.number, kept.amount, kept.reasons, kept.recorded_by, kept.reason) == (
        before.pk,
        before.amount,
        before.reasons,
        before.recorded_by,
        "Verkeerd bedrag.",
    )
    assert totals(case) == (0, 0)
    assert not Decision.objects.exists()
    assert list(awaiting_decision(committee().officer)) == [case]
    draft = DecisionDraft.objects.get(application=case)
    assert (draft.outcome, draft.amount, draft.reasons) == ("granted", before.amount, before.reasons)
    assert AuditEvent.objects.get(act="decisions.withdrawn").subject_id == before.pk
    assert list(every_violation()) == []

    case.refresh_from_db()
    again = decide(case, amount=44_000, at=after_deadline(case, days=60))
    assert again.pk != before.pk
    assert totals(case) == (44_000, 44_000)
    assert list(every_violation()) == []


def test_who_releases_sends_it_back_and_who_recorded_it_is_mailed_without_the_reason() -> None:
    case = decided()
    releaser = releaser_of(case)
    send_back(case, releaser)
    assert not awaiting_release(releaser).exists()
    mail = OutgoingMail.objects.get(kind="decision_sent_back")
    assert (mail.recipient, mail.about) == (committee().officer.email, case.reference)
    assert "De redenen ontbreken." not in mail.body
    assert AuditEvent.objects.get(act="decisions.sent_back").actor_id == releaser.pk
    assert list(every_violation()) == []


def test_a_second_click_takes_nothing_more_back() -> None:
    case = decided(granted=45_000)
    assert take_back(case) == take_back(case)
    assert totals(case) == (0, 0)
    assert AuditEvent.objects.filter(act="decisions.withdrawn").count() == 1


def test_after_the_release_nothing_is_taken_back() -> None:
    case = released()
    with pytest.raises(AlreadyReleased):
        take_back(case)
    with pytest.raises(AlreadyReleased):
        send_back(case, committee().releaser)
    assert totals(case) == (case.decision.amount, case.decision.amount)


@pytest.mark.parametrize(
    "act", [take_back, lambda case, **typed: send_back(case, releaser_of(case), **typed)]
)
def test_a_reason_is_asked(act: Any) -> None:
    case = decided()
    with pytest.raises(RuleViolation) as refusal:
        act(case, reason=" \n")
    assert refusal.value.field == "reason"
    assert Decision.objects.exists()


def test_only_an_officer_takes_back_and_only_who_may_release_sends_back() -> None:
    case = decided()
    releaser = releaser_of(case)
    with pytest.raises(NotAllowed):
        take_back(case, releaser)
    with pytest.raises(NotAllowed):
        send_back(case, committee().officer)
    stranger = person(Role.OFFICER)
    with pytest.raises(NotAllowed):
        take_back(case, stranger)
    committee().officer.role_grants.create(role=Role.RELEASER, granted_at=AT)
    with pytest.raises(NotAllowed):
        send_back(case, User.objects.get(pk=committee().officer.pk))


def test_a_letter_of_what_was_taken_back_is_not_released() -> None:
    case = decided()
    releaser, number = releaser_of(case), case.decision.pk
    take_back(case)
    with pytest.raises(DecisionGone):
        release_letter_of_decision(decision_id=number, seen="", actor=releaser, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_releasing_at_once_do_one_of_both() -> None:
    case = decided()
    releaser, number = releaser_of(case), case.decision.pk
    seen = read(case.decision, at=after_deadline(case, days=60))
    outcomes = race(
        lambda: take_back(case),
        lambda: release_letter_of_decision(
            decision_id=number, seen=seen, actor=releaser, at=after_deadline(case, days=60)
        ),
    )
    found = sorted(type(each).__name__ for each in outcomes)
    assert found in (["AlreadyReleased", "Letter"], ["DecisionGone", "WithdrawnDecision"])
    assert list(every_violation()) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_back_at_once_the_second_hears_that_the_own_reason_was_not_kept() -> None:
    """Rule 32."""
    case = decided()
    releaser = releaser_of(case)
    outcomes = race(
        lambda: take_back(case, reason="Verkeerd bedrag."),
        lambda: send_back(case, releaser, reason="De redenen ontbreken."),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["SomebodyWasFirst", "WithdrawnDecision"]
    kept = WithdrawnDecision.objects.get()
    [refusal] = [each for each in outcomes if isinstance(each, SomebodyWasFirst)]
    assert (refusal.field, str(kept.withdrawn_by.full_name) in str(refusal)) == ("reason", True)
    assert kept.reason == (
        "Verkeerd bedrag." if kept.withdrawn_by == committee().officer else "De redenen ontbreken."
    )


class TestReviewersWhoBecomeOfficers:
    """Who reviewed an application neither decides on it nor releases its letter (rule 14)."""

    def reviewer_with(self, case: Any, role: Role) -> User:
        reviewer = case.assignments.order_by("pk")[0].reviewer
        reviewer.role_grants.create(role=role, granted_at=AT)
        return User.objects.get(pk=reviewer.pk)

    def test_it_is_not_theirs_to_decide(self) -> None:
        case, officer = advised(), committee().officer
        reviewer = self.reviewer_with(case, Role.OFFICER)
        assert not awaiting_decision(reviewer).exists()
        with pytest.raises(NotAllowed):
            decide(case, reviewer)
        open_to(case, officer)
        assert decide(case, officer)

    def test_it_is_not_theirs_to_release(self) -> None:
        case = decided()
        reviewer = self.reviewer_with(case, Role.RELEASER)
        assert not awaiting_release(reviewer).exists()
        with pytest.raises(NotAllowed):
            release_letter_of_decision(decision_id=case.decision.pk, seen="", actor=reviewer, at=LATER)


class TestDatabase:
    def test_what_was_taken_back_never_changes(self) -> None:
        take_back(decided())
        rows = WithdrawnDecision.objects.all()
        with refused_by("withdrawn_decisions_never_change"):
            rows.update(reason="Anders")
        with refused_by("withdrawn_decisions_never_change"):
            rows._raw_delete(rows.db)

    def test_it_has_a_reason(self) -> None:
        case = decided()
        with refused_by("withdrawn_decision_is_explained"):
            self.kept_copy(case, reason="")

    def test_a_decision_whose_letter_was_released_never_goes_copy_or_not(self) -> None:
        case = released()
        self.kept_copy(case)
        rows = Decision.objects.all()
        with refused_by("decision_never_removed"):
            rows._raw_delete(rows.db)

    def kept_copy(self, case: Any, **changes: Any) -> WithdrawnDecision:
        decision = Decision.objects.get(application=case)
        values = {
            "number": decision.pk,
            "application": case,
            "advice_number": decision.advice_id,
            "outcome": decision.outcome,
            "amount": decision.amount,
            "reasons": decision.reasons,
            "recorded_by": decision.recorded_by,
            "recorded_at": decision.recorded_at,
            "reason": "x",
            "withdrawn_by": decision.recorded_by,
            "withdrawn_at": AT,
        }
        return WithdrawnDecision.objects.create(**{**values, **changes})
