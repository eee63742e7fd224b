"""Pages for people without an account, reached through a one-time link."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from applications.models import OneTimeLink
from hubportal.middleware import ReceivedRequest


def dead_link(request: ReceivedRequest, sentence: str, *, link: OneTimeLink | None) -> HttpResponse:
    """Return a friendly page about a link that does not work, with what was answered through it."""
    context = {
        "sentence": sentence,
        "link": link,
        "consent": getattr(link, "consent", None),
        "signature": getattr(link, "signature", None),
    }
    return render(request, "applications/dead_link.html", context, status=404 if link is None else 410)


def unknown_link(request: ReceivedRequest) -> HttpResponse:
    """Return a friendly page about a link that we never sent."""
    sentence = _(
        "We do not recognise this link. Copy the whole link from our e-mail, or ask the lead "
        "organisation for a new one."
    )
    return dead_link(request, sentence, link=None)
