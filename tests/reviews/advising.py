"""Advising on the pages of chair and deputy, step by step as they do."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from reviews.models import AdviceDraft

GRANT = {"outcome": "granted", "amount": "45.000,00", "text": "Een goed plan.", "rank": "1"}


def page_of(case: Any) -> str:
    """Return the address of the advice on an application."""
    return reverse("admin:advice", args=[case.reference])


def check_of(case: Any) -> str:
    """Return the address of the page that shows what will be adopted."""
    return reverse("admin:check_advice", args=[case.reference])


def version_of(case: Any) -> int:
    """Return the version of the draft, 0 when there is none."""
    draft = AdviceDraft.objects.filter(application=case).first()
    return draft.version if draft else 0


def write(client: Client, case: Any, *, button: str = "check", **changes: str) -> HttpResponse:
    """Fill in the form and press a button."""
    typed = {**GRANT, **changes, "seen_version": str(version_of(case)), button: "1"}
    return client.post(page_of(case), typed)


def shown_to(client: Client, case: Any) -> str:
    """Open the page that shows what will be adopted, and return what it sends back of that."""
    context: Any = client.get(check_of(case)).context
    return context["shown"]["seen"] if context and "shown" in context else ""


def confirm(client: Client, case: Any, *, seen: str | None = None) -> HttpResponse:
    """Press the button on the page that shows what will be adopted."""
    return client.post(check_of(case), {"seen": shown_to(client, case) if seen is None else seen})


def adopt(client: Client, case: Any, **changes: str) -> HttpResponse:
    """Fill in the form, check it, and adopt the advice; the first answer that is no way on."""
    written = write(client, case, **changes)
    if written.headers.get("Location") != check_of(case):
        return written
    return confirm(client, case)
