"""The budget of an application and the amount that follows from it (rule 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft
from applications.domain.versions import Saving, Standing, begins_a_version
from applications.models import Application, BudgetLine
from calls.models import BudgetHeading
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import HIGHEST, ZERO
from hubportal.kernel.versions import is_to_be_saved

_BUDGET = (
    *("requested_amount", "budget_version", "budget_saved_at", "budget_saved_by"),
    *("budget_begun_with", "budget_begun_at", "budget_restored_from"),
)


@dataclass(frozen=True)
class PlannedLine:
    """A budget line as typed."""

    heading: BudgetHeading
    participation: Participation
    description: str
    amount: Decimal


def requested_amount(lines: Iterable[PlannedLine | BudgetLine]) -> Decimal:
    """Return the sum of the costs less the contributions of third parties (rule 6)."""
    return sum((-each.amount if each.heading.is_contribution else each.amount for each in lines), ZERO)


@transaction.atomic(durable=True)
def save_budget(
    *,
    application_id: int,
    lines: Sequence[PlannedLine],
    seen_version: int,
    actor: User,
    at: datetime,
    begins: bool = False,
) -> Application:
    """Replace the lines of a draft's budget and compute the amount that is asked.

    Idempotent: saving the same lines again writes nothing (rule 12). ``begins`` where a newer version is overwritten on
    purpose. An amount above the maximum is saved, and
    refused at submission. Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, and ``RuleViolation`` for a line
    of another call or coalition, for an amount that is not above zero, or for contributions that exceed the costs.
    """
    application = locked_draft(application_id, actor)
    return write_budget(application, lines, Saving(seen_version, actor, at, begins))


def write_budget(application: Application, lines: Sequence[PlannedLine], saving: Saving) -> Application:
    """Replace the lines of a draft that is locked, within the caller's act. Idempotent. Raises what ``save_budget`` does of them."""
    _check_lines(application, lines)
    total = requested_amount(lines)
    if total < 0:
        raise RuleViolation(
            _("The contributions from third parties are higher than the costs."), field="amount"
        )
    if total > HIGHEST:
        raise RuleViolation(_("This amount is too large."), field="amount")
    typed = [(each.heading.pk, each.participation.pk, each.description, each.amount) for each in lines]
    columns = ("heading_id", "participation_id", "description", "amount")
    kept = list(application.budget_lines.values_list(*columns))
    current = application.budget_version
    if not is_to_be_saved(typed=typed, kept=kept, seen=saving.seen, current=current):
        return application
    standing = Standing(
        application.budget_begun_at, application.budget_saved_by_id, application.budget_restored_from
    )
    if begins_a_version(standing, saving, takes_out_much=len(typed) < len(kept)):
        application.budget_begun_with = application.budget_version + 1
        application.budget_begun_at = saving.at
        application.budget_restored_from = saving.restored_from
    application.requested_amount = total
    application.budget_version += 1
    application.budget_saved_at, application.budget_saved_by = saving.at, saving.actor
    application.changed_at = saving.at
    # Before its lines: the database keeps the lines that it finds with the version that ends here.
    application.save(update_fields=[*_BUDGET, "changed_at"])
    application.budget_lines.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(application=application, position=position, **vars(line))
        for position, line in enumerate(lines, start=1)
    )
    return application


def _check_lines(application: Application, lines: Sequence[PlannedLine]) -> None:
    limit = application.call.max_budget_lines
    if len(lines) > limit:
        raise RuleViolation(_("A budget can have at most %(most)d lines.") % {"most": limit})
    for line in lines:
        if line.heading.call_id != application.call_id:
            raise RuleViolation(_("This heading belongs to another call."), field="heading")
        if line.participation.coalition_id != application.coalition_id:
            raise RuleViolation(_("This organisation is not in the coalition."), field="participation")
        if line.amount <= 0:
            raise RuleViolation(_("Enter an amount above zero."), field="amount")
