"""Mails in the outbox."""

from typing import Any

from hubportal.mail.domain.outbox import queue_mail
from hubportal.mail.models import OutgoingMail
from tests.factories.moments import AT


def queued_mail(**values: Any) -> OutgoingMail:
    """Write a mail that is due."""
    defaults: dict[str, Any] = {
        "kind": "receipt",
        "recipient": "ontvanger@voorbeeld.example",
        "subject": "INGEDIEND: aanvraag CRP24-0001",
        "body": "Wij hebben uw aanvraag ontvangen. Żółw, één, “ja”.\n",
        "about": "CRP24-0001",
        "at": AT,
    }
    return queue_mail(**{**defaults, **values})
