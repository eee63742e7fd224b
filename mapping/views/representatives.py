"""Who says to speak for an organisation of the region: the kwartiermaker confirms or disputes it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.domain.representatives import confirm_as_kwartiermaker, dispute_as_kwartiermaker
from mapping.queries import representatives_waiting_in
from mapping.views.workspace import assigned_region
from organisations.forms import ReasonForm
from organisations.views.representing import confirmed, did, disputed


@login_required
@require_safe
def representatives(request: SignedInRequest, slug: str) -> HttpResponse:
    """List who says to speak for an organisation of the region and was not confirmed yet."""
    region = assigned_region(request, slug)
    waiting = representatives_waiting_in(region, request.user)
    page = Paginator(waiting, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mapping/representatives.html", {"region": region, "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, slug: str, representative_id: int) -> HttpResponse:
    """Ask once more, then vouch for somebody."""
    region = assigned_region(request, slug)
    waiting = representatives_waiting_in(region, request.user)
    representative = get_object_or_404(waiting, pk=representative_id)
    if request.method == "POST":
        confirm_as_kwartiermaker(
            representative_id=representative.pk, actor=request.user, at=request.received_at
        )
        messages.success(request, confirmed(representative))
        return redirect("mapping:representatives", slug)
    context = {"region": region, "representative": representative}
    return render(request, "mapping/confirm_representative.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: SignedInRequest, slug: str, representative_id: int) -> HttpResponse:
    """Ask for the reason, then pass it to the office."""
    region = assigned_region(request, slug)
    waiting = representatives_waiting_in(region, request.user)
    representative = get_object_or_404(waiting, pk=representative_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(
        form, dispute_as_kwartiermaker, representative, request, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, disputed())
        return redirect("mapping:representatives", slug)
    context = {"region": region, "representative": representative, "form": form}
    return render(request, "mapping/dispute_representative.html", context, status=422 if form.errors else 200)
