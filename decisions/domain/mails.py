"""The mails that deciding causes."""

from datetime import datetime

from decisions.models import WithdrawnDecision
from hubportal.accounts.models import User
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail
from letters.models import Correction


def queue_sent_back(decision: WithdrawnDecision, *, at: datetime) -> None:
    """Tell who recorded a decision that it was sent back; what and why is on the page alone (rule 26)."""
    reference = decision.application.reference
    _queue(
        "decision_sent_back",
        decision.recorded_by,
        reference,
        address=address_of("admin:decision", reference),
        at=at,
    )


def queue_correction_sent_back(correction: Correction, *, at: datetime) -> None:
    """Tell who recorded a correction that a colleague took or sent it back; why is on the page alone (rule 26)."""
    reference = correction.letter.about
    _queue(
        "correction_sent_back",
        correction.recorded_by,
        reference,
        address=address_of("admin:correct_letter", reference),
        at=at,
    )


def _queue(kind: str, recorder: User, reference: str, *, address: str, at: datetime) -> None:
    context = {"recorder": recorder, "reference": reference, "address": address}
    subject, body = compose(kind, context)
    queue_mail(kind=kind, recipient=recorder.email, subject=subject, body=body, about=reference, at=at)
