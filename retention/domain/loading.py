"""The retention periods that the project carries as data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from applications.enums import UNDO_DAYS
from hubportal.kernel.errors import RuleViolation
from retention.enums import CountsFrom, DataKind, Unit
from retention.models import RetentionPeriod

# From when what the portal itself destroys is counted: data cannot say otherwise.
COUNTED_FROM = {
    DataKind.DISCARDED_DRAFTS: CountsFrom.DISCARDED,
    DataKind.UNSUBMITTED_DRAFTS: CountsFrom.CALL_CLOSED,
    DataKind.UNCONFIRMED_ACCOUNTS: CountsFrom.REGISTERED,
    DataKind.UNUSED_ACCOUNTS: CountsFrom.LAST_LOG_IN,
    DataKind.LINKS: CountsFrom.LINK_ENDED,
    DataKind.MAIL_TEXTS: CountsFrom.SENT,
    DataKind.ASKED_PEOPLE: CountsFrom.ASKED,
    DataKind.PEOPLE: CountsFrom.CONSENTED,
    DataKind.AGREEMENTS: CountsFrom.SETTLED,
    DataKind.CORRECTIONS: CountsFrom.SETTLED,
    DataKind.RESIDENT_MESSAGES: CountsFrom.CONSENTED,
    DataKind.FOLLOWERS: CountsFrom.CONSENTED,
    DataKind.REGIONAL_PICTURES: CountsFrom.MADE,
    DataKind.MESSAGES: CountsFrom.DECIDED,
    DataKind.CALL_QUESTIONS: CountsFrom.SETTLED,
    DataKind.TAKEOVER_PROOFS: CountsFrom.SETTLED,
    DataKind.COALITIONS: CountsFrom.LAST_CHANGE,
}


@transaction.atomic(durable=True)
def load_periods(folder: Path) -> int:
    """Load the retention periods, and return how many there are. Idempotent: a period that is there stays.

    Raises ``RuleViolation`` for a period that counts from another moment than the job, and for one of discarded drafts that
    is over while they can be put back.
    """
    listed = json.loads((folder / "retention_periods.json").read_text(encoding="utf-8"))
    for position, each in enumerate(listed, start=1):
        counted = COUNTED_FROM.get(each["kind"])
        if counted is not None and each["counts_from"] != counted:
            raise RuleViolation(f"the period of {each['kind']} counts from {counted}")
        _check_can_be_put_back(each)
        RetentionPeriod.objects.get_or_create(
            kind=each["kind"], defaults={**each, "kind": DataKind(each["kind"]), "position": position}
        )
    return RetentionPeriod.objects.count()


def _check_can_be_put_back(period: Mapping[str, Any]) -> None:
    in_days = period["kind"] == DataKind.DISCARDED_DRAFTS and period["unit"] == Unit.DAYS
    if in_days and period["length"] is not None and period["length"] < UNDO_DAYS:
        raise RuleViolation(
            f"a discarded draft can be put back for {UNDO_DAYS} days, so it is kept that long"
        )
