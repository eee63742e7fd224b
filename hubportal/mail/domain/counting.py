"""Counting mails that came in."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from hubportal.mail.enums import Outcome
from hubportal.mail.models import ReceivedCount


@transaction.atomic(durable=True)
def count_received(*, outcome: Outcome, at: datetime) -> None:
    """Count one mail more."""
    ReceivedCount.objects.update_or_create(
        outcome=outcome,
        defaults={"number": F("number") + 1, "last_at": Greatest(F("last_at"), at)},
        create_defaults={"number": 1, "last_at": at},
    )
