"""The ties of an organisation of the map: adding one, and ending one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import visible
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.paging import ROWS_PER_PAGE
from mapping.domain.ties import end_tie, tie_organisations
from mapping.enums import TieKind
from mapping.forms.ties import TieForm
from mapping.permissions import may_edit
from mapping.ties import called, ties_of
from mapping.views.workspace import MOST_LETTERS, assigned_region, row_address
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def tie(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Search another organisation, and write down how this one is tied to it."""
    region = assigned_region(request, slug)
    organisation = _on_map(request, region, organisation_key)
    search = visible(request.GET.get("zoek", "")).strip()[:MOST_LETTERS]
    others = list(called(search, request.user).exclude(pk=organisation.pk)[:ROWS_PER_PAGE]) if search else []
    asked = request.GET.get("soort", "")
    kind = asked if asked in TieKind.values else ""
    form = TieForm(request.POST if request.method == "POST" else None, others=others, initial={"kind": kind})
    if form.is_valid():
        try:
            tie_organisations(
                one_id=organisation.pk,
                other_id=form.chosen.pk,
                kind=TieKind(form.cleaned_data["kind"]),
                region=region,
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("The tie has been saved."))
            if asked_next(request):
                return redirect(row_address(request, region, organisation))
            return redirect("mapping:organisation", slug, organisation.map_key)
    context = {
        "region": region,
        "organisation": organisation,
        "form": form,
        "search": search,
        "others": others,
        "kind": kind,
        "ties": ties_of(organisation, request.user),
        "next": asked_next(request),
        # A tie is ended here, and the page goes on.
        "here": request.get_full_path(),
    }
    return render(request, "mapping/tie.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end(request: SignedInRequest, slug: str, organisation_key: UUID, tie_id: int) -> HttpResponse:
    """End a tie."""
    region = assigned_region(request, slug)
    organisation = _on_map(request, region, organisation_key)
    end_tie(
        organisation_id=organisation.pk,
        tie_id=tie_id,
        region=region,
        actor=request.user,
        at=request.received_at,
    )
    messages.success(request, _("The tie has ended."))
    return redirect(asked_next(request) or reverse("mapping:organisation", args=[slug, organisation.map_key]))


def _on_map(request: SignedInRequest, region: Region, organisation_key: UUID) -> Organisation:
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    return get_object_or_404(known, map_key=organisation_key)
