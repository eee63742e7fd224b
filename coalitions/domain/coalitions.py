"""Starting a coalition and saying who is in it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from coalitions.domain.ties import check_tie
from coalitions.events import CONTACT_CHANGED, HIDDEN, PARTNER_ADDED, PARTNER_REMOVED, SHOWN, STARTED
from coalitions.models import Coalition, Participation
from coalitions.permissions import may_lead, may_show
from coalitions.queries import began_for_lead, is_contact_fixed, led_by, represented_by
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.audit.queries import events_of
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.quotas import check_quota
from organisations.domain.organisations import (
    NotALegalPerson,
    OrganisationFacts,
    find_or_add_partner,
    stated,
    stated_as,
)
from organisations.models import Organisation, Representative
from organisations.permissions import may_write_for
from organisations.queries import own_representation, people_who_speak_for
from regions.domain.changes import note_changes
from regions.models import Region
from regions.names import squeezed

# Per person.
MAX_COALITIONS_A_DAY = 20
# Each may make an organisation. Counted whether the portal knew it or not, which would tell (rule 26).
MAX_PARTNERS_A_DAY = 50
# In one coalition, with the lead: each line of a budget offers all of them.
MAX_MEMBERS = 60


class KnownUnderOtherName(RuleViolation):
    """A published organisation has this number in the trade register under another name; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "We know this KvK number as “%(name)s”. Is that the organisation you mean? Then tick the box "
                "below. If not, check the number."
            )
            % {"name": name},
            field="kvk_number",
        )
        self.name = name


class AlreadyTakesPart(RuleViolation):
    """The organisation, or its mailbox, is in the coalition already."""


@transaction.atomic(durable=True)
def start_coalition(
    *,
    name: str,
    region: Region,
    lead_organisation: Organisation,
    works_in_region: bool = False,
    actor: User,
    at: datetime,
) -> Coalition:
    """Start a coalition led by an organisation that the actor speaks for, or said so (rule 27). Idempotent.

    Raises ``NotAllowed`` for somebody else's organisation, ``NotALegalPerson``, ``NotTiedToRegion``, and ``TooMuch``.
    """
    lock_person(actor)
    may_write_for.check(actor, lead_organisation, field="lead_organisation")
    named = own_representation(actor, lead_organisation)
    if not named.is_legal_person:
        raise NotALegalPerson(_("Only legal persons can take part."), field="lead_organisation")
    check_tie(stated_as(named), region, works_there=works_in_region)
    known = led_by(actor).filter(name=name, region=region, lead_organisation=lead_organisation).first()
    if known is not None:
        return known
    coalition, is_new = Coalition.objects.get_or_create(
        name=name,
        region=region,
        lead_organisation=lead_organisation,
        created_by=actor,
        defaults={"created_at": at, "lead_name": named.stated_name},
    )
    if is_new:
        others = Coalition.objects.filter(created_by=actor).exclude(pk=coalition.pk)
        check_quota(others, moment="created_at", most=MAX_COALITIONS_A_DAY, at=at)
        _seat_lead(coalition, named, works_in_region=works_in_region, at=at)
        record(STARTED, subject=coalition, actor=actor, at=at)
    return coalition


def _seat_lead(coalition: Coalition, named: Representative, *, works_in_region: bool, at: datetime) -> None:
    Participation.objects.create(
        coalition=coalition,
        organisation=coalition.lead_organisation,
        **stated_as(named),
        works_in_region=works_in_region,
        is_lead=True,
        contact_name=named.user.full_name,
        contact_email=named.user.email,
        mailbox=mailbox(named.user.email),
        joined_at=at,
    )


@transaction.atomic(durable=True)
def choose_to_be_shown(*, coalition_id: int, is_shown: bool, actor: User, at: datetime) -> Coalition:
    """Let everybody know that a coalition is being formed in its region, or no longer (rule 26). Idempotent.

    Raises ``NotAllowed`` unless the actor speaks for the lead organisation.
    """
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_show.check(actor, coalition)
    if coalition.is_shown != is_shown:
        coalition.is_shown = is_shown
        coalition.save(update_fields=["is_shown"])
        note_changes([coalition.region_id], at=at)
        if is_shown:
            record(SHOWN, subject=coalition, actor=actor, at=at)
        else:
            record(HIDDEN, subject=coalition, actor=actor, at=at)
    return coalition


@transaction.atomic(durable=True)
def add_partner(
    *,
    coalition_id: int,
    facts: OrganisationFacts,
    works_in_region: bool,
    contact_name: str,
    contact_email: str,
    meant_name: str = "",
    actor: User,
    at: datetime,
) -> Participation:
    """Add a partner to a coalition, as the actor names it, with the person who answers for it.

    Nothing is told of what else the portal knows of its number (rule 26). ``meant_name`` is the other name under which it
    is published, where the actor says that it is the one meant. Raises ``NotAllowed``, ``NotALegalPerson``,
    ``NotTiedToRegion``, ``KnownUnderOtherName``, ``TooMuch``, and ``AlreadyTakesPart`` for the same organisation twice or
    for a mailbox that answers for another organisation of the coalition (rule 8).
    """
    lock_person(actor)
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_lead.check(actor, coalition)
    _check_other_mailbox(coalition, contact_email, actor=actor)
    _check_added(actor, at=at)
    organisation = find_or_add_partner(facts=facts, actor=actor, at=at)
    _check_is_new(coalition, organisation)
    named = stated(_as_published(facts, organisation, meant_name=meant_name))
    check_tie(named, coalition.region, works_there=works_in_region)
    participation = Participation.objects.create(
        coalition=coalition,
        organisation=organisation,
        **named,
        works_in_region=works_in_region,
        contact_name=contact_name,
        contact_email=contact_email,
        mailbox=mailbox(contact_email),
        joined_at=at,
    )
    _note_change(coalition, at=at)
    record(PARTNER_ADDED, subject=participation, actor=actor, at=at)
    return participation


