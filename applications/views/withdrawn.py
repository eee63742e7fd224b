"""What can still be done with what was withdrawn or rejected: putting it back, and starting again from it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain import reinstating, starting_again, way_back
from applications.domain.elsewhere import TakenElsewhere
from applications.models import Application
from applications.permissions import may_manage
from applications.queries import with_coalition
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say what comes back, then put a discarded draft back, or a withdrawn submission. Idempotent."""
    application = _own(request, reference)
    if application.submitted_at is not None:
        return _reinstate(request, application)
    if request.method != "POST":
        if not starting_again.can_be_undone(application, at=request.received_at):
            return redirect("applications:status", reference)
        return _page(
            request,
            application,
            page_title=_("Put %(reference)s back?") % {"reference": reference},
            lead=_(
                "You then have your draft back as it was: texts, budget, people and attachments. Partners who agreed "
                "need not do so again, unless something changes."
            ),
            submit_label=_("Yes, put it back"),
        )
    try:
        starting_again.undo_withdrawal(
            application_id=application.pk, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:status", reference)
    messages.success(request, _("Your draft is back. Nothing has been submitted yet."))
    return redirect("applications:overview", reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_again(request: SignedInRequest, reference: str) -> HttpResponse:
    """Say what is taken over, then start a new draft from what was withdrawn or rejected. Idempotent."""
    application = _own(request, reference)
    if request.method != "POST":
        if application.status not in starting_again.STARTED_FROM:
            return redirect("applications:status", reference)
        return _page(
            request,
            application,
            page_title=_("Start again from %(reference)s?") % {"reference": reference},
            lead=_(
                "You get a new draft with its own reference. We copy the texts, the budget, the people and the "
                "attachments. Ask your partners for their consent again. Nothing changes in %(reference)s."
            )
            % {"reference": reference},
            submit_label=_("Yes, start again"),
        )
    try:
        draft = starting_again.start_again(
            application_id=application.pk, actor=request.user, at=request.received_at
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:status", reference)
    messages.success(
        request,
        _("This is your new draft, with everything from %(reference)s. Nothing has been submitted yet.")
        % {"reference": reference},
    )
    if draft.attachments.count() < application.attachments.count():
        messages.warning(
            request, _("Not every attachment could be copied. Check them, and add what is missing.")
        )
    return redirect("applications:overview", draft.reference)


def _reinstate(request: SignedInRequest, application: Application) -> HttpResponse:
    reference = application.reference
    if request.method != "POST":
        if not way_back.can_be_reinstated(application, at=request.received_at):
            return redirect("applications:status", reference)
        return _page(
            request,
            application,
            page_title=_("Submit %(reference)s after all?") % {"reference": reference},
            lead=_(
                "The application then counts again, as you submitted it and with the same moment of receipt. Signatures that "
                "were given still count. We e-mail your partners. You can do this once."
            ),
            submit_label=_("Yes, submit it after all"),
        )
    try:
        reinstating.reinstate(application_id=application.pk, actor=request.user, at=request.received_at)
    except TakenElsewhere as refusal:
        for each in refusal.sentences:
            messages.error(request, str(each))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Your application is submitted again. It counts as we received it before.")
        )
    return redirect("applications:status", reference)


def _own(request: SignedInRequest, reference: str) -> Application:
    return get_object_or_404(with_coalition(may_manage.rows(request.user)), reference=reference)


def _page(request: SignedInRequest, application: Application, **words: str) -> HttpResponse:
    return render(request, "applications/again.html", {"application": application, **words})
