"""The deadlines of a call as a calendar file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from calls.domain.calendars import deadline_in_calendar
from calls.queries import public_calls
from hubportal.downloads import calendar_download
from hubportal.mail.domain.composing import address_of
from hubportal.middleware import ReceivedRequest


@require_safe
def call_calendar(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Send the deadlines of the rounds of a public call as one calendar file."""
    call = get_object_or_404(public_calls().prefetch_related("rounds"), slug=slug)
    address = address_of("website:call", slug)
    moments = [deadline_in_calendar(call, each, address=address) for each in call.rounds.all()]
    if not moments:
        raise Http404
    return calendar_download(moments, filename=f"deadlines-{slug}.ics", made_at=request.received_at)
