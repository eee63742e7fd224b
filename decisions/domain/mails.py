"""The mails that deciding causes."""

from datetime import datetime

from decisions.models import WithdrawnDecision
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import queue_mail


def queue_sent_back(decision: WithdrawnDecision, *, at: datetime) -> None:
    """Tell who recorded a decision that it was sent back; what and why is on the page alone (rule 26)."""
    reference = decision.application.reference
    subject, body = compose(
        "decision_sent_back",
        {
            "recorder": decision.recorded_by,
            "reference": reference,
            "address": address_of("admin:decision", reference),
        },
    )
    queue_mail(
        kind="decision_sent_back",
        recipient=decision.recorded_by.email,
        subject=subject,
        body=body,
        about=reference,
        at=at,
    )
