"""The coalitions of a person's organisations, and starting one."""

from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalitions.domain.coalitions import choose_to_be_shown, start_coalition
from coalitions.forms import RegionSearchForm, StartForm
from coalitions.permissions import may_lead, may_show
from coalitions.queries import handed_in, listed_for, unproved_beginner, visible_to
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from organisations.permissions import may_write_for
from regions.finding import find_regions
from regions.models import Region
from regions.queries import all_regions
from regions.views.found_wording import rows_of


@login_required
@require_safe
def list_coalitions(request: SignedInRequest) -> HttpResponse:
    """List the coalitions of the person's organisations."""
    context = {
        "page": Paginator(listed_for(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "has_organisation": may_write_for.rows(request.user).exists(),
    }
    return render(request, "coalitions/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: SignedInRequest) -> HttpResponse:
    """Find the region first, then start the coalition there."""
    if not may_write_for.rows(request.user).exists():
        # Where they come back to: what they looked for is not asked again.
        looked_for = {name: value for name in ("region", "where", "then") if (value := request.GET.get(name))}
        wanted = quote(f"?{urlencode(looked_for)}") if looked_for else ""
        return render(
            request,
            "coalitions/start_without_organisation.html",
            {"wanted": wanted, "is_for_application": "then" in looked_for},
        )
    if slug := request.GET.get("region"):
        return _start_in(request, get_object_or_404(Region, slug=slug))
    return _choose_region(request)


def _choose_region(request: SignedInRequest) -> HttpResponse:
    where = request.GET.get("where", "").strip()
    answer = find_regions(where)
    if answer.certain:
        return _start_in(request, answer.certain.region, where=where)
    context = {
        "form": RegionSearchForm({"where": where} if where else None),
        "where": where,
        "found": rows_of(answer.found),
        "regions": all_regions(),
    }
    return render(request, "coalitions/choose_region.html", context)


def _start_in(request: SignedInRequest, region: Region, *, where: str = "") -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, user=request.user, region=region)
    # From the page of a region people begin an application: the coalition is a step on the way.
    is_for_application = request.GET.get("then") == "application"
    if form.is_valid():
        try:
            coalition = start_coalition(
                region=region, actor=request.user, at=request.received_at, **form.cleaned_data
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            if is_for_application:
                return redirect("applications:start", coalition.pk)
            messages.success(request, _("Your coalition has been created. Now add your partners."))
            return redirect("coalitions:detail", coalition.pk)
    context = {"form": form, "region": region, "where": where, "is_for_application": is_for_application}
    return render(request, "coalitions/start.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def detail(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Show who is in a coalition and what it applied for."""
    shown = visible_to(request.user).select_related("region")
    shown = shown.annotate(
        unproved_beginner=unproved_beginner(), is_handed_in=Exists(handed_in().filter(pk=OuterRef("pk")))
    )
    coalition = get_object_or_404(shown, pk=coalition_id)
    context = {
        "coalition": coalition,
        "participations": coalition.participations.select_related("organisation", "stated_municipality"),
        "is_lead": may_lead.allows(request.user, coalition),
        "can_show": may_show.allows(request.user, coalition),
    }
    return render(request, "coalitions/detail.html", context)


@login_required
@require_POST
def show(request: SignedInRequest, coalition_id: int) -> HttpResponse:
    """Show on the public map that the coalition is being formed, or take that back."""
    coalition = get_object_or_404(may_show.rows(request.user), pk=coalition_id)
    is_shown = request.POST.get("shown") == "yes"
    choose_to_be_shown(
        coalition_id=coalition.pk, is_shown=is_shown, actor=request.user, at=request.received_at
    )
    told = (
        _("The map now shows that a coalition is being formed in your region.")
        if is_shown
        else _("The map no longer shows your coalition.")
    )
    messages.success(request, told)
    return redirect("coalitions:detail", coalition.pk)
