"""Asking for consent, giving it and prolonging it (GDPR art. 7; rule 23)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.versions import check_shown
from people.domain.keeping import MOST_QUESTIONS, ask, locked_person
from people.domain.links import locked_link, use_link
from people.domain.mails import queue_agreed, queue_prolonged
from people.domain.terms import PURPOSE, agreed_until
from people.enums import ConsentWay, LinkUse
from people.events import CONSENTED
from people.models import MappedPerson, PersonConsent
from people.permissions import may_keep
from people.queries import ends_soon, engagements_of, talks_with, was_mailed

# How soon somebody may be mailed the question again: a double click mails once.
ASK_COOL_DOWN = timedelta(minutes=1)


def shown_of(person: MappedPerson, *, at: datetime) -> str:
    """Return the digest of what somebody reads before they agree, first or anew: all that is kept, and until when."""
    names = ("name", "email", "phone", "knowledge", "subjects", "group", "organisation_id")
    kept = {name: getattr(person, name) for name in names}
    talks = talks_with(person).values_list("pk", "held_on", "text", "follow_up_on", "followed_up_at")
    parts = engagements_of(person).values_list(
        *("pk", "question", "form", "since_on", "until_on", "how_it_went")
    )
    told = {"talks": [list(each) for each in talks], "parts": [list(each) for each in parts]}
    return digest(canonical_bytes({**kept, **told, "until": local_date(agreed_until(at))}))


@transaction.atomic(durable=True)
def ask_again(*, person_id: int, actor: User, at: datetime) -> MappedPerson:
    """Mail the question once more; the time to answer stays as it is. Idempotent within a minute.

    Raises ``NotAllowed``, ``TooMuch``, and ``RuleViolation`` for one who agreed, has no e-mail address, or was asked
    three times.
    """
    lock_person(actor)
    person = locked_person(person_id, at=at)
    may_keep.check(actor, person)
    if person.consented_at is not None or not person.email:
        raise RuleViolation(_("This person cannot be asked by e-mail now."))
    asked = person.links.filter(use=LinkUse.ANSWER)
    if asked.filter(withdrawn_at=None, made_at__gt=at - ASK_COOL_DOWN).exists():
        return person
    ask(person, actor=actor, at=at)
    return person


@transaction.atomic(durable=True)
def agree_by_link(*, link_id: int, shown: str, at: datetime) -> MappedPerson:
    """Record that somebody agreed through their link, and confirm it by mail.

    ``shown`` is ``shown_of`` what they read. Raises ``DeadLink``, and ``NewerVersion`` when it changed since.
    """
    link = locked_link(link_id, at=at)
    person = link.person
    check_shown(shown_of(person, at=at), shown)
    use_link(link, at=at)
    _consent(person, way=ConsentWay.LINK, told_on=local_date(at), at=at)
    queue_agreed(person, by=None, at=at)
    return person


@transaction.atomic(durable=True)
def prolong_by_link(*, link_id: int, shown: str, at: datetime) -> MappedPerson:
    """Record that somebody agrees once more before the end, and confirm it by mail.

    ``shown`` is ``shown_of`` what they read. Raises ``DeadLink``, and ``NewerVersion`` when it changed since.
    """
    link = locked_link(link_id, at=at)
    person = link.person
    check_shown(shown_of(person, at=at), shown)
    use_link(link, at=at)
    _consent(person, way=ConsentWay.LINK, told_on=local_date(at), at=at)
    queue_prolonged(person, at=at)
    return person


@transaction.atomic(durable=True)
def record_consent(
    *, person_id: int, way: ConsentWay, told_on: date, account: str, actor: User, at: datetime
) -> MappedPerson:
    """Record a consent that somebody without an e-mail address gave on paper or by word of mouth: when and how it was asked.

    Once more in the last thirty days. Idempotent. Raises ``NotAllowed``, and ``RuleViolation`` for one who can answer
    themselves, for a day before they were written down or to come, and while a consent holds for longer.
    """
    person = locked_person(person_id, at=at)
    may_keep.check(actor, person)
    if person.email or was_mailed(person):
        raise RuleViolation(
            _("This person has an e-mail address, so they answer themselves through our e-mail.")
        )
    if person.consented_at is not None and not ends_soon(person, at=at):
        return person
    if not local_date(person.consented_at or person.added_at) <= told_on <= local_date(at):
        raise RuleViolation(
            _("Enter the day on which this person agreed: after you wrote them down, and not in the future."),
            field="told_on",
        )
    _consent(person, way=way, told_on=told_on, account=account, by=actor, at=at)
    return person


def can_be_recorded(person: MappedPerson, *, at: datetime) -> bool:
    """Tell whether a kwartiermaker can record that somebody agreed."""
    is_due = person.consented_at is None or ends_soon(person, at=at)
    return is_due and not person.email and not was_mailed(person)


def can_be_asked(person: MappedPerson) -> bool:
    """Tell whether somebody can be mailed the question once more."""
    asked = person.links.filter(use=LinkUse.ANSWER).count()
    return person.consented_at is None and bool(person.email) and asked < MOST_QUESTIONS


def _consent(
    person: MappedPerson,
    *,
    way: ConsentWay,
    told_on: date,
    at: datetime,
    account: str = "",
    by: User | None = None,
) -> None:
    until = agreed_until(at)
    # As it was read: the mails and what is read out are in Dutch.
    with translation.override("nl"):
        purpose = str(PURPOSE)
    PersonConsent.objects.create(
        person=person,
        way=way,
        given_at=at,
        told_on=told_on,
        account=account,
        recorded_by=by,
        purpose=purpose,
        ends_at=until,
    )
    person.consented_at, person.kept_until, person.reminded_at = at, until, None
    person.save(update_fields=["consented_at", "kept_until", "reminded_at"])
    record(CONSENTED, subject=person, actor=by, at=at, facts={"way": way})
