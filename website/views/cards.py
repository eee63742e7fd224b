"""What an organisation reads and answers about its public card, through a link that works once: following it changes nothing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hubportal.forms import add_violation
from hubportal.kernel.one_time import DeadLink, secret_digest
from hubportal.kernel.versions import NewerVersion
from hubportal.middleware import ReceivedRequest
from hubportal.secret_pages import secret_address
from mapping.agreement_queries import agreement_with, request_with
from mapping.cards import agreed_card, asked_card
from mapping.domain.answering import (
    agree_by_link,
    can_be_withdrawn,
    check_alive,
    check_open,
    decline_by_link,
    keep_corrections,
    withdraw_by_link,
)
from mapping.domain.asking import report_wrong_address
from mapping.enums import AgreementState
from mapping.forms.agreeing import AgreeForm, CardForm, DeclineForm, WithdrawForm
from mapping.models import PublishingRequest
from mapping.queries import kwartiermakers_of
from mapping.ties import public_ties_of

# Of a reason that came too late, as its field takes.
_MOST_LETTERS = 1000
_ANSWERED = {AgreementState.AGREED, AgreementState.DECLINED, AgreementState.WITHDRAWN}


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show an organisation its card as visitors will see it, and keep what it corrects."""
    asked = request_with(secret_digest(secret))
    form = CardForm(request.POST if request.method == "POST" else None, initial=_initial(asked))
    typed = form.card() if form.is_valid() else None
    if asked is None or (dead := _not_open(request, asked)):
        return _unknown(request) if asked is None else _dead(request, asked, dead, typed=typed, secret=secret)
    if form.is_valid():
        try:
            keep_corrections(request_id=asked.pk, typed=form.typed(), at=request.received_at)
        except DeadLink as refusal:
            # Answered in another window meanwhile.
            return _dead(request, asked, str(refusal), typed=typed)
        return redirect("website:cards:confirm", secret)
    context = {**_shown(asked), "form": form, "secret": secret}
    return render(request, "website/cards/answer.html", context, status=422 if form.errors else 200)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show an organisation what it agrees to, and take its agreement."""
    asked = request_with(secret_digest(secret))
    if asked is None:
        return _unknown(request)
    if dead := _not_open(request, asked):
        return _dead(request, asked, dead, said=AgreementState.AGREED, secret=secret)
    form = AgreeForm(
        request.POST if request.method == "POST" else None, initial={"seen": asked_card(asked).digest}
    )
    if form.is_valid():
        try:
            agree_by_link(
                request_id=asked.pk,
                shown=form.cleaned_data["seen"],
                name=form.cleaned_data["name"],
                at=request.received_at,
            )
        except NewerVersion as refusal:
            form.show_seen(asked_card(asked).digest)
            add_violation(form, refusal)
        except DeadLink as refusal:
            # A second click, or somebody was first: what was answered is shown.
            return _dead(request, _now(secret, asked), str(refusal), said=AgreementState.AGREED)
        else:
            return redirect("website:cards:answer", secret)
    context = {**_shown(asked), "form": form, "secret": secret}
    return render(request, "website/cards/confirm.html", context, status=422 if form.errors else 200)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Say what declining means, and take it."""
    asked = request_with(secret_digest(secret))
    if asked is None:
        return _unknown(request)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if dead := _not_open(request, asked, for_a_no=True):
        return _dead(request, asked, dead, said=AgreementState.DECLINED)
    if form.is_valid():
        said = dict(form.cleaned_data)
        if said.pop("is_wrong_address"):
            report_wrong_address(request_id=asked.pk, reason=said["reason"], at=request.received_at)
            thanked = {"kwartiermakers": kwartiermakers_of(asked.region)}
            return render(request, "website/cards/wrong_address.html", thanked)
        try:
            decline_by_link(request_id=asked.pk, **said, at=request.received_at)
        except DeadLink as refusal:
            return _dead(request, _now(secret, asked), str(refusal), said=AgreementState.DECLINED)
        return redirect("website:cards:answer", secret)
    context = {**_shown(asked), "form": form, "secret": secret}
    return render(request, "website/cards/decline.html", context, status=422 if form.errors else 200)


@secret_address
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: ReceivedRequest, secret: str) -> HttpResponse:
    """Show an organisation what it agreed to, and let it withdraw that."""
    given = agreement_with(secret_digest(secret))
    if given is None:
        return _unknown(request)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_by_link(request_id=given.pk, at=request.received_at)
        except DeadLink as refusal:
            return _dead(request, given, str(refusal))
        return redirect("website:cards:agreement", secret)
    context = {
        **_answered(given),
        "form": form if can_be_withdrawn(given) else None,
    }
    return render(request, "website/cards/answered.html", context, status=422 if form.errors else 200)


def _initial(asked: PublishingRequest | None) -> dict[str, Any]:
    return asked_card(asked).kept if asked is not None else {}


def _not_open(request: ReceivedRequest, asked: PublishingRequest, *, for_a_no: bool = False) -> str:
    """Return why a question cannot be answered by a yes, or by a no; empty where it can."""
    check = check_open if for_a_no else check_alive
    try:
        check(asked, at=request.received_at)
    except DeadLink as refusal:
        return str(refusal)
    return ""


def _shown(asked: PublishingRequest) -> dict[str, Any]:
    return {
        "asked": asked,
        "organisation": asked.organisation,
        "card": asked_card(asked),
        "ties": public_ties_of([asked.organisation]).get(asked.organisation_id, []),
        "is_changed": bool(asked.draft),
        "kwartiermakers": kwartiermakers_of(asked.region),
    }


def _answered(asked: PublishingRequest) -> dict[str, Any]:
    return {
        "asked": asked,
        "organisation": asked.organisation,
        "card": agreed_card(asked) if asked.text else None,
        "is_public": asked.accepted_at is not None and asked.ended_at is None,
        "kwartiermakers": kwartiermakers_of(asked.region),
    }


def _now(secret: str, asked: PublishingRequest) -> PublishingRequest:
    """Return a question as it was answered meanwhile."""
    return request_with(secret_digest(secret)) or asked


def _dead(
    request: ReceivedRequest,
    asked: PublishingRequest,
    sentence: str,
    *,
    typed: Any = None,
    said: AgreementState | None = None,
    secret: str = "",
) -> HttpResponse:
    """Show what was answered through a link, or why it does not work, with what was typed meanwhile (rule 32).

    ``said`` is what is answered now: another answer than the one before is not kept, and that is told. With its ``secret``
    the page leads on to a no, where that can still be given.
    """
    is_unsaved = request.method == "POST" and said != asked.state
    told = {"typed": typed, "reason": request.POST.get("reason", "")[:_MOST_LETTERS] if is_unsaved else ""}
    if asked.state in _ANSWERED:
        told["is_unsaved"] = is_unsaved and said is not None
        return render(request, "website/cards/answered.html", {**_answered(asked), **told})
    can_decline = secret and not _not_open(request, asked, for_a_no=True)
    context = {
        "sentence": sentence,
        **told,
        "kwartiermakers": kwartiermakers_of(asked.region),
        "to_decline": secret if can_decline else "",
    }
    return render(request, "website/cards/dead.html", context, status=410)


def _unknown(request: ReceivedRequest) -> HttpResponse:
    sentence = _("We do not recognise this link. Copy the whole link from our e-mail once more.")
    return render(request, "website/cards/dead.html", {"sentence": sentence}, status=404)
