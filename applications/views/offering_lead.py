"""Offering the lead of a coalition to a partner, on a page that shows first what that means (rules 30 and 44)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain import offering_lead
from applications.domain.locking import why_closed
from applications.forms.lead_offers import LeadOfferForm
from applications.models import Application, LeadOffer
from applications.models.lead_offer import OPEN_FOR
from applications.queries.handovers import colleagues_of_lead
from applications.queries.lead_offers import drafts_in, last_lead_offer
from applications.views.access import spoken_page
from coalitions.models import Participation
from coalitions.queries import ever_handed_in
from hubportal.forms import add_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at


@require_http_methods(["GET", "HEAD", "POST"])
@spoken_page
def offer(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show to whom the lead is offered or can be, then what that means; with the button of that page, offer it."""
    if not application.is_draft:
        messages.error(request, why_closed(application))
        return redirect("applications:status", application.reference)
    last = last_lead_offer(application.coalition_id)
    button = request.POST.get("button", "") if request.method == "POST" else ""
    if button == "take_back":
        return _taken_back(request, application, last)
    partners = list(application.coalition.participations.filter(is_lead=False))
    colleagues = list(colleagues_of_lead(application))
    typed = request.POST if button in {"look", "offer"} else None
    form = LeadOfferForm(typed, partners=partners, colleagues=colleagues, me=request.user)
    if form.is_valid():
        to = next(each for each in partners if str(each.pk) == form.cleaned_data["to"])
        if button == "look":
            return _look(request, application, form, to)
        if _is_offered(request, application, form):
            messages.success(
                request,
                filled_in(
                    _("We asked %(name)s. Your organisation stays the lead until they say yes."),
                    name=dutch(to.stated_name),
                ),
            )
            return redirect("applications:offer_lead", application.reference)
    context = {
        "application": application,
        "last": last,
        "form": form if partners else None,
        "is_fixed": ever_handed_in().filter(pk=application.coalition_id).exists(),
        "days": OPEN_FOR.days,
    }
    return render(request, "applications/offer_lead.html", context, status=422 if form.errors else 200)


def _look(
    request: SignedInRequest, application: Application, form: LeadOfferForm, to: Participation
) -> HttpResponse:
    """Show what goes along and what is lost, with one button."""
    contacts = dict(form.fields["contact"].choices)  # type: ignore[attr-defined]
    context = {
        "application": application,
        "to": to,
        "chosen": form.cleaned_data,
        "contact": contacts[form.cleaned_data["contact"]],
        "drafts": drafts_in(application.coalition),
        "days": OPEN_FOR.days,
    }
    return render(request, "applications/offer_lead_check.html", context)


def _is_offered(request: SignedInRequest, application: Application, form: LeadOfferForm) -> bool:
    try:
        offering_lead.offer_lead(
            application_id=application.pk,
            participation_id=int(form.cleaned_data["to"]),
            contact_id=int(form.cleaned_data["contact"]),
            actor=request.user,
            at=whole_at(request),
        )
    except NotAllowed as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        add_violation(form, refusal)
        return False
    return True


def _taken_back(request: SignedInRequest, application: Application, last: LeadOffer | None) -> HttpResponse:
    if last is None or not last.is_open:
        messages.info(request, _("This was settled already."))
        return redirect("applications:offer_lead", application.reference)
    settled = offering_lead.take_back_lead_offer(key=last.key, actor=request.user, at=whole_at(request))
    if settled.state == "taken_back":
        messages.success(
            request, _("You took the offer back. Your organisation stays the lead organisation.")
        )
    else:
        messages.info(request, _("This was settled already."))
    return redirect("applications:offer_lead", application.reference)
