"""Signing the declaration, up to a week after submission (rule 10)."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import RESEND_COOL_DOWN, TooManyMails, is_within_cool_down, make_link, use_link
from applications.domain.locking import locked
from applications.domain.steering import keep_who_was_logged_in
from applications.domain.two_signatories import check_signs_for_one
from applications.enums import RECEIVED_STATUSES, UNDECIDED_STATUSES, LinkPurpose, SigningRole, Status
from applications.events import DECLARATION_SIGNED, SIGNATURE_ASKED, SIGNING_EXTENDED
from applications.models import Application, DeclarationSignature, OneTimeLink
from applications.permissions import may_ask_others, may_extend_signing, may_sign
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import reader_of
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.periods import days_later


class NotSubmitted(RuleViolation):
    """The declaration of a draft, or of what was withdrawn, cannot be signed."""


@dataclass(frozen=True)
class SigningState:
    """Who has to sign in a role, and the signature if there is one."""

    role: SigningRole
    name: str
    email: str
    signature: DeclarationSignature | None
    link: OneTimeLink | None


def signing_states(application: Application) -> list[SigningState]:
    """Return the state of both signatures."""
    signatures = {each.role: each for each in application.signatures.all()}
    links = {
        each.signing_role: each
        for each in application.links.filter(purpose=LinkPurpose.SIGN, used_at=None, withdrawn_at=None)
    }
    return [
        SigningState(role, *_signatory(application, role), signatures.get(role), links.get(role))
        for role in SigningRole
    ]


def unasked_states(application: Application) -> list[SigningState]:
    """Return who has to sign an application that is being submitted: nobody was asked before."""
    return [SigningState(role, *_signatory(application, role), None, None) for role in SigningRole]


def is_signed(application: Application) -> bool:
    """Tell whether both signatures are there."""
    return application.fully_signed_at is not None


def signature_due_at(application: Application) -> datetime | None:
    """Return when the term to sign ends: the number of calendar days set by the call, or an extension by the office."""
    if application.submitted_at is None:
        return None
    return application.signing_extended_until or days_later(
        application.submitted_at, application.call.signature_days
    )


@transaction.atomic(durable=True)
def ask_signature(*, application_id: int, role: SigningRole, actor: User, at: datetime) -> OneTimeLink:
    """Mail a one-time link to sign, and withdraw the older one. Idempotent within the resend cool-down.

    Raises ``TooManyMails``, ``NotAllowed``, ``NotSubmitted``, and ``RuleViolation`` when it is signed already or the
    term is over.
    """
    lock_person(actor)
    application = _open_for_signing(application_id, role, at=at)
    may_ask_others.check(actor, application)
    state = next(each for each in signing_states(application) if each.role == role)
    return _ask(application, state, actor=actor, at=at)


def _ask(
    application: Application, state: SigningState, *, actor: User, at: datetime, is_reminder: bool = False
) -> OneTimeLink:
    if state.link is not None and is_within_cool_down(state.link, email=state.email, at=at):
        return state.link
    link, secret = make_link(
        application,
        purpose=LinkPurpose.SIGN,
        signing_role=state.role,
        name=state.name,
        email=state.email,
        replaces=state.link,
        actor=actor,
        at=at,
    )
    mails.queue_signature_request(
        link, secret, due_at=signature_due_at(application), is_reminder=is_reminder, at=at
    )
    record(SIGNATURE_ASKED, subject=application, actor=actor, at=at, facts={"role": state.role.value})
    return link


def ask_missing(
    application: Application,
    states: Iterable[SigningState],
    *,
    actor: User,
    at: datetime,
    unless_since: datetime,
    is_reminder: bool = False,
    signs_on_screen: str = "",
) -> int:
    """Mail a link to each signatory who has not signed and was not asked since a moment; return how many.

    Actor and application are locked by the caller. ``TooManyMails`` is ignored: the link can still be asked by hand.
    """
    asked = 0
    for each in states:
        was_asked = each.link is not None and each.link.asked_at >= unless_since
        is_here = bool(signs_on_screen) and mailbox(each.email) == mailbox(signs_on_screen)
        if each.signature is not None or was_asked or is_here:
            continue
        with suppress(TooManyMails):
            _ask(application, each, actor=actor, at=at, is_reminder=is_reminder)
            asked += 1
    return asked


def can_extend_signing(application: Application, *, is_signed: bool) -> bool:
    """Tell whether the term to sign can be extended: a signature is missing and there is no decision."""
    return application.status in UNDECIDED_STATUSES and not is_signed


@transaction.atomic(durable=True)
def extend_signing(*, application_id: int, actor: User, at: datetime) -> Application:
    """Extend the term to sign by the days set by the call, and mail those who have not signed. Idempotent within the cool-down.

    The applicant must get a chance to complete the application (Awb 4:5). Raises ``NotAllowed`` unless the actor is
    an officer who may read it, and ``RuleViolation`` once it is signed or decided.
    """
    application = locked(application_id)
    may_extend_signing.check(actor, application)
    due_at = signature_due_at(application)
    if due_at is None or not can_extend_signing(application, is_signed=is_signed(application)):
        raise RuleViolation(_("There is nothing left to sign."))
    until = days_later(at, application.call.signature_days)
    if due_at > until - RESEND_COOL_DOWN:
        return application
    application.signing_extended_until = until
    application.save(update_fields=["signing_extended_until"])
    record(SIGNING_EXTENDED, subject=application, actor=actor, at=at)
    ask_missing(application, signing_states(application), actor=actor, at=at, unless_since=at)
    return application


@transaction.atomic(durable=True)
def sign_by_link(
    *, link: OneTimeLink, name: str, function: str = "", signed_in_as: User | None = None, at: datetime
) -> DeclarationSignature:
    """Sign through a mailed link; who is logged in meanwhile takes part too (rule 14).

    Raises ``DeadLink`` and what ``ask_signature`` raises.
    """
    role = SigningRole(link.signing_role)
    application = _open_for_signing(link.application_id, role, at=at)
    readers = [each for each in (reader_of(link.email), signed_in_as) if each is not None]
    check_signs_for_one(application, link.email, readers)
    keep_who_was_logged_in(application, signed_in_as)
    return _sign(application, role, name, function, link=use_link(link.pk, at=at), user=None, at=at)


@transaction.atomic(durable=True)
def sign_by_account(
    *, application_id: int, role: SigningRole, function: str = "", actor: User, at: datetime
) -> DeclarationSignature:
    """Sign as the person named in the application, logged in with that person's address.

    Raises ``NotAllowed`` for anybody else, and what ``ask_signature`` raises.
    """
    application = _open_for_signing(application_id, role, at=at)
    may_sign.check(actor, address_of_signatory(application, role))
    check_signs_for_one(application, actor.email, [actor])
    return _sign(application, role, actor.full_name, function, link=None, user=actor, at=at)


def _open_for_signing(application_id: int, role: SigningRole, *, at: datetime) -> Application:
    application = locked(application_id)
    check_may_be_signed(application, role, at=at)
    return application


def is_open_to_sign(application: Application, *, at: datetime) -> bool:
    """Tell whether the term to sign is running: the application was received and the term has not ended."""
    due_at = signature_due_at(application)
    return application.status in RECEIVED_STATUSES and due_at is not None and at < due_at


def check_may_be_signed(application: Application, role: SigningRole, *, at: datetime) -> None:
    """Raise ``NotSubmitted`` for a draft or what was withdrawn, ``RuleViolation`` when it is signed already or the term is over."""
    if application.status == Status.WITHDRAWN:
        raise NotSubmitted(_("This application has been withdrawn. You do not need to sign any more."))
    if application.status not in RECEIVED_STATUSES:
        raise NotSubmitted(_("The declaration is signed after the application has been submitted."))
    if application.signatures.filter(role=role).exists():
        raise RuleViolation(_("This person has already signed."))
    if not is_open_to_sign(application, at=at):
        raise RuleViolation(_("The period for signing has ended. Please contact the programme office."))


def address_of_signatory(application: Application, role: SigningRole) -> str:
    """Return the address of the person who signs in a role."""
    _name, email = _signatory(application, role)
    return email


def _signatory(application: Application, role: SigningRole) -> tuple[str, str]:
    people = application.people
    if role == SigningRole.MAIN_APPLICANT:
        return people.main_applicant_name, people.main_applicant_email
    return people.signatory_name, people.signatory_email


def _sign(
    application: Application,
    role: SigningRole,
    name: str,
    function: str,
    *,
    link: OneTimeLink | None,
    user: User | None,
    at: datetime,
) -> DeclarationSignature:
    signature = DeclarationSignature.objects.create(
        application=application,
        role=role,
        name=name,
        function=function,
        link=link,
        user=user,
        content_sha256=application.frozen.sha256,
        declaration=application.call.declaration_text,
        signed_at=at,
    )
    if application.signatures.count() == len(SigningRole):
        application.fully_signed_at = at
        application.save(update_fields=["fully_signed_at"])
    application.links.filter(
        purpose=LinkPurpose.SIGN, signing_role=role, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=at)
    record(DECLARATION_SIGNED, subject=signature, actor=user, at=at, facts={"role": role.value})
    return signature
