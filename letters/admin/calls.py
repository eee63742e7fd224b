"""The page with everything that a call says, in its letters too, its provisional values marked (rule 1)."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Field, TextField
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.domain.attachment_kinds import attachment_kinds
from calls.models import Call
from calls.queries import calls_with_parts
from hubportal.accounts.permissions import STAFF
from hubportal.kernel.clock import local_date
from hubportal.kernel.money import euros
from hubportal.office.pages import StaffRequest, only_for, page
from letters.queries import texts_in_force

_AMOUNTS = ("ceiling", "grant_maximum")
_SHOWN = (
    "opens_at",
    *_AMOUNTS,
    "min_months",
    "max_months",
    "min_parties",
    "shows_applications",
    "reviewers_per_application",
    "award_weeks",
    "signature_days",
    "signing_reminder_days",
    "deadline_reminder_days",
    "deadline_reminder_hours",
    "takeover_days",
    "link_days",
    "max_budget_lines",
    "max_attachments",
    "attachment_kinds",
    "objection_weeks",
    "settlement_weeks",
    "deciding_body",
    "deciding_organ",
    "mandate",
    "mandate_decision",
    "legal_basis",
    "general_terms",
    "general_terms_address",
    "objection_address",
    "objection_channel",
    "contact_name",
    "contact_phone",
    "contact_email",
    "website",
    "sender_lines",
    "declaration_text",
    "consent_text",
)


@dataclass(frozen=True)
class Value:
    """One value of a call."""

    label: Any
    value: Any
    is_provisional: bool
    # Words of the call, which are Dutch, and no number or day.
    is_text: bool


@require_safe
@only_for(STAFF)
def call(request: StaffRequest, slug: str) -> HttpResponse:
    """Show the values, sections, headings, criteria, grounds, mandates and letter texts of a call."""
    found = get_object_or_404(calls_with_parts(), slug=slug)
    texts = texts_in_force(found, on=local_date(request.received_at)).prefetch_related("sections")
    context = {
        "call": found,
        "values": [_value(found, each) for each in _SHOWN],
        "letter_texts": texts.order_by("kind__key"),
        "are_texts_provisional": "letters" in found.provisional,
    }
    return page(request, "admin/letters/call.html", context)


def _value(call: Call, name: str) -> Value:
    value, field = getattr(call, name), Call._meta.get_field(name)
    assert isinstance(field, Field)
    if name in _AMOUNTS:
        value = euros(value)
    elif isinstance(value, bool):
        value = _("Yes") if value else _("No")
    elif name == "attachment_kinds":
        value = "\n".join(each.label for each in attachment_kinds(call)) or _("none")
    elif isinstance(value, list):
        value = "\n".join(value)
    is_text = isinstance(field, CharField | TextField | ArrayField) or bool(
        name == "attachment_kinds" and call.attachment_kinds
    )
    return Value(field.verbose_name, value, name in call.provisional, is_text=is_text)
