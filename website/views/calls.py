"""The list of calls, and a page per call."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from calls.domain.rounds import is_before_opening, round_for
from calls.models import Call, ReviewRound
from calls.queries import public_calls
from hubportal.kernel.dates import moment_in_words
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.money import euros
from hubportal.middleware import ReceivedRequest


@dataclass(frozen=True)
class CallMoment:
    """The state of a call at a moment: before its opening, open until a deadline, or closed."""

    call: Call
    rounds: list[ReviewRound]
    next_round: ReviewRound | None
    is_open: bool
    is_ahead: bool


def call_at(call: Call, at: datetime) -> CallMoment:
    """Return the state of a call at a moment."""
    rounds = list(call.rounds.all())
    next_round = round_for(at, rounds)
    is_ahead = is_before_opening(at, call)
    return CallMoment(call, rounds, next_round, next_round is not None and not is_ahead, is_ahead)


@require_safe
def calls(request: ReceivedRequest) -> HttpResponse:
    """Show every call, the open ones first."""
    every = [call_at(each, request.received_at) for each in public_calls().prefetch_related("rounds")]
    ordered = sorted(every, key=lambda each: (not each.is_open, not each.is_ahead))
    return render(request, "website/calls.html", {"moments": ordered})


@require_safe
def call(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Show a call: grants, conditions, rounds, questions and criteria."""
    found = get_object_or_404(
        public_calls().prefetch_related(
            "rounds",
            "sections__criteria",
            "headings",
            "criteria__steps",
            "words",
            "conditions",
            "empty_forms",
        ),
        slug=slug,
    )
    moment = call_at(found, request.received_at)
    return render(
        request,
        "website/call.html",
        {
            "call": found,
            "moment": moment,
            "crumbs": [{"label": _("Calls"), "url": reverse("website:calls")}],
            "facts": _facts(moment),
            "forms": [each for each in found.empty_forms.all() if each.made_at],
            "rounds": [(each, _round_state(each, moment, request.received_at)) for each in moment.rounds],
            "has_provisional": bool(found.provisional) or any(each.provisional for each in moment.rounds),
        },
    )


def _facts(moment: CallMoment) -> list[dict[str, Any]]:
    """Return the terms of a call, each marked when it is provisional (rule 1)."""
    call, last = moment.call, moment.rounds[-1] if moment.rounds else None
    terms: list[tuple[Any, Any, bool]] = [
        (
            _("Grant"),
            _("at most %(amount)s per coalition") % {"amount": euros(call.grant_maximum)},
            "grant_maximum" in call.provisional,
        ),
        (
            _("Duration"),
            _("%(shortest)s to %(longest)s whole months")
            % {"shortest": call.min_months, "longest": call.max_months},
            "max_months" in call.provisional,
        ),
        (
            _("Who can apply"),
            _("%(number)s or more legal persons with ties to the region, one of them in the lead")
            % {"number": call.min_parties},
            "min_parties" in call.provisional,
        ),
        (_("Open from"), moment_in_words(call.opens_at), "opens_at" in call.provisional),
        (_("Available in all"), euros(call.ceiling), "ceiling" in call.provisional),
        (_("Who decides"), dutch(call.deciding_body), "deciding_body" in call.provisional),
    ]
    if last:
        until = moment_in_words(last.deadline_at)
        terms.insert(4, (_("Open until"), until, "deadline_at" in last.provisional))
    return [
        {
            "term": term,
            "description": filled_in(_("%(value)s (provisional)"), value=value) if is_provisional else value,
        }
        for term, value, is_provisional in terms
    ]


def _round_state(each: ReviewRound, moment: CallMoment, at: datetime) -> dict[str, object]:
    """Return how a round is shown: closed, the one that takes submissions now, or ahead."""
    if each.deadline_at <= at:
        return {"label": _("closed"), "kind": "neutral"}
    if each == moment.next_round and moment.is_open:
        return {"label": _("open for you now"), "kind": "ok"}
    return {"label": _("later"), "kind": "info"}
