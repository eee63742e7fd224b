"""Signing the declaration, up to a week after submission (rule 10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import just_made, make_link, use_link
from applications.domain.locking import locked
from applications.enums import RECEIVED_STATUSES, LinkPurpose, SigningRole
from applications.models import Application, DeclarationSignature, OneTimeLink
from applications.permissions import check_may_write
from coalitions.mailboxes import mailbox
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import NotAllowed, RuleViolation


class NotSubmitted(RuleViolation):
    """Only what was submitted is signed."""


@dataclass(frozen=True)
class SigningState:
    """Who has to sign in a role, and the signature when it is there."""

    role: SigningRole
    name: str
    email: str
    signature: DeclarationSignature | None
    link: OneTimeLink | None


def signing_states(application: Application) -> list[SigningState]:
    """Return how it stands with both signatures."""
    signatures = {each.role: each for each in application.signatures.all()}
    links = {
        each.signing_role: each
        for each in application.links.filter(purpose=LinkPurpose.SIGN, used_at=None, withdrawn_at=None)
    }
    return [
        SigningState(role, *_signatory(application, role), signatures.get(role), links.get(role))
        for role in SigningRole
    ]


def is_signed(application: Application) -> bool:
    """Tell whether both have signed."""
    return application.signatures.count() == len(SigningRole)


def signature_due_at(application: Application) -> datetime | None:
    """Return until when the declaration may be signed: a number of days that the call says."""
    if application.submitted_at is None:
        return None
    return application.submitted_at + timedelta(days=application.call.signature_days)


@transaction.atomic
def ask_signature(*, application_id: int, role: SigningRole, actor: User, at: datetime) -> OneTimeLink:
    """Mail a one-time link to sign; an older one stops working, a second click sends nothing more.

    Raises ``TooManyMails``, ``NotAllowed``, ``NotSubmitted``, and ``RuleViolation`` when the signature is there or the term is over.
    """
    application = _open_for_signing(application_id, role, at=at)
    check_may_write(actor, application)
    name, email = _signatory(application, role)
    asked = just_made(application, purpose=LinkPurpose.SIGN, signing_role=role, email=email, at=at)
    if asked is not None:
        return asked
    link, secret = make_link(
        application, purpose=LinkPurpose.SIGN, signing_role=role, name=name, email=email, actor=actor, at=at
    )
    mails.queue_signature_request(link, secret, due_at=signature_due_at(application), at=at)
    record(
        "applications.signature_asked", subject=application, actor=actor, at=at, facts={"role": role.value}
    )
    return link


@transaction.atomic
def sign_by_link(*, link: OneTimeLink, name: str, at: datetime) -> DeclarationSignature:
    """Sign through the link that was mailed. Raises ``DeadLink`` and what ``ask_signature`` raises."""
    role = SigningRole(link.signing_role)
    application = _open_for_signing(link.application_id, role, at=at)
    return _sign(application, role, name, link=use_link(link.pk, at=at), user=None, at=at)


@transaction.atomic
def sign_by_account(
    *, application_id: int, role: SigningRole, actor: User, at: datetime
) -> DeclarationSignature:
    """Sign as the person that the application names, logged in with that person's address.

    Raises ``NotAllowed`` for anybody else, and what ``ask_signature`` raises.
    """
    application = _open_for_signing(application_id, role, at=at)
    _name, email = _signatory(application, role)
    if mailbox(actor.email) != mailbox(email):
        raise NotAllowed(_("Only %(email)s can sign here.") % {"email": email})
    return _sign(application, role, actor.full_name, link=None, user=actor, at=at)


def _open_for_signing(application_id: int, role: SigningRole, *, at: datetime) -> Application:
    application = locked(application_id)
    check_may_be_signed(application, role, at=at)
    return application


def check_may_be_signed(application: Application, role: SigningRole, *, at: datetime) -> None:
    """Raise ``NotSubmitted`` for a draft, ``RuleViolation`` when the signature is there or the term is over."""
    due_at = signature_due_at(application)
    if application.status not in RECEIVED_STATUSES or due_at is None:
        raise NotSubmitted(_("The declaration is signed after the application was submitted."))
    if application.signatures.filter(role=role).exists():
        raise RuleViolation(_("This signature is there already."))
    if at >= due_at:
        raise RuleViolation(_("The time to sign is over. Please contact the programme office."))


def _signatory(application: Application, role: SigningRole) -> tuple[str, str]:
    people = application.people
    if role == SigningRole.MAIN_APPLICANT:
        return people.main_applicant_name, people.main_applicant_email
    return people.signatory_name, people.signatory_email


def _sign(
    application: Application,
    role: SigningRole,
    name: str,
    *,
    link: OneTimeLink | None,
    user: User | None,
    at: datetime,
) -> DeclarationSignature:
    signature = DeclarationSignature.objects.create(
        application=application,
        role=role,
        name=name,
        link=link,
        user=user,
        content_sha256=application.frozen.sha256,
        declaration=application.call.declaration_text,
        signed_at=at,
    )
    application.links.filter(
        purpose=LinkPurpose.SIGN, signing_role=role, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=at)
    record(
        "applications.declaration_signed", subject=signature, actor=user, at=at, facts={"role": role.value}
    )
    return signature
