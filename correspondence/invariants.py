"""Invariants of messages about applications (rules 38 and 43)."""

from collections.abc import Iterator

from django.db.models import F, Q

from correspondence.models import Conversation, Message
from correspondence.queries import misjudged_waiting
from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks

_CONSTRAINTS = {
    "conversation_begun_by_a_known_side": 38,
    "conversation_has_a_subject": 38,
    "conversation_closed_by_somebody": 38,
    "conversation_once_per_number": 38,
    "message_of_a_known_side": 38,
    "message_says_something_until_taken_back": 38,
    "message_delivered_or_taken_back": 38,
    "message_once_per_number": 38,
    "message_sent_once": 38,
    "message_file_has_its_digest": 24,
    "answer_address_keeps_a_digest": 43,
    "AnswerAddress.digest": 43,
    "MailedMessage.message": 43,
}


def violations() -> Iterator[Violation]:
    """Yield each conversation about what was never submitted, or that waits otherwise than its messages say; each odd delivery."""
    drafts = Conversation.objects.filter(
        Q(application__submitted_at=None) | Q(begun_at__lt=F("application__submitted_at"))
    )
    yield from each_breaks(38, drafts, "is about what was not submitted")
    yield from each_breaks(38, misjudged_waiting(), "waits otherwise than its messages say")
    early = Message.objects.filter(delivered_at__lt=F("written_at"))
    yield from each_breaks(38, early, "was delivered before it was written")
    taken_back = Message.objects.filter(taken_back_at__isnull=False)
    yield from each_breaks(38, taken_back.filter(file__isnull=False), "was taken back and keeps its file")
    yield from each_breaks(43, taken_back.filter(mailed__isnull=False), "was taken back and keeps its mail")
    odd = Message.objects.filter(mailed__answers__gte=F("number"))
    yield from each_breaks(43, odd, "answers by mail what came later")
    yield from broken_constraints("correspondence", _CONSTRAINTS)
