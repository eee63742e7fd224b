"""Pages of the office about background work: what each job did, and which rows are stuck."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hubportal.documents.domain import scanning
from hubportal.documents.domain.authority import seal_ends_soon
from hubportal.health.probes import receiver_is_alive
from hubportal.kernel.clock import local_date, of_this_machine
from hubportal.kernel.periods import equated_days_lack_from
from hubportal.mail.queries import received_counts
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE
from hubportal.sweeps.domain.figures import every_sweep, sweep_figures
from hubportal.sweeps.domain.retrying import retry_now
from hubportal.sweeps.models import PostponedRow
from hubportal.sweeps.permissions import may_retry, may_see_all_figures
from hubportal.sweeps.queries import stuck_rows


@require_safe
@only_for(may_retry)
def background_work(request: StaffRequest) -> HttpResponse:
    """Show the figures of each job, and the rows that keep failing.

    A row is named by job and number only: a reference would disclose undecided cases (rule 26). Figures that tell of
    decisions are for administrators, who read in the event log that there are any.
    """
    words = {each.name: each.words for each in every_sweep()}
    chosen = Paginator(stuck_rows(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": chosen,
        "rows": [(each, words.get(each.sweep, each.sweep)) for each in chosen],
        "figures": sweep_figures(
            at=request.received_at, of_decisions=may_see_all_figures.includes(request.user)
        ),
        "seal_ends_at": seal_ends_soon(at=request.received_at),
        "has_scanner": scanning.is_set_up(),
        "scanner": _version_of_scanner(),
        "year_without_days": equated_days_lack_from(local_date(request.received_at)),
        **_received(request),
    }
    return page(request, "admin/office/background_work.html", context)


def _received(request: StaffRequest) -> dict[str, Any]:
    """Return for administrators what is known of answers by mail: how many there are tells others of cases closed to them (rule 26)."""
    if not settings.ANSWERS_BY_MAIL_ADDRESS or not may_see_all_figures.includes(request.user):
        return {"takes_mail": False}
    # Real time on purpose: the process that takes them does not live in the demo's calendar.
    lives = receiver_is_alive(at=of_this_machine())
    return {"takes_mail": True, "receiver_lives": lives, "received": list(received_counts())}


def _version_of_scanner() -> str:
    """Return what the virus scanner says it is; nothing where there is none, or it does not answer."""
    try:
        return scanning.version() if scanning.is_set_up() else ""
    except scanning.ScannerAway:
        return ""


@require_POST
@only_for(may_retry)
def retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the next sweep try a stuck row again."""
    row = get_object_or_404(PostponedRow, pk=pk)
    if retry_now(postponed_id=row.pk, actor=request.user, at=request.received_at):
        messages.success(request, _("We will try again within a minute."))
    return redirect("admin:background_work")
