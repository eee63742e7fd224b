"""Pages for people without an account, reached through a one-time link."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.copies_for_signatories import copied_by
from applications.enums import LinkPurpose
from applications.models import Consent, OneTimeLink
from hubportal.middleware import ReceivedRequest

# Of a reason that came too late, as its field takes.
_MOST_LETTERS = 1000
_AGAIN = {LinkPurpose.CONSENT: "consent_copy_again", LinkPurpose.SIGN: "signature_copy_again"}


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
        "copy_again_url": copy_again_url(link, request),
        "copy_email": link.email if link else "",
        "reason": request.POST.get("reason", "")[:_MOST_LETTERS] if is_unsaved else "",
    }
    return render(request, "applications/dead_link.html", context, status=404 if link is None else 410)


def copy_again_url(link: OneTimeLink | None, request: ReceivedRequest) -> str:
    """Return where who answered or signed by a link asks for its copy again; empty where there is none.

    Only its digest is kept, so the secret comes from the address of the page.
    """
    if link is None or copied_by(link) is None or request.resolver_match is None:
        return ""
    secret = request.resolver_match.kwargs["secret"]
    return reverse(f"applications:{_AGAIN[LinkPurpose(link.purpose)]}", args=[secret])


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
