"""Answers to links that do not work."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hubportal.middleware import ReceivedRequest


def dead_link(
    request: ReceivedRequest, sentence: str, *, heading: str = "", status: int = 404
) -> HttpResponse:
    """Return a friendly page about a link that does not work; it tells nothing of anybody."""
    context = {"sentence": sentence, "heading": heading or _("This link does not work")}
    return render(request, "people/dead_link.html", context, status=status)


def unknown_link(request: ReceivedRequest) -> HttpResponse:
    """Return the page about a link that we never sent, or of which everything has been erased: the same for both."""
    sentence = _(
        "We do not recognise this link. Perhaps everything that we kept of you has been erased already. Or copy the whole"
        " link from our e-mail once more."
    )
    return dead_link(request, sentence)
