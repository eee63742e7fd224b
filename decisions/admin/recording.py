"""Pages on which something binds: recording a decision, taking it back, and sending it back (rule 30)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain.frozen import frozen_content
from applications.models import Application
from applications.queries import with_coalition
from calls.enums import Outcome
from decisions.domain.budget_lines import grant_of, judged
from decisions.domain.deciding import AlreadyDecided, check_decision, check_room, departs, record_decision
from decisions.domain.drafts import as_typed
from decisions.domain.withdrawing import send_back_decision, withdraw_decision
from decisions.models import Decision, DecisionDraft
from decisions.permissions import may_decide, may_tell_decision
from decisions.queries import (
    decision_draft_on,
    decision_on,
    decisions_visible_to,
    withdrawn_decisions_on,
)
from decisions.totals import what_is_left
from hubportal.accounts.permissions import OFFICERS, RELEASERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.money import ZERO
from hubportal.kernel.versions import SomebodyWasFirst, check_did_it_oneself
from hubportal.office.pages import StaffRequest, only_for, page
from letters.permissions import may_release
from reviews.admin.forms import ReasonForm
from reviews.admin.seen import changed_meanwhile, seen_in
from reviews.models import CommitteeAdvice
from reviews.queries import advice_on


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def check_and_record(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the decision as it will be recorded, and record it."""
    application = get_object_or_404(with_coalition(may_decide.rows(request.user)), reference=reference)
    advice = advice_on(application).first()
    draft = decision_draft_on(application).first()
    if draft is None or advice is None or decision_on(application).exists():
        # Recorded by an earlier click, or not there yet: its own page says which.
        return redirect("admin:decision", reference)
    if request.method == "POST":
        return _record(request, application, draft, advice)
    context = {
        "application": application,
        "advice": advice,
        "draft": draft,
        "departs": departs(advice, draft.outcome, draft.amount),
        "refusal": _refusal(request, application, draft),
        "shown": {"seen": draft.version, "advice": advice.pk},
        **_lines(application, draft),
        **_budgets(request, application, draft),
    }
    return page(request, "admin/decisions/check_decision.html", context)


def _refusal(request: StaffRequest, application: Application, draft: DecisionDraft) -> str:
    typed = as_typed(draft)
    try:
        check_decision(application, **vars(typed))
        if typed.outcome == Outcome.GRANTED:
            check_room(application, typed.amount or ZERO, request.user)
    except RuleViolation as refusal:
        return str(refusal)
    return ""


def _lines(application: Application, draft: DecisionDraft) -> dict[str, Any]:
    """Return the budget that will hold and what it comes to, for a grant of less than was requested."""
    typed = as_typed(draft)
    if typed.outcome != Outcome.GRANTED or (typed.amount == application.requested_amount and not typed.lines):
        return {}
    lines = judged(frozen_content(application)["budget"], typed.lines)
    return {"lines": lines, "come_to": grant_of(lines)}


def _budgets(request: StaffRequest, application: Application, draft: DecisionDraft) -> dict[str, Any]:
    """Return what is left of the ceilings, and what will be after this decision."""
    amount = (draft.amount or ZERO) if draft.outcome == Outcome.GRANTED else ZERO
    budget = what_is_left(application, request.user)
    left = {"left": budget.left, "left_of_round": budget.left_of_round}
    after = {f"{name}_after": each - amount if each is not None else None for name, each in left.items()}
    return {**left, **after, "closed": budget.closed}


def _record(
    request: StaffRequest, application: Application, draft: DecisionDraft, advice: CommitteeAdvice
) -> HttpResponse:
    reference, typed = application.reference, as_typed(draft)
    # The advice too: it may have been taken back, and another one fixed.
    if seen_in(request) != draft.version or request.POST.get("advice") != str(advice.pk):
        changed_meanwhile(request)
        return redirect("admin:check_decision", reference)
    if refused := _refusal(request, application, draft):
        messages.error(request, refused)
        return redirect("admin:check_decision", reference)
    try:
        record_decision(
            application_id=application.pk,
            advice_id=advice.pk,
            outcome=Outcome(typed.outcome),
            amount=typed.amount or ZERO,
            reasons=typed.reasons,
            ground=typed.ground,
            deviation=typed.deviation,
            lines=typed.lines,
            actor=request.user,
            at=request.received_at,
        )
    except AlreadyDecided:
        # Two clicks at once, or a colleague: the page of the decision shows whose it is.
        return redirect("admin:decision", reference)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:check_decision", reference)
    messages.success(request, _("The decision has been recorded. Someone else will release the letter."))
    return redirect("admin:decision", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why a decision is taken back, and take it back."""
    application = get_object_or_404(with_coalition(may_decide.rows(request.user)), reference=reference)
    found = decision_on(application).filter(letter=None).first()
    if found is None:
        _tell_who_was_first(request, application)
        return redirect("admin:decision", reference)
    told = _("The decision has been taken back, and its amount is free again. You can go on with it here.")
    return _take_back(
        request,
        found,
        act=withdraw_decision,
        done=told,
        sends_back=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(RELEASERS)
def send_back(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why a decision is sent back instead of released, and send it back."""
    opened = may_tell_decision.rows(request.user).values("pk")
    recorded = may_release.among(decisions_visible_to(request.user).filter(letter=None), request.user)
    found = (
        recorded.filter(application__in=opened, application__reference=reference)
        .select_related("application__coalition", "advice", "recorded_by")
        .first()
    )
    if found is None:
        application = may_tell_decision.rows(request.user).filter(reference=reference).first()
        if application is not None and _tell_who_was_first(request, application):
            return redirect("admin:letters")
        visible = decisions_visible_to(request.user)
        get_object_or_404(visible, application__reference=reference)
        return redirect("admin:letter", reference)
    told = _("The decision has been sent back. Who recorded it gets an e-mail.")
    return _take_back(
        request,
        found,
        act=send_back_decision,
        done=told,
        sends_back=True,
    )


def _tell_who_was_first(request: StaffRequest, application: Application) -> bool:
    """Tell whether somebody else took back the very decision for which a reason was sent, and say so (rule 32)."""
    number = request.POST.get("seen", "")
    for gone in withdrawn_decisions_on(application):
        if str(gone.pk) == number:
            try:
                check_did_it_oneself(gone.withdrawn_by, request.user)
            except SomebodyWasFirst as refusal:
                messages.error(request, str(refusal))
                return True
    return False


def _take_back(
    request: StaffRequest,
    found: Decision,
    *,
    act: Callable[..., object],
    done: str,
    sends_back: bool,
) -> HttpResponse:
    reference = found.application.reference
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": found.pk})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != found.pk:
            changed_meanwhile(request)
            return redirect(request.path)
        try:
            act(
                decision_id=found.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, done)
            return redirect("admin:letters") if sends_back else redirect("admin:decision", reference)
    context = {
        "application": found.application,
        "decision": found,
        "form": form,
        "sends_back": sends_back,
    }
    status = 422 if form.errors else 200
    return page(request, "admin/decisions/take_back_decision.html", context, status=status)
