"""What an officer types at the budget lines of a grant in part."""

from decimal import Decimal

from applications.domain.frozen import frozen_content
from applications.models import Application
from decisions.domain.budget_lines import TypedLine


def lowered_to(case: Application, granted: Decimal | int | str | None) -> list[TypedLine]:
    """Return what is accepted of the first budget lines, so that all come to a grant; nothing for an impossible one."""
    lines, over = (
        [],
        case.requested_amount - Decimal(granted if granted is not None else case.requested_amount),
    )
    for position, line in enumerate(frozen_content(case)["budget"], start=1):
        if over > 0 and not line["is_contribution"]:
            less = min(over, line["amount"])
            lines.append(TypedLine(position, line["amount"] - less, "Dat kan soberder"))
            over -= less
    return lines
