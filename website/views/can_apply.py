"""Whether one can apply in a call: its conditions as questions, answered in the address and kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from calls.domain.conditions import SENTENCES, with_values
from calls.models import Condition
from calls.queries import public_calls
from hubportal.kernel.dates import day_in_words, moment_in_words
from hubportal.kernel.languages import dutch
from hubportal.kernel.money import euros
from hubportal.middleware import ReceivedRequest
from website.enums import Answer
from website.forms import CanApplyForm
from website.views.calls import CallMoment, call_at

# Sent along with no answer at all too: then each question says so.
_SENT = "nagaan"


@dataclass(frozen=True)
class Asked:
    """A condition with its sentences in the language of the page, as HTML where they are Dutch on another one."""

    key: str
    question: str
    explanation: str
    refusal: str
    instead: str


@require_safe
def can_apply(request: ReceivedRequest, slug: str) -> HttpResponse:
    """Ask whether the conditions of a call are met, and say what that means; the address alone knows the answers."""
    found = get_object_or_404(public_calls().prefetch_related("rounds", "conditions"), slug=slug)
    moment = call_at(found, request.received_at)
    asked = [_asked(each, moment) for each in found.conditions.all()] if moment.next_round else []
    is_answered = _SENT in request.GET or any(each.key in request.GET for each in asked)
    form = CanApplyForm(request.GET if is_answered else None, asked=asked)
    outcome = _outcome(asked, form.cleaned_data) if form.is_valid() else None
    context = {
        "call": found,
        "moment": moment,
        "form": form,
        "asked": asked,
        "outcome": outcome,
        "crumbs": [
            {"label": _("Calls"), "url": reverse("website:calls")},
            {"label": dutch(found.title), "url": reverse("website:call", args=[found.slug])},
        ],
        "has_provisional": any(each.provisional for each in found.conditions.all()),
    }
    response = render(request, "website/can_apply.html", context, status=422 if form.errors else 200)
    if request.GET:
        response["X-Robots-Tag"] = "noindex"
    return response


def _outcome(asked: list[Asked], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the answers mean: ``no`` where one is, else ``unknown``, else ``yes``; with the conditions concerned."""
    refused = [each for each in asked if answers[each.key] == Answer.NO]
    unknown = [each for each in asked if answers[each.key] == Answer.UNKNOWN]
    kind = Answer.NO if refused else Answer.UNKNOWN if unknown else Answer.YES
    return {"kind": kind.name.lower(), "refused": refused, "unknown": unknown}


def _asked(condition: Condition, moment: CallMoment) -> Asked:
    said = {name: _sentence(condition, name, moment) for name in SENTENCES}
    return Asked(key=condition.key, **said)


def _sentence(condition: Condition, name: str, moment: CallMoment) -> str:
    """Return a sentence in the language of the page; in Dutch, marked as such, where the call has no other."""
    english = getattr(condition, f"{name}_en")
    if english and translation.get_language() == "en":
        return with_values(english, _values(moment))
    with translation.override("nl"):
        sentence = with_values(getattr(condition, name), _values(moment))
    return dutch(sentence)


def _values(moment: CallMoment) -> dict[str, Any]:
    """Return what sentences of conditions name, written in the language of the moment."""
    call, coming = moment.call, moment.next_round
    return {
        "min_parties": call.min_parties,
        "grant_maximum": euros(call.grant_maximum),
        "min_months": call.min_months,
        "max_months": call.max_months,
        "deadline": moment_in_words(coming.deadline_at) if coming else "",
        "award": day_in_words(coming.award_expected_on) if coming else "",
    }
