"""The transition table of an application, and the only writer of its status (rule 21)."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import MoveReason, Status
from applications.events import MOVED, REINSTATED
from applications.models import Application
from hubportal.audit.domain.events import Actor, record, record_all
from hubportal.kernel.errors import RuleViolation
from regions.domain.changes import note_changes

# From which status to which, with the act that does it.
TRANSITIONS: dict[Status, dict[Status, str]] = {
    Status.DRAFT: {Status.SUBMITTED: "submit", Status.WITHDRAWN: "withdraw"},
    Status.SUBMITTED: {Status.SEALED: "seal the round", Status.WITHDRAWN: "withdraw"},
    Status.SEALED: {Status.ADVISED: "fix the advice", Status.WITHDRAWN: "withdraw"},
    Status.ADVISED: {
        Status.GRANTED: "make the letter",
        Status.REJECTED: "make the letter",
        Status.SEALED: "take back the advice",
    },
    Status.GRANTED: {},
    Status.REJECTED: {},
    # The one of what was never submitted, the other of what was; see ``may_move``.
    Status.WITHDRAWN: {Status.DRAFT: "put the draft back", Status.SUBMITTED: "put the submission back"},
}


class WrongStatus(RuleViolation):
    """The status of the application does not allow this."""


def may_move(application: Application, *, to: Status) -> bool:
    """Tell whether the table allows the move.

    What was withdrawn goes back to where it was: what was submitted never becomes a draft, nor a draft submitted.
    """
    if application.status == Status.WITHDRAWN:
        return to == (Status.DRAFT if application.submitted_at is None else Status.SUBMITTED)
    return to in TRANSITIONS[Status(application.status)]


def check_may_move(application: Application, *, to: Status) -> None:
    """Raise ``WrongStatus`` unless the table allows the move."""
    if not may_move(application, to=to):
        raise WrongStatus(
            _("This cannot be done while the application is “%(status)s”.")
            % {"status": Status(application.status).label}
        )


def move(
    application: Application,
    *,
    to: Status,
    actor: Actor | None,
    at: datetime,
    why: MoveReason | None = None,
    **values: Any,
) -> Application:
    """Move a locked application along the table, with the values that belong to the move.

    Raises ``WrongStatus``.
    """
    check_may_move(application, to=to)
    before = application.status
    application.status = to
    for name, value in values.items():
        setattr(application, name, value)
    application.save(update_fields=["status", *values])
    if _is_public(Status(before), to):
        note_changes([application.coalition.region_id], at=at)
    facts = {"from": before, "to": to.value, "why": why.value if why else ""}
    if (before, to) == (Status.WITHDRAWN, Status.SUBMITTED):
        record(REINSTATED, subject=application, actor=actor, at=at, facts=facts)
    else:
        record(MOVED[to], subject=application, actor=actor, at=at, facts=facts)
    return application


def move_all(
    applications: QuerySet[Application], *, come_from: Status, to: Status, at: datetime, why: MoveReason
) -> int:
    """Move those of the locked applications that have one status, in a few statements; return how many.

    Receipt, the one move of which everybody may know, is never of many.
    """
    if to not in TRANSITIONS[come_from]:
        raise WrongStatus(_("This cannot be done."))
    moving = applications.filter(status=come_from)
    facts = {"from": come_from.value, "to": to.value, "why": why.value}
    record_all(MOVED[to], subjects=moving, actor=None, at=at, facts=facts)
    return moving.update(status=to)


def _is_public(before: Status, after: Status) -> bool:
    """Tell whether everybody may know of a move at once: of receipt alone, where the call says so.

    Of a withdrawal or a decision nobody else hears before every letter of the round was sent (rule 26).
    """
    return (before, after) == (Status.DRAFT, Status.SUBMITTED)


def diagram() -> str:
    """Return the table as a Mermaid state diagram; the README holds it."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.DRAFT.value}"]
    for start, ends in TRANSITIONS.items():
        lines += [f"    {start.value} --> {end.value}: {act}" for end, act in ends.items()]
        if not ends:
            lines.append(f"    {start.value} --> [*]")
    return "\n".join(lines)