def _check_is_new(coalition: Coalition, organisation: Organisation) -> None:
    if coalition.participations.count() >= MAX_MEMBERS:
        raise RuleViolation(
            _("A coalition can have at most %(most)d organisations.") % {"most": MAX_MEMBERS},
            field="kvk_number",
        )
    if coalition.organisations.contains(organisation):
        raise AlreadyTakesPart(_("This organisation is already in the coalition."), field="kvk_number")


def _check_added(actor: User, *, at: datetime) -> None:
    """Raise ``TooMuch`` for whoever added as many partners as one person can in a day, removed since or not."""
    added = events_of(actor.pk, PARTNER_ADDED)
    check_quota(added, moment="happened_at", most=MAX_PARTNERS_A_DAY, at=at, field="kvk_number")


def _as_published(
    facts: OrganisationFacts, organisation: Organisation, *, meant_name: str
) -> OrganisationFacts:
    """Return the facts under the name by which everybody knows the organisation, where that is another.

    Raises ``KnownUnderOtherName`` unless it is the one meant.
    """
    if organisation.published_at is None or squeezed(facts.name) == squeezed(organisation.name):
        return facts
    if meant_name != organisation.name:
        raise KnownUnderOtherName(organisation.name)
    return replace(facts, name=organisation.name)


@transaction.atomic(durable=True)
def change_contact(
    *, participation_id: int, contact_name: str, contact_email: str, actor: User, at: datetime
) -> Participation:
    """Change the contact person of a partner, until an application is submitted. Idempotent.

    Whose address is named has a tie: after it, who applies would choose who judges (rule 29). Raises ``NotAllowed``,
    ``AlreadyTakesPart``, and ``RuleViolation`` after submission.
    """
    coalition = Coalition.objects.select_for_update().get(participations=participation_id)
    may_lead.check(actor, coalition)
    if is_contact_fixed(coalition):
        raise RuleViolation(
            _(
                "The application has been submitted with this contact person, so it can no longer be changed. "
                "Has this person left? Then call us."
            ),
            field="contact_email",
        )
    participation = coalition.participations.get(pk=participation_id, is_lead=False)
    if (participation.contact_name, participation.contact_email) == (contact_name, contact_email):
        # As it stands: who submits at this moment is not told that something changed.
        return participation
    _check_other_mailbox(coalition, contact_email, actor=actor, but=participation.pk)
    participation.contact_name, participation.contact_email = contact_name, contact_email
    if participation.mailbox != mailbox(contact_email):
        participation.contact_since = at
    participation.mailbox = mailbox(contact_email)
    participation.save()
    _note_change(coalition, at=at)
    record(CONTACT_CHANGED, subject=participation, actor=actor, at=at)
    return participation


def _note_change(coalition: Coalition, *, at: datetime) -> None:
    """Keep when the members last changed: who submits an application has seen them as they were then (rule 2)."""
    coalition.changed_at = at
    coalition.save(update_fields=["changed_at"])


def _check_other_mailbox(coalition: Coalition, address: str, *, actor: User, but: int = 0) -> None:
    """Refuse a mailbox of the lead's own people, or of another partner's contact person.

    Who only said to speak for the lead may not know who does, and would learn it by trying addresses: their partner is
    compared with the lead's people once somebody who may know them asks it for consent.
    """
    taken = mailbox(address)
    lead_people = [*began_for_lead(coalition), actor]
    if represented_by(actor).filter(pk=coalition.pk).exists():
        lead_people += people_who_speak_for(coalition.lead_organisation_id)
    if taken in mailboxes_of(lead_people):
        raise AlreadyTakesPart(
            _(
                "This is an address of the lead organisation. The partner must consent through a mailbox of its own."
            ),
            field="contact_email",
        )
    if coalition.participations.filter(mailbox=taken).exclude(pk=but).exists():
        raise AlreadyTakesPart(
            _("This address already belongs to the contact person of another organisation in the coalition."),
            field="contact_email",
        )


@transaction.atomic(durable=True)
def remove_partner(*, coalition_id: int, participation_id: int, actor: User, at: datetime) -> None:
    """Remove a partner from a coalition that has not asked it for consent yet.

    Raises ``NotAllowed``, and ``RuleViolation`` when the partner is part of an application's history.
    """
    coalition = Coalition.objects.select_for_update().get(pk=coalition_id)
    may_lead.check(actor, coalition)
    participation = coalition.participations.get(pk=participation_id, is_lead=False)
    if participation.led_until is not None:
        # There it is told.
        raise RuleViolation(
            _(
                "This partner led the coalition before. Remove it on the page “Partners and consent” of your application."
            )
        )
    # Of the coalition: the row goes.
    record(PARTNER_REMOVED, subject=coalition, actor=actor, at=at, facts={"participation": participation.pk})
    try:
        participation.delete()
    except ProtectedError as problem:
        raise RuleViolation(
            _(
                "This partner has been asked for consent or has a share of the budget. Remove it on the page "
                "“Partners and consent” of your application."
            )
        ) from problem
    _note_change(coalition, at=at)
