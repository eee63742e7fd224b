"""Who says to speak for an organisation of the region: the kwartiermaker tells the office what they know of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.domain.representatives import recommend_to_office
from mapping.permissions import may_recommend
from mapping.queries import has_own_organisation, representatives_heard_in, representatives_waiting_in
from mapping.views.workspace import assigned_region
from organisations.forms import ReasonForm, RecommendationForm
from organisations.views.representing import did


@login_required
@require_safe
def representatives(request: SignedInRequest, slug: str) -> HttpResponse:
    """List who says to speak for an organisation of the region, until the office has settled it."""
    region = assigned_region(request, slug)
    waiting = representatives_waiting_in(region, request.user)
    page = Paginator(waiting, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    has_own = not page.paginator.count and has_own_organisation(request.user)
    context = {"region": region, "page": page, "has_own": has_own}
    return render(request, "mapping/representatives.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: SignedInRequest, slug: str, representative_id: int) -> HttpResponse:
    """Ask how the kwartiermaker knows, then pass to the office that somebody speaks for the organisation."""
    form = RecommendationForm(request.POST if request.method == "POST" else None)
    return _told(request, slug, representative_id, form, is_right=True)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: SignedInRequest, slug: str, representative_id: int) -> HttpResponse:
    """Ask for the reason, then pass to the office that somebody may not speak for the organisation."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return _told(request, slug, representative_id, form, is_right=False)


def _told(
    request: SignedInRequest, slug: str, representative_id: int, form: ReasonForm, *, is_right: bool
) -> HttpResponse:
    """Pass a word to the office; one that the office settled meanwhile is answered as if it came before."""
    region = assigned_region(request, slug)
    heard = representatives_heard_in(region, request.user)
    representative = get_object_or_404(heard, pk=representative_id)
    is_settled = not may_recommend.allows(request.user, representative)
    values: dict[str, Any] = {
        "is_right": is_right,
        "reason": form.cleaned_data["reason"] if form.is_valid() else "",
    }
    if is_settled or (form.is_valid() and did(form, recommend_to_office, representative, request, **values)):
        messages.success(request, _("Thank you. The programme office reads what you wrote, and decides."))
        return redirect("mapping:representatives", slug)
    context = {"region": region, "representative": representative, "form": form}
    template = "mapping/recommend_representative.html" if is_right else "mapping/dispute_representative.html"
    return render(request, template, context, status=422 if form.errors else 200)
