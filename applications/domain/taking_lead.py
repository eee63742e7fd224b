"""Becoming the lead of a coalition that was offered (rule 44).

Both sides said so, each by somebody who is proved to speak for it: who offered it, and who accepts it here.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.domain import lead_mails as mails
from applications.domain.draft_copies import forget_copies_of
from applications.domain.handing_over import make_contact
from applications.domain.links import withdraw_all_unanswered
from applications.domain.locking import locked_coalition
from applications.domain.offering_lead import check_contact_is_new, settle_lead_offer
from applications.enums import CollaborationState, LeadOfferState
from applications.events import COLLABORATOR_ENDED, LEAD_MOVED
from applications.models import Application, LeadOffer
from applications.models.handover import SHORTEST_WAIT
from applications.permissions import may_read_lead_offer
from applications.queries import overlaps
from applications.queries.collaborators import LIVING
from applications.queries.lead_offers import acceptable_from, drafts_in, lead_offer_with, still_stands
from coalitions.domain.ties import check_tie
from coalitions.models import Coalition, Participation
from hubportal.accounts.domain.locking import lock_people
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.kernel.canonical import digest
from hubportal.kernel.dates import moment_in_words
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.languages import dutch, filled_in
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.versions import check_shown
from organisations.domain.organisations import NotALegalPerson, stated_as
from organisations.domain.undisputed import check_undisputed
from organisations.models import Representative
from organisations.queries import own_representation, people_who_speak_for, proved_representatives
from organisations.unbroken import vouched_people_of
from regions.domain.changes import note_changes


@transaction.atomic(durable=True)
def accept_lead(*, key: UUID, actor: User, at: datetime, seen: str | None = None) -> LeadOffer:
    """Let the organisation that was asked lead the coalition, all its drafts with it. Idempotent for who accepted it.

    The former lead is a partner from then on. Consents count no more, and nobody is asked: the new lead asks anew (rule 9). ``seen`` is
    ``lead_shown`` when the page was made. Raises ``NotAllowed``, ``NewerVersion``, ``NotALegalPerson``, ``NotTiedToRegion``,
    and ``RuleViolation`` for what no longer stands, who stands on both sides, and what rule 11 forbids.
    """
    found = lead_offer_with(key)
    # Who began the coalition begins no other one of that name meanwhile.
    lock_people(actor, found.coalition.created_by)
    coalition = locked_coalition(found.coalition_id, with_applications=True)
    rows = LeadOffer.objects.select_for_update(of=("self",))
    offer = rows.select_related("place__organisation", "offered_by", "contact").get(key=key)
    offer.coalition = coalition
    if offer.state == LeadOfferState.ACCEPTED and offer.settled_by_id == actor.pk:
        return offer
    may_read_lead_offer.check(actor, offer)
    if not still_stands(offer, at=at):
        raise RuleViolation(_("This offer no longer stands. Ask the lead organisation about it."))
    check_undisputed(actor, offer.place.organisation_id)
    drafts = drafts_in(coalition)
    check_shown(lead_shown(offer, drafts), seen)
    named = own_representation(actor, offer.place.organisation)
    _check_may_lead(offer, named, drafts)
    _check_two_sides(offer, actor)
    _check_waited(offer, at=at)
    _move(offer, named, drafts, actor=actor, at=at)
    return offer


def _check_waited(offer: LeadOffer, *, at: datetime) -> None:
    """Refuse a yes while the colleagues of who offered it can still take it back."""
    since = acceptable_from(offer)
    if at < since:
        raise RuleViolation(
            _(
                "You can say yes from %(moment)s. Until then the present lead organisation can take the offer back."
            )
            % {"moment": moment_in_words(since)}
        )


def lead_shown(offer: LeadOffer, drafts: Sequence[Application]) -> str:
    """Return which drafts go along, who led before and who answers for it afterwards, as a page sends back what it showed."""
    shown = [offer.coalition.lead_name, str(offer.contact_id), *(each.reference for each in drafts)]
    return digest("\n".join(shown).encode())


def _check_may_lead(offer: LeadOffer, named: Representative, drafts: Sequence[Application]) -> None:
    """Refuse what nobody may begin as lead either, as the organisation names itself (rules 8 and 11)."""
    coalition, place = offer.coalition, offer.place
    if not named.is_legal_person:
        raise NotALegalPerson(_("Only legal persons can take part."))
    check_tie(stated_as(named), coalition.region, works_there=place.works_in_region)
    if any(place.organisation_id in {each for _region, each in overlaps(draft)} for draft in drafts):
        raise RuleViolation(
            filled_in(
                _("%(name)s is already taking part in another application to this call."),
                name=dutch(named.stated_name),
            )
        )
    same = Coalition.objects.filter(region=coalition.region_id, lead_organisation=place.organisation_id)
    if same.filter(name=coalition.name, created_by=coalition.created_by_id).exists():
        raise RuleViolation(
            _(
                "Your organisation leads another coalition with this name in the region. Ask the lead organisation to "
                "give this coalition another name first."
            )
        )


def _check_two_sides(offer: LeadOffer, actor: User) -> None:
    """Refuse who stands on both sides, by any account or address: nobody hands over to themselves (rules 8 and 28).

    Also who named it otherwise, or stopped since some days before it was offered: else one leaves a side for a moment.
    """
    coalition, place, since = offer.coalition, offer.place, offer.offered_at - SHORTEST_WAIT
    of_lead = [
        offer.offered_by,
        offer.contact,
        *vouched_people_of(coalition.lead_organisation_id, since=since),
    ]
    if mailboxes_of([actor]) & mailboxes_of(of_lead):
        raise RuleViolation(
            _(
                "You represent the present lead organisation too. A colleague of yours who does not has to answer."
            )
        )
    if mailboxes_of([offer.contact]) & mailboxes_of(vouched_people_of(place.organisation_id, since=since)):
        raise RuleViolation(
            _(
                "The person who would answer for the present lead organisation represents yours too. Ask it to take the "
                "offer back, and to choose somebody else."
            )
        )
    lead = coalition.participations.get(is_lead=True)
    check_contact_is_new(coalition, actor.email, but=[lead.pk, place.pk])
    check_contact_is_new(coalition, offer.contact.email, but=[lead.pk])


def _move(
    offer: LeadOffer, named: Representative, drafts: Sequence[Application], *, actor: User, at: datetime
) -> None:
    coalition, place = offer.coalition, offer.place
    former_name = coalition.lead_name
    speakers = vouched_people_of(coalition.lead_organisation_id).filter(is_active=True)
    readers = mails.concerned(place, [offer.offered_by, *speakers.order_by("pk")], drafts)
    settle_lead_offer(offer, LeadOfferState.ACCEPTED, actor, at=at)
    former = _seat(offer, named, at=at)
    # Also those that were discarded and can be put back.
    for each in coalition.applications.select_related("people").order_by("pk"):
        _leave_to(each, place, actor=actor, at=at)
        _end_collaborations(each, former, place, actor, at=at)
    note_changes([coalition.region_id], at=at)
    record(LEAD_MOVED, subject=coalition, actor=actor, at=at)
    mails.queue_moved(offer, readers, former=former_name, lead=coalition.lead_name, at=at)


def _seat(offer: LeadOffer, named: Representative, *, at: datetime) -> Participation:
    """Let the two change places: who leads is named as it names itself, and each has the contact person of its side. Return the former lead's place."""
    coalition, place = offer.coalition, offer.place
    coalition.lead_organisation, coalition.lead_name = place.organisation, named.stated_name
    coalition.lead_taken_at = coalition.lead_named_at = coalition.changed_at = at
    coalition.save(
        update_fields=["lead_organisation", "lead_name", "lead_taken_at", "lead_named_at", "changed_at"]
    )
    former = coalition.participations.get(is_lead=True)
    former.is_lead, former.led_until = False, at
    _name_contact(former, offer.contact)
    place.is_lead = True
    for name, value in stated_as(named).items():
        setattr(place, name, value)
    _name_contact(place, named.user)
    return former


