"""What residents wrote, by the portal's own acts."""

import re
from datetime import datetime
from typing import Any

from hubportal.mail.models import OutgoingMail
from regions.models import Region
from residents.domain.writing import Written, confirm_message, write_message
from residents.enums import MessageKind
from residents.models import ResidentMessage
from retention.enums import DataKind
from retention.models import RetentionPeriod
from tests.factories.moments import AT
from tests.factories.retention import period_of

# How long it is kept in tests.
DAYS_KEPT = 180


def message_period() -> None:
    """Say how long messages of residents are kept."""
    if not RetentionPeriod.objects.filter(kind=DataKind.RESIDENT_MESSAGES).exists():
        period_of(DataKind.RESIDENT_MESSAGES, length=DAYS_KEPT)


def written_message(
    region: Region, kind: MessageKind = MessageKind.QUESTION, *, at: datetime = AT, **values: Any
) -> ResidentMessage:
    """Let a resident write to a region that somebody maps; not confirmed yet."""
    message_period()
    typed: dict[str, Any] = {
        "name": "Ria Raadgever (fictief)",
        "email": "ria@burger.example",
        "title": "Hoe komt er een huisarts terug in het dorp?",
        "text": "Wij rijden nu een half uur.",
        **values,
    }
    return write_message(region=region, written=Written(kind=kind, **typed), at=at)


def confirmed_message(
    region: Region, kind: MessageKind = MessageKind.QUESTION, *, at: datetime = AT, **values: Any
) -> ResidentMessage:
    """Let a resident write to a region that somebody maps, and confirm it."""
    return confirm_message(message_id=written_message(region, kind, at=at, **values).pk, at=at)


def secret_in_mail(message: ResidentMessage, part: str) -> str:
    """Return the secret of the last mail about a message with such a link: ``bevestigen`` or ``inzien``."""
    mails = OutgoingMail.objects.filter(about=message.mails_about).order_by("-pk")
    found = [secret for each in mails for secret in re.findall(rf"/bericht/{part}/([\w-]+)/", each.body)]
    return str(found[0])
