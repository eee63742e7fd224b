"""Reading submitted content from its frozen bytes, independent of later changes to the rows (rule 4)."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Application
from hubportal.kernel.canonical import canonical_bytes, digest


def frozen_content(application: Application) -> dict[str, Any]:
    """Return the submitted content, with amounts as ``Decimal`` and days as ``date``; the keys of ``content_of``."""
    content: dict[str, Any] = json.loads(bytes(application.frozen.content))
    return {
        **content,
        "starts_on": _day(content["starts_on"]),
        "ends_on": _day(content["ends_on"]),
        "requested_amount": Decimal(content["requested_amount"]),
        "budget": [{**line, "amount": Decimal(line["amount"])} for line in content["budget"]],
    }


def partners_in(content: Mapping[str, Any]) -> dict[int, str]:
    """Return the KvK numbers of the organisations that took part beside the lead, by their ids."""
    return {each["id"]: each["kvk_number"] for each in content["organisations"] if not each["is_lead"]}


def agreed_digests(content: Mapping[str, Any], kvk_number: str) -> tuple[str, str]:
    """Return the digests of text and own share that the consent of a partner had to carry (rule 9).

    They are those of ``content.text_digest`` and ``content.share_digest`` at the moment of submission.
    """
    text = {name: content[name] for name in ("schema", "title", "starts_on", "duration_months", "sections")}
    text["organisations"] = sorted(each["kvk_number"] for each in content["organisations"])
    share = [each for each in content["budget"] if each["kvk_number"] == kvk_number]
    return (
        digest(canonical_bytes(text)),
        digest(canonical_bytes({"schema": content["schema"], "lines": share})),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
