"""Reads of offers of the lead of a coalition (rule 44)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.enums import LeadOfferState, Status
from applications.models import Application, LeadOffer
from applications.models.handover import SHORTEST_WAIT
from coalitions.models import Coalition, Participation
from coalitions.queries import ever_handed_in, represented_by
from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from organisations.queries import keys_spoken_for, people_who_speak_for, undisputed_people_of
from organisations.unbroken import vouched_people_of


def open_lead_offer(coalition_id: int) -> LeadOffer | None:
    """Return the offer of the lead of a coalition that waits for an answer, if any."""
    offers = LeadOffer.objects.filter(coalition=coalition_id, state=LeadOfferState.OPEN)
    return offers.select_related("place", "offered_by", "contact").first()


def last_lead_offer(coalition_id: int) -> LeadOffer | None:
    """Return the last offer of the lead of a coalition, whatever became of it."""
    offers = LeadOffer.objects.filter(coalition=coalition_id).order_by("-pk")
    return offers.select_related("place", "offered_by", "contact", "settled_by").first()


def is_offering_lead() -> Exists:
    """Return, for applications, whether the lead of its coalition is offered to another organisation."""
    offers = LeadOffer.objects.filter(coalition=OuterRef("coalition"), state=LeadOfferState.OPEN)
    return Exists(offers)


def lead_offers_to(person: Person) -> QuerySet[LeadOffer]:
    """Return what was offered to the organisations of which a person is proved to speak for them, whatever became of it (rule 27)."""
    return LeadOffer.objects.filter(place__organisation__in=keys_spoken_for(person))


def answerable_by(person: Person) -> QuerySet[LeadOffer]:
    """Return the offers that a person may answer: those that wait, to an organisation of theirs that does not lead."""
    return lead_offers_to(person).filter(state=LeadOfferState.OPEN, place__is_lead=False)


def retractable_by(person: Person) -> QuerySet[LeadOffer]:
    """Return the offers that a person may take back: those that wait, of what they are proved to speak for."""
    led = represented_by(person).order_by().values("pk")
    return LeadOffer.objects.filter(state=LeadOfferState.OPEN, coalition__in=led)


def lead_offers_waiting_for(person: Person, *, at: datetime) -> QuerySet[LeadOffer]:
    """Return what a person can answer now, what lapses first in front."""
    shown = answerable_by(person).filter(lapses_at__gt=at).select_related("coalition__region", "place")
    return shown.order_by("lapses_at", "pk")


def lead_offers_by(person: User, coalition: Coalition) -> QuerySet[LeadOffer]:
    """Return the offers of a coalition, and those by a person of any."""
    return LeadOffer.objects.filter(Q(coalition=coalition) | Q(offered_by=person))


def lead_offers_to_lapse(*, at: datetime) -> QuerySet[LeadOffer]:
    """Return the offers that nobody answered in their time, oldest first."""
    over = LeadOffer.objects.filter(state=LeadOfferState.OPEN, lapses_at__lte=at)
    return over.order_by("lapses_at", "pk")


def lead_offer_with(key: UUID) -> LeadOffer:
    """Return an offer by the key in its address. Raises ``DoesNotExist``."""
    return LeadOffer.objects.get(key=key)


def drafts_in(coalition: Coalition) -> list[Application]:
    """Return the drafts of a coalition, which go along with its lead."""
    drafts = Application.objects.filter(coalition=coalition, status=Status.DRAFT)
    return list(drafts.select_related("call").order_by("pk"))


def still_stands(offer: LeadOffer, *, at: datetime) -> bool:
    """Tell whether an offer can still be accepted: in time, of who speaks for the lead still, undisputed, and of drafts alone."""
    if not offer.is_open or at >= offer.lapses_at or not drafts_in(offer.coalition):
        return False
    if ever_handed_in().filter(pk=offer.coalition_id).exists():
        return False
    speaking = undisputed_people_of(offer.coalition.lead_organisation_id)
    sides = {offer.offered_by_id, offer.contact_id}
    return sides <= set(speaking.values_list("pk", flat=True))


def colleagues_to_tell(offer: LeadOffer) -> QuerySet[User]:
    """Return who speaks for the lead beside who offered it, at another mailbox: they can take it back."""
    speaking = vouched_people_of(offer.coalition.lead_organisation_id).filter(is_active=True)
    return speaking.exclude(mailbox=offer.offered_by.mailbox).order_by("pk")


def acceptable_from(offer: LeadOffer) -> datetime:
    """Return from when an offer can be accepted: three days later where others speak for the lead, who are told of it at once.

    One of them may be on the way out, and what a yes moves does not come back (rules 30 and 39).
    """
    waits = offer.colleagues_told or colleagues_to_tell(offer).exists()
    return offer.offered_at + SHORTEST_WAIT if waits else offer.offered_at


def speakers_of(place: Participation) -> QuerySet[User]:
    """Return who is proved to speak for the organisation at a place and can log in."""
    return people_who_speak_for(place.organisation_id).filter(is_active=True).order_by("pk")
