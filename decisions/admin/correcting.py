"""Pages on which the letter of a decision is corrected: the draft, and the page that shows the new letter (rules 19, 30)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from decisions.admin.forms import CorrectionForm
from decisions.admin.wording import decisions_with_letters, letter_to_read
from decisions.domain.correcting import (
    correct_letter_of_decision,
    save_correction_draft,
    words_of,
)
from decisions.models import Decision
from decisions.permissions import may_correct_letter
from hubportal.accounts.permissions import OFFICERS
from hubportal.kernel.errors import RuleViolation
from hubportal.office.drafting import kept_or_checked, saving_context
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.versions.saving import Kept, Saved, SaveOutcome, save_and_answer
from letters.domain.correcting import (
    NotCorrectable,
    as_typed,
    check_correctable,
    check_correction,
    correction_of,
)
from letters.models import CorrectionDraft, Letter
from letters.queries import correction_draft_of, corrections_taken_back, current
from reviews.admin.seen import changed_meanwhile, seen_in


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def correct(request: StaffRequest, reference: str) -> HttpResponse:
    """Save a draft of the correction of a letter that was sent."""
    decision = _correctable(request, reference)
    letter = _counting(decision)
    draft = correction_draft_of(letter).first()
    if request.method != "POST" and not _is_correctable(letter):
        return redirect("admin:letter", reference)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    form.initial = _initial(decision, letter, draft)

    def act() -> Saved:
        done = save_correction_draft(
            decision_id=decision.pk,
            typed=form.as_typed(),
            seen_version=form.seen,
            actor=request.user,
            at=request.received_at,
        )
        return Saved(done.version, done.saved_at)

    page_of = partial(_page, request, decision, letter, form)
    return save_and_answer(
        request,
        form,
        act=act,
        kept=partial(_kept, letter),
        saved=partial(_saved, request, letter, form, page_of),
        page=page_of,
    )


def _correctable(request: StaffRequest, reference: str) -> Decision:
    opened = may_correct_letter.rows(request.user).values("pk")
    decisions = decisions_with_letters(request.user).filter(application__in=opened, letter__isnull=False)
    return get_object_or_404(decisions, application__reference=reference)


def _counting(decision: Decision) -> Letter:
    """Return the letter that counts now."""
    assert decision.letter is not None
    return current(decision.letter)


def _initial(decision: Decision, letter: Letter, draft: CorrectionDraft | None) -> dict[str, Any]:
    if draft is not None:
        return {**vars(as_typed(draft)), "seen_version": draft.version}
    return {**vars(words_of(decision, letter)), "seen_version": 0}


def _kept(letter: Letter) -> Kept | None:
    now = correction_draft_of(letter).first()
    return Kept(now.version, vars(as_typed(now)), now.saved_by, now.saved_at) if now else None


def _is_correctable(letter: Letter) -> bool:
    try:
        check_correctable(letter)
    except NotCorrectable:
        return False
    return True


def _saved(
    request: StaffRequest,
    letter: Letter,
    form: CorrectionForm,
    page_of: Callable[[SaveOutcome], HttpResponse],
    done: Saved,
) -> HttpResponse:
    return kept_or_checked(
        request,
        form,
        done,
        kept_in_words=_("Saved as a draft. Nothing has been recorded yet."),
        check=lambda: check_correction(letter, form.as_typed()),
        checks_at=reverse("admin:check_correction", args=[letter.about]),
        page_of=page_of,
    )


def _page(
    request: StaffRequest, decision: Decision, letter: Letter, form: CorrectionForm, outcome: SaveOutcome
) -> HttpResponse:
    draft = correction_draft_of(letter).first()
    context = {
        "application": decision.application,
        "decision": decision,
        "letter": letter,
        "form": form,
        **saving_context(request, outcome, draft),
        "taken_back": corrections_taken_back(letter),
    }
    return page(request, "admin/decisions/correct_letter.html", context, status=outcome.status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def check_and_record(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the letter that will replace the one that was sent, and record the correction."""
    decision = _correctable(request, reference)
    letter = _counting(decision)
    draft = correction_draft_of(letter).first()
    if draft is None or not _is_correctable(letter):
        # Recorded by an earlier click, or not there yet: the page of the letter says which.
        return redirect("admin:letter", reference)
    if request.method == "POST":
        return _record(request, decision, draft)
    planned = correction_of(letter, as_typed(draft))
    context = {
        "application": decision.application,
        "decision": decision,
        "letter": letter,
        "draft": draft,
        "before": words_of(decision, letter),
        "correction": planned,
        **letter_to_read(decision, planned, at=request.received_at),
    }
    context["shown"] = {"seen": draft.version, "letter": context.get("fingerprint", "")}
    try:
        check_correction(letter, as_typed(draft))
    except RuleViolation as refusal:
        context["refusal"] = str(refusal)
    return page(request, "admin/decisions/check_correction.html", context)


def _record(request: StaffRequest, decision: Decision, draft: CorrectionDraft) -> HttpResponse:
    reference = decision.application.reference
    if seen_in(request) != draft.version:
        changed_meanwhile(request)
        return redirect("admin:check_correction", reference)
    try:
        correct_letter_of_decision(
            decision_id=decision.pk,
            typed=as_typed(draft),
            seen=request.POST.get("letter", ""),
            actor=request.user,
            at=request.received_at,
        )
    except NotCorrectable:
        # Two clicks at once, or a colleague: the page of the letter shows whose it is.
        return redirect("admin:letter", reference)
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:check_correction", reference)
    messages.success(
        request, _("The correction has been recorded. Someone else will read and release the new letter.")
    )
    return redirect("admin:letter", reference)
