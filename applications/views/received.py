"""What applicants and partners see once an application was submitted: receipt, timeline, signatures."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain import starting_again, way_back
from applications.domain.content import content_of
from applications.domain.frozen import frozen_content
from applications.domain.signing import (
    can_extend_signing,
    is_open_to_sign,
    signature_due_at,
    signing_states,
)
from applications.domain.snapshot import snapshot_of
from applications.domain.submitting import offers_withdrawal
from applications.enums import Status
from applications.models import Application
from applications.permissions import may_manage, may_read_draft, may_sign
from applications.queries import shown_in_room, with_coalition
from applications.queries.receipts import told_of
from applications.queries.signature_copies import own_copies
from applications.views.access import asked_to_answer, shown_to
from applications.views.asking import Returned, asked_to_sign
from applications.views.calendars import calendar_moment
from applications.views.consents import consent_copies_of
from applications.views.status_wording import status_in_words
from applications.views.submission_window import submission_window_of
from applications.views.timeline import timeline
from hubportal.documents.views.stored import stored_pdf
from hubportal.mail.queries import came_back
from hubportal.middleware import SignedInRequest

_DECIDED = frozenset({Status.GRANTED, Status.REJECTED})


@login_required
@require_safe
def status(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show the status of an application; a draft redirects to where it is edited or answered."""
    application = shown_to(request.user, reference)
    is_lead = may_manage.allows(request.user, application)
    if application.is_draft:
        return _draft(request, application, is_lead=is_lead)
    context: dict[str, Any] = {
        "application": application,
        "words": status_in_words(application),
        "is_lead": is_lead,
        "is_decided": application.status in _DECIDED,
        "can_withdraw": is_lead and offers_withdrawal(application),
    }
    if application.status == Status.REJECTED and is_lead:
        context["can_start_again"] = submission_window_of(application.call, at=request.received_at).is_open
    if application.status == Status.WITHDRAWN and is_lead:
        context |= _withdrawn(application, at=request.received_at)
    partner = None if is_lead else asked_to_answer(request.user, application)
    if partner is not None:
        context |= {
            "partner": partner,
            "consent_copies": consent_copies_of(application, partner, request.user),
        }
    if application.submitted_at is not None:
        # Only the lead organisation had them sent.
        returned = came_back(reference) if is_lead else {}
        context |= _receipt(application) | _signing(request, application, is_lead=is_lead, returned=returned)
        context["receipt_came_back"] = any(kind == "receipt" for kind, _recipient in returned)
        context["has_calendar"] = calendar_moment(application, at=request.received_at) is not None
        context["signature_copies"] = list(own_copies(application, request.user))
        context["steps"] = list(timeline(application, context["signing"], at=request.received_at))
    return render(request, "applications/status.html", context)


@login_required
@require_safe
def receipt_pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send the receipt as a download, or say that it is being made."""
    application = shown_to(request.user, reference)
    receipt = getattr(application, "receipt", None)
    if receipt is None:
        raise Http404
    if receipt.document is None:
        messages.info(request, _("We are making the PDF of your confirmation. Try again in a minute."))
        return redirect("applications:status", reference)
    stored = receipt.document
    filename = f"ontvangstbevestiging-{reference}.pdf"
    return stored_pdf(request, name=stored.stored_as, sha256=stored.sha256, filename=filename)


@login_required
@require_safe
def told(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show that an application was received to who took part in it or is named in it; who may read it gets its status."""
    if shown_in_room(request.user).filter(reference=reference).exists():
        return redirect("applications:status", reference)
    known = with_coalition(told_of(request.user)).select_related("frozen")
    application = get_object_or_404(known, reference=reference)
    context = {
        "application": application,
        "frozen": application.frozen,
        "is_withdrawn": application.status == Status.WITHDRAWN,
        "signature_copies": list(own_copies(application, request.user)),
    }
    return render(request, "applications/receipt.html", context)


def _draft(request: SignedInRequest, application: Application, *, is_lead: bool) -> HttpResponse:
    if is_lead:
        return redirect("applications:overview", application.reference)
    partner = asked_to_answer(request.user, application)
    if partner is None:
        if not may_read_draft.allows(request.user, application):
            raise Http404
        return redirect("applications:overview", application.reference)
    return redirect("applications:consent_account", application.reference, partner.pk)


def _withdrawn(application: Application, *, at: datetime) -> dict[str, Any]:
    """Return what the lead organisation can still do, and of a discarded draft what stood in it."""
    can_be_undone = starting_again.can_be_undone(application, at=at)
    context: dict[str, Any] = {"can_start_again": not can_be_undone}
    if can_be_undone:
        context["undo_until"] = starting_again.undo_until(application)
    if way_back.can_be_reinstated(application, at=at):
        context["reinstate_until"] = way_back.reinstate_until(application)
    if application.submitted_at is None:
        snapshot = snapshot_of(application)
        context |= {"content": content_of(snapshot), "attachments": snapshot.attachments}
    return context


def _receipt(application: Application) -> dict[str, Any]:
    return {
        "receipt": application.receipt,
        "frozen": application.frozen,
        "content": frozen_content(application),
        "attachments": application.attachments.all(),
    }


def _signing(
    request: SignedInRequest, application: Application, *, is_lead: bool, returned: Returned
) -> dict[str, Any]:
    states = signing_states(application)
    is_open = is_open_to_sign(application, at=request.received_at)
    is_signed = all(each.signature is not None for each in states)
    return {
        "signing": states,
        "asked": [
            asked_to_sign(
                application,
                each,
                at=request.received_at,
                can_be_asked=is_open and is_lead,
                signs_here=is_open and is_lead and may_sign.allows(request.user, each.email),
                returned=returned,
            )
            for each in states
        ],
        "signing_is_over": not is_open and can_extend_signing(application, is_signed=is_signed),
        "signature_due_at": signature_due_at(application),
    }
