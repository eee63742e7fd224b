"""Pages of officers: who says to speak for an organisation, confirming them, and ending it with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts.permissions import OFFICERS, UNTIED_OFFICERS
from hubportal.kernel.languages import dutch, filled_in
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from organisations.domain.representing import (
    DisputedMeanwhile,
    confirm_as_office,
    dispute_of,
    end_representation,
)
from organisations.forms import ReasonForm, RepresentativeSearchForm, ShownDisputeForm
from organisations.permissions import may_end, may_settle, may_vouch_as_office
from organisations.queries import representatives_confirmed_by, representatives_matching, with_people
from organisations.ties import with_words, words_on
from organisations.views.representing import confirmed, did


@require_safe
@only_for(OFFICERS)
def representatives(request: StaffRequest) -> HttpResponse:
    """List whom somebody still has to decide about, the disputed first; or everybody who matches what was typed."""
    form = RepresentativeSearchForm(request.GET)
    typed = form.cleaned_data["zoek"].strip() if form.is_valid() else ""
    is_untied = UNTIED_OFFICERS.includes(request.user)
    matching = representatives_matching(typed)
    # Who takes part in a call would read of its rivals who disputes whom.
    found = (matching if is_untied else matching.none()) if typed else may_vouch_as_office.rows(request.user)
    shown = found.annotate(is_for_reader=may_settle.on_each(request.user))
    ordered = with_words(with_people(shown)).order_by("contested_at", "since_at", "pk")
    chosen = Paginator(ordered, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": chosen, "form": form, "typed": typed, "is_untied": is_untied}
    return page(request, "admin/organisations/representatives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask once more, then vouch for somebody; this settles a dispute too."""
    representative = get_object_or_404(with_people(may_vouch_as_office.rows(request.user)), pk=pk)
    status = 200
    if request.method == "POST":
        try:
            confirm_as_office(
                representative_id=representative.pk,
                shown_dispute=request.POST.get("shown_dispute", ""),
                actor=request.user,
                at=request.received_at,
            )
        except DisputedMeanwhile as refusal:
            messages.error(request, str(refusal))
            representative = get_object_or_404(with_people(may_vouch_as_office.rows(request.user)), pk=pk)
            status = 409
        else:
            messages.success(request, confirmed(representative))
            return redirect("admin:representatives")
    form = ShownDisputeForm(initial={"shown_dispute": dispute_of(representative)})
    context = {"representative": representative, "words": words_on(representative), "form": form}
    return page(request, "admin/organisations/confirm_representative.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then end that somebody speaks for an organisation."""
    representative = get_object_or_404(with_people(may_end.rows(request.user)), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].help_text = _("This person reads it.")
    if form.is_valid() and did(
        form, end_representation, representative, request, reason=form.cleaned_data["reason"]
    ):
        messages.success(
            request,
            filled_in(
                _("%(person)s no longer represents %(organisation)s. We have told them by e-mail."),
                person=representative.user.full_name,
                organisation=dutch(representative.stated_name),
            ),
        )
        return redirect("admin:representatives")
    # Who confirmed them may be no colleague: they are for the office to weigh, each apart.
    by_them = representatives_confirmed_by(representative.user, representative.organisation_id)
    context = {
        "representative": representative,
        "words": words_on(representative),
        "confirmed": with_people(may_end.rows(request.user))
        .filter(pk__in=by_them.values("pk"))
        .order_by("pk"),
        "form": form,
    }
    return page(
        request, "admin/organisations/end_representative.html", context, status=422 if form.errors else 200
    )
