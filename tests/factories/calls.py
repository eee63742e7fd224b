"""Calls, set up from data as the project does."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import factory
from django.conf import settings

from calls.models import Call
from letters.domain.setup import set_up_call_with_letters
from tests.factories.moments import CALL_OPENS


def call_2024_spec() -> dict[str, Any]:
    """Return the data of the 2024 call."""
    spec: dict[str, Any] = json.loads((settings.BASE_DIR / "fixtures" / "call_2024.json").read_text("utf-8"))
    return spec


def letter_kinds() -> list[dict[str, Any]]:
    """Return the data of the kinds of letters."""
    kinds: list[dict[str, Any]] = json.loads(
        (settings.BASE_DIR / "fixtures" / "letter_kinds.json").read_text("utf-8")
    )
    return kinds


def make_call(*, spec: Mapping[str, Any] | None = None, rounds: Any = None, **values: Any) -> Call:
    """Set up a call; by default that of 2024, ``values`` replacing what it says of itself."""
    data = copy.deepcopy(dict(spec or call_2024_spec()))
    data["call"].update(values)
    if rounds is not None:
        data["rounds"] = rounds
        # Other rounds may be over before the last day to ask questions of 2024.
        if "questions_until" not in values:
            del data["call"]["questions_until"]
    return set_up_call_with_letters(data, kinds=letter_kinds(), at=CALL_OPENS)


class CallFactory(factory.Factory[Call]):
    """A call like that of 2024, under a name of its own."""

    class Meta:
        model = Call

    slug = factory.Sequence(lambda number: f"oproep-{number}")
    reference_prefix = factory.Sequence(lambda number: f"T{number}")

    @classmethod
    def _create(cls, model_class: type[Call], *args: Any, **values: Any) -> Call:
        return make_call(**values)


def another_call_spec() -> dict[str, Any]:
    """Return the data of a call that differs from that of 2024 in everything a call can differ in."""
    spec = call_2024_spec()
    spec["call"].update(
        slug="doorbouwen-2025",
        title="Doorbouwen aan hubs",
        reference_prefix="DBH25",
        opens_at="2025-02-03T10:00",
        ceiling="480000.00",
        grant_maximum="120000.00",
        min_months=3,
        max_months=12,
        min_parties=3,
        reviewers_per_application=3,
        lowest_score=1,
        highest_score=4,
        award_weeks=8,
        signature_days=10,
        signing_reminder_days=3,
        deadline_reminder_days=10,
        deadline_reminder_hours=24,
        takeover_days=5,
        link_days=21,
        max_budget_lines=20,
        max_attachments=4,
        objection_weeks=6,
        deciding_body="Stichting Verder (fictief)",
        provisional=[],
    )
    del spec["call"]["questions_until"]
    spec["rounds"] = [
        {"opens_at": "2025-02-03T10:00", "deadline_at": "2025-03-31T17:00", "ceiling": "240000.00"},
        {"opens_at": "2025-05-05T09:00", "deadline_at": "2025-06-30T12:00"},
    ]
    spec["sections"] = [
        {"key": "hub", "title": "Uw hub", "question": "Waar staat uw hub nu?", "max_characters": 1000},
        {"key": "volgende", "title": "De volgende stap", "question": "Wat gaat u bouwen?"},
        {"key": "extra", "title": "Wat u nog wilt zeggen", "question": "Nog iets?", "is_required": False},
    ]
    spec["headings"] = [
        {"key": "mensen", "title": "Mensen en uren"},
        {"key": "plek", "title": "De plek"},
        {"key": "gemeente", "title": "Bijdrage van gemeenten", "is_contribution": True},
    ]
    steps = ["Onvoldoende.", "Matig.", "Goed.", "Zeer goed."]
    spec["criteria"] = [
        {
            "key": "nut",
            "family": "relevance",
            "title": "Nut",
            "question": "Helpt het?",
            "weight": 60,
            "steps": steps,
        },
        {
            "key": "bouw",
            "family": "quality",
            "title": "Bouw",
            "question": "Kan het?",
            "weight": 40,
            "steps": steps,
        },
    ]
    spec["mandated"] = [
        {"name": "N. Volmacht (fictief)", "function": "directeur", "valid_from": "2025-01-01"}
    ]
    spec["grounds"] = [
        {"key": "oordeel", "title": "Oordeel", "sentence": "De commissie was niet overtuigd."},
        {"key": "plafond", "title": "Plafond", "sentence": "Het geld is op."},
    ]
    spec["letters"] = {
        "decision_granted": [
            {"body": '{applicant} krijgt {amount} voor "{title}" ({reference}).'},
            {"heading": "De bouw", "body": "{reasons}", "with_key_facts": True},
            {"heading": "Bezwaar", "body": "Dat kan tot en met {objection_deadline}."},
        ],
        "decision_partly_granted": [
            {"body": "{applicant} krijgt {amount} in plaats van {requested_amount}. {reasons}"},
            {"heading": "Bezwaar", "body": "Dat kan tot en met {objection_deadline}."},
        ],
        "decision_rejected": [
            {"body": "{applicant} krijgt geen {requested_amount}. {reasons} {ground}"},
            {"heading": "Bezwaar", "body": "Dat kan tot en met {objection_deadline}."},
        ],
    }
    return spec
