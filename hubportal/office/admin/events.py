"""The page of administrators with the event log and the state of its chain (rule 21)."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hubportal.accounts.permissions import ADMINISTRATORS, takes_part_now
from hubportal.accounts.queries import people_with_ids
from hubportal.audit.domain.verification import breaches
from hubportal.audit.domain.wording import (
    act_in_words,
    facts_in_words,
    names_shown_as,
    shown_name,
    subject_in_words,
)
from hubportal.audit.models import AuditEvent
from hubportal.audit.queries import events_newest_first, last_batch, numbers_of_events
from hubportal.office.pages import StaffRequest, only_for, page
from hubportal.paging import ROWS_PER_PAGE

_MAX_BREACHES = 20


@require_safe
@only_for(ADMINISTRATORS)
def events(request: StaffRequest) -> HttpResponse:
    """List what was done, newest first; walk the whole chain when asked."""
    act = request.GET.get("handeling", "")
    found = events_newest_first(acts=names_shown_as(act) if act else None)
    # Who takes part in a call would read who begins, asks and agrees with what: a colleague reads it.
    is_tied = takes_part_now(request.user)
    chosen = Paginator(found.none() if is_tied else found, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    is_checked = "controle" in request.GET
    context = {
        "page": chosen,
        "is_tied": is_tied,
        "rows": _rows(chosen.object_list),
        "act": act_in_words(act),
        "last": last_batch(),
        **numbers_of_events(),
        "is_checked": is_checked,
        "breaches": list(islice(breaches(), _MAX_BREACHES)) if is_checked else [],
    }
    return page(request, "admin/office/events.html", context)


def _rows(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    ids = {each.actor_id for each in events if each.actor_id is not None}
    names = {each.pk: str(each) for each in people_with_ids(ids)}
    return [
        {
            "event": each,
            "name": shown_name(each.act),
            "act": act_in_words(each.act),
            "subject": subject_in_words(each),
            "actor": names.get(each.actor_id, each.actor_id) if each.actor_id else None,
            "facts": facts_in_words(each),
        }
        for each in events
    ]
