"""The retention periods that the project carries as data."""

import json
from pathlib import Path

from django.db import transaction

from hubportal.kernel.errors import RuleViolation
from retention.enums import CountsFrom, DataKind
from retention.models import RetentionPeriod

# From when what the portal itself destroys is counted: data cannot say otherwise.
COUNTED_FROM = {
    DataKind.DISCARDED_DRAFTS: CountsFrom.DISCARDED,
    DataKind.UNSUBMITTED_DRAFTS: CountsFrom.CALL_CLOSED,
    DataKind.UNCONFIRMED_ACCOUNTS: CountsFrom.REGISTERED,
    DataKind.UNUSED_ACCOUNTS: CountsFrom.LAST_LOG_IN,
    DataKind.LINKS: CountsFrom.LINK_ENDED,
    DataKind.MAIL_TEXTS: CountsFrom.SENT,
}


@transaction.atomic(durable=True)
def load_periods(folder: Path) -> int:
    """Load the retention periods, and return how many there are. Idempotent: a period that is there stays.

    Raises ``RuleViolation`` for a period that counts from another moment than the job.
    """
    listed = json.loads((folder / "retention_periods.json").read_text(encoding="utf-8"))
    for position, each in enumerate(listed, start=1):
        counted = COUNTED_FROM.get(each["kind"])
        if counted is not None and each["counts_from"] != counted:
            raise RuleViolation(f"the period of {each['kind']} counts from {counted}")
        RetentionPeriod.objects.get_or_create(
            kind=each["kind"], defaults={**each, "kind": DataKind(each["kind"]), "position": position}
        )
    return RetentionPeriod.objects.count()
