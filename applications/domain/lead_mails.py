"""The mails about who leads a coalition (rule 44): plain, with nothing of what stands in a draft."""

from collections.abc import Iterable
from datetime import datetime

from applications.models import Application, LeadOffer
from applications.queries.collaborators import joined_in
from applications.queries.handovers import colleagues_of_lead
from applications.queries.lead_offers import acceptable_from, colleagues_to_tell, drafts_in, speakers_of
from applications.queries.named import named_in
from applications.queries.parties import asked_contacts
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.kernel.mailboxes import mailbox
from hubportal.mail.domain.composing import address_of, compose
from hubportal.mail.domain.outbox import Message, queue_mails
from organisations.ended import is_ended_by_others

# Names by their addresses.
Readers = dict[str, str]


def queue_offered(offer: LeadOffer, application: Application, *, at: datetime) -> None:
    """Ask the partner, at its contact person and at everybody who is proved to speak for it; and tell the colleagues of who offers it."""
    address = address_of("applications:lead_offer", offer.key)
    readers = _asked(offer, but=colleagues_of_lead(application))
    since = acceptable_from(offer)
    waits = since if since > at else None
    _queue(
        "lead_offered", offer, readers, at=at, call=application.call, acceptable_from=waits, address=address
    )
    told = {each.email: each.full_name for each in colleagues_to_tell(offer)}
    page = address_of("applications:offer_lead", application.reference)
    _queue("lead_offer_told", offer, told, at=at, acceptable_from=since, address=page)


def queue_declined(offer: LeadOffer, *, at: datetime) -> None:
    """Tell who offered it that the partner does not want it, and why."""
    _queue("lead_declined", offer, {offer.offered_by.email: offer.offered_by.full_name}, at=at)


def queue_over(offer: LeadOffer, *, at: datetime, also_to_lead: bool = False) -> None:
    """Tell who was asked, and perhaps who offered it, that an offer no longer stands; not why, which could tell of a submission (rule 26)."""
    readers = _asked(offer, but=[offer.offered_by])
    if also_to_lead:
        readers = {offer.offered_by.email: offer.offered_by.full_name, **readers}
    _queue("lead_offer_over", offer, readers, at=at)


def queue_moved(offer: LeadOffer, readers: Readers, *, former: str, lead: str, at: datetime) -> None:
    """Tell everybody concerned which organisation leads from now on; who opens a draft of it is led there."""
    opening = {each.email for each in speakers_of(offer.place)}
    page = address_of("coalitions:detail", offer.coalition_id)
    for is_of_lead in (True, False):
        some = {email: name for email, name in readers.items() if (email in opening) is is_of_lead}
        names = {"former": former, "lead": lead, "address": page if is_of_lead else ""}
        _queue("lead_moved", offer, some, at=at, **names)


def concerned(place: Participation, former: Iterable[User], drafts: Iterable[Application]) -> Readers:
    """Return who hears that the lead moves: both sides, who writes along, the people named, and the partners that were asked.

    Each mailbox once. Not a partner that was not asked, which does not know of the draft (rule 26).
    """
    found = [(each.email, each.full_name) for each in [*former, *speakers_of(place)]]
    found += _contact_of(place)
    for draft in drafts:
        found += [
            *joined_in(draft).order_by("pk").values_list("email", "name"),
            *named_in(draft.people),
            *asked_contacts(draft).order_by("pk").values_list("contact_email", "contact_name"),
        ]
    return _each_once(found)


def _asked(offer: LeadOffer, *, but: Iterable[User]) -> Readers:
    place = offer.place
    found = _contact_of(place)
    found += [(each.email, each.full_name) for each in speakers_of(place)]
    of_lead = mailboxes_of(but)
    return {email: name for email, name in _each_once(found).items() if mailbox(email) not in of_lead}


def _contact_of(place: Participation) -> list[tuple[str, str]]:
    """Return the contact person of a partner, unless others ended them there (rule 27)."""
    is_gone = is_ended_by_others(place.organisation_id, place.mailbox)
    return [] if is_gone else [(place.contact_email, place.contact_name)]


def _each_once(found: Iterable[tuple[str, str]]) -> Readers:
    each_once: dict[str, tuple[str, str]] = {}
    for email, name in found:
        if email:
            each_once.setdefault(mailbox(email), (email, name))
    return dict(each_once.values())


def _queue(kind: str, offer: LeadOffer, readers: Readers, *, at: datetime, **more: object) -> None:
    coalition = offer.coalition
    # Of which the office finds them: the draft that is there, if one is.
    about = next((each.reference for each in drafts_in(coalition)), "")
    shared = {"offer": offer, "lead": coalition.lead_name, "region": coalition.region.name}
    messages = []
    for email, name in readers.items():
        subject, body = compose(kind, {**shared, "name": name, **more})
        messages.append(Message(kind, email, subject, body, about=about))
    queue_mails(messages, at=at)
