"""Fixing the advice of the committee."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.domain.locking import locked
from applications.domain.waiting import check_waits_for_nothing
from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from calls.models import ReviewRound
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO, euros
from hubportal.kernel.text import is_filled
from hubportal.kernel.versions import NewerVersion
from reviews.advice_queries import may_rank_in_round_of, rank_is_taken
from reviews.domain.advice_shown import digest_of_advice
from reviews.domain.results import Result, result_of
from reviews.models import CommitteeAdvice
from reviews.permissions import may_advise
from reviews.queries import own_reviews_due


@transaction.atomic(durable=True)
def fix_advice(
    *,
    application_id: int,
    outcome: Outcome,
    amount: Decimal,
    text: str,
    actor: User,
    at: datetime,
    rank: int | None = None,
    seen: str | None = None,
) -> CommitteeAdvice:
    """Fix the advice of the committee. Idempotent.

    ``seen`` is ``digest_of_advice`` of what was shown, if anything was. Raises ``NotAllowed`` unless the actor is chair or
    deputy and may read it, ``NewerVersion`` when anything of what was shown changed since, and ``RuleViolation`` before enough
    reviews are complete, the actor's own among them (rule 16), or as ``check_advice`` does.
    """
    application = locked(application_id)
    may_advise.check(actor, application)
    if (existing := CommitteeAdvice.objects.filter(application=application).first()) is not None:
        return existing
    result = result_of(application)
    _check_stage(application, result, actor)
    _check_seen(application, seen, actor)
    _lock_ranking(application)
    check_advice(application, actor, outcome=outcome, amount=amount, text=text, rank=rank)
    advice = CommitteeAdvice.objects.create(
        application=application,
        outcome=outcome,
        amount=amount if outcome == Outcome.GRANTED else ZERO,
        requested_amount=application.requested_amount,
        text=text,
        rank=rank,
        review_round_id=application.review_round_id,
        mean_score=result.mean,
        fixed_by=actor,
        fixed_at=at,
    )
    lifecycle.move(application, to=Status.ADVISED, actor=actor, at=at)
    return advice


def _lock_ranking(application: Application) -> None:
    """Let nobody give the same place in the ranking meanwhile."""
    assert application.review_round_id is not None  # it is sealed
    ReviewRound.objects.select_for_update(no_key=True).get(pk=application.review_round_id)


def can_be_advised(application: Application, result: Result | None) -> bool:
    """Tell whether the advice can be fixed now; ``result`` is what the person may know, or ``None`` (rule 16)."""
    return (
        result is not None
        and lifecycle.may_move(application, to=Status.ADVISED)
        and application.awaits_completion_until is None
        and _has_enough_reviews(application, result)
    )


def _has_enough_reviews(application: Application, result: Result) -> bool:
    return result.reviews >= application.call.reviewers_per_application


def _check_stage(application: Application, result: Result, actor: User) -> None:
    lifecycle.check_may_move(application, to=Status.ADVISED)
    check_waits_for_nothing(application)
    if own_reviews_due(actor).filter(application=application).exists():
        raise RuleViolation(_("Complete your own review first. After that you can see the others."))
    _check_enough_reviews(application, result)


def _check_seen(application: Application, seen: str | None, actor: User) -> None:
    if seen is not None and seen != digest_of_advice(application, reader=actor):
        raise NewerVersion(
            _("This changed after you opened the page, so nothing has been recorded. Look again.")
        )


def _check_enough_reviews(application: Application, result: Result) -> None:
    needed = application.call.reviewers_per_application
    if not _has_enough_reviews(application, result):
        raise RuleViolation(
            _(
                "%(complete)d of %(needed)d reviews are complete; the committee can only advise once all "
                "of them are."
            )
            % {"complete": result.reviews, "needed": needed}
        )


def check_advice(
    application: Application,
    user: User,
    *,
    outcome: str,
    amount: Decimal | None,
    text: str,
    rank: int | None,
) -> None:
    """Raise ``RuleViolation``, at its field, for an advice that this person cannot fix as it was typed."""
    if outcome not in Outcome.values:
        raise RuleViolation(_("Choose an outcome."), field="outcome")
    if not is_filled(text):
        raise RuleViolation(_("Write down the reasons of the committee."), field="text")
    if outcome == Outcome.GRANTED and not 0 < (amount or ZERO) <= application.requested_amount:
        raise RuleViolation(
            _("Advise an amount above zero and no higher than the %(most)s requested.")
            % {"most": euros(application.requested_amount)},
            field="amount",
        )
    if rank is not None:
        _check_rank(application, user, rank)


def _check_rank(application: Application, user: User, rank: int) -> None:
    if not may_rank_in_round_of(user, application):
        raise RuleViolation(
            _(
                "You may not see everything of this round, so you give no place in its ranking. Leave this empty, or declare "
                "your interests first where you have not done so yet."
            ),
            field="rank",
        )
    if rank_is_taken(application, rank):
        raise RuleViolation(
            _("Place %(rank)s in the ranking of this round has been given already. Choose another one.")
            % {"rank": rank},
            field="rank",
        )
