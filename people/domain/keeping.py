"""Writing people down, to be asked, and changing what is kept of them."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.quotas import TooMuch, check_quota
from hubportal.kernel.versions import check_version
from hubportal.mail.models import OutgoingMail
from mapping.permissions import may_map
from organisations.models import Organisation
from organisations.queries import organisations_in
from people.domain.links import withdraw_elsewhere
from people.domain.mails import queue_agreed, queue_moved, queue_question
from people.domain.terms import asked_until
from people.enums import LinkUse
from people.events import ADDED, ASKED, CHANGED
from people.models import MappedPerson
from people.permissions import may_keep
from people.queries import is_written_down, person_added_with, was_mailed
from regions.models import Region

# In a day, by one kwartiermaker: the log counts them, since rows that were erased do not.
MOST_ADDED = 100
MOST_ASKED = 100
# To one person, so that nobody is pressed.
MOST_QUESTIONS = 3
# About one person in a day, to whatever addresses are written down for them.
MOST_MAILS_ABOUT_ONE = 10


_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reach:
    """Who somebody is and how to reach them: all that may be kept before they agreed."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PersonFacts:
    """What is kept of somebody who agreed, beside how to reach them."""

    knowledge: str = ""
    subjects: str = ""
    group: str = ""
    organisation: Organisation | None = None


_NOTHING = PersonFacts()


@transaction.atomic(durable=True)
def add_person(
    *, region: Region, reach: Reach, added_with: UUID | None = None, actor: User, at: datetime
) -> MappedPerson:
    """Write somebody down to be asked, and ask at once where there is an e-mail address (GDPR art. 14).

    Idempotent where ``added_with``, a key of the page's own, is given. Raises ``NotAllowed`` when the region is not assigned
    to the actor, ``RuleViolation`` without a way to reach them or for somebody who is there already, and ``TooMuch``.
    """
    may_map.check(actor, region)
    # A second click waits here, and then finds the row.
    lock_person(actor)
    if added_with and (earlier := person_added_with(added_with, region)):
        return earlier
    _check_reach(reach)
    if is_written_down(region, name=reach.name, email=reach.email, phone=reach.phone):
        raise RuleViolation(_("This person is on the list of the region already."), field="name")
    check_quota(_done_by(actor, ADDED.name), moment="happened_at", most=MOST_ADDED, at=at)
    person = MappedPerson.objects.create(
        region=region,
        name=reach.name,
        email=reach.email,
        phone=reach.phone,
        kept_until=asked_until(at),
        added_with=added_with,
        added_by=actor,
        added_at=at,
        changed_by=actor,
        changed_at=at,
    )
    record(ADDED, subject=person, actor=actor, at=at)
    if person.email:
        ask(person, actor=actor, at=at)
    return person


def locked_person(person_id: int, *, at: datetime) -> MappedPerson:
    """Lock somebody before anything of them changes.

    Raises ``RuleViolation`` once they are erased, and after the end of the time that they may be kept.
    """
    person = locked_to_erase(person_id)
    if at >= person.kept_until:
        raise RuleViolation(_("The time to keep this person is over. What was kept is being erased."))
    return person


def locked_to_erase(person_id: int) -> MappedPerson:
    """Lock somebody, also after their time. Raises ``RuleViolation`` once they are erased."""
    person = MappedPerson.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise RuleViolation(_("What was kept of this person has been erased meanwhile."))
    return person


def ask(person: MappedPerson, *, actor: User, at: datetime) -> None:
    """Mail the question to somebody within the caller's act. Raises ``TooMuch``, and ``RuleViolation`` after three times, wherever."""
    if person.links.filter(use=LinkUse.ANSWER).count() >= MOST_QUESTIONS:
        raise RuleViolation(
            _("This person has been asked three times. That is enough: wait for the answer."), field="email"
        )
    check_quota(_done_by(actor, ASKED.name), moment="happened_at", most=MOST_ASKED, at=at)
    queue_question(person, by=actor, at=at)
    record(ASKED, subject=person, actor=actor, at=at)


