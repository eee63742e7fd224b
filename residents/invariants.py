"""Invariants of what residents wrote (rules 22 and 23)."""

from collections.abc import Iterator

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation, each_breaks
from residents.events import ERASED
from residents.models import ResidentMessage
from residents.queries import mails_without_message

_CONSTRAINTS = {
    "resident_message_of_a_known_kind": 23,
    "resident_message_has_what_becomes_of_it": 23,
    "resident_message_confirmed_has_its_receipt": 23,
    "resident_message_settled_once_confirmed": 23,
}


def violations() -> Iterator[Violation]:
    """Yield each trace of a message that was erased."""
    erased = AuditEvent.objects.filter(subject_type=ResidentMessage._meta.label_lower, act=ERASED.name)
    there = ResidentMessage.objects.filter(pk__in=erased.values("subject_id"))
    yield from each_breaks(23, there, "counts as erased and is still there")
    yield from each_breaks(23, mails_without_message(), "is a mail about a message that was erased")
    yield from broken_constraints("residents", _CONSTRAINTS)
