"""What the kwartiermaker does about the agreement of an organisation: asking it, and taking over what it corrected."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hubportal.forms import ShownForm, add_violation
from hubportal.kernel.errors import RuleViolation
from hubportal.middleware import SignedInRequest
from mapping.agreement_queries import agreement_of, has_declined, requests_in
from mapping.cards import agreed_card, card_of, shown_card
from mapping.domain.answering import take_over_corrections
from mapping.domain.asking import DAYS_TO_ANSWER, ask_to_publish, take_back_question
from mapping.enums import AgreementState
from mapping.forms.agreeing import AskForm
from mapping.models import PublishingRequest
from mapping.ties import public_ties_of
from mapping.views.organisations import organisation_of
from organisations.models import Organisation
from regions.models import Region


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: SignedInRequest, slug: str, organisation_key: UUID) -> HttpResponse:
    """Show what an organisation was asked and answered, and ask it."""
    region, known = organisation_of(request, slug, organisation_key)
    card = card_of(known)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"seen": card.digest})
    if form.is_valid():
        try:
            ask_to_publish(
                organisation_id=known.pk,
                region=region,
                email=form.cleaned_data["email"],
                shown=form.cleaned_data["seen"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            form.show_seen(card.digest)
            add_violation(form, refusal)
        else:
            messages.success(request, _("The question has been sent."))
            return redirect("mapping:agreement", slug, known.map_key)
    context = {**_page(region, known, request), "form": form}
    return render(request, "mapping/agreement.html", context, status=422 if form.errors else 200)


def _page(region: Region, known: Organisation, request: SignedInRequest) -> dict[str, Any]:
    in_force = agreement_of(known)
    shown = shown_card(known, in_force)
    return {
        "region": region,
        "organisation": known,
        "card": card_of(known),
        "ties": public_ties_of([known]).get(known.pk, []),
        "shown": shown,
        "in_force": in_force,
        "is_changed": in_force is not None and in_force.text_digest != card_of(known).digest,
        "has_declined": has_declined(known),
        "asked": [(each, _words(each, request)) for each in requests_in(known, region)],
        "days": DAYS_TO_ANSWER,
    }


def _words(each: PublishingRequest, request: SignedInRequest) -> dict[str, bool]:
    is_over = each.state == AgreementState.ASKED and each.expires_at <= request.received_at
    return {
        "is_open": each.state == AgreementState.ASKED and not is_over,
        "is_over": is_over,
        "is_withdrawn": each.state == AgreementState.WITHDRAWN,
        "waits": each.waits_for_kwartiermaker,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: SignedInRequest, slug: str, organisation_key: UUID, request_id: int) -> HttpResponse:
    """Show what an organisation corrected beside what the map says, and publish the card that it agreed to."""
    region, known = organisation_of(request, slug, organisation_key)
    given = get_object_or_404(requests_in(known, region).filter(state=AgreementState.AGREED), pk=request_id)
    before, after = card_of(known), agreed_card(given)
    form = ShownForm(request.POST if request.method == "POST" else None, initial={"seen": before.digest})
    if form.is_valid():
        try:
            take_over_corrections(
                request_id=given.pk,
                region=region,
                shown=form.cleaned_data["seen"],
                actor=request.user,
                at=request.received_at,
            )
        except RuleViolation as refusal:
            form.show_seen(before.digest)
            add_violation(form, refusal)
        else:
            messages.success(request, _("The organisation is public as it agreed."))
            return redirect("mapping:agreement", slug, known.map_key)
    context = {"region": region, "organisation": known, "given": given, "before": before, "after": after}
    context |= {"form": form, "is_done": given.accepted_at or given.ended_at}
    return render(request, "mapping/take_over.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, organisation_key: UUID, request_id: int) -> HttpResponse:
    """Let a question be answered no more."""
    region, known = organisation_of(request, slug, organisation_key)
    asked = get_object_or_404(requests_in(known, region), pk=request_id)
    take_back_question(request_id=asked.pk, region=region, actor=request.user, at=request.received_at)
    messages.success(request, _("The link of this question no longer works."))
    return redirect("mapping:agreement", slug, known.map_key)
