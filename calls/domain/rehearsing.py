"""A call to practise with."""

from datetime import date, timedelta
from typing import Any

# The rehearsal's rounds, in days from the Tuesday of the week it is set up: two are behind, the third is open.
TUESDAY = 1
QUESTIONS_END_BEFORE = 14
# What the call of 2024 did not ask for, to practise with; nothing of it has to be there.
REHEARSAL_ATTACHMENTS = (
    {
        "key": "steun",
        "label": "Steunbrief",
        "explanation": "Een brief van een organisatie die niet meedoet, maar wel steunt wat u wilt. Voor de oefening.",
        "most": 3,
    },
    {
        "key": "bestuur",
        "label": "Besluit van het bestuur",
        "explanation": "Het besluit waarin het bestuur van de penvoerder met de aanvraag instemt. Voor de oefening.",
    },
)
REHEARSAL_ROUNDS = ((-70, -42), (-42, -14), (-14, 21), (21, 49), (49, 77))


def rehearsal_spec(spec: dict[str, Any], *, today: date) -> dict[str, Any]:
    """Return the data of a call with other names, kinds of attachments, and rounds around today, whose deadlines are Tuesdays."""
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
        "questions_until": _wall_clock(tuesday, REHEARSAL_ROUNDS[-1][1] - QUESTIONS_END_BEFORE),
        "is_rehearsal": True,
        "attachment_kinds": list(REHEARSAL_ATTACHMENTS),
    }
    return {**spec, "call": call, "rounds": rounds}


def _wall_clock(today: date, days: int) -> str:
    return f"{today + timedelta(days=days)}T14:00"
