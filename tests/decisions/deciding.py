"""Deciding on the pages of the office, step by step as an officer does."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from decisions.domain.budget_lines import accepted_field, reason_field
from decisions.models import DecisionDraft
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO, dutch_amount, parse_amount
from reviews.models import CommitteeAdvice
from tests.factories.granting import lowered_to

GRANT = {
    "outcome": "granted",
    "amount": "45.000",
    "reasons": "Ik volg het advies.",
    "deviation": "De begroting kan soberder.",
}


def page_of(case: Any) -> str:
    """Return the address of the decision on an application."""
    return reverse("admin:decision", args=[case.reference])


def check_of(case: Any) -> str:
    """Return the address of the page that shows what will be recorded."""
    return reverse("admin:check_decision", args=[case.reference])


def version_of(case: Any) -> int:
    """Return the version of the draft, 0 when there is none."""
    draft = DecisionDraft.objects.filter(application=case).first()
    return draft.version if draft else 0


def write(client: Client, case: Any, *, button: str = "check", **changes: str) -> HttpResponse:
    """Fill in the form and press a button."""
    typed = {**GRANT, **changes, "seen_version": str(version_of(case)), button: "1"}
    if typed["outcome"] == "granted":
        typed = {**lines_for(case, typed["amount"]), **typed}
    return client.post(page_of(case), typed)


def lines_for(case: Any, amount: str) -> dict[str, str]:
    """Return what is typed at the budget lines for a grant of an amount, where it can be read."""
    try:
        granted = parse_amount(amount)
    except RuleViolation:
        return {}
    typed: dict[str, str] = {}
    for each in lowered_to(case, granted):
        typed |= {
            accepted_field(each.position): dutch_amount(each.accepted or ZERO),
            reason_field(each.position): each.reason,
        }
    return typed


def confirm(client: Client, case: Any, *, seen: int | None = None) -> HttpResponse:
    """Press the button on the page that shows what will be recorded."""
    shown = version_of(case) if seen is None else seen
    advice = CommitteeAdvice.objects.get(application=case.pk)
    return client.post(check_of(case), {"seen": str(shown), "advice": str(advice.pk)})


def record(client: Client, case: Any, **changes: str) -> HttpResponse:
    """Fill in the form, check it, and record the decision; the first answer that is no way on."""
    written = write(client, case, **changes)
    if written.headers.get("Location") != check_of(case):
        return written
    return confirm(client, case)
