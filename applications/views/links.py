"""Pages for people without an account, reached through a one-time link."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from applications.models import Consent, OneTimeLink
from hubportal.middleware import ReceivedRequest

# Of a reason that came too late, as its field takes.
_MOST_LETTERS = 1000


def dead_link(request: ReceivedRequest, sentence: str, *, link: OneTimeLink | None) -> HttpResponse:
    """Return a friendly page about a link that does not work, with what was answered through it."""
    consent: Consent | None = getattr(link, "consent", None)
    is_unsaved = _is_another_answer(request, consent)
    context = {
        "sentence": sentence,
        "link": link,
        "consent": consent,
        "signature": getattr(link, "signature", None),
        "is_unsaved": is_unsaved,
        "reason": request.POST.get("reason", "")[:_MOST_LETTERS] if is_unsaved else "",
    }
    return render(request, "applications/dead_link.html", context, status=404 if link is None else 410)


def _is_another_answer(request: ReceivedRequest, consent: Consent | None) -> bool:
    """Tell whether somebody answered something else than what is kept, or another person did (rule 32): no second click."""
    if "answer" not in request.POST:
        return False
    said = request.POST["answer"], *request.POST.get("name", "").split()
    return consent is None or said != (consent.answer, *consent.given_by_name.split())


def unknown_link(request: ReceivedRequest) -> HttpResponse:
    """Return a friendly page about a link that we never sent."""
    sentence = _(
        "We do not recognise this link. Copy the whole link from our e-mail, or ask the lead "
        "organisation for a new one."
    )
    return dead_link(request, sentence, link=None)
