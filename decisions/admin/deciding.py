"""Pages of an officer: applications to decide on, and drafts of decisions (rules 18 and 32)."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain.frozen import frozen_content
from applications.domain.signing import can_extend_signing, extend_signing, is_signed, signature_due_at
from applications.models import Application
from applications.permissions import may_extend_signing
from applications.queries import every_application, overlapping, with_headline, with_members
from coalitions.queries import named_otherwise
from decisions.admin.forms import DecisionForm
from decisions.domain.budget_lines import grant_of, judged
from decisions.domain.deciding import check_decision, granted_lines
from decisions.domain.drafts import as_typed, save_decision_draft
from decisions.models import DecisionDraft
from decisions.permissions import may_decide, may_see_case
from decisions.queries import (
    awaiting_decision,
    decision_draft_on,
    decision_on,
    latest_letters_on,
    undeclared_awaiting_decision,
    was_taken_back,
    withdrawn_decisions_on,
)
from decisions.totals import what_is_left
from hubportal.accounts.permissions import OFFICERS
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.office.drafting import kept_or_checked, saving_context
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import page_of_rows
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from letters.queries import state_of
from reviews.admin.access import opened_or_declare
from reviews.advice_queries import withdrawn_advice_on
from reviews.domain.results import results_for
from reviews.models import CommitteeAdvice
from reviews.queries import complete_reviews


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
    """Show one application, and save a draft of the decision on it."""
    application = opened_or_declare(
        request,
        reference,
        may_see_case,
        *("frozen", "advice__fixed_by", "decision_draft__saved_by", "decision_draft__ground"),
        was_taken_back=was_taken_back(),
    )
    if isinstance(application, HttpResponseRedirect):
        return application
    draft: DecisionDraft | None = getattr(application, "decision_draft", None)
    form = _form(request, application, draft)

    def act() -> Saved:
        done = save_decision_draft(
            application_id=application.pk,
            typed=form.as_typed(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(done.version, done.saved_at)

    page_of = partial(_page, request, application, draft, form)
    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept, application, form),
        saved=partial(_saved, request, application, form, page_of),
        page=page_of,
    )


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


def _form(request: StaffRequest, application: Application, draft: DecisionDraft | None) -> DecisionForm:
    advice: CommitteeAdvice | None = getattr(application, "advice", None)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        grounds=application.call.rejection_grounds.all(),
        budget=frozen_content(application)["budget"] if advice is not None else (),
    )
    form.initial = _initial(form, advice, draft)
    return form


def _initial(
    form: DecisionForm, advice: CommitteeAdvice | None, draft: DecisionDraft | None
) -> dict[str, Any]:
    if draft is not None:
        return {**form.fields_of(as_typed(draft)), "seen_version": draft.version}
    if advice is None:
        return {"seen_version": 0}
    return {"seen_version": 0, "outcome": advice.outcome, "amount": advice.amount or None}


def _kept(application: Application, form: DecisionForm) -> Kept | None:
    now = decision_draft_on(application).first()
    if now is None:
        return None
    return Kept(now.version, form.fields_of(as_typed(now)), now.saved_by, now.saved_at)


def _saved(
    request: StaffRequest,
    application: Application,
    form: DecisionForm,
    page_of: Callable[[SaveOutcome], HttpResponse],
    done: Saved,
) -> HttpResponse:
    return kept_or_checked(
        request,
        form,
        done,
        kept_in_words=_("Saved as a draft. Nothing has been recorded yet."),
        check=lambda: check_decision(application, **vars(form.as_typed())),
        checks_at=reverse("admin:check_decision", args=[application.reference]),
        page_of=page_of,
    )


def _page(
    request: StaffRequest,
    application: Application,
    draft: DecisionDraft | None,
    form: DecisionForm,
    outcome: SaveOutcome,
) -> HttpResponse:
    if request.method == "POST":
        # Saved just now, here or in another window.
        draft = decision_draft_on(application).first()
    context = {
        "application": application,
        "advice": getattr(application, "advice", None),
        "form": form,
        **saving_context(request, outcome, draft),
        "come_to": _come_to(form, draft),
        "grants_less": (form.initial.get("amount") or ZERO) < application.requested_amount,
        "can_decide": may_decide.allows(request.user, application),
        **_taken_back(application),
        **_case_context(request, application),
    }
    return page(request, "admin/decisions/decision.html", context, status=outcome.status)


def _come_to(form: DecisionForm, draft: DecisionDraft | None) -> Decimal | None:
    """Return what the saved budget lines come to; nothing while none was written."""
    if draft is None or not draft.lines:
        return None
    return grant_of(judged(form.budget, as_typed(draft).lines))


def _taken_back(application: Any) -> dict[str, Any]:
    """Return what was taken back or sent back, asked for only where there is any."""
    if not application.was_taken_back:
        return {}
    return {
        "withdrawn_advice": withdrawn_advice_on(application),
        "withdrawn": withdrawn_decisions_on(application),
    }


def _case_context(request: StaffRequest, application: Application) -> dict[str, Any]:
    """Return what the page shows beside the form: decision, result, signatures, budget left, reviews, overlaps."""
    user, due_at, signed = request.user, signature_due_at(application), is_signed(application)
    found = decision_on(application).first()
    letter = latest_letters_on([found] if found else []).get(application.reference)
    return {
        "decision": found,
        "lines": granted_lines(found) if found else [],
        "letter_state": state_of(letter) if found else None,
        "result": results_for(user, [application]).get(application.pk),
        "is_signed": signed,
        "signature_due_at": due_at,
        "signing_is_over": due_at is not None and request.received_at >= due_at,
        "can_sign_later": found is None and can_extend_signing(application, is_signed=signed),
        "budget": what_is_left(application, user),
        "reviews": complete_reviews(user, application),
        "named_otherwise": named_otherwise(application.coalition),
        "overlapping": with_members(overlapping(application)).order_by("reference")[:20],
    }
