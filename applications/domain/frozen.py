"""Reading submitted content from its frozen bytes, independent of later changes to the rows (rule 4)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.domain.content import AGREED_SCHEMA
from applications.models import Application
from hubportal.kernel.canonical import canonical_bytes, digest


def frozen_content(application: Application) -> dict[str, Any]:
    """Return the submitted content, with amounts as ``Decimal`` and days as ``date``; the keys of ``content_of``.

    What an older version did not know is None.
    """
    content: dict[str, Any] = json.loads(bytes(application.frozen.content))
    return {
        "postal_address": None,
        "electronic_letters": None,
        **content,
        "starts_on": _day(content["starts_on"]),
        "ends_on": _day(content["ends_on"]),
        "requested_amount": Decimal(content["requested_amount"]),
        "budget": [_line(each) for each in content["budget"]],
    }


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the budget with its numbers; hours and rate only where they were given."""
    numbers = {name: Decimal(line[name]) for name in ("amount", "hours", "rate") if name in line}
    return {**line, **numbers}


@dataclass(frozen=True)
class Delivery:
    """Where the letter of the decision goes, as it was submitted; on paper unless the applicant agreed to e-mail alone."""

    street: str
    postal_code: str
    place: str
    is_electronic: bool


def delivery_in(content: Mapping[str, Any]) -> Delivery | None:
    """Return where the letter of the decision goes (Awb 2:8); None for what was submitted before that was asked."""
    if content["postal_address"] is None:
        return None
    return Delivery(**content["postal_address"], is_electronic=content["electronic_letters"])


def partners_in(content: Mapping[str, Any]) -> dict[int, str]:
    """Return the KvK numbers of the organisations that took part beside the lead, by their ids."""
    return {each["id"]: each["kvk_number"] for each in content["organisations"] if not each["is_lead"]}


def agreed_digests(content: Mapping[str, Any], kvk_number: str) -> tuple[str, str]:
    """Return the digests of text (with the attachments) and own share that the consent of a partner had to carry (rule 9).

    They are those of ``content.text_digest`` and ``content.share_digest`` at the moment of submission.
    """
    text = {
        name: content[name] for name in ("title", "starts_on", "duration_months", "sections", "attachments")
    }
    text["schema"] = AGREED_SCHEMA
    text["organisations"] = sorted(each["kvk_number"] for each in content["organisations"])
    share = [each for each in content["budget"] if each["kvk_number"] == kvk_number]
    return (
        digest(canonical_bytes(text)),
        digest(canonical_bytes({"schema": AGREED_SCHEMA, "lines": share})),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
