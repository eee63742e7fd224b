"""Playing what applicants and office write to each other about an application."""

from datetime import datetime, timedelta
from uuid import uuid4

from applications.models import Application
from correspondence.domain.delivering import deliver_messages
from correspondence.domain.writing import Written, answer, begin_conversation
from correspondence.enums import Side
from correspondence.queries import DELIVERED_AFTER, messages_to_deliver, seen_in
from hubportal.accounts.models import User

_AN_HOUR = timedelta(hours=1)


def write_to_each_other(application: Application, applicant: User, officer: User, *, at: datetime) -> None:
    """Let the applicant ask something that waits for an answer, and answer what the officer asked earlier."""
    _begin(
        application,
        Side.OFFICE,
        officer,
        "Rekening van de penvoerder (fictief)",
        "Op welke naam staat de bedachte rekening van uw organisatie?",
        at=at - 4 * _AN_HOUR,
    )
    words = "Op naam van de stichting zelf. Wij geven haar door zodra u erom vraagt."
    _answer(application, Side.APPLICANTS, applicant, words, at=at - 3 * _AN_HOUR)
    _answer(application, Side.OFFICE, officer, "Dank u wel, dan weten wij genoeg.", at=at - 2 * _AN_HOUR)
    _begin(
        application,
        Side.APPLICANTS,
        applicant,
        "Later beginnen (fictief)",
        "Mogen wij een maand later beginnen? Onze bedachte projectleider is nog bezig.",
        at=at - _AN_HOUR,
    )


def _begin(
    application: Application, side: Side, writer: User, subject: str, words: str, *, at: datetime
) -> None:
    begin_conversation(
        reference=application.reference,
        side=side,
        subject=subject,
        written=Written(words, uuid4()),
        actor=writer,
        at=at,
    )
    _deliver(at)


def _answer(application: Application, side: Side, writer: User, words: str, *, at: datetime) -> None:
    conversation = application.conversations.order_by("number")[0]
    answer(
        reference=application.reference,
        number=conversation.number,
        side=side,
        written=Written(words, uuid4()),
        seen=seen_in(conversation, side),
        actor=writer,
        at=at,
    )
    _deliver(at)


def _deliver(written_at: datetime) -> None:
    at = written_at + DELIVERED_AFTER
    for key in messages_to_deliver(at=at).values_list("pk", flat=True):
        deliver_messages(message_id=key, at=at)
