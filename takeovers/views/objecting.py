"""Who asks for a draft, for who speaks for its lead: saying no while the wait runs, and undoing what was granted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Application
from applications.permissions import may_ask_others
from applications.queries import with_coalition
from hubportal.forms import add_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.middleware import SignedInRequest, whole_at
from takeovers.domain.deciding import stop_takeover, undo_takeover
from takeovers.forms import UndoForm
from takeovers.permissions import may_stop_takeover, may_undo_takeover
from takeovers.queries import shown_in_draft
from takeovers.undoing import contact_after_undoing, has_acted, others_who_came_in


@login_required
@require_safe
def of_draft(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show who asks for a draft, and who was given it."""
    application = _spoken_for(request, reference)
    stoppable = set(may_stop_takeover.rows(request.user).values_list("pk", flat=True))
    undoable = set(may_undo_takeover.rows(request.user).values_list("pk", flat=True))
    rows = [
        {
            "takeover": each,
            "can_stop": each.pk in stoppable,
            "can_undo": each.pk in undoable and not has_acted(each),
        }
        for each in shown_in_draft(request.user, application)
    ]
    return render(request, "takeovers/of_draft.html", {"application": application, "rows": rows})


@login_required
@require_POST
def stop(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Say no, with one button."""
    application = _spoken_for(request, reference)
    takeover = get_object_or_404(application.takeovers, pk=pk)
    try:
        stop_takeover(takeover_id=takeover.pk, actor=request.user, at=whole_at(request))
    except NotAllowed as unknown:
        if takeover.is_open:
            raise Http404 from unknown
        messages.info(request, _("This was settled already."))
    else:
        messages.success(
            request, _("You said no. The office cannot give the application to this person any more.")
        )
    return redirect("takeovers:of_draft", reference)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Show what changes, ask why, then undo what was granted."""
    application = _spoken_for(request, reference)
    takeover = get_object_or_404(
        may_undo_takeover.rows(request.user).select_related("asked_by", "holder"),
        application=application,
        pk=pk,
    )
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            undo_takeover(
                takeover_id=takeover.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=whole_at(request),
            )
        except RuleViolation as refusal:
            add_violation(form, refusal, otherwise="reason")
        else:
            messages.success(request, _("It has been undone. Everybody with a role gets an e-mail."))
            return redirect("takeovers:of_draft", reference)
    context = {
        "application": application,
        "takeover": takeover,
        "form": form,
        "contact": contact_after_undoing(takeover, undone_by=request.user),
        "others": others_who_came_in(takeover),
    }
    return render(request, "takeovers/undo.html", context, status=422 if form.errors else 200)


def _spoken_for(request: SignedInRequest, reference: str) -> Application:
    """Return an application whose lead the person is proved to speak for, or 404."""
    return get_object_or_404(with_coalition(may_ask_others.rows(request.user)), reference=reference)
