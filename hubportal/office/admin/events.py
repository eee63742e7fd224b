"""The page of administrators with the event log and the state of its chain (rule 21)."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from hubportal.accounts.permissions import ADMINISTRATORS
from hubportal.audit.domain.verification import breaches
from hubportal.audit.domain.wording import act_in_words, facts_in_words, subject_in_words
from hubportal.audit.models import AuditBatch, AuditEvent
from hubportal.office.pages import StaffRequest, only_for, page

_MOST_BREACHES = 20


@require_safe
@only_for(ADMINISTRATORS)
def events(request: StaffRequest) -> HttpResponse:
    """List what was done, newest first; walk the whole chain when asked."""
    rows = AuditEvent.objects.order_by("-pk")
    if act := request.GET.get("handeling", ""):
        rows = rows.filter(act=act)
    chosen = Paginator(rows, 50).get_page(request.GET.get("page"))
    is_checked = "controle" in request.GET
    context = {
        "page": chosen,
        "rows": _rows(chosen.object_list),
        "act": act_in_words(act),
        "last": AuditBatch.objects.order_by("-number").first(),
        **AuditEvent.objects.aggregate(linked=Count("link"), unlinked=Count("pk", filter=Q(link=None))),
        "is_checked": is_checked,
        "breaches": list(islice(breaches(), _MOST_BREACHES)) if is_checked else [],
    }
    return page(request, "admin/office/events.html", context)


def _rows(events: Iterable[AuditEvent]) -> list[dict[str, Any]]:
    ids = {each.actor_id for each in events if each.actor_id is not None}
    names = {each.pk: str(each) for each in get_user_model().objects.filter(pk__in=ids)}
    return [
        {
            "event": each,
            "act": act_in_words(each.act),
            "subject": subject_in_words(each),
            "actor": names.get(each.actor_id, each.actor_id) if each.actor_id else None,
            "facts": facts_in_words(each),
        }
        for each in events
    ]
