"""The notice to who asked something about a call: that there is an answer, never what it says."""

from datetime import datetime

from call_questions.models import CallQuestion
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails


def tell_who_asked(kind: str, question: CallQuestion, *, at: datetime) -> None:
    """Tell who asked that their question was answered, or that the answer changed or was taken back; nobody whose account ended."""
    if not question.asked_by.is_active:
        return
    context = {
        "reader": question.asked_by,
        "call": question.call,
        "address": address_of("call_questions:ask", question.call.slug),
    }
    subject, body = compose(kind, context)
    queue_mails([Message(kind, question.asked_by.email, subject, body)], at=at)
