"""The page of officers with the terms that run and that passed (rule 36)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from decisions.enums import TermKind
from decisions.terms import terms_of
from hubportal.accounts.permissions import OFFICERS
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE


@require_safe
@only_for(OFFICERS)
def terms(request: StaffRequest) -> HttpResponse:
    """List the terms of the applications that are open to this officer, what ends first in front."""
    chosen = request.GET.get("soort", "")
    kind = TermKind(chosen) if chosen in TermKind.values else None
    found = terms_of(
        request.user, at=request.received_at, kind=kind, page=request.GET.get("page"), size=ROWS_PER_PAGE
    )
    context = {"page": found, "kinds": TermKind.choices, "chosen_kind": kind or ""}
    return page(request, "admin/decisions/terms.html", context)
