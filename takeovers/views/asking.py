"""Asking the office for the dossier of one's organisation; the page is the same whether there is one or not (rule 26)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest, whole_at
from organisations.queries import with_people
from takeovers.domain.asking import ask_for_dossier, take_back_request
from takeovers.forms import AskForm
from takeovers.permissions import may_ask_for_dossier
from takeovers.queries import last_of, longest_days, untold_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Show what one asked, or ask it; and take it back."""
    rows = with_people(may_ask_for_dossier.rows(request.user))
    representative = get_object_or_404(rows, pk=representative_id)
    if request.method == "POST" and request.POST.get("button") == "take_back":
        taken_back = take_back_request(
            representative_id=representative.pk, actor=request.user, at=whole_at(request)
        )
        if taken_back is not None:
            messages.success(request, _("You have taken your request back."))
        return redirect("takeovers:ask", representative.pk)
    waiting = untold_of(request.user, representative.organisation)
    form = AskForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and (
        waiting is not None or (form.is_valid() and _asked(request, representative.pk, form))
    ):
        messages.success(request, _("We have received your request."))
        return redirect("takeovers:ask", representative.pk)
    context = {
        "representative": representative,
        "waiting": waiting,
        "last": None if waiting else last_of(request.user, representative.organisation),
        "form": form,
        "days": longest_days(),
    }
    return render(request, "takeovers/ask.html", context, status=422 if form.errors else 200)


def _asked(request: SignedInRequest, representative_id: int, form: AskForm) -> bool:
    try:
        ask_for_dossier(
            representative_id=representative_id,
            region=form.cleaned_data["region"],
            proof=form.proof(),
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        # What is wrong with a file names no field.
        add_violation(form, refusal, otherwise="file" if form.cleaned_data["file"] else "text")
        return False
    return True