def _name_contact(place: Participation, person: User) -> None:
    place.contact_name, place.contact_email = person.full_name, person.email
    place.mailbox = mailbox(person.email)
    place.save()


def _leave_to(application: Application, place: Participation, *, actor: User, at: datetime) -> None:
    """Give one application of the coalition to its new lead, with what hung on the former one undone."""
    make_contact(application, actor, actor=actor, at=at)
    withdraw_all_unanswered(application, at=at)
    forget_copies_of(application)
    # What the new lead asked as a partner was for who led then.
    application.consent_questions.filter(participation=place).delete()
    people = application.people
    # Who was named stays typed, and is to be looked at: of no organisation, and how the letter comes is not chosen yet.
    people.main_applicant_organisation = people.signatory_organisation = people.electronic_letters = None
    people.version += 1
    people.saved_at, people.saved_by = at, actor
    people.save()
    if application.is_draft:
        application.changed_at = at
        application.save(update_fields=["changed_at"])


def _end_collaborations(
    application: Application, former: Participation, place: Participation, actor: User, *, at: datetime
) -> None:
    """End that people take part for the former lead: it let them in, and answers for the draft no longer (rule 37).

    Also whom it let in for another member, which never said a word about them: all but its contact person and who speaks for
    it, and whom people of the new lead invited for that.
    """
    own = people_who_speak_for(place.organisation_id).order_by().values("pk")
    speaks = proved_representatives().filter(
        organisation=OuterRef("participation__organisation"), user__mailbox=OuterRef("mailbox")
    )
    stands = (
        Q(participation=place, invited_by__in=own) | Q(mailbox=F("participation__mailbox")) | Exists(speaks)
    )
    of_lead = Q(participation=None) | Q(participation=former)
    invited = application.collaborators.filter(of_lead | ~Q(stands), state__in=LIVING)
    for each in invited.select_for_update(of=("self",)).order_by("pk"):
        each.state, each.ended_at, each.ended_by = CollaborationState.ENDED, at, actor
        each.save()
        record(COLLABORATOR_ENDED, subject=each, actor=actor, at=at)
