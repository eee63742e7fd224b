"""The partners of a draft: the state of their consent, and asking for it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.domain import consents
from applications.domain.consent_states import consent_states
from applications.domain.removing_partner import remove_asked_partner, why_it_stays
from applications.domain.snapshot import snapshot_of
from applications.models import Application
from applications.queries.consent_questions import asked_in
from applications.views.access import led_page
from applications.views.asking import asked_to_consent
from applications.views.steps import draft_response
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.mail.queries import came_back
from hubportal.middleware import SignedInRequest, whole_at

# What waits stands in front.
QUESTIONS_SHOWN = 50


@require_safe
@led_page
def partners(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show the state of each partner's consent."""
    snapshot = snapshot_of(application)
    returned = came_back(application.reference)
    states = consent_states(snapshot)
    asked = [
        asked_to_consent(application, each, at=request.received_at, next_url=request.path, returned=returned)
        for each in states
    ]
    questions = list(asked_in(application)[:QUESTIONS_SHOWN])
    to_ask = sum(each.has_to_be_asked(at=request.received_at) for each in states)
    return draft_response(
        request,
        "applications/partners.html",
        snapshot,
        "partners",
        asked=asked,
        to_ask=to_ask,
        # A yes to what is not written yet is asked once more.
        empty_sections=[
            each.title for each in snapshot.specs if each.is_required and not snapshot.text_of(each)
        ],
        questions=questions,
    )


@require_POST
@led_page
def ask_consent(request: SignedInRequest, application: Application, participation_id: int) -> HttpResponse:
    """Mail a partner a link to consent; only the last link works."""
    partner = get_object_or_404(application.coalition.participations, pk=participation_id, is_lead=False)
    try:
        link = consents.ask_consent(
            application_id=application.pk,
            participation_id=partner.pk,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The request for consent is on its way to %(name)s, %(email)s.")
            % {"name": link.name, "email": link.email},
        )
    page = "coalition" if request.POST.get("from") == "coalition" else "partners"
    return redirect(f"applications:{page}", application.reference)


@require_POST
@led_page
def ask_everybody(request: SignedInRequest, application: Application) -> HttpResponse:
    """Mail each partner that has to answer a link to consent, all at once."""
    try:
        links = consents.ask_everybody(
            application_id=application.pk, actor=request.user, at=whole_at(request)
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        names = ", ".join(each.name for each in links)
        if links:
            messages.success(
                request, _("The request for consent is on its way to %(names)s.") % {"names": names}
            )
        else:
            messages.info(request, _("Everybody who has to answer was asked already."))
    return redirect("applications:partners", application.reference)


@require_http_methods(["GET", "HEAD", "POST"])
@led_page
def remove_partner(request: SignedInRequest, application: Application, participation_id: int) -> HttpResponse:
    """Show what removing a partner undoes, then remove it; what hangs on it has to be moved first."""
    partners_of = application.coalition.participations
    partner = get_object_or_404(partners_of, pk=participation_id, is_lead=False)
    name = {"organisation": dutch(partner.stated_name)}
    if request.method != "POST":
        words = {
            "page_title": filled_in(_("Remove %(organisation)s?"), **name),
            "stays": why_it_stays(partner),
            "lead": _(
                "The organisation will then no longer take part. What it answered no longer counts, and we tell it so "
                "by e-mail if you asked it before. The other partners must agree again."
            ),
        }
        return render(request, "applications/remove_partner.html", {"application": application, **words})
    try:
        remove_asked_partner(
            application_id=application.pk,
            participation_id=partner.pk,
            actor=request.user,
            at=whole_at(request),
        )
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, filled_in(_("%(organisation)s is no longer in the coalition."), **name))
    return redirect("applications:partners", application.reference)
