"""The mails about a correction that was asked from a public card: what a stranger typed is in none of them."""

from datetime import datetime

from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from mapping.models import CorrectionRequest
from mapping.queries import kwartiermakers_of


def queue_confirmation(request: CorrectionRequest, secret: str, *, at: datetime) -> None:
    """Ask somebody to confirm that it was them who asked."""
    _queue(
        "correction_confirm", request, at=at, address=address_of("website:cards:confirm_correction", secret)
    )


def queue_answer(request: CorrectionRequest, *, at: datetime) -> None:
    """Send the answer to who asked."""
    _queue("correction_answered", request, at=at)


def tell_of_request(request: CorrectionRequest, *, at: datetime) -> None:
    """Tell the kwartiermakers of the region that somebody asked something."""
    page = address_of("mapping:correction", request.region.slug, request.pk)
    words = {"organisation": request.organisation.name, "region": request.region, "address": page}
    kind = "correction_asked"
    messages = [
        Message(kind, each.email, *compose(kind, {"reader": each, **words}))
        for each in kwartiermakers_of(request.region)
    ]
    queue_mails(messages, at=at)


def _queue(kind: str, request: CorrectionRequest, *, at: datetime, **context: object) -> None:
    words = {
        "request": request,
        "organisation": request.organisation.name,
        "region": request.region,
        "kwartiermakers": kwartiermakers_of(request.region),
        **context,
    }
    message = Message(kind, request.email, *compose(kind, words), about=request.mails_about)
    queue_mails([message], at=at)
