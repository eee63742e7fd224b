"""Recording a decision within the ceiling (rule 18; Awb 4:25)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.frozen import frozen_content
from applications.domain.lifecycle import WrongStatus
from applications.domain.locking import locked
from applications.domain.signing import is_signed
from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from calls.models import Call, RejectionGround, ReviewRound
from decisions.domain.budget_lines import JudgedLine, TypedLine, check_lines, judged, keep_lines
from decisions.events import RECORDED
from decisions.models import Decision
from decisions.permissions import may_decide
from decisions.totals import taken_as_known_to
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO, euros
from hubportal.kernel.text import is_filled
from reviews.models import CommitteeAdvice


class AboveCeiling(RuleViolation):
    """The grant would exceed the ceiling of the call or the round."""


class AlreadyDecided(RuleViolation):
    """Somebody recorded a decision first."""


class AdviceChanged(RuleViolation):
    """The decision would rest on another advice than the one that was shown."""


@transaction.atomic(durable=True)
def record_decision(
    *,
    application_id: int,
    advice_id: int,
    outcome: Outcome,
    amount: Decimal,
    reasons: str,
    actor: User,
    at: datetime,
    ground: RejectionGround | None = None,
    deviation: str = "",
    lines: Sequence[TypedLine] = (),
) -> Decision:
    """Record the decision on a sealed application whose advice is fixed; a rejection names its ground.

    ``advice_id`` is the advice that the actor saw. ``deviation`` is kept where it departs from it; ``lines`` say of a
    grant in part what is accepted of each budget line, those left out as they were asked (rule 31). Raises
    ``NotAllowed`` unless the actor is an officer who may read it and did not review it, and as ``check_room``,
    ``check_stage``, ``_check_seen`` and ``check_decision``. The ceiling holds with concurrent decisions: they lock the call.
    """
    application = locked(application_id)
    may_decide.check(actor, application)
    check_stage(application)
    _check_seen(application, advice_id)
    told: dict[str, Any] = {"outcome": outcome, "amount": amount, "reasons": reasons, "ground": ground}
    told |= {"deviation": deviation, "lines": lines}
    check_decision(application, **told)
    if outcome == Outcome.GRANTED:
        _commit(application, amount, actor)
    decision = _create(application, **told, recorded_by=actor, recorded_at=at)
    record(RECORDED, subject=decision, actor=actor, at=at, facts={"outcome": outcome.value})
    return decision


def _create(
    application: Application,
    *,
    outcome: Outcome,
    amount: Decimal,
    ground: RejectionGround | None,
    deviation: str,
    lines: Sequence[TypedLine],
    **values: Any,
) -> Decision:
    is_grant = outcome == Outcome.GRANTED
    decision = Decision.objects.create(
        application=application,
        seal=application.seal,
        advice=application.advice,
        outcome=outcome,
        amount=amount if is_grant else ZERO,
        requested_amount=application.requested_amount,
        ground=None if is_grant else _ground(application, ground),
        deviation=deviation.strip() if departs(application.advice, outcome, amount) else "",
        **values,
    )
    if is_grant and amount < application.requested_amount:
        keep_lines(decision, judged(frozen_content(application)["budget"], lines))
    return decision


def _check_seen(application: Application, advice_id: int) -> None:
    """Raise ``AdviceChanged`` when another advice is adopted than the one with this number."""
    if application.advice.pk != advice_id:
        raise AdviceChanged(
            _(
                "The committee adopted another advice after you opened the page. Look again before you record it."
            )
        )


def granted_lines(decision: Decision) -> list[JudgedLine]:
    """Return the lines of the budget that holds after a grant in part; of another decision nothing."""
    if decision.outcome != Outcome.GRANTED or decision.amount == decision.requested_amount:
        return []
    return judged(frozen_content(decision.application)["budget"], decision.lines.all())


def check_stage(application: Application) -> None:
    """Raise ``AlreadyDecided``, or ``WrongStatus`` before the advice."""
    if Decision.objects.filter(application=application).exists():
        raise AlreadyDecided(_("A decision on this application has already been recorded."))
    if application.status != Status.ADVISED:
        raise WrongStatus(_("A decision needs the advice of the committee."))


def departs(advice: CommitteeAdvice, outcome: str, amount: Decimal | None) -> bool:
    """Tell whether a decision differs from the advice, in outcome or amount (rule 31)."""
    decided = (amount or ZERO) if outcome == Outcome.GRANTED else ZERO
    return (outcome, decided) != (advice.outcome, advice.amount)


def check_decision(
    application: Application,
    *,
    outcome: str,
    amount: Decimal | None,
    reasons: str,
    ground: RejectionGround | None,
    deviation: str,
    lines: Sequence[TypedLine] = (),
) -> None:
    """Raise ``RuleViolation``, at its field, for a decision that cannot be recorded as it was typed.

    What is left of the ceilings is not looked at.
    """
    if outcome not in Outcome.values:
        raise RuleViolation(_("Choose an outcome."), field="outcome")
    if outcome == Outcome.GRANTED:
        _check_grant(application, amount or ZERO, lines)
    else:
        _ground(application, ground)
    if not is_filled(reasons):
        raise RuleViolation(_("Write down the reasons of the decision."), field="reasons")
    if departs(application.advice, outcome, amount) and not is_filled(deviation):
        raise RuleViolation(
            _("This departs from the advice of the committee. Write down why: the letter says it."),
            field="deviation",
        )


def _check_grant(application: Application, amount: Decimal, lines: Sequence[TypedLine]) -> None:
    if not 0 < amount <= application.requested_amount:
        raise RuleViolation(
            _("Grant an amount above zero and no higher than the %(most)s requested.")
            % {"most": euros(application.requested_amount)},
            field="amount",
        )
    check_lines(
        judged(frozen_content(application)["budget"], lines),
        amount=amount,
        requested=application.requested_amount,
    )
    if not is_signed(application):
        raise RuleViolation(
            _("The declaration has not been signed by both people yet, so the grant cannot be awarded.")
        )


def _ground(application: Application, chosen: RejectionGround | None) -> RejectionGround | None:
    """Return the ground of a rejection: one of the call, which need not be chosen where there is one only."""
    grounds = list(application.call.rejection_grounds.all())
    if chosen is None and len(grounds) == 1:
        return grounds[0]
    if chosen not in grounds:
        raise RuleViolation(_("Choose the ground for rejection."), field="ground")
    return chosen


def _commit(application: Application, amount: Decimal, actor: User) -> None:
    """Reserve the amount in the budgets of call and round."""
    budgets = _locked_budgets(application)
    check_room(application, amount, actor)
    for budget in budgets:
        budget.granted_total += amount
        budget.save(update_fields=["granted_total"])


def check_room(application: Application, amount: Decimal, user: User) -> None:
    """Raise ``AboveCeiling`` for a grant that does not fit in what is left of call or round, as far as a person may know.

    What is closed to them counts as the most that it can be granted, so neither the refusal nor what it says is left
    tells what became of it (rule 26); it is never counted as less than it is, so the ceilings hold (rule 18).
    """
    assert application.review_round_id is not None  # it is sealed
    call = Call.objects.get(pk=application.call_id)
    review_round = ReviewRound.objects.get(pk=application.review_round_id)
    for budget, applications in (
        (call, Application.objects.filter(call=call)),
        (review_round, Application.objects.filter(review_round=review_round)),
    ):
        if budget.ceiling is None:
            continue
        taken, guesses = taken_as_known_to(user, applications)
        left = budget.ceiling - (taken if guesses else budget.granted_total)
        if amount > left:
            raise _above(max(left, ZERO), is_guess=guesses > 0)


def _above(left: Decimal, *, is_guess: bool) -> AboveCeiling:
    if not is_guess:
        words = _("This would exceed the ceiling: %(left)s is left.")
    else:
        words = _(
            "You cannot record this, because you may not see everything of this call. We count what is closed to you as "
            "the most that can be granted, and then %(left)s of the ceiling is left. Ask another officer to record it, or "
            "declare your interests first where you have not done so yet."
        )
    return AboveCeiling(words % {"left": euros(left)}, field="amount")


def free_budget(application: Application, amount: Decimal) -> None:
    """Give an amount that was reserved back to call and round, within the act that takes the decision back."""
    for budget in _locked_budgets(application):
        budget.granted_total -= amount
        budget.save(update_fields=["granted_total"])


def _locked_budgets(application: Application) -> tuple[Call, ReviewRound]:
    """Return call and round, locked in a fixed order."""
    assert application.review_round_id is not None  # it is sealed
    call = Call.objects.select_for_update().get(pk=application.call_id)
    return call, ReviewRound.objects.select_for_update().get(pk=application.review_round_id)
