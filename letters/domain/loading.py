"""The calls that the project carries as data, whole: with the texts of their letters."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from calls.domain.rehearsing import rehearsal_spec
from calls.models import Call
from letters.domain.setup import set_up_call_with_letters


def load_call_2024(folder: Path, *, at: datetime) -> Call:
    """Set up the call of 2024. Idempotent."""
    return set_up_call_with_letters(_call(folder), kinds=_kinds(folder), at=at)


def load_rehearsal(folder: Path, *, today: date, at: datetime) -> Call:
    """Set up a call with the rules of 2024 and rounds around today, to practise with, unless it is there."""
    spec = rehearsal_spec(_call(folder), today=today)
    return set_up_call_with_letters(spec, kinds=_kinds(folder), at=at)


def _call(folder: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((folder / "call_2024.json").read_text(encoding="utf-8"))
    return spec


def _kinds(folder: Path) -> list[dict[str, Any]]:
    kinds: list[dict[str, Any]] = json.loads((folder / "letter_kinds.json").read_text(encoding="utf-8"))
    return kinds
