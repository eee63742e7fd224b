"""Drafts of advice: what was typed outlives the page, and binds nobody (rules 30 and 32)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked
from applications.enums import Status
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import is_to_be_saved
from reviews.models import AdviceDraft, CommitteeAdvice
from reviews.permissions import may_advise
from reviews.queries import advice_on


@dataclass(frozen=True)
class AdviceAsTyped:
    """What somebody typed of an advice, complete or not."""

    outcome: str
    amount: Decimal | None
    text: str
    rank: int | None


@transaction.atomic(durable=True)
def save_advice_draft(
    *, application_id: int, typed: AdviceAsTyped, seen_version: int, actor: User, at: datetime
) -> AdviceDraft:
    """Save a draft of the advice, complete or not. Idempotent (rule 12).

    ``seen_version`` is the optimistic version, 0 for a draft that was not begun. Raises ``NotAllowed`` unless the actor
    is chair or deputy and may read the application, ``RuleViolation`` once the advice is fixed, and ``NewerVersion``.
    """
    application = locked(application_id)
    may_advise.check(actor, application)
    if (fixed := advice_on(application).first()) is not None:
        raise RuleViolation(
            _(
                "%(name)s adopted the advice before you. It is shown here; what you typed was not included in it."
            )
            % {"name": fixed.fixed_by}
        )
    if application.status != Status.SEALED:
        raise RuleViolation(_("There is nothing to advise on now."))
    draft = AdviceDraft.objects.filter(application=application).first()
    if not is_to_be_saved(
        typed=typed,
        kept=as_typed(draft) if draft else None,
        seen=seen_version,
        current=draft.version if draft else 0,
    ):
        assert draft is not None  # what is typed is what is kept
        return draft
    draft = draft or AdviceDraft(application=application)
    return _write(draft, typed, actor=actor, at=at)


def as_typed(draft: AdviceDraft) -> AdviceAsTyped:
    """Return what a draft holds."""
    return AdviceAsTyped(draft.outcome, draft.amount, draft.text, draft.rank)


def put_back_as_draft(advice: CommitteeAdvice, *, actor: User, at: datetime) -> None:
    """Keep an advice that is taken back as the draft to go on with, within the act that takes it back."""
    draft = AdviceDraft.objects.filter(application=advice.application_id).first()
    typed = AdviceAsTyped(advice.outcome, advice.amount or None, advice.text, advice.rank)
    _write(draft or AdviceDraft(application_id=advice.application_id), typed, actor=actor, at=at)


def _write(draft: AdviceDraft, typed: AdviceAsTyped, *, actor: User, at: datetime) -> AdviceDraft:
    draft.outcome, draft.amount, draft.text, draft.rank = typed.outcome, typed.amount, typed.text, typed.rank
    draft.version += 1
    draft.saved_by, draft.saved_at = actor, at
    draft.save()
    return draft