@transaction.atomic(durable=True)
def change_person(
    *,
    person_id: int,
    reach: Reach,
    facts: PersonFacts = _NOTHING,
    seen_version: int,
    actor: User,
    at: datetime,
) -> MappedPerson:
    """Change how to reach somebody and, once they agreed, what is kept of them. Idempotent.

    Another address is asked anew while they did not answer; one who agreed is told at the old address, and
    reminded anew at the other. Raises ``NotAllowed``, ``NewerVersion`` when something else was saved over the seen version
    (rule 12), and ``RuleViolation`` for what may not be kept yet, for an organisation that is not active in the region, and
    where an address that was asked is emptied.
    """
    lock_person(actor)
    facts = _with_locked_organisation(facts)
    person = locked_person(person_id, at=at)
    may_keep.check(actor, person)
    changed = _changed(person, reach, facts)
    if not changed:
        return person
    check_version(person.version, seen_version)
    _check_reach(reach)
    _check_facts(person, facts)
    _check_not_emptied(person, reach)
    before = person.email
    for name, value in changed.items():
        setattr(person, name, value)
    is_moved = mailbox(before) != mailbox(person.email)
    if is_moved:
        person.reminded_at = None  # whoever reads the new address is reminded there
    person.version += 1
    person.changed_by, person.changed_at = actor, at
    person.save()
    record(CHANGED, subject=person, actor=actor, at=at)
    if is_moved:
        _mail_elsewhere(person, before, actor=actor, at=at)
    return person


def _with_locked_organisation(facts: PersonFacts) -> PersonFacts:
    """Lock an organisation before the person, as every act that needs both: whoever merges it waits, or has done so already."""
    if facts.organisation is None:
        return facts
    rows = Organisation.objects.select_for_update().filter(pk=facts.organisation.pk)
    # One that is gone is refused as what is on no map.
    return replace(facts, organisation=rows.first() or facts.organisation)


def _mail_elsewhere(person: MappedPerson, before: str, *, actor: User, at: datetime) -> None:
    _check_not_mailed_all_day(person, at=at)
    withdraw_elsewhere(person, at=at)
    if person.consented_at is None:
        ask(person, actor=actor, at=at)
        return
    queue_agreed(person, by=actor, at=at)
    if before:
        queue_moved(person, before, at=at)


def _check_not_mailed_all_day(person: MappedPerson, *, at: datetime) -> None:
    """Raise ``TooMuch`` where one address after the other was written down: each of them is mailed."""
    mailed = OutgoingMail.objects.filter(about=person.mails_about, queued_at__gt=at - _A_DAY)
    if mailed.count() >= MOST_MAILS_ABOUT_ONE:
        raise TooMuch(
            _("We have sent %(most)d e-mails about this person in one day. Change the address tomorrow.")
            % {"most": MOST_MAILS_ABOUT_ONE},
            field="email",
        )


def _changed(person: MappedPerson, reach: Reach, facts: PersonFacts) -> dict[str, object]:
    values = {each.name: getattr(given, each.name) for given in (reach, facts) for each in fields(given)}
    return {name: value for name, value in values.items() if getattr(person, name) != value}


def _check_reach(reach: Reach) -> None:
    if not reach.email and not reach.phone:
        raise RuleViolation(
            _("Enter an e-mail address or a telephone number: otherwise you cannot ask this person."),
            field="email",
        )


def _check_not_emptied(person: MappedPerson, reach: Reach) -> None:
    if person.email and not reach.email and was_mailed(person):
        raise RuleViolation(
            _("This person was asked by e-mail. Enter another address, or erase them if they wish so."),
            field="email",
        )


def _check_facts(person: MappedPerson, facts: PersonFacts) -> None:
    if person.consented_at is None and facts != _NOTHING:
        raise RuleViolation(_("Until this person agrees you may keep only their name and how to reach them."))
    if facts.group and facts.organisation:
        raise RuleViolation(_("Choose a group or an organisation, not both."), field="group")
    organisation = facts.organisation
    if (
        organisation
        and organisation != person.organisation
        and not organisations_in(person.region).filter(pk=organisation.pk).exists()
    ):
        raise RuleViolation(_("This organisation is not on the map of the region."), field="organisation")


def _done_by(actor: User, act: str) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(actor_id=actor.pk, act=act)
