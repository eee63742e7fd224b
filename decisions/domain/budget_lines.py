"""What a grant in part accepts of each line of the budget, and why it is lower (rule 31; Awb 3:46, 3:47, 4:31).

The grant is the sum of the costs accepted, less what others contribute. A contribution can be lowered too: one that
fell away with the cost that it would pay for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from decisions.models import Decision, GrantedLine
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO, euros
from hubportal.kernel.text import is_filled


@dataclass(frozen=True)
class TypedLine:
    """What an officer typed at one line of the budget; without an amount it is accepted as it was asked."""

    position: int
    accepted: Decimal | None = None
    reason: str = ""


@dataclass(frozen=True)
class JudgedLine:
    """A line of the sealed budget with what is accepted of it; ``position`` counts from 1."""

    position: int
    heading: str
    organisation: str
    description: str
    is_contribution: bool
    asked: Decimal
    accepted: Decimal
    reason: str

    @property
    def is_lower(self) -> bool:
        """Tell whether less is accepted than was asked."""
        return self.accepted < self.asked


def accepted_field(position: int) -> str:
    """Return the name of the field in which the amount of a line is typed."""
    return f"line_{position}_accepted"


def reason_field(position: int) -> str:
    """Return the name of the field in which the reason of a line is typed."""
    return f"line_{position}_reason"


def judged(budget: Sequence[Mapping[str, Any]], lines: Iterable[Any]) -> list[JudgedLine]:
    """Return the lines of a sealed budget as they were judged; ``lines`` have ``position``, ``accepted`` and ``reason``."""
    given = {each.position: each for each in lines}
    found = []
    for position, line in enumerate(budget, start=1):
        own = given.get(position)
        accepted = line["amount"] if own is None or own.accepted is None else own.accepted
        found.append(
            JudgedLine(
                position=position,
                heading=line["heading"],
                organisation=line["organisation"],
                description=line["description"],
                is_contribution=line["is_contribution"],
                asked=line["amount"],
                accepted=accepted,
                reason=own.reason.strip() if own is not None else "",
            )
        )
    return found


def lines_kept(lines: Iterable[TypedLine]) -> list[dict[str, Any]]:
    """Return typed lines as a draft keeps them."""
    return [
        {
            "position": each.position,
            "accepted": None if each.accepted is None else str(each.accepted),
            "reason": each.reason,
        }
        for each in lines
    ]


def lines_from(kept: Iterable[Mapping[str, Any]]) -> tuple[TypedLine, ...]:
    """Return the typed lines that a draft keeps."""
    return tuple(
        TypedLine(
            each["position"],
            None if each["accepted"] is None else Decimal(each["accepted"]),
            each["reason"],
        )
        for each in kept
    )


def keep_lines(decision: Decision, lines: Iterable[JudgedLine]) -> None:
    """Keep the lines of a grant in part, within the act that records it."""
    GrantedLine.objects.bulk_create(
        GrantedLine(
            decision=decision,
            position=each.position,
            is_contribution=each.is_contribution,
            asked=each.asked,
            accepted=each.accepted,
            reason=each.reason,
        )
        for each in lines
    )


def lowered_in(decision: Decision) -> list[dict[str, Any]]:
    """Return the lines of which a decision accepts less than was asked, as a draft keeps them."""
    lowered = [each for each in decision.lines.all() if each.accepted < each.asked]
    return lines_kept(TypedLine(each.position, each.accepted, each.reason) for each in lowered)


def grant_of(lines: Iterable[JudgedLine]) -> Decimal:
    """Return the grant that lines come to: costs accepted, less contributions."""
    return sum((-each.accepted if each.is_contribution else each.accepted for each in lines), ZERO)


def check_lines(lines: Sequence[JudgedLine], *, amount: Decimal, requested: Decimal) -> None:
    """Raise ``RuleViolation``, at its field, unless the lines say what is refused of each, why, and come to the amount.

    A reason at a line of which nothing is refused is refused too: it would be lost.
    """
    for each in lines:
        _check_line(each)
    come_to, lowered = grant_of(lines), any(each.is_lower for each in lines)
    if amount == requested and lowered:
        raise RuleViolation(
            _(
                "You grant all that was requested, but accept less of some budget lines. Change one of the two."
            ),
            field="amount",
        )
    if come_to != amount:
        raise RuleViolation(
            _(
                "The budget lines come to %(sum)s, and you grant %(amount)s. Say for each budget line what you accept, "
                "so that both are the same."
            )
            % {"sum": euros(come_to), "amount": euros(amount)},
            field="amount",
        )


def _check_line(line: JudgedLine) -> None:
    if not 0 <= line.accepted <= line.asked:
        raise RuleViolation(
            _("Accept an amount from zero to the %(asked)s of this line.") % {"asked": euros(line.asked)},
            field=accepted_field(line.position),
        )
    if not line.is_lower and is_filled(line.reason):
        raise RuleViolation(
            _(
                "You accept all of this line, so the letter does not give this reason. Lower the amount, or empty this field."
            ),
            field=reason_field(line.position),
        )
    if line.is_lower and not is_filled(line.reason):
        raise RuleViolation(
            _("Write down why you accept less of this line: the letter says it."),
            field=reason_field(line.position),
        )
