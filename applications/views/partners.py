"""The partners of a draft: the state of their consent, and asking for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.domain import consents
from applications.domain.consents import consent_states
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from applications.views.access import draft_page
from applications.views.asking import asked_to_consent
from applications.views.steps import draft_response
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest


@require_safe
@draft_page
def partners(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show the state of each partner's consent."""
    snapshot = snapshot_of(application)
    asked = [
        asked_to_consent(application, each, at=request.received_at, next_url=request.path)
        for each in consent_states(snapshot)
    ]
    return draft_response(request, "applications/partners.html", snapshot, "partners", asked=asked)


@require_POST
@draft_page
def ask_consent(request: SignedInRequest, application: Application, participation_id: int) -> HttpResponse:
    """Mail a partner a link to consent; only the last link works."""
    partner = get_object_or_404(application.coalition.participations, pk=participation_id, is_lead=False)
    try:
        link = consents.ask_consent(
            application_id=application.pk,
            participation_id=partner.pk,
            actor=request.user,
            at=request.received_at,
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The request for consent is on its way to %(name)s, %(email)s.")
            % {"name": link.name, "email": link.email},
        )
    return redirect("applications:partners", application.reference)
