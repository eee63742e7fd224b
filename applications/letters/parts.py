"""The parts of an application as documents print them, from its content as plain data; always Dutch."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hubportal.kernel.dates import dutch_day
from hubportal.kernel.money import dutch_euros, dutch_hours
from letters.domain.structure import Content, section

# What a draft does not say yet.
NOTHING_YET = "Nog niet ingevuld"


def project(content: dict[str, Any]) -> Content:
    """Return title and dates."""
    title = content["title"] or NOTHING_YET
    return section("Project", rows=[["Titel", title], ["Looptijd", _period(content)]])


def organisations(content: dict[str, Any]) -> Content:
    """Return who takes part."""
    return section("Organisaties", items=[_organisation(each) for each in content["organisations"]])


def texts(content: dict[str, Any], *, with_questions: bool = False) -> list[Content]:
    """Return what is written in each section; ``with_questions``: below what was asked."""
    return [
        section(
            each["title"],
            paragraphs=[
                *([f"Gevraagd: {each['question']}"] if with_questions and each["question"] else []),
                *(each["text"] or ("" if not with_questions else NOTHING_YET)).split("\n\n"),
            ],
        )
        for each in content["sections"]
    ]


def budget(lines: Sequence[dict[str, Any]], total: Decimal, *, heading: str, total_label: str) -> Content:
    """Return lines of a budget and what they come to."""
    rows = [
        [
            each["heading"],
            each["description"] + _hours(each),
            each["organisation"],
            ("− " if each["is_contribution"] else "") + dutch_euros(Decimal(each["amount"])),
        ]
        for each in lines
    ]
    return section(
        heading,
        head=["Post", "Omschrijving", "Organisatie", "Bedrag"],
        rows=[*rows, [total_label, "", "", dutch_euros(total)]],
    )


def attachments(content: dict[str, Any], *, none: str) -> Content:
    """Return the attachments, each with what it can be known by; ``none``: what is said where there are none."""
    listed = content["attachments"]
    if not listed:
        return section("Bijlagen", paragraphs=[none])
    return section("Bijlagen", items=[_attachment(each) for each in listed])


def _period(content: dict[str, Any]) -> str:
    if content["ends_on"] is None:
        return NOTHING_YET
    first, last = (date.fromisoformat(content[name]) for name in ("starts_on", "ends_on"))
    months = "1 maand" if content["duration_months"] == 1 else f"{content['duration_months']} maanden"
    return f"{dutch_day(first)} tot en met {dutch_day(last)} ({months})"


def _organisation(organisation: dict[str, Any]) -> str:
    role = ", penvoerder" if organisation["is_lead"] else ""
    return f"{organisation['name']}, {organisation['municipality']} (KvK {organisation['kvk_number']}){role}"


def _hours(line: dict[str, Any]) -> str:
    if "hours" not in line:
        return ""
    return f" ({dutch_hours(Decimal(line['hours']))} uur à {dutch_euros(Decimal(line['rate']))})"


def _attachment(each: dict[str, Any]) -> str:
    kind = f"{each['kind']}: " if "kind" in each else ""
    return f"{kind}{each['title']} (SHA-256: {each['sha256']})"
