"""Pages of the chair, and of the deputy for the chair: interests and the measures on them (rule 14)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.queries import every_application, with_headline
from hubportal.accounts.permissions import CHAIRS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from reviews.admin.forms import MeasureForm
from reviews.domain.interests import record_measure
from reviews.queries import interests_to_settle


@require_safe
@only_for(CHAIRS)
def interests(request: StaffRequest) -> HttpResponse:
    """List the interests on which this person can record a measure."""
    rows = interests_to_settle(request.user).select_related("user", "application__coalition__region")
    chosen = Paginator(rows.order_by("declared_at", "pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "admin/reviews/interests.html", {"page": chosen})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def measure(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one interest and record a measure on it."""
    declaration = get_object_or_404(
        interests_to_settle(request.user).select_related("user", "application"), pk=pk
    )
    form = MeasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_measure(
                declaration_id=declaration.pk, **form.cleaned_data, actor=request.user, at=request.received_at
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(
                request, _("The measure has been recorded, and this person can now open the application.")
            )
            return redirect("admin:interests")
    context = {
        "declaration": declaration,
        "application": with_headline(every_application()).get(pk=declaration.application_id),
        "form": form,
    }
    return page(request, "admin/reviews/measure.html", context, status=422 if form.errors else 200)
