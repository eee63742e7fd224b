"""The mails about the public card of an organisation: nothing in them was typed by a stranger."""

from collections.abc import Callable
from datetime import datetime

from hubportal.accounts.models import User
from hubportal.kernel.one_time import without_secret
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from mapping.cards import Card
from mapping.models import PublishingRequest
from mapping.queries import kwartiermakers_of
from organisations.queries import regions_of_organisation
from regions.models import Region


def queue_question(request: PublishingRequest, secret: str, *, at: datetime) -> None:
    """Ask an organisation to read its card and to answer."""
    _queue("agreement_asked", request, at=at, address=address_of("website:cards:answer", secret))


def queue_reminder(request: PublishingRequest, secret: str, *, at: datetime) -> None:
    """Remind an organisation of the question, with a new link."""
    address = address_of("website:cards:answer", secret)
    _queue("agreement_asked", request, at=at, address=address, is_reminder=True)


def queue_agreed(request: PublishingRequest, card: Card, lasting: str, *, at: datetime) -> None:
    """Send who agreed a copy of what they agreed to, with a link by which they can withdraw that (rule 35)."""
    address = address_of("website:cards:agreement", lasting)
    _queue("agreement_given", request, at=at, card=card, address=address)


def queue_refused(request: PublishingRequest, *, at: datetime) -> None:
    """Confirm to an organisation that it is not public, because it said so."""
    _queue("agreement_refused", request, at=at)


def queue_agreed_elsewhere(earlier: PublishingRequest, *, at: datetime) -> None:
    """Tell who declined for an organisation that it was asked at another address since, and agreed there.

    Who has two mailboxes would otherwise undo a refusal of which its owner hears no more (rule 28).
    """
    _queue("agreement_elsewhere", earlier, at=at, earlier=earlier)


def queue_overruled(agreed: PublishingRequest, *, at: datetime) -> None:
    """Tell who agreed for an organisation that somebody at another address said no to another map, and how it is made public again."""
    _queue("agreement_overruled", agreed, at=at, address=address_of("organisations:my_organisations"))


def tell_kwartiermakers(request: PublishingRequest, *, at: datetime) -> None:
    """Tell the kwartiermakers of the region what an organisation answered."""
    _tell_kwartiermakers_of(request.region, request, at=at)


def tell_other_regions(request: PublishingRequest, *, at: datetime) -> None:
    """Tell the kwartiermakers of the other regions of an organisation that it said no: it stands on their maps too."""
    others = Region.objects.filter(pk__in=regions_of_organisation(request.organisation))
    for region in others.exclude(pk=request.region_id).order_by("pk"):
        _tell_kwartiermakers_of(region, request, at=at)


def _tell_kwartiermakers_of(region: Region, request: PublishingRequest, *, at: datetime) -> None:
    page = address_of("mapping:agreement", region.slug, request.organisation.map_key)
    words = {"request": request, "organisation": request.organisation.name, "region": region}
    messages = [
        Message("agreement_answered", each.email, *_words("agreement_answered", each, address=page, **words))
        for each in kwartiermakers_of(region)
    ]
    queue_mails(messages, at=at)


def _words(template: str, reader: User, **context: object) -> tuple[str, str]:
    return compose(template, {"reader": reader, **context})


def blanked(request: PublishingRequest) -> Callable[[str], str]:
    """Return what takes the secrets of a question out of the mails that brought them."""
    question, reminder = request.secret_digest, request.reminder_digest or ""
    return lambda text: without_secret(without_secret(text, question), reminder)


def _queue(kind: str, request: PublishingRequest, *, at: datetime, **context: object) -> None:
    region: Region = request.region
    subject, body = compose(
        kind,
        {
            "request": request,
            "organisation": request.organisation.name,
            "region": region,
            "kwartiermakers": kwartiermakers_of(region),
            **context,
        },
    )
    message = Message(kind, request.email, subject, body, about=request.mails_about)
    queue_mails([message], at=at)
