"""The history of an organisation in a region: every change, with who made it and when."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hubportal.audit.domain.wording import act_in_words
from hubportal.audit.models import AuditEvent
from hubportal.middleware import SignedInRequest
from hubportal.paging import ROWS_PER_PAGE
from mapping.events import AGREED, AGREEMENT_WITHDRAWN, CORRECTION_ASKED, DECLINED, PUBLISHED_AS_AGREED
from mapping.history_queries import OF_REGION, history_of, labels_of_fields, people_of_region
from mapping.views.organisations import organisation_of
from regions.models import Region

# Done by the organisation itself, unless a kwartiermaker is named.
_BY_ITSELF = {AGREED.name, PUBLISHED_AS_AGREED.name, DECLINED.name, AGREEMENT_WITHDRAWN.name}


@login_required
@require_safe
def history(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Show what was done with an organisation, as far as this region may know."""
    region, known = organisation_of(request, slug, organisation_key)
    page = Paginator(history_of(known, region), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    names, labels = people_of_region(region), labels_of_fields()
    lines = [_line(each, region, names, labels) for each in page]
    context = {"region": region, "organisation": known, "page": page, "lines": lines}
    return render(request, "mapping/history.html", context)


def _line(event: AuditEvent, region: Region, names: dict[int, str], labels: dict[str, str]) -> dict[str, Any]:
    is_own = event.facts.get("region") == region.pk
    fields = [each for each in event.facts.get("fields", []) if is_own or each not in OF_REGION]
    return {
        "at": event.happened_at,
        "who": _who(event, names),
        "what": act_in_words(event.act),
        "fields": ", ".join(labels[each] for each in fields if each in labels),
    }


def _who(event: AuditEvent, names: dict[int, str]) -> str:
    if event.act == CORRECTION_ASKED.name:
        return _("a visitor")
    if event.actor_id is None:
        return _("the organisation itself") if event.act in _BY_ITSELF else _("the portal")
    return names.get(event.actor_id) or _("somebody outside this region")
