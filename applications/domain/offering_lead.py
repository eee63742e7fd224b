"""Offering the lead of a coalition to another organisation of it, and what ends that without a yes (rule 44).

An offer opens nothing and moves nothing: what a yes does is in ``taking_lead``.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lead_mails as mails
from applications.domain.links import check_not_too_many, note_asked_mail
from applications.domain.locking import locked_coalition, locked_draft
from applications.enums import LeadOfferState
from applications.events import LEAD_OFFER_SETTLED, LEAD_OFFERED
from applications.models import Application, LeadOffer
from applications.models.lead_offer import OPEN_FOR
from applications.permissions import may_answer_lead_offer, may_ask_others, may_take_back_lead_offer
from applications.queries.handovers import colleagues_of_lead
from applications.queries.lead_offers import (
    colleagues_to_tell,
    lead_offer_with,
    lead_offers_by,
    open_lead_offer,
)
from applications.queries.parties import people_of_lead
from coalitions.domain.ties import check_tie
from coalitions.models import Coalition, Participation
from coalitions.queries import ever_handed_in
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.text import is_filled
from organisations.domain.organisations import NotALegalPerson, stated_as
from organisations.domain.undisputed import check_undisputed

# Of one coalition, and by one person of all of them: each is mailed to an address that somebody only typed.
MOST_A_DAY = 4


@transaction.atomic(durable=True)
def offer_lead(
    *, application_id: int, participation_id: int, contact_id: int, actor: User, at: datetime
) -> LeadOffer:
    """Offer the lead of a draft's coalition, with all its drafts, to a partner, of which somebody who is proved says yes or no. Idempotent.

    ``contact_id`` is who of the lead answers for it as a partner afterwards. Whether anybody is proved to speak for the partner is not told (rule 26). Raises
    ``NotAllowed``, ``WrongStatus``, ``TooMuch``, ``TooManyMails``, ``NotALegalPerson``, ``NotTiedToRegion``, and ``RuleViolation``
    at ``to`` or ``contact``, once anything of the coalition was submitted, and while another offer is open.
    """
    lock_person(actor)
    application = locked_draft(application_id, actor, permission=may_ask_others)
    coalition = application.coalition
    check_never_submitted(coalition)
    check_undisputed(actor, coalition.lead_organisation_id)
    place = _place(application, participation_id, actor)
    contact = _contact(application, contact_id)
    earlier = open_lead_offer(coalition.pk)
    if earlier is not None and earlier.lapses_at <= at:
        settle_lead_offer(earlier, LeadOfferState.LAPSED, None, at=at)
        mails.queue_over(earlier, at=at, also_to_lead=True)
    elif earlier is not None:
        if (earlier.place_id, earlier.contact_id) == (place.pk, contact.pk):
            return earlier
        raise RuleViolation(_("The lead has been offered already. Take that back first."), field="to")
    check_quota(lead_offers_by(actor, coalition), moment="offered_at", most=MOST_A_DAY, at=at, field="to")
    check_not_too_many(actor, place.contact_email, at=at)
    note_asked_mail(actor, place.contact_email, at=at)
    offer = LeadOffer(
        coalition=coalition,
        place=place,
        offered_by=actor,
        contact=contact,
        offered_at=at,
        lapses_at=at + OPEN_FOR,
    )
    offer.colleagues_told = colleagues_to_tell(offer).exists()
    offer.save()
    mails.queue_offered(offer, application, at=at)
    record(LEAD_OFFERED, subject=offer, actor=actor, at=at)
    return offer


@transaction.atomic(durable=True)
def take_back_lead_offer(*, key: UUID, actor: User, at: datetime) -> LeadOffer:
    """Take an offer back, as anybody who speaks for the lead; who was asked hears of it. Idempotent: what is settled stays so.

    Raises ``NotAllowed``.
    """
    offer = _locked(key)
    if not offer.is_open:
        return offer
    may_take_back_lead_offer.check(actor, offer)
    settled = settle_lead_offer(offer, LeadOfferState.TAKEN_BACK, actor, at=at)
    mails.queue_over(settled, at=at)
    return settled


@transaction.atomic(durable=True)
def decline_lead(*, key: UUID, reason: str, actor: User, at: datetime) -> LeadOffer:
    """Decline to become the lead, with a reason for who offered it. Idempotent: what is settled stays so.

    Raises ``NotAllowed``, and ``RuleViolation`` at ``reason`` without one.
    """
    offer = _locked(key)
    # What is over in time and was not settled yet is left to the job.
    if not offer.is_open or offer.lapses_at <= at:
        return offer
    may_answer_lead_offer.check(actor, offer)
    if not is_filled(reason):
        raise RuleViolation(_("Explain briefly why."), field="reason")
    offer.declined_because = reason.strip()
    settled = settle_lead_offer(offer, LeadOfferState.DECLINED, actor, at=at)
    mails.queue_declined(settled, at=at)
    return settled


@transaction.atomic(durable=True)
def lapse_lead_offer(*, offer_id: int, at: datetime) -> bool:
    """Let an offer lapse that nobody answered in its time, and return whether it did. Idempotent."""
    offer = _locked(LeadOffer.objects.values_list("key", flat=True).get(pk=offer_id))
    if not offer.is_open or offer.lapses_at > at:
        return False
    settle_lead_offer(offer, LeadOfferState.LAPSED, None, at=at)
    mails.queue_over(offer, at=at, also_to_lead=True)
    return True


def stop_lead_offer(coalition: Coalition, actor: User, *, at: datetime) -> None:
    """Stop the offer that is open of a locked coalition, within the act that submits or discards a draft of it, or removes the partner."""
    offer = open_lead_offer(coalition.pk)
    if offer is not None:
        offer.coalition = coalition
        settle_lead_offer(offer, LeadOfferState.STOPPED, actor, at=at)
        mails.queue_over(offer, at=at, also_to_lead=True)


def settle_lead_offer(
    offer: LeadOffer, state: LeadOfferState, actor: User | None, *, at: datetime
) -> LeadOffer:
    """Write down what became of an offer, within the act that does it."""
    offer.state, offer.settled_at, offer.settled_by = state, at, actor
    offer.save(update_fields=["state", "settled_at", "settled_by", "declined_because"])
    record(LEAD_OFFER_SETTLED, subject=offer, actor=actor, at=at, facts={"state": state})
    return offer


def check_never_submitted(coalition: Coalition) -> None:
    """Raise ``RuleViolation`` once anything of a coalition was submitted, whatever became of it: it is of who led it then."""
    if ever_handed_in().filter(pk=coalition.pk).exists():
        raise RuleViolation(
            _(
                "This coalition has submitted an application, and its lead organisation answers for that. So the lead "
                "can no longer be handed over."
            )
        )


def check_contact_is_new(coalition: Coalition, address: str, *, but: list[int]) -> None:
    """Raise ``RuleViolation`` where a mailbox answers for another organisation of the coalition; ``but``: for these places it may (rule 8)."""
    if coalition.participations.filter(mailbox=mailbox(address)).exclude(pk__in=but).exists():
        raise RuleViolation(
            _("This address already belongs to the contact person of another organisation in the coalition."),
            field="contact",
        )


def _locked(key: UUID) -> LeadOffer:
    coalition = locked_coalition(lead_offer_with(key).coalition_id)
    rows = LeadOffer.objects.select_for_update(of=("self",))
    offer = rows.select_related("place__organisation", "offered_by", "contact").get(key=key)
    offer.coalition = coalition
    return offer


def _place(application: Application, participation_id: int, actor: User) -> Participation:
    """Return the partner that is asked, as the coalition names it: one that may lead (rule 8), and answers through no mailbox of the lead."""
    coalition = application.coalition
    partners = coalition.participations.select_related("organisation", "stated_municipality__region")
    place = partners.filter(pk=participation_id, is_lead=False).first()
    if place is None:
        raise RuleViolation(_("Choose a partner in the coalition."), field="to")
    if not place.is_legal_person:
        raise NotALegalPerson(
            filled_in(_("%(name)s is not a legal person."), name=dutch(place.stated_name)), field="to"
        )
    check_tie(stated_as(place), coalition.region, works_there=place.works_in_region, field="to")
    if place.mailbox in mailboxes_of([*people_of_lead(application), actor]):
        raise RuleViolation(
            _(
                "The contact person of this partner has an address of the lead organisation. Change the contact "
                "person first."
            ),
            field="to",
        )
    return place


def _contact(application: Application, contact_id: int) -> User:
    contact = colleagues_of_lead(application).filter(pk=contact_id).first()
    if contact is None:
        raise RuleViolation(_("Choose somebody who represents the lead organisation."), field="contact")
    lead = application.coalition.participations.get(is_lead=True)
    check_contact_is_new(application.coalition, contact.email, but=[lead.pk])
    return contact
