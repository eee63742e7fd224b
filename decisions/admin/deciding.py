"""Pages of an officer: applications to decide on, and recording decisions within the ceiling (rule 18)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain.signing import can_extend_signing, extend_signing, is_signed, signature_due_at
from applications.models import Application
from applications.permissions import may_extend_signing
from applications.queries import every_application, overlapping, with_coalition, with_headline, with_members
from calls.enums import Outcome
from decisions.admin.forms import DecisionForm
from decisions.domain.deciding import AlreadyDecided, record_decision
from decisions.permissions import may_decide
from decisions.queries import (
    awaiting_decision,
    decision_on,
    undeclared_awaiting_decision,
    what_is_left,
)
from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from letters.queries import state_of
from reviews.admin.access import opened_or_declare
from reviews.domain.results import results_for
from reviews.models import CommitteeAdvice
from reviews.queries import advice_on, complete_reviews


@require_safe
@only_for(OFFICERS)
def waiting(request: StaffRequest) -> HttpResponse:
    """List the advised applications on which this officer can decide."""
    ordered = awaiting_decision(request.user).order_by(
        "review_round__deadline_at", "advice__rank", "reference"
    )
    shown = with_headline(every_application()).select_related("advice")
    chosen = page_of_rows(request, ordered, shown=shown)
    context = {"page": chosen, "undeclared": undeclared_awaiting_decision(request.user).count()}
    return page(request, "admin/decisions/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def decision(request: StaffRequest, reference: str) -> HttpResponse:
    """Show one application, and record the decision on it."""
    application = opened_or_declare(request, reference, may_decide)
    if isinstance(application, HttpResponseRedirect):
        return application
    advice = advice_on(application).first()
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        initial=_as_advised(advice),
        grounds=application.call.rejection_grounds.all(),
    )
    if request.method == "POST" and form.is_valid():
        if _record(request, application, form):
            return redirect("admin:decision", reference)
        # The remaining budget may have changed meanwhile.
        application = with_coalition(every_application()).get(pk=application.pk)
    context = {
        "application": application,
        "advice": advice,
        "form": form,
        **_case_context(request, application),
    }
    return page(request, "admin/decisions/decision.html", context, status=422 if form.errors else 200)


@require_POST
@only_for(OFFICERS)
def more_time_to_sign(request: StaffRequest, reference: str) -> HttpResponse:
    """Extend the term to sign the declaration, and mail those who have not signed."""
    application = get_object_or_404(may_extend_signing.rows(request.user), reference=reference)
    try:
        extended = extend_signing(application_id=application.pk, actor=request.user, at=request.received_at)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        until = date_format(localtime(signature_due_at(extended)), "j F Y H:i")
        messages.success(
            request,
            _("They can sign until %(until)s, and will receive an e-mail with the link.") % {"until": until},
        )
    return redirect("admin:decision", reference)


def _as_advised(advice: CommitteeAdvice | None) -> dict[str, Any]:
    if advice is None:
        return {}
    return {"outcome": advice.outcome, "amount": advice.amount or None}


def _case_context(request: StaffRequest, application: Application) -> dict[str, Any]:
    """Return what the page shows beside the form: decision, result, signatures, budget left, reviews, overlaps."""
    user, due_at, signed = request.user, signature_due_at(application), is_signed(application)
    found = decision_on(application).first()
    return {
        "decision": found,
        "letter_state": state_of(found.letter) if found else None,
        "result": results_for(user, [application]).get(application.pk),
        "is_signed": signed,
        "signature_due_at": due_at,
        "signing_is_over": due_at is not None and request.received_at >= due_at,
        "can_sign_later": found is None and can_extend_signing(application, is_signed=signed),
        "budget": what_is_left(application, user),
        "reviews": complete_reviews(user, application),
        "overlapping": with_members(overlapping(application)).order_by("reference")[:20],
    }


def _record(request: StaffRequest, application: Application, form: DecisionForm) -> bool:
    typed = form.cleaned_data
    try:
        record_decision(
            application_id=application.pk,
            outcome=Outcome(typed["outcome"]),
            amount=typed["amount"] or ZERO,
            reasons=typed["reasons"],
            ground=typed.get("ground"),
            actor=request.user,
            at=request.received_at,
        )
    except AlreadyDecided as refusal:
        if _is_own_second_click(request, application, typed):
            return True
        add_violation(form, refusal)
        return False
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    messages.success(request, _("The decision has been recorded. Someone else will release the letter."))
    return True


def _is_own_second_click(request: StaffRequest, application: Application, typed: dict[str, Any]) -> bool:
    same = {
        "outcome": typed["outcome"],
        "amount": typed["amount"] if typed["outcome"] == Outcome.GRANTED else ZERO,
        "reasons": typed["reasons"],
        "ground": typed.get("ground"),
    }
    return decision_on(application).filter(recorded_by=request.user, **same).exists()
