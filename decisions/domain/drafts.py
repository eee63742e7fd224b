"""Drafts of decisions: what was typed outlives the page, and binds nobody (rules 30 and 32)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from applications.domain.locking import locked
from calls.models import RejectionGround
from decisions.domain.budget_lines import TypedLine, lines_from, lines_kept, lowered_in
from decisions.domain.deciding import check_stage
from decisions.models import Decision, DecisionDraft
from decisions.permissions import may_decide
from hubportal.accounts.models import User
from hubportal.kernel.versions import is_to_be_saved


@dataclass(frozen=True)
class DecisionAsTyped:
    """What somebody typed of a decision, complete or not."""

    outcome: str
    amount: Decimal | None
    ground: RejectionGround | None
    reasons: str
    deviation: str
    # Of the budget lines at which something was typed, in their order.
    lines: tuple[TypedLine, ...] = ()


@transaction.atomic(durable=True)
def save_decision_draft(
    *, application_id: int, typed: DecisionAsTyped, seen_version: int, actor: User, at: datetime
) -> DecisionDraft:
    """Save a draft of the decision, complete or not. Idempotent (rule 12).

    ``seen_version`` is the optimistic version, 0 for a draft that was not begun. Raises ``NotAllowed`` unless the actor
    is an officer who may decide on it, ``AlreadyDecided``, ``WrongStatus`` before the advice, and ``NewerVersion``.
    """
    application = locked(application_id)
    may_decide.check(actor, application)
    check_stage(application)
    draft = DecisionDraft.objects.select_related("ground").filter(application=application).first()
    if not is_to_be_saved(
        typed=typed,
        kept=as_typed(draft) if draft else None,
        seen=seen_version,
        current=draft.version if draft else 0,
    ):
        assert draft is not None  # what is typed is what is kept
        return draft
    return _write(draft or DecisionDraft(application=application), typed, actor=actor, at=at)


def as_typed(draft: DecisionDraft) -> DecisionAsTyped:
    """Return what a draft holds."""
    return DecisionAsTyped(
        draft.outcome, draft.amount, draft.ground, draft.reasons, draft.deviation, lines_from(draft.lines)
    )


def put_back_as_draft(decision: Decision, *, actor: User, at: datetime) -> None:
    """Keep a decision that is taken back as the draft to go on with, within the act that takes it back.

    What was typed that the decision had no use for, as budget lines of a rejection, stays too (rule 32).
    """
    draft = DecisionDraft.objects.select_related("ground").filter(application=decision.application_id).first()
    draft = draft or DecisionDraft(application_id=decision.application_id)
    typed, lowered = as_typed(draft), lines_from(lowered_in(decision))
    lines = {each.position: each for each in (*typed.lines, *lowered)}
    told = DecisionAsTyped(
        decision.outcome,
        decision.amount or typed.amount,
        decision.ground or typed.ground,
        decision.reasons,
        decision.deviation or typed.deviation,
        tuple(lines[position] for position in sorted(lines)),
    )
    _write(draft, told, actor=actor, at=at)


def _write(draft: DecisionDraft, typed: DecisionAsTyped, *, actor: User, at: datetime) -> DecisionDraft:
    draft.outcome, draft.amount, draft.ground = typed.outcome, typed.amount, typed.ground
    draft.reasons, draft.deviation, draft.lines = typed.reasons, typed.deviation, lines_kept(typed.lines)
    draft.version += 1
    draft.saved_by, draft.saved_at = actor, at
    draft.save()
    return draft
