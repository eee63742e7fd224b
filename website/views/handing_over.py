"""What is open in a region, for who maps it and for who takes it over."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from imports.queries import begun_in
from mapping.agreement_queries import corrections_to_take_over, questions_open_in
from mapping.assignment_queries import talks_planned_in
from mapping.correction_queries import corrections_of, unanswered
from mapping.domain.assignments import assign_region
from mapping.forms.handing_over import HandOverForm
from mapping.queries import representatives_waiting_in
from mapping.views.workspace import assigned_region
from matching.help_queries import help_asked_in
from people.queries import people_ending_in, talks_to_come_back_to
from regions.models import Region
from residents.queries import longest_waiting

# Of each kind: a list that is longer is read where it stands.
SHOWN = 100


@login_required
@require_safe
def open_items(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what is open in a region: what was asked and not answered, talks to come, and consents that end."""
    region = assigned_region(request, slug)
    return render(request, "website/open_items.html", _open_in(region, request))


def _open_in(region: Region, request: SignedInRequest) -> dict[str, Any]:
    user, at = request.user, request.received_at
    return {
        "region": region,
        "questions": questions_open_in(region, at=at)[:SHOWN],
        "corrected": corrections_to_take_over(user).filter(region=region)[:SHOWN],
        "corrections": unanswered(corrections_of(user)).filter(region=region)[:SHOWN],
        "messages_waiting": longest_waiting(user).filter(region=region)[:SHOWN],
        "talks": talks_planned_in(region)[:SHOWN],
        "follow_ups": talks_to_come_back_to(user, region)[:SHOWN],
        "ending": people_ending_in(user, region, at=at)[:SHOWN],
        "help_asked": help_asked_in(region, user)[:SHOWN],
        "imports": begun_in(region, user)[:SHOWN],
        "representatives": representatives_waiting_in(region, user)[:SHOWN],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, slug: str) -> HttpResponse:
    """Hand the own region over to another kwartiermaker, who reads what is open in it."""
    region = assigned_region(request, slug)
    form = HandOverForm(request.POST if request.method == "POST" else None, region=region)
    if form.is_valid():
        try:
            assign_region(
                region=region,
                user=form.cleaned_data["user"],
                instead_of=request.user,
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The region has been handed over. Thank you for your work there."))
            return redirect("mapping:regions")
    context = {**_open_in(region, request), "form": form}
    return render(request, "website/hand_over.html", context, status=422 if form.errors else 200)
