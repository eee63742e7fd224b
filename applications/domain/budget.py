"""The budget of an application and the amount that follows from it (rule 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft
from applications.domain.versions import Saving, Standing, begins_a_version
from applications.models import Application, BudgetLine
from calls.models import BudgetHeading
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import CENT, ZERO
from hubportal.kernel.versions import is_to_be_saved

_BUDGET = (
    *("requested_amount", "budget_version", "budget_saved_at", "budget_saved_by"),
    *("budget_begun_with", "budget_begun_at", "budget_restored_from"),
)


# So that the lines of any call, of which there are at most 300, come to a sum that a column holds.
MOST_OF_A_LINE = Decimal("33333333.33")


@dataclass(frozen=True)
class PlannedLine:
    """A budget line as typed; with ``hours`` and ``rate`` its amount is their product. ``key`` is the row of the page."""

    heading: BudgetHeading
    participation: Participation
    description: str
    amount: Decimal
    hours: Decimal | None = None
    rate: Decimal | None = None
    key: UUID = field(default_factory=uuid4, compare=False)


_COLUMNS = tuple(each.name for each in fields(PlannedLine))
# Below what the column holds: places of lines that went stay empty until then.
_LAST_POSITION = 30_000


@dataclass(frozen=True)
class UnreadLine:
    """A row in which something cannot be read: what was saved of it before stays as it is."""

    key: UUID


def product_of(hours: Decimal, rate: Decimal) -> Decimal:
    """Return what hours at a rate come to, in euros, half up to cents, as the database computes it."""
    return (hours * rate).quantize(CENT, ROUND_HALF_UP)


def requested_amount(lines: Iterable[PlannedLine | BudgetLine]) -> Decimal:
    """Return the sum of the costs less the contributions of third parties (rule 6)."""
    return sum((-each.amount if each.heading.is_contribution else each.amount for each in lines), ZERO)


@transaction.atomic(durable=True)
def save_budget(
    *,
    application_id: int,
    lines: Sequence[PlannedLine | UnreadLine],
    seen_version: int,
    actor: User,
    at: datetime,
    begins: bool = False,
) -> Application:
    """Replace the lines of a draft's budget and compute the amount that is asked.

    Idempotent: saving the same lines again writes nothing (rule 12). ``begins`` where a newer version is overwritten on
    purpose. An amount above the maximum is saved, and so are contributions that exceed the costs: both are refused at
    submission. Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion``, and ``RuleViolation`` for a line of another
    call or coalition, and for an amount that is not above zero, too large, or not that of its hours.
    """
    application = locked_draft(application_id, actor)
    return write_budget(application, lines, Saving(seen_version, actor, at, begins))


def write_budget(
    application: Application, lines: Sequence[PlannedLine | UnreadLine], saving: Saving
) -> Application:
    """Replace the lines of a draft that is locked, within the caller's act. Idempotent. Raises what ``save_budget`` does of them."""
    rows = list(application.budget_lines.select_related("heading", "participation"))
    kept = [PlannedLine(**{name: getattr(each, name) for name in _COLUMNS}) for each in rows]
    planned = _with_those_kept(lines, kept)
    _check_lines(application, planned)
    current = application.budget_version
    if not is_to_be_saved(typed=planned, kept=kept, seen=saving.seen, current=current):
        return application
    standing = Standing(
        application.budget_begun_at, application.budget_saved_by_id, application.budget_restored_from
    )
    if begins_a_version(standing, saving, takes_out_much=len(planned) < len(kept)):
        application.budget_begun_with = application.budget_version + 1
        application.budget_begun_at = saving.at
        application.budget_restored_from = saving.restored_from
    application.requested_amount = requested_amount(planned)
    application.budget_version += 1
    application.budget_saved_at, application.budget_saved_by = saving.at, saving.actor
    application.changed_at = saving.at
    # Before its lines: the database keeps the lines that it finds with the version that ends here.
    application.save(update_fields=[*_BUDGET, "changed_at"])
    _write_lines(application, planned, kept, {each.key: each.position for each in rows})
    return application


def _write_lines(
    application: Application,
    planned: Sequence[PlannedLine],
    kept: Sequence[PlannedLine],
    positions: dict[UUID, int],
) -> None:
    """Write the lines that differ from those kept, which is mostly one; all of them where lines change places."""
    before = {each.key: each for each in kept}
    staying = [each.key for each in planned if each.key in before]
    is_in_order = staying == [key for key in before if key in set(staying)]
    is_in_front = staying == [each.key for each in planned[: len(staying)]]
    last = max(positions.values(), default=0)
    if not (staying and is_in_order and is_in_front) or last > _LAST_POSITION:
        staying, before, positions, last = [], {}, {}, 0
    if len(staying) < len(kept):
        application.budget_lines.exclude(key__in=staying).delete()
    places = positions | {each.key: last + at for at, each in enumerate(planned[len(staying) :], start=1)}
    BudgetLine.objects.bulk_create(
        [
            BudgetLine(application=application, position=places[each.key], **vars(each))
            for each in planned
            if each != before.get(each.key)
        ],
        update_conflicts=True,
        unique_fields=["application", "key"],
        update_fields=[each for each in _COLUMNS if each != "key"],
    )


def _with_those_kept(
    lines: Sequence[PlannedLine | UnreadLine], kept: Sequence[PlannedLine]
) -> list[PlannedLine]:
    """Return the lines, with what was saved before in the place of each that cannot be read, if anything was."""
    known = {each.key: each for each in kept}
    found = (each if isinstance(each, PlannedLine) else known.get(each.key) for each in lines)
    return [each for each in found if each is not None]


def _check_lines(application: Application, lines: Sequence[PlannedLine]) -> None:
    limit = application.call.max_budget_lines
    if len(lines) > limit:
        raise RuleViolation(too_many_lines(limit))
    for line in lines:
        if line.heading.call_id != application.call_id:
            raise RuleViolation(_("This heading belongs to another call."), field="heading")
        if line.participation.coalition_id != application.coalition_id:
            raise RuleViolation(_("This organisation is not in the coalition."), field="participation")
        if line.amount <= 0:
            raise RuleViolation(_("Enter an amount above zero."), field="amount")
        if line.amount > MOST_OF_A_LINE:
            raise RuleViolation(_("This amount is too large."), field="amount")
        if not _is_of_its_hours(line):
            raise RuleViolation(_("The amount is not that of the hours and the rate."), field="amount")


def too_many_lines(most: int) -> str:
    """Return that a budget has more lines than its call allows, as a sentence."""
    return _("A budget can have at most %(most)d lines.") % {"most": most}


def _is_of_its_hours(line: PlannedLine) -> bool:
    if line.hours is None or line.rate is None:
        return line.hours is line.rate
    return line.hours > 0 and line.rate > 0 and line.amount == product_of(line.hours, line.rate)
