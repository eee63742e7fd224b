"""Pages of the chair, and of the deputy for the chair: interests and the measures on them (rule 14)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.queries import every_application, with_headline
from hubportal.accounts.permissions import CHAIRS
from hubportal.forms import ShownForm, add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import NewerVersion
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from reviews.admin.forms import MeasureForm, PutAsideForm
from reviews.domain.measuring import put_interest_aside, record_measure
from reviews.interest_queries import earlier_measures, interests_without_measure
from reviews.models import InterestDeclaration
from reviews.queries import carries_advice
from reviews.ties import ties_in_short, ties_of, ties_shown


@require_safe
@only_for(CHAIRS)
def interests(request: StaffRequest) -> HttpResponse:
    """List the interests on which this person can record a measure, and those that were put aside."""
    shown = ("user", "application__coalition__region")
    # Once for both lists: who may settle what takes several queries.
    found = interests_without_measure(request.user)
    rows = found.filter(put_aside_at=None).select_related(*shown)
    chosen = Paginator(rows.order_by("declared_at", "pk"), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    aside = found.filter(put_aside_at__isnull=False).select_related(*shown, "put_aside_by")
    context = {"page": chosen, "put_aside": aside.order_by("-put_aside_at", "-pk")[:50]}
    return page(request, "admin/reviews/interests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(CHAIRS)
def measure(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one interest with the ties there are, and record a measure on it or put it aside."""
    declaration = get_object_or_404(
        interests_without_measure(request.user).select_related("user", "application", "put_aside_by"), pk=pk
    )
    found = ties_of(declaration.user, declaration.application)
    shown = {"seen": ties_in_short(found)}
    typed = request.POST if request.method == "POST" else None
    puts_aside = typed is not None and "put_aside" in typed
    form = MeasureForm(typed if not puts_aside else None, initial=shown)
    aside = PutAsideForm(typed if puts_aside else None, initial=shown, prefix="aside")
    if puts_aside:
        done = aside.is_valid() and _put_aside(request, declaration, aside)
    else:
        done = form.is_valid() and _record(request, declaration, form)
    if done:
        return redirect("admin:interests")
    context = {
        "declaration": declaration,
        "application": with_headline(every_application())
        .select_related("people")
        .get(pk=declaration.application_id),
        "ties": ties_shown(found),
        "earlier": earlier_measures(declaration),
        "carries_advice": carries_advice(declaration.application, declaration.user),
        "form": form,
        "aside": aside,
    }
    return page(request, "admin/reviews/measure.html", context, status=422 if typed is not None else 200)


def _record(request: StaffRequest, declaration: InterestDeclaration, form: MeasureForm) -> bool:
    try:
        record_measure(
            declaration_id=declaration.pk,
            measure=form.cleaned_data["measure"],
            seen_ties=form.cleaned_data["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        _refuse(form, refusal, declaration)
        return False
    messages.success(
        request, _("The measure has been recorded, and this person can now open the application.")
    )
    return True


def _refuse(form: ShownForm, refusal: RuleViolation, declaration: InterestDeclaration) -> None:
    """Show a refusal; after one because of other ties these count as seen, since the page shows them now."""
    add_violation(form, refusal)
    if isinstance(refusal, NewerVersion):
        form.show_seen(ties_in_short(ties_of(declaration.user, declaration.application)))


def _put_aside(request: StaffRequest, declaration: InterestDeclaration, form: PutAsideForm) -> bool:
    try:
        put_interest_aside(
            declaration_id=declaration.pk,
            reason=form.cleaned_data["reason"],
            seen_ties=form.cleaned_data["seen"],
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        _refuse(form, refusal, declaration)
        return False
    messages.success(
        request, _("The interest has been put aside. The application stays closed to this person.")
    )
    return True
