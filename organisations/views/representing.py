"""Who else speaks for one's organisation: confirming a colleague, saying that one does not know them, and stopping."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest
from hubportal.office.pages import StaffRequest
from hubportal.paging import ROWS_PER_PAGE
from organisations.domain.representing import (
    ask_colleagues_again,
    confirm_colleague,
    dispute_colleague,
    end_representation,
)
from organisations.forms import ReasonForm
from organisations.models import Representative
from organisations.permissions import (
    may_ask_again,
    may_dispute,
    may_end,
    may_vouch_as_colleague,
)
from organisations.queries import organisations_of, own_representation, representatives_on, with_people


@login_required
@require_safe
def colleagues(request: SignedInRequest, organisation_id: int) -> HttpResponse:
    """List who speaks for the organisation and who said so; 404 unless the person speaks for it."""
    organisation = get_object_or_404(organisations_of(request.user), pk=organisation_id)
    page = Paginator(representatives_on(organisation), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    own = own_representation(request.user, organisation)
    context = {"organisation": own.stated_name, "page": page}
    return render(request, "organisations/colleagues.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Ask once more, then vouch for a colleague."""
    waiting = with_people(may_vouch_as_colleague.rows(request.user))
    representative = get_object_or_404(waiting, pk=representative_id)
    if request.method == "POST":
        confirm_colleague(representative_id=representative.pk, actor=request.user, at=request.received_at)
        messages.success(request, confirmed(representative))
        return redirect("organisations:colleagues", representative.organisation_id)
    return render(request, "organisations/confirm.html", {"representative": representative})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Ask for the reason, then pass to the office that somebody may not speak for the organisation."""
    rows = with_people(may_dispute.rows(request.user))
    representative = get_object_or_404(rows, pk=representative_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(
        form, dispute_colleague, representative, request, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, disputed())
        return redirect("organisations:colleagues", representative.organisation_id)
    context = {"representative": representative, "form": form}
    return render(request, "organisations/dispute.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Ask once more, then end that the person speaks for the organisation."""
    mine = with_people(may_end.rows(request.user)).filter(user=request.user.pk)
    representative = get_object_or_404(mine, pk=representative_id)
    if request.method == "POST":
        end_representation(
            representative_id=representative.pk, reason="", actor=request.user, at=request.received_at
        )
        messages.success(
            request,
            filled_in(
                _("You no longer represent %(organisation)s."),
                organisation=dutch(representative.stated_name),
            ),
        )
        return redirect("organisations:my_organisations")
    return render(request, "organisations/stop.html", {"representative": representative})


@login_required
@require_POST
def ask_again(request: SignedInRequest, representative_id: int) -> HttpResponse:
    """Mail the colleagues once more; the answer does not tell whether there are any (rule 26)."""
    representative = get_object_or_404(may_ask_again.rows(request.user), pk=representative_id)
    ask_colleagues_again(representative_id=representative.pk, actor=request.user, at=request.received_at)
    messages.success(
        request,
        _(
            "If somebody already represents this organisation, they get an e-mail about this, at most once a day."
        ),
    )
    return redirect("organisations:my_organisations")


def did(
    form: ReasonForm,
    act: Callable[..., object],
    representative: Representative,
    request: SignedInRequest | StaffRequest,
    **values: Any,
) -> bool:
    """Do an act on a representative; a refusal stands at the field that it names."""
    try:
        act(representative_id=representative.pk, actor=request.user, at=request.received_at, **values)
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def confirmed(representative: Representative) -> str:
    """Return the sentence after somebody was confirmed."""
    return filled_in(
        _("%(person)s now represents %(organisation)s. We have told them by e-mail."),
        person=representative.user.full_name,
        organisation=dutch(representative.stated_name),
    )


def disputed() -> str:
    """Return the sentence after somebody was disputed."""
    return _("Thank you. The programme office will look into this.")
