"""What an application has to be ready for, as a calendar file."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.domain.signing import is_open_to_sign, is_signed, signature_due_at
from applications.models import Application
from applications.views.access import shown_to
from calls.domain.calendars import deadline_in_calendar
from calls.domain.rounds import round_for
from hubportal.downloads import calendar_download
from hubportal.kernel.calendars import CalendarMoment
from hubportal.mail.domain.composing import address_of
from hubportal.middleware import SignedInRequest


@login_required
@require_safe
def calendar(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send the deadline of the round that a draft is written for, or the last moment to sign; 404 where there is none."""
    application = shown_to(request.user, reference)
    moment = calendar_moment(application, at=request.received_at)
    if moment is None:
        raise Http404
    return calendar_download([moment], filename=f"{reference}.ics", made_at=request.received_at)


def calendar_moment(application: Application, *, at: datetime) -> CalendarMoment | None:
    """Return the moment that somebody has to be ready for now, if there is one."""
    reference = application.reference
    address = address_of("applications:status", reference)
    if application.is_draft:
        found = round_for(at, application.call.rounds.all())
        key = f"{reference}-deadline"
        if found is None:
            return None
        return deadline_in_calendar(application.call, found, address=address, key=key)
    due_at = signature_due_at(application)
    if due_at is None or is_signed(application) or not is_open_to_sign(application, at=at):
        return None
    return CalendarMoment(
        key=f"{reference}-sign",
        at=due_at,
        title=_("Sign the declaration: %(reference)s") % {"reference": reference},
        text=_("The main applicant and the authorised signatory sign before this moment."),
        address=address,
    )
