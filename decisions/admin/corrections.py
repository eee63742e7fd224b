"""Pages about a correction that waits: the new letter, its release by somebody else, and the way back (rules 19, 30)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coalitions.queries import named_otherwise
from decisions.admin.wording import decisions_with_letters, letter_to_read, released_in_words
from decisions.domain.correcting import release_correction, take_back_correction, words_of
from decisions.models import Decision
from decisions.permissions import LETTER_READERS, may_correct_letter, may_tell_decision
from decisions.queries import corrections_visible_to
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from letters.models import Correction
from letters.permissions import may_release
from reviews.admin.forms import ReasonForm
from reviews.admin.seen import changed_meanwhile, seen_in


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(LETTER_READERS)
def correction(request: StaffRequest, reference: str) -> HttpResponse:
    """Show the letter that a correction puts in the place of another one, and release it."""
    decision, waiting = _waiting(request, reference)
    if waiting is None:
        # Released or taken back meanwhile: the page of the letter says which.
        return redirect("admin:letter", reference)
    if request.method == "POST":
        return _release(request, reference, waiting)
    recorded_by = waiting.recorded_by_id
    context = {
        "application": decision.application,
        "decision": decision,
        "letter": waiting.letter,
        "before": words_of(decision, waiting.letter),
        "correction": waiting,
        "named_otherwise": named_otherwise(decision.application.coalition),
        "is_mine": may_release.is_recorder(request.user, recorded_by_id=recorded_by),
        "may_release": may_release.allows(request.user, recorded_by_id=recorded_by)
        and may_tell_decision.allows(request.user, decision.application),
        "may_take_back": may_correct_letter.allows(request.user, decision.application),
        **letter_to_read(decision, waiting, at=request.received_at),
    }
    return page(request, "admin/decisions/correction.html", context)


def _waiting(request: StaffRequest, reference: str) -> tuple[Decision, Correction | None]:
    decision = get_object_or_404(decisions_with_letters(request.user), application__reference=reference)
    found = corrections_visible_to(request.user).filter(letter__about=reference)
    return decision, found.select_related("letter__text__kind", "letter__supersedes").first()


def _release(request: StaffRequest, reference: str, waiting: Correction) -> HttpResponse:
    if seen_in(request) != waiting.pk:
        # Taken back and recorded anew: the words are other ones than were read.
        changed_meanwhile(request)
        return redirect("admin:correction", reference)
    try:
        released = release_correction(
            correction_id=waiting.pk,
            seen=request.POST.get("letter", ""),
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:correction", reference)
    messages.success(request, released_in_words(released))
    return redirect("admin:letter", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(LETTER_READERS)
def take_back(request: StaffRequest, reference: str) -> HttpResponse:
    """Ask why a correction is taken back or sent back, and do so."""
    decision, waiting = _waiting(request, reference)
    corrects = may_correct_letter.allows(request.user, decision.application)
    if waiting is None or not (
        corrects
        or (
            may_release.allows(request.user, recorded_by_id=waiting.recorded_by_id)
            and may_tell_decision.allows(request.user, decision.application)
        )
    ):
        return redirect("admin:letter", reference)
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"seen": waiting.pk})
    sends_back = not may_release.is_recorder(request.user, recorded_by_id=waiting.recorded_by_id)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] != waiting.pk:
            changed_meanwhile(request)
            return redirect(request.path)
        try:
            take_back_correction(
                correction_id=waiting.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _told(sends_back=sends_back))
            return redirect("admin:correct_letter" if corrects else "admin:letter", reference)
    context = {
        "application": decision.application,
        "correction": waiting,
        "form": form,
        "sends_back": sends_back,
    }
    return page(
        request, "admin/decisions/take_back_correction.html", context, status=422 if form.errors else 200
    )


def _told(*, sends_back: bool) -> str:
    if sends_back:
        return _("The correction has been sent back. The letter that was sent still counts.")
    return _("The correction has been taken back. The letter that was sent still counts.")
