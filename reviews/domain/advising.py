"""Fixing the advice of the committee."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.domain.locking import locked
from applications.enums import Status
from applications.models import Application
from applications.queries import readable_by
from calls.enums import Outcome
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.money import ZERO, euros
from reviews.domain.results import Result, result_of
from reviews.models import CommitteeAdvice
from reviews.queries import own_reviews_due


@transaction.atomic
def fix_advice(
    *,
    application_id: int,
    outcome: Outcome,
    amount: Decimal,
    text: str,
    actor: User,
    at: datetime,
    rank: int | None = None,
) -> CommitteeAdvice:
    """Fix what the committee advises; a second click finds the first.

    Raises ``NotAllowed`` for who is not chair or deputy or may not read it, and ``RuleViolation`` before
    enough reviews are complete and the own one is (rule 16), for an amount above what was asked, or without reasons.
    """
    application = locked(application_id)
    _check_may_advise(actor, application)
    existing = CommitteeAdvice.objects.filter(application=application).first()
    if existing is not None:
        return existing
    lifecycle.check_may_move(application, to=Status.ADVISED)
    if own_reviews_due(actor).filter(application=application).exists():
        raise RuleViolation(_("Complete your own review first. After that you see those of the others."))
    result = result_of(application)
    _check_enough_reviews(application, result)
    _check_content(application, outcome, amount, text)
    advice = CommitteeAdvice.objects.create(
        application=application,
        outcome=outcome,
        amount=amount if outcome == Outcome.GRANTED else ZERO,
        requested_amount=application.requested_amount,
        text=text,
        rank=rank,
        mean_score=result.mean,
        fixed_by=actor,
        fixed_at=at,
    )
    lifecycle.move(application, to=Status.ADVISED, actor=actor, at=at)
    return advice


def _check_may_advise(actor: User, application: Application) -> None:
    if (
        not actor.has_role(Role.CHAIR, Role.DEPUTY)
        or not readable_by(actor).filter(pk=application.pk).exists()
    ):
        raise NotAllowed(_("This application is not open to you."))


def _check_enough_reviews(application: Application, result: Result) -> None:
    needed = application.call.reviewers_per_application
    if result.reviews < needed:
        raise RuleViolation(
            _("%(complete)d of %(needed)d reviews are complete; the advice waits for all of them.")
            % {"complete": result.reviews, "needed": needed}
        )


def _check_content(application: Application, outcome: Outcome, amount: Decimal, text: str) -> None:
    if not text.strip():
        raise RuleViolation(_("Write down the reasons of the committee."), field="text")
    if outcome == Outcome.GRANTED and not 0 < amount <= application.requested_amount:
        raise RuleViolation(
            _("Advise an amount above zero and at most %(most)s, which was asked.")
            % {"most": euros(application.requested_amount)},
            field="amount",
        )
