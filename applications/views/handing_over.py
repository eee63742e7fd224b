"""Who is the contact person of the lead in a draft: handing over, taking over, and stopping that (rule 39)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.domain import handing_over
from applications.domain.locking import why_closed
from applications.enums import HandoverKind
from applications.forms.handing_over import OfferForm, TakeoverForm
from applications.models import Application, Handover
from applications.permissions import may_accept_contact, may_take_back_contact
from applications.queries.handovers import colleagues_of_lead, contact_of, is_contact, open_handover
from applications.views.access import spoken_page
from hubportal.forms import add_violation
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.middleware import SignedInRequest, whole_at


@require_http_methods(["GET", "HEAD", "POST"])
@spoken_page
def contact(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show who is the contact person and who becomes it, and do what one of its buttons asks."""
    if not application.is_draft:
        messages.error(request, why_closed(application))
        return redirect("applications:status", application.reference)
    button = request.POST.get("button", "") if request.method == "POST" else ""
    colleagues = [each for each in colleagues_of_lead(application) if each.pk != contact_of(application).pk]
    offer = OfferForm(request.POST if button == "offer" else None, colleagues=colleagues)
    takeover = TakeoverForm(request.POST if button == "take_over" else None)
    if button in _BUTTONS:
        return _pressed(request, application, button)
    if button == "offer" and offer.is_valid() and _is_offered(request, application, offer):
        messages.success(
            request, _("We asked your colleague. You stay the contact person until they say yes.")
        )
        return redirect("applications:contact", application.reference)
    if button == "take_over" and takeover.is_valid() and _is_taken_over(request, application, takeover):
        messages.success(
            request, _("Everybody with a role has been warned. Until it takes effect it can be stopped.")
        )
        return redirect("applications:contact", application.reference)
    current = open_handover(application)
    context = {
        "application": application,
        "holder": contact_of(application),
        "is_holder": is_contact(request.user, application),
        "current": current,
        "can_answer": current is not None and may_accept_contact.allows(request.user, current),
        "can_stop": current is not None and may_take_back_contact.allows(request.user, current),
        "is_takeover": current is not None and current.kind == HandoverKind.TAKEOVER,
        "offer": offer if colleagues else None,
        "takeover": takeover,
        "wait_days": handing_over.WAIT.days,
    }
    failed = bool(button) and (offer.errors or takeover.errors)
    return render(request, "applications/contact.html", context, status=422 if failed else 200)


def _is_offered(request: SignedInRequest, application: Application, form: OfferForm) -> bool:
    try:
        handing_over.offer_contact(
            application_id=application.pk,
            to_id=int(form.cleaned_data["to"]),
            actor=request.user,
            at=whole_at(request),
        )
    except NotAllowed as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="to")
        return False
    return True


def _is_taken_over(request: SignedInRequest, application: Application, form: TakeoverForm) -> bool:
    try:
        handing_over.take_over_contact(
            application_id=application.pk,
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=whole_at(request),
        )
    except NotAllowed as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        add_violation(form, refusal, otherwise="reason")
        return False
    return True


def _accept(request: SignedInRequest, application: Application) -> Handover | None:
    return handing_over.answer_offer(
        application_id=application.pk, accepts=True, actor=request.user, at=whole_at(request)
    )


def _decline(request: SignedInRequest, application: Application) -> Handover | None:
    return handing_over.answer_offer(
        application_id=application.pk, accepts=False, actor=request.user, at=whole_at(request)
    )


def _stop(request: SignedInRequest, application: Application) -> Handover | None:
    return handing_over.stop_handover(application_id=application.pk, actor=request.user, at=whole_at(request))


_BUTTONS: dict[str, Callable[[SignedInRequest, Application], Handover | None]] = {
    "accept": _accept,
    "decline": _decline,
    "stop": _stop,
}


def _pressed(request: SignedInRequest, application: Application, button: str) -> HttpResponse:
    try:
        settled = _BUTTONS[button](request, application)
    except NotAllowed as unknown:
        raise Http404 from unknown
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    else:
        if settled is None:
            messages.info(request, _("This was settled already."))
        else:
            messages.success(request, _told(button, settled))
    return redirect("applications:contact", application.reference)


def _told(button: str, settled: Handover) -> str:
    if button == "accept":
        return _("You are the contact person now. Everybody with a role gets an e-mail.")
    if button == "decline":
        return _("You said no. The contact person stays the same.")
    return _("It does not happen: %(name)s stays the contact person.") % {"name": settled.holder.full_name}
