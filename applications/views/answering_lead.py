"""The answer to an offer of the lead, by who is proved to speak for the organisation that is asked (rules 30 and 44)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain import offering_lead, taking_lead
from applications.enums import LeadOfferState
from applications.forms.lead_offers import DeclineLeadForm
from applications.models import LeadOffer
from applications.permissions import may_read_lead_offer
from applications.queries.lead_offers import acceptable_from, drafts_in, still_stands
from hubportal.forms import add_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.middleware import SignedInRequest, whole_at


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, offer_key: UUID) -> HttpResponse:
    """Show what is offered and what it would change; take a no here, and lead to the page for a yes."""
    offer = _offered(request, offer_key)
    if offer.state == LeadOfferState.ACCEPTED and offer.place.is_lead:
        return redirect("coalitions:detail", offer.coalition_id)
    form = DeclineLeadForm(request.POST if request.POST.get("button") == "decline" else None)
    if form.is_valid():
        try:
            settled = offering_lead.decline_lead(
                key=offer.key, reason=form.cleaned_data["reason"], actor=request.user, at=whole_at(request)
            )
        except RuleViolation as refusal:
            add_violation(form, refusal)
        else:
            _tell_of_no(request, settled)
            return redirect("coalitions:list")
    return _page(request, offer, "applications/lead_offer.html", form=form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: SignedInRequest, offer_key: UUID) -> HttpResponse:
    """Show what is fixed by a yes, then let the organisation lead."""
    offer = _offered(request, offer_key)
    if request.POST.get("button") != "accept":
        if offer.state == LeadOfferState.ACCEPTED and offer.place.is_lead:
            return redirect("coalitions:detail", offer.coalition_id)
        return _page(request, offer, "applications/accept_lead.html")
    try:
        accepted = taking_lead.accept_lead(
            key=offer.key, seen=request.POST.get("seen", ""), actor=request.user, at=whole_at(request)
        )
    except NotAllowed:
        raise
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:lead_offer", offer.key)
    words = _("%(name)s is the lead organisation now. Everybody concerned gets an e-mail.")
    messages.success(request, filled_in(words, name=dutch(accepted.coalition.lead_name)))
    return redirect("applications:coalition", drafts_in(accepted.coalition)[0].reference)


def _offered(request: SignedInRequest, key: UUID) -> LeadOffer:
    shown = may_read_lead_offer.rows(request.user).select_related(
        "coalition__region", "place", "offered_by", "contact"
    )
    return get_object_or_404(shown, key=key)


def _page(request: SignedInRequest, offer: LeadOffer, template: str, **more: object) -> HttpResponse:
    drafts = drafts_in(offer.coalition)
    stands = still_stands(offer, at=request.received_at)
    since = acceptable_from(offer)
    context = {
        "offer": offer,
        "coalition": offer.coalition,
        "calls": [each.call for each in drafts],
        "stands": stands,
        "waits_until": since if request.received_at < since else None,
        "seen": taking_lead.lead_shown(offer, drafts),
        **more,
    }
    form = more.get("form")
    failed = bool(getattr(form, "errors", None))
    return render(request, template, context, status=410 if not stands else 422 if failed else 200)


def _tell_of_no(request: SignedInRequest, settled: LeadOffer) -> None:
    if settled.state == LeadOfferState.DECLINED:
        messages.success(request, _("You said no. Who offered it gets your reason by e-mail."))
    else:
        messages.info(request, _("This was settled already."))
