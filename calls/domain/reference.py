"""The calls that the project carries as data."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from calls.domain.setup import set_up_call
from calls.models import Call

# The rehearsal's rounds, in days from the Tuesday of the week it is set up: two are behind, the third is open.
TUESDAY = 1
REHEARSAL_ROUNDS = ((-70, -42), (-42, -14), (-14, 21), (21, 49), (49, 77))


def load_call_2024(folder: Path, *, at: datetime) -> Call:
    """Set up the call of 2024 unless it is there."""
    return set_up_call(_spec(folder), at=at)


def load_rehearsal(folder: Path, *, today: date, at: datetime) -> Call:
    """Set up a call with the rules of 2024 and rounds around today, to practise with, unless it is there."""
    return set_up_call(rehearsal_spec(_spec(folder), today=today), at=at)


def rehearsal_spec(spec: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Return the data of a call with other names and with rounds around today, whose deadlines are Tuesdays."""
    tuesday = today + timedelta(days=TUESDAY - today.weekday())
    rounds = [
        {
            "opens_at": _wall_clock(tuesday, opens),
            "deadline_at": _wall_clock(tuesday, closes),
            "provisional": [],
        }
        for opens, closes in REHEARSAL_ROUNDS
    ]
    title = f"Oefenoproep {spec['call']['title'].lower()}"
    call = {
        **spec["call"],
        "slug": "oefenoproep",
        "title": title,
        "legal_basis": f"de {title}. Dit is een oefening: aan deze brief zijn geen rechten te ontlenen",
        "reference_prefix": "OEF",
        "opens_at": rounds[0]["opens_at"],
        "is_rehearsal": True,
    }
    return {**spec, "call": call, "rounds": rounds}


def _wall_clock(today: date, days: int) -> str:
    return f"{today + timedelta(days=days)}T14:00"


def _spec(folder: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((folder / "call_2024.json").read_text(encoding="utf-8"))
    return spec
