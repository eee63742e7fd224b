"""The words of a decision letter, from the texts of the call (rule 20)."""

import json
from datetime import date
from typing import Any

from applications.domain.frozen import frozen_content
from applications.models import Application
from calls.domain.letter_texts import fill_in, split_body
from calls.enums import Outcome
from calls.models import LetterText
from decisions.models import Decision
from hubportal.kernel.clock import local_date
from hubportal.kernel.money import dutch_amount, euros
from hubportal.kernel.periods import objection_deadline, project_end
from reviews.domain.results import mean_per_criterion

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def dutch_day(day: date) -> str:
    """Return a day as a letter writes it: ``14 mei 2024``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def compose_letter(decision: Decision, *, releaser_name: str) -> dict[str, Any]:
    """Return everything the letter says but the day of sending and what follows from it.

    These two stay as ``{dated_on}`` and ``{objection_deadline}`` until the letter is made.
    """
    application = decision.application
    call = application.call
    people = application.people
    texts = call.letter_texts.filter(outcome=decision.outcome)
    typed = {
        "kind": decision.outcome,
        "reference": application.reference,
        "sender": {"name": call.deciding_body, "lines": list(call.sender_lines)},
        "addressee": {
            "name": application.coalition.lead_organisation.name,
            "attention": people.signatory_name,
            "lines": [application.coalition.lead_organisation.municipality.name],
        },
        "subject": f"Besluit op uw aanvraag {application.reference}: "
        + ("subsidie verleend" if decision.outcome == Outcome.GRANTED else "aanvraag afgewezen"),
        "salutation": f"Geachte {people.signatory_name},",
        "closing": {
            "text": "Met vriendelijke groet,",
            "on_behalf_of": call.mandate or call.deciding_body,
            "name": releaser_name,
            "function": call.deciding_body,
        },
        "annex": _annex(decision),
    }
    return {**_as_typed(typed), "sections": [_section(each, decision) for each in texts]}


def _as_typed(content: Any) -> Any:
    """Return what people typed so that nothing in it is filled in: a brace of theirs stands as ``{}``."""
    if isinstance(content, str):
        return content.replace("{", "{}")
    if isinstance(content, dict):
        return {key: _as_typed(each) for key, each in content.items()}
    return [_as_typed(each) for each in content] if isinstance(content, list) else content


def dated(content: dict[str, Any], *, dated_on: date, deadline_on: date) -> dict[str, Any]:
    """Return the content with the day of sending and the last day to object filled in."""
    values = {"dated_on": dutch_day(dated_on), "objection_deadline": dutch_day(deadline_on)}
    filled: dict[str, Any] = json.loads(fill_in_all(content, values))
    return {**filled, "dated_on": dated_on}


def fill_in_all(content: dict[str, Any], values: dict[str, str]) -> str:
    """Return the JSON of the content with the named words filled in; the values hold no quotes."""
    return fill_in(json.dumps(content, ensure_ascii=False), {**values, "": "{"})


def deadline_for(decision: Decision, *, sent_on: date) -> date:
    """Return the last day to object to a letter sent on a day (Awb 6:7 and 6:8)."""
    return objection_deadline(sent_on, weeks=decision.application.call.objection_weeks)


def _section(text: LetterText, decision: Decision) -> dict[str, Any]:
    paragraphs, items = split_body(text.body)
    values = _as_typed(placeholder_values(decision))
    filled: list[str] = []
    for each in paragraphs:
        # Reasons that somebody wrote keep their own paragraphs.
        filled += [part.strip() for part in fill_in(each, values).split("\n\n")]
    return {
        "heading": text.heading,
        "paragraphs": filled,
        "items": [fill_in(each, values) for each in items],
        "rows": _as_typed(_key_facts(decision)) if text.with_key_facts else [],
    }


def placeholder_values(decision: Decision) -> dict[str, str]:
    """Return what the words in braces of a letter's text stand for."""
    application, call = decision.application, decision.application.call
    starts_on, months = application.starts_on, application.duration_months
    assert starts_on is not None and months is not None and application.submitted_at is not None
    assert application.review_round is not None
    # Who applied, not who joined the coalition since.
    applied = frozen_content(application)["organisations"]
    return {
        "applicant": application.coalition.lead_organisation.name,
        "partners": _listed([each["name"] for each in applied if not each["is_lead"]]),
        "title": application.title,
        "reference": application.reference,
        "region": application.coalition.region.name,
        "call": call.title,
        "round": str(application.review_round.number),
        "received_on": dutch_day(local_date(application.submitted_at)),
        "amount": euros(decision.amount),
        "requested_amount": euros(decision.requested_amount),
        "starts_on": dutch_day(starts_on),
        "ends_on": dutch_day(project_end(starts_on, months)),
        "months": str(months),
        "reasons": decision.reasons.strip().replace("\r\n", "\n"),
        "legal_basis": call.legal_basis,
        "deciding_body": call.deciding_body,
        "mandate": call.mandate,
    }


def _key_facts(decision: Decision) -> list[list[str]]:
    values = placeholder_values(decision)
    return [
        ["Project", values["title"]],
        ["Penvoerder", values["applicant"]],
        ["Partners", values["partners"]],
        ["Regio", values["region"]],
        ["Gevraagd", values["requested_amount"]],
        ["Verleend, ten hoogste", values["amount"]],
        ["Looptijd", f"{values['starts_on']} tot en met {values['ends_on']} ({_duration(values['months'])})"],
    ]


def _duration(months: str) -> str:
    return f"{months} maand" if months == "1" else f"{months} maanden"


def _listed(names: list[str]) -> str:
    return " en ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _annex(decision: Decision) -> dict[str, Any]:
    """Return the advice of the committee, which the reasons refer to (Awb 3:49)."""
    advice, application = decision.advice, decision.application
    outcome = (
        f"De commissie adviseert subsidie te verlenen tot {euros(advice.amount)}."
        if advice.outcome == Outcome.GRANTED
        else "De commissie adviseert de aanvraag af te wijzen."
    )
    return {
        "title": "Advies van de commissie",
        "sections": [
            {"heading": "Advies", "paragraphs": [outcome], "items": [], "rows": []},
            {
                "heading": "Oordeel van de commissie",
                "paragraphs": [each.strip() for each in advice.text.replace("\r\n", "\n").split("\n\n")],
                "items": [],
                "rows": [],
            },
            {
                "heading": "Scores",
                "paragraphs": [_scale(application)],
                "items": [],
                "rows": _scores(application),
            },
        ],
    }


def _scale(application: Application) -> str:
    call = application.call
    return (
        f"Het gemiddelde van de beoordelaars, op een schaal van {call.lowest_score} tot {call.highest_score}. "
        f"Gewogen gemiddelde: {dutch_amount(application.advice.mean_score)}."
    )


def _scores(application: Application) -> list[list[str]]:
    return [
        [f"{criterion.title} (weging {criterion.weight}%)", dutch_amount(mean)]
        for criterion, mean in mean_per_criterion(application)
    ]
