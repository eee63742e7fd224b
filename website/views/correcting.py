"""Asking a correction or removal from a public card, without an account."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.quotas import TooMuch
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from hubportal.visitors import asks_too_often
from mapping.agreement_queries import agreement_of
from mapping.cards import shown_card
from mapping.correction_queries import DAYS_TO_ANSWER, DAYS_TO_CONFIRM, correction_with, public_card
from mapping.domain.correcting import (
    ask_correction,
    check_can_be_confirmed,
    confirm_correction,
    disown_correction,
)
from mapping.enums import CorrectionKind
from mapping.forms.correcting import CorrectionForm
from mapping.queries import kwartiermakers_of
from mapping.ties import public_ties_of
from organisations.models import Organisation
from regions.queries import all_regions

# Per network, and of one organisation. All networks of one connection together stay below what everybody together can ask, of
# one organisation (MOST_OF_ONE_ORGANISATION) and of all (MOST_IN_A_DAY).
MOST_BY_ONE_NETWORK = 30
MOST_BY_ONE_NETWORK_OF_ONE = 3
_DAY = 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ReceivedRequest, slug: str, key: UUID) -> HttpResponse:
    """Take what somebody says of a public card, and mail them a link to confirm it."""
    region = get_object_or_404(all_regions(), slug=slug)
    organisation = public_card(region, key)
    if organisation is None:
        raise Http404
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    is_too_much = False
    if form.is_valid():
        try:
            _check_network(request, organisation)
            ask_correction(
                region=region,
                organisation_key=key,
                **{**form.cleaned_data, "kind": CorrectionKind(form.cleaned_data["kind"])},
                at=request.received_at,
            )
        except TooMuch as refusal:
            add_violation(form, refusal)
            is_too_much = True
        except Organisation.DoesNotExist as gone:
            raise Http404 from gone
        else:
            context = {"email": form.cleaned_data["email"], "region": region, "days": DAYS_TO_CONFIRM}
            return render(request, "website/cards/correction_asked.html", context)
    shown = shown_card(organisation, agreement_of(organisation))
    ties = public_ties_of([organisation]).get(organisation.pk, [])
    context = {
        "region": region,
        "shown": shown,
        "card": shown.card,
        "ties": ties,
        "form": form,
        "is_too_much": is_too_much,
        "is_read": bool(kwartiermakers_of(region)),
    }
    status = 429 if is_too_much else 422 if form.errors else 200
    response = render(request, "website/cards/ask_correction.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _check_network(request: ReceivedRequest, organisation: Organisation) -> None:
    """Raise ``TooMuch`` where more was asked from one network than it may in a day, of all organisations or of this one."""
    limits = (
        ("corrections", MOST_BY_ONE_NETWORK),
        (f"corrections-{organisation.pk}", MOST_BY_ONE_NETWORK_OF_ONE),
    )
    if any(asks_too_often(request, what=what, most=most, seconds=_DAY) for what, most in limits):
        raise TooMuch(
            _("Too many of these requests came from your network today. Try again tomorrow, or call.")
        )


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show somebody what they asked, and let them confirm that it was them; following the link changes nothing."""
    asked = correction_with(secret_digest(secret))
    if asked is None:
        sentence = _("We do not recognise this link. Copy the whole link from our e-mail once more.")
        return render(request, "website/cards/dead.html", {"sentence": sentence}, status=404)
    try:
        check_can_be_confirmed(asked, at=request.received_at)
        if request.method == "POST":
            if "not_me" in request.POST:
                disown_correction(request_id=asked.pk, at=request.received_at)
                return render(
                    request, "residents/withdrawn.html", {"region": asked.region, "is_of_other": True}
                )
            confirm_correction(request_id=asked.pk, at=request.received_at)
            return redirect("website:cards:confirm_correction", secret)
    except DeadLink as refusal:
        return render(request, "website/cards/dead.html", {"sentence": str(refusal)}, status=410)
    is_read = bool(kwartiermakers_of(asked.region))
    context = {"asked": asked, "days": DAYS_TO_ANSWER, "is_read": is_read}
    return render(request, "website/cards/confirm_correction.html", context)
