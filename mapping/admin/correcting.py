"""Pages of officers about corrections of public cards that no kwartiermaker answered."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hubportal.accounts.permissions import OFFICERS
from hubportal.forms import add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from mapping.correction_queries import DAYS_TO_ANSWER, corrections_of_office, waiting_too_long
from mapping.domain.correcting import answer_correction
from mapping.forms.correcting import CorrectionAnswerForm


@require_safe
@only_for(OFFICERS)
def corrections(request: StaffRequest) -> HttpResponse:
    """List what visitors asked about public cards and no kwartiermaker answered in time, or is there to answer."""
    late = waiting_too_long(corrections_of_office(request.user), at=request.received_at)[:ROWS_PER_PAGE]
    return page(request, "admin/mapping/corrections.html", {"rows": late, "days": DAYS_TO_ANSWER})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(OFFICERS)
def correction(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what somebody asked about a public card, and answer it for the region."""
    asked = get_object_or_404(corrections_of_office(request.user), pk=pk)
    form = CorrectionAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_correction(
                request_id=asked.pk,
                answer=form.cleaned_data["answer"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            messages.success(request, _("Your answer has been sent."))
            return redirect("admin:card_corrections")
    context = {"asked": asked, "form": form}
    return page(request, "admin/mapping/correction.html", context, status=422 if form.errors else 200)
