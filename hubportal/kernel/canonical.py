"""Canonical JSON for hashing: one content has one text, independent of later changes to rows."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal) and value == round(value, 2):
        return f"{value:.2f}"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical form; use Decimal")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)


def canonical_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the UTF-8 JSON of the content: keys sorted, no spaces, no floats.

    Raises ``TypeError`` for a value without one exact form.
    """
    _refuse_floats(content)
    text = json.dumps(content, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
