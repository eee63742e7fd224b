"""The kwartiermaker's workspace: the regions assigned to them, and the organisations in each."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.accounts.permissions import KWARTIERMAKERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next
from hubportal.paging import ROWS_PER_PAGE
from mapping.domain.organisations import (
    add_to_map,
    change_organisation,
    publish_organisation,
    withdraw_publication,
)
from mapping.forms import FilterForm, OrganisationForm, facts_of
from mapping.permissions import may_edit, may_map
from mapping.queries import (
    municipalities_without_organisations,
    numbers_of_organisations,
    organisations_shown,
    with_municipality_count,
)
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region

# What the button says that saves and publishes at once.
_PUBLIC = {"yes": True, "no": False}


@login_required
@require_safe
def my_regions(request: SignedInRequest) -> HttpResponse:
    """List the regions assigned to the kwartiermaker; 404 for anybody else."""
    if not KWARTIERMAKERS.includes(request.user):
        raise Http404
    regions = list(with_municipality_count(may_map.rows(request.user))[:ROWS_PER_PAGE])
    return render(request, "mapping/my_regions.html", {"regions": regions})


def assigned_region(request: SignedInRequest, slug: str) -> Region:
    """Return the region with this name in its address; 404 unless it is assigned to the person."""
    return get_object_or_404(may_map.rows(request.user), slug=slug)


@login_required
@require_safe
def workspace(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the organisations of a region per municipality, and where none is known yet."""
    region = assigned_region(request, slug)
    form = FilterForm(request.GET, municipalities=region.municipalities.all())
    stream, municipality = form.chosen()
    listed = organisations_shown(region, stream=stream, municipality=municipality)
    return render(
        request,
        "mapping/workspace.html",
        {
            "region": region,
            "form": form,
            "is_filtered": bool(stream or municipality),
            "stream": stream,
            "figures": numbers_of_organisations(region),
            "municipalities_without_organisations": municipalities_without_organisations(
                region, stream=stream
            ),
            "page": Paginator(listed, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_organisation(request: SignedInRequest, slug: str) -> HttpResponse:
    """Put an organisation on the map of the region."""
    region = assigned_region(request, slug)
    initial = {"municipality": request.GET.get("gemeente", "")}
    form = OrganisationForm(
        request.POST if request.method == "POST" else None, region=region, initial=initial
    )
    if form.is_valid():
        try:
            added = add_to_map(facts=form.facts(), region=region, actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(
                request,
                filled_in(_("%(name)s is now on the map. It is not public yet."), name=dutch(added.name)),
            )
            return redirect("mapping:workspace", slug)
    return _form_page(request, "mapping/add_organisation.html", form, {"region": region})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: SignedInRequest, slug: str, organisation_id: int) -> HttpResponse:
    """Change what is known of an organisation."""
    region, known = _organisation_of(request, slug, organisation_id)
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        region=region,
        initial=facts_of(known),
    )
    if form.is_valid():
        try:
            changed = change_organisation(
                organisation_id=known.pk,
                facts=form.facts(),
                is_public=_PUBLIC.get(request.POST.get("public", "")),
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _saved(request, changed))
            return redirect("mapping:workspace", slug)
    context = {"region": region, "organisation": known}
    return _form_page(request, "mapping/organisation.html", form, context)


def _saved(request: SignedInRequest, changed: Organisation) -> str:
    match _PUBLIC.get(request.POST.get("public", "")):
        case True:
            words = _("Your changes have been saved, and %(name)s is now public as you wrote it.")
        case False:
            words = _("Your changes have been saved, and %(name)s is no longer public.")
        case None:
            words = _("Your changes have been saved.")
    return filled_in(words, name=dutch(changed.name))


@login_required
@require_POST
def publish(request: SignedInRequest, slug: str, organisation_id: int) -> HttpResponse:
    """Publish an organisation."""
    _region, known = _organisation_of(request, slug, organisation_id)
    publish_organisation(organisation_id=known.pk, actor=request.user, at=request.received_at)
    messages.success(request, filled_in(_("%(name)s is now public."), name=dutch(known.name)))
    return redirect(asked_next(request) or reverse("mapping:workspace", args=[slug]))


@login_required
@require_POST
def withdraw(request: SignedInRequest, slug: str, organisation_id: int) -> HttpResponse:
    """Unpublish an organisation."""
    _region, known = _organisation_of(request, slug, organisation_id)
    withdraw_publication(organisation_id=known.pk, actor=request.user, at=request.received_at)
    messages.success(request, filled_in(_("%(name)s is no longer public."), name=dutch(known.name)))
    return redirect(asked_next(request) or reverse("mapping:workspace", args=[slug]))


def _organisation_of(
    request: SignedInRequest, slug: str, organisation_id: int
) -> tuple[Region, Organisation]:
    region = assigned_region(request, slug)
    known = organisations_in(region).filter(pk__in=may_edit.rows(request.user).values("pk"))
    return region, get_object_or_404(known.select_related("municipality"), pk=organisation_id)


def _form_page(
    request: SignedInRequest, template: str, form: OrganisationForm, context: dict[str, Any]
) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
