"""The consent of partners, bound to what they read (rules 8 and 9)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.agreeing import Said, keep_answer
from applications.domain.consent_states import consent_states
from applications.domain.content import reading_digest
from applications.domain.links import (
    check_contact_stands,
    check_not_mailed_lately,
    is_within_cool_down,
    make_link,
    use_link,
)
from applications.domain.locking import locked, locked_draft, why_not_needed
from applications.domain.snapshot import Snapshot, snapshot_of
from applications.domain.steering import keep_who_was_logged_in
from applications.domain.who_answers import (
    check_answers_for_one,
    check_may_be_asked,
    check_no_stands,
    check_not_of_lead,
)
from applications.enums import ConsentAnswer, LinkPurpose
from applications.events import CONSENT_ASKED
from applications.models import Application, Consent, OneTimeLink
from applications.permissions import may_answer_as_partner, may_ask_others
from applications.queries.content import links_awaiting_consent
from coalitions.models import Participation
from coalitions.permissions import NOT_A_SPEAKER, may_answer_for
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of, reader_of
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.quotas import check_quota

# By one person for one partner: each of them is mailed to who writes the application.
MOST_ANSWERS_A_DAY = 10


class ContentChanged(RuleViolation):
    """The text or the share changed since the person opened the page; they must read it again."""


@transaction.atomic(durable=True)
def ask_consent(*, application_id: int, participation_id: int, actor: User, at: datetime) -> OneTimeLink:
    """Mail a partner's contact person a one-time link to read and answer, and withdraw the older link.

    Idempotent within the resend cool-down. Raises ``NotAllowed``, ``WrongStatus``, ``TooManyMails``, ``RuleViolation`` while
    nothing is written, and ``NotAllowed`` at ``contact_email`` for a mailbox of the person who asks (rule 8).
    """
    lock_person(actor)
    application = locked_draft(application_id, actor)
    may_ask_others.check(actor, application)
    participation = application.coalition.participations.select_related("organisation").get(
        pk=participation_id, is_lead=False
    )
    _check_something_to_read(application)
    return _ask(application, participation, actor=actor, at=at)


@transaction.atomic(durable=True)
def ask_everybody(*, application_id: int, actor: User, at: datetime) -> list[OneTimeLink]:
    """Ask each partner that has to answer at once: who was not asked, must agree again, or did not answer in time.

    All or none. Who declined is asked by hand, and who was asked and can still answer is left alone, so that a second click
    mails nobody. Raises what ``ask_consent`` raises.
    """
    lock_person(actor)
    application = locked_draft(application_id, actor)
    may_ask_others.check(actor, application)
    _check_something_to_read(application)
    states = consent_states(snapshot_of(application))
    return [
        _ask(application, each.participation, actor=actor, at=at)
        for each in states
        if each.has_to_be_asked(at=at)
    ]


def _check_something_to_read(application: Application) -> None:
    """Refuse to ask for consent to an empty page: a yes to it would be stale with the first word."""
    if not application.sections.exclude(text="").exists():
        raise RuleViolation(
            _(
                "There is nothing to read yet, so there is nothing to agree to. First write a part of the text."
            )
        )


def _ask(application: Application, participation: Participation, *, actor: User, at: datetime) -> OneTimeLink:
    check_may_be_asked(application, participation, asked_by=actor)
    live = links_awaiting_consent(application).filter(participation=participation).first()
    if live is not None and is_within_cool_down(live, email=participation.contact_email, at=at):
        return live
    if not participation.links.exists():
        # Removed with its links and added again, it may have been mailed a moment ago.
        check_not_mailed_lately(actor, participation.contact_email, at=at)
    link, secret = make_link(
        application,
        purpose=LinkPurpose.CONSENT,
        participation=participation,
        name=participation.contact_name,
        email=participation.contact_email,
        replaces=live,
        actor=actor,
        at=at,
    )
    mails.queue_consent_request(link, secret, at=at)
    record(CONSENT_ASKED, subject=participation, actor=actor, at=at, facts={"link": link.pk})
    return link


@transaction.atomic(durable=True)
def answer_by_link(
    *,
    link: OneTimeLink,
    answer: ConsentAnswer,
    reason: str,
    given_by_name: str,
    function: str = "",
    seen_digest: str,
    signed_in_as: User | None,
    at: datetime,
) -> Consent:
    """Record a partner's answer, given through the link that was mailed to it.

    Raises ``DeadLink``, ``NotAllowed`` when a person of the lead organisation is logged in (rule 8),
    ``ContentChanged``, and ``WrongStatus`` once the application is submitted.
    """
    snapshot = _open_for_answers(link.application_id, seen_digest)
    if signed_in_as is not None:
        may_answer_as_partner.check(signed_in_as, snapshot.application)
    reader = reader_of(link.email)
    readers = [each for each in (reader, signed_in_as) if each is not None]
    check_not_of_lead(snapshot, mailboxes_of(readers) | {mailbox(link.email)})
    check_contact_stands(link, signed_in_as)
    used = use_link(link.pk, at=at)
    partner = next(each for each in snapshot.partners if each.pk == used.participation_id)
    check_answers_for_one(snapshot, partner, readers, beside=mailbox(link.email))
    check_no_stands(snapshot, partner, readers, answer)
    if answer == ConsentAnswer.GIVEN:
        keep_who_was_logged_in(snapshot.application, signed_in_as)
    said = Said(answer, reason, given_by_name, function)
    return keep_answer(snapshot, partner, said, link=used, user=None, reader=signed_in_as or reader, at=at)


@transaction.atomic(durable=True)
def answer_by_account(
    *,
    application_id: int,
    participation_id: int,
    answer: ConsentAnswer,
    reason: str,
    function: str = "",
    seen_digest: str,
    actor: User,
    at: datetime,
) -> Consent:
    """Record a partner's answer, given by a logged-in person who speaks for it. Idempotent.

    Raises ``NotAllowed`` for anybody else and for the people of the lead organisation (rule 8),
    ``ContentChanged``, ``WrongStatus``, and ``TooMuch`` for who changes their mind all day.
    """
    snapshot = _open_for_answers(application_id, seen_digest)
    partner = next((each for each in snapshot.partners if each.pk == participation_id), None)
    if partner is None:
        raise NotAllowed(NOT_A_SPEAKER)
    may_answer_for.check(actor, partner)
    may_answer_as_partner.check(actor, snapshot.application)
    check_not_of_lead(snapshot, mailboxes_of([actor]))
    check_answers_for_one(snapshot, partner, [actor])
    check_no_stands(snapshot, partner, [actor], answer)
    said = Said(answer, reason, actor.full_name, function)
    if (known := _answered_so(snapshot, partner, said, actor)) is not None:
        return known
    mine = Consent.objects.filter(participation=partner, user=actor)
    check_quota(mine, moment="answered_at", most=MOST_ANSWERS_A_DAY, at=at)
    return keep_answer(snapshot, partner, said, link=None, user=actor, at=at)


def _answered_so(snapshot: Snapshot, partner: Participation, said: Said, user: User) -> Consent | None:
    """Return the answer that stands already where it is the same, from the same person, and nobody asked anew."""
    [state] = [each for each in consent_states(snapshot) if each.participation.pk == partner.pk]
    known = state.answer
    if known is None or state.is_stale or state.link is not None:
        return None
    before = (known.user_id, known.answer, known.reason, known.given_by_function)
    is_same = before == (user.pk, said.answer, said.reason, said.function)
    return known if is_same else None


def _open_for_answers(application_id: int, seen_digest: str) -> Snapshot:
    application = locked(application_id)
    if not application.is_draft:
        raise RuleViolation(why_not_needed(application))
    snapshot = snapshot_of(application)
    if seen_digest != reading_digest(snapshot):
        raise ContentChanged(
            _("The text or the budget changed while you were reading. Please read it again.")
        )
    return snapshot
