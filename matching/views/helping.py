"""A coalition asks the kwartiermaker of its region for help, and says that it no longer does."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalitions.permissions import may_show
from hubportal.middleware import SignedInRequest
from mapping.queries import kwartiermakers_of
from matching.domain.helping import ask_for_help, end_help
from matching.forms import HelpForm
from matching.help_queries import help_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Show what the kwartiermaker will know of the coalition, then ask; only for who speaks for its lead."""
    coalition = get_object_or_404(may_show.rows(request.user).select_related("region"), pk=coalition_id)
    asked = help_of(coalition)
    form = HelpForm(
        request.POST if request.method == "POST" else None, initial={"wish": asked.wish if asked else ""}
    )
    if form.is_valid():
        ask_for_help(
            coalition_id=coalition.pk,
            wish=form.cleaned_data["wish"],
            actor=request.user,
            at=request.received_at,
        )
        if kwartiermakers_of(coalition.region):
            told = _("The kwartiermaker of your region can now think along with you.")
        else:
            told = _(
                "Your question is kept. Your region has no kwartiermaker yet: once there is one, they read it and can think along with you."
            )
        messages.success(request, told)
        return redirect("matching:partners", coalition.pk)
    context = {
        "coalition": coalition,
        "asked": asked,
        "form": form,
        "has_kwartiermaker": bool(kwartiermakers_of(coalition.region)),
    }
    return render(request, "matching/ask_help.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """End the request: from now on no kwartiermaker sees the coalition."""
    coalition = get_object_or_404(may_show.rows(request.user), pk=coalition_id)
    end_help(coalition_id=coalition.pk, actor=request.user, at=request.received_at)
    messages.success(request, _("The kwartiermaker no longer sees your coalition."))
    return redirect("matching:partners", coalition.pk)
