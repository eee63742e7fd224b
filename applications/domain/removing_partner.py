"""Removing a partner that was asked or answered already, until the application is submitted."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import check_may_tell, note_asked_mail
from applications.domain.locking import locked_draft
from applications.domain.offering_lead import stop_lead_offer
from applications.domain.steering import keep_who_agreed_by_link
from applications.enums import ConsentAnswer, LeadOfferState, Status
from applications.events import COLLABORATOR_ENDED
from applications.models import Application, Consent, OneTimeLink
from applications.permissions import may_manage
from applications.queries.collaborators import LIVING
from applications.queries.content import last_of_speakers
from applications.queries.parties import agreed_by_speakers
from coalitions.events import PARTNER_REMOVED
from coalitions.models import FormerPartner, Participation
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from organisations.ended import is_ended_by_others
from regions.domain.changes import note_changes


@transaction.atomic(durable=True)
def remove_asked_partner(*, application_id: int, participation_id: int, actor: User, at: datetime) -> None:
    """Remove a partner from the coalition of a draft, with what it was asked and answered; who was asked is mailed.

    Idempotent. The consents of others were given to a coalition with this partner, so they are asked again (rule 9).
    Raises ``NotAllowed``, ``WrongStatus``, ``TooManyMails``, and ``RuleViolation`` while budget lines or a person of the application
    are of this organisation, and where an application with it was submitted.
    """
    lock_person(actor)
    application = locked_draft(application_id, actor, permission=may_manage)
    partner = (
        application.coalition.participations.select_related("organisation")
        .filter(pk=participation_id, is_lead=False)
        .first()
    )
    if partner is None:
        return
    _check_nothing_hangs_on(partner)
    consents, links = (
        Consent.objects.filter(participation=partner),
        OneTimeLink.objects.filter(participation=partner),
    )
    gone = {"participation": partner.pk}
    record(PARTNER_REMOVED, subject=application.coalition, actor=actor, at=at, facts=gone)
    last = links.order_by("-asked_at", "-pk").first()
    if last is not None:
        _tell(application, partner, name=last.name, address=last.email, actor=actor, at=at)
    elif consents.exists() or partner.led_until is not None:
        contact = {"name": partner.contact_name, "address": partner.contact_email}
        _tell(application, partner, **contact, actor=actor, at=at)
    keep_who_agreed_by_link(consents)
    _keep_what_it_was(application, partner, at=at)
    _end_collaborations(partner, actor, at=at)
    _end_offers(application, partner, actor, at=at)
    consents.delete()
    partner.consent_questions.all().delete()
    links.delete()
    partner.delete()
    note_changes([application.coalition.region_id], at=at)
    application.changed_at = at
    application.save(update_fields=["changed_at"])


def _keep_what_it_was(application: Application, partner: Participation, *, at: datetime) -> None:
    """Keep that an organisation led, or agreed through who represents it, whose other people knew of it too; or that such a person said no (rules 8 and 26)."""
    took_part = partner.led_until is not None or agreed_by_speakers().filter(participation=partner).exists()
    last = last_of_speakers(application, partner)
    said_no = last is not None and last.answer == ConsentAnswer.DECLINED
    if not (took_part or said_no):
        return
    was, _is_new = FormerPartner.objects.get_or_create(
        coalition_id=partner.coalition_id,
        organisation_id=partner.organisation_id,
        defaults={
            "joined_at": partner.joined_at,
            "removed_at": at,
            "took_part": took_part,
            "said_no": said_no,
        },
    )
    was.removed_at, was.took_part = at, was.took_part or took_part
    # What was said last counts; nobody who may said anything since it was added again: then the no of before stands.
    was.said_no = said_no if last is not None else was.said_no
    was.save()


def _end_collaborations(partner: Participation, actor: User, *, at: datetime) -> None:
    """End that people of the partner take part; whoever joined or agreed stays tied as who steered it (rule 14)."""
    invited = partner.collaborators.select_for_update().order_by("pk")
    for each in invited:
        if each.state in LIVING:
            record(COLLABORATOR_ENDED, subject=each, actor=actor, at=at)
    invited.delete()


def _end_offers(application: Application, partner: Participation, actor: User, *, at: datetime) -> None:
    """Stop an offer to become the lead, and forget what was offered to the partner before (rule 44)."""
    if partner.lead_offers.filter(state=LeadOfferState.OPEN).exists():
        stop_lead_offer(application.coalition, actor, at=at)
    partner.lead_offers.all().delete()


def _tell(
    application: Application, partner: Participation, *, name: str, address: str, actor: User, at: datetime
) -> None:
    if is_ended_by_others(partner.organisation_id, mailbox(address)):
        return
    check_may_tell(actor, address, at=at)
    note_asked_mail(actor, address, at=at)
    mails.queue_partner_removed(application, partner, name=name, address=address, at=at)


def _check_nothing_hangs_on(partner: Participation) -> None:
    if reason := why_it_stays(partner):
        raise RuleViolation(reason)


def why_it_stays(partner: Participation) -> str:
    """Return why a partner cannot be removed now: what hangs on it has to be moved first, or never can; empty where nothing does."""
    applications = Application.objects.filter(coalition=partner.coalition_id)
    name = {"name": partner.stated_name}
    # What was submitted stays as it was, and a discarded draft can be put back: nobody can move anything in those.
    in_it = Q(consents__participation=partner) | Q(budget_lines__participation=partner)
    if applications.exclude(status=Status.DRAFT).filter(in_it).exists():
        told = _(
            "%(name)s is part of an application that was submitted or withdrawn, so it stays in this coalition."
        )
    elif partner.budget_lines.exists():
        told = _("%(name)s still has a share of the budget. First move or remove its budget lines.")
    elif applications.filter(people__leader_organisation=partner.organisation_id).exists():
        told = _("The project leader belongs to %(name)s. First choose another organisation for them.")
    else:
        return ""
    return told % name
