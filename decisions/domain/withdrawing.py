"""Taking back a decision before its letter is released; what it was is kept (rule 30)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked
from applications.models import Application
from calls.enums import Outcome
from decisions.domain.budget_lines import lowered_in
from decisions.domain.deciding import free_budget
from decisions.domain.drafts import put_back_as_draft
from decisions.domain.mails import queue_sent_back
from decisions.events import SENT_BACK, WITHDRAWN
from decisions.models import Decision, WithdrawnDecision
from decisions.permissions import may_decide, may_tell_decision
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_did_it_oneself
from letters.permissions import may_release
from reviews.domain.withdrawing import check_reason


class AlreadyReleased(RuleViolation):
    """The letter of the decision was released: only a letter that replaces it can follow."""


@transaction.atomic(durable=True)
def withdraw_decision(*, decision_id: int, reason: str, actor: User, at: datetime) -> WithdrawnDecision:
    """Take back a decision whose letter was not released; its amount is free again. Idempotent.

    It stays as a ``WithdrawnDecision``, and as the draft to go on with. Raises ``NotAllowed`` unless the actor is an
    officer who may decide on it, ``AlreadyReleased``, ``SomebodyWasFirst``, and ``RuleViolation`` without a reason.
    """
    application = _locked_application(decision_id)
    may_decide.check(actor, application)
    decision = _locked(decision_id)
    if decision is None:
        return _taken_back_by(actor, decision_id)
    withdrawn = _take_back(application, decision, reason=reason, actor=actor, at=at)
    record(WITHDRAWN, subject=withdrawn, actor=actor, at=at)
    return withdrawn


@transaction.atomic(durable=True)
def send_back_decision(*, decision_id: int, reason: str, actor: User, at: datetime) -> WithdrawnDecision:
    """Send a decision back to who recorded it instead of releasing its letter, and mail them. Idempotent.

    What becomes of it is as in ``withdraw_decision``. Raises ``NotAllowed`` unless the actor may release its letter,
    ``AlreadyReleased``, ``SomebodyWasFirst``, and ``RuleViolation`` without a reason.
    """
    application = _locked_application(decision_id)
    may_tell_decision.check(actor, application)
    decision = _locked(decision_id)
    if decision is None:
        return _taken_back_by(actor, decision_id)
    may_release.check(actor, recorded_by_id=decision.recorded_by_id)
    withdrawn = _take_back(application, decision, reason=reason, actor=actor, at=at)
    queue_sent_back(withdrawn, at=at)
    record(SENT_BACK, subject=withdrawn, actor=actor, at=at)
    return withdrawn


def _locked_application(decision_id: int) -> Application:
    # The application first, as every act on it does.
    found = Decision.objects.filter(pk=decision_id).values("application")
    gone = WithdrawnDecision.objects.filter(pk=decision_id).values("application")
    return locked(Application.objects.values_list("pk", flat=True).get(pk__in=found.union(gone)))


def _locked(decision_id: int) -> Decision | None:
    return Decision.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()


def _taken_back_by(actor: User, decision_id: int) -> WithdrawnDecision:
    withdrawn = WithdrawnDecision.objects.select_related("withdrawn_by").get(pk=decision_id)
    check_did_it_oneself(withdrawn.withdrawn_by, actor)
    return withdrawn


def _take_back(
    application: Application, decision: Decision, *, reason: str, actor: User, at: datetime
) -> WithdrawnDecision:
    if decision.letter_id is not None:
        raise AlreadyReleased(
            _(
                "The letter has been released, so the decision can no longer be taken back. Correct the letter instead."
            )
        )
    withdrawn = WithdrawnDecision.objects.create(
        number=decision.pk,
        application=application,
        advice_number=decision.advice_id,
        outcome=decision.outcome,
        amount=decision.amount,
        ground_id=decision.ground_id,
        reasons=decision.reasons,
        deviation=decision.deviation,
        lines=lowered_in(decision),
        recorded_by_id=decision.recorded_by_id,
        recorded_at=decision.recorded_at,
        reason=check_reason(reason),
        withdrawn_by=actor,
        withdrawn_at=at,
    )
    put_back_as_draft(decision, actor=actor, at=at)
    if decision.outcome == Outcome.GRANTED:
        free_budget(application, decision.amount)
    decision.delete()
    return withdrawn
