"""The organisations that a person speaks for, and adding one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from hubportal.next_page import asked_next, page_without
from hubportal.paging import ROWS_PER_PAGE
from organisations.domain.claiming import claim_organisation
from organisations.enums import Standing
from organisations.forms import FILLED_IN, ClaimForm, filled_in_from
from organisations.models import Representative
from organisations.queries import representations_of


@login_required
@require_safe
def my_organisations(request: SignedInRequest) -> HttpResponse:
    """List the organisations that the person speaks for, or said so, and where that stands."""
    page = Paginator(representations_of(request.user), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/my_organisations.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: SignedInRequest) -> HttpResponse:
    """Let the person say that they speak for an organisation, found by its KvK number or added."""
    form = ClaimForm(request.POST if request.method == "POST" else None, initial=filled_in_from(request.GET))
    if form.is_valid():
        try:
            claimed = claim_organisation(facts=form.facts(), actor=request.user, at=request.received_at)
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _what_came_of(claimed))
            return redirect(asked_next(request) or "organisations:my_organisations")
    context = {"form": form, "next": asked_next(request), "here": page_without(request, *FILLED_IN)}
    return render(request, "organisations/claim.html", context, status=422 if form.errors else 200)


def _what_came_of(claimed: Representative) -> str:
    name = dutch(claimed.stated_name)
    if claimed.standing == Standing.PROVED:
        return filled_in(_("You already represent %(organisation)s."), organisation=name)
    return filled_in(
        _(
            "We have added %(organisation)s to your account. You can start writing now. We are still checking "
            "whether you represent it."
        ),
        organisation=name,
    )
