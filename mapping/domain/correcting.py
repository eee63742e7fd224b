"""Asking a correction or removal from a public card, and answering it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import DeadLink, new_secret, secret_digest, without_secret
from hubportal.kernel.quotas import TooMuch
from hubportal.mail.domain.outbox import rewrite_sent
from hubportal.mail.models import OutgoingMail
from mapping.correction_queries import DAYS_TO_CONFIRM, corrections_to_forget, public_card
from mapping.domain.correction_mails import queue_answer, queue_confirmation, tell_of_request
from mapping.enums import CorrectionKind
from mapping.events import CORRECTION_ANSWERED, CORRECTION_ASKED, CORRECTION_DISOWNED
from mapping.models import CorrectionRequest
from mapping.permissions import may_answer_correction
from organisations.models import Organisation
from regions.models import Region

# In a day: by one mailbox, of what was confirmed of one organisation, and of all of them together: who confirms nothing keeps
# nobody from asking that an organisation is taken off the page.
MOST_BY_ONE_MAILBOX = 3
MOST_OF_ONE_ORGANISATION = 20
MOST_IN_A_DAY = 500
_A_DAY, _AN_HOUR = timedelta(days=1), timedelta(hours=1)


@transaction.atomic(durable=True)
def ask_correction(
    *,
    region: Region,
    organisation_key: UUID,
    kind: CorrectionKind,
    message: str,
    name: str,
    email: str,
    at: datetime,
) -> CorrectionRequest:
    """Keep what somebody says of a public card, and mail them a link to confirm that it was them. Idempotent.

    Nobody is told of it before. Raises ``DoesNotExist`` for a card that is not public, and ``TooMuch``.
    """
    found = public_card(region, organisation_key)
    if found is None:
        raise Organisation.DoesNotExist
    organisation = Organisation.objects.select_for_update().get(pk=found.pk)
    same = CorrectionRequest.objects.filter(
        organisation=organisation, mailbox=mailbox(email), kind=kind, message=message, answered_at=None
    )
    if earlier := same.filter(asked_at__gt=at - _A_DAY).first():
        return earlier
    _check_not_too_many(organisation, email, at=at)
    secret = new_secret()
    request = CorrectionRequest.objects.create(
        organisation=organisation,
        region=region,
        kind=kind,
        message=message,
        name=name,
        email=email,
        mailbox=mailbox(email),
        secret_digest=secret_digest(secret),
        asked_at=at,
    )
    queue_confirmation(request, secret, at=at)
    return request


def _check_not_too_many(organisation: Organisation, email: str, *, at: datetime) -> None:
    today = CorrectionRequest.objects.filter(asked_at__gt=at - _A_DAY)
    counted = (
        (today.filter(mailbox=mailbox(email)).count(), MOST_BY_ONE_MAILBOX),
        (_confirmed_since(organisation, at - _A_DAY), MOST_OF_ONE_ORGANISATION),
        # Of what nobody confirmed that of an hour: whoever fills it from many networks keeps nobody away for a day.
        (today.filter(Q(confirmed_at__isnull=False) | Q(asked_at__gt=at - _AN_HOUR)).count(), MOST_IN_A_DAY),
    )
    if any(asked >= most for asked, most in counted):
        raise TooMuch(
            _(
                "Too many of these requests were made today. Did somebody else use your e-mail address? Our e-mails have a link "
                "by which you can delete that, and then ask again. Otherwise try again tomorrow, or call."
            )
        )


def _confirmed_since(organisation: Organisation, since: datetime) -> int:
    return CorrectionRequest.objects.filter(organisation=organisation, confirmed_at__gt=since).count()


def check_can_be_confirmed(request: CorrectionRequest, *, at: datetime) -> None:
    """Raise ``DeadLink`` once the days to confirm are over."""
    if request.confirmed_at is None and at >= request.asked_at + timedelta(days=DAYS_TO_CONFIRM):
        raise DeadLink(_("This link has expired. Ask again on the page of the region."))


@transaction.atomic(durable=True)
def confirm_correction(*, request_id: int, at: datetime) -> CorrectionRequest:
    """Record that who asked reads the mailbox that they gave, and tell the kwartiermakers. Idempotent.

    Of more than ``MOST_OF_ONE_ORGANISATION`` in a day they are not mailed: they find it among the others. Raises ``DeadLink``.
    """
    request = CorrectionRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise DeadLink(_("This link has expired. Ask again on the page of the region."))
    check_can_be_confirmed(request, at=at)
    if request.confirmed_at is not None:
        return request
    request.confirmed_at = at
    request.save(update_fields=["confirmed_at"])
    digest = request.secret_digest
    rewrite_sent(
        lambda text: without_secret(text, digest), about=request.mails_about, recipient=request.email
    )
    facts = {"region": request.region_id}
    record(CORRECTION_ASKED, subject=request.organisation, actor=None, at=at, facts=facts)
    if _confirmed_since(request.organisation, at - _A_DAY) <= MOST_OF_ONE_ORGANISATION:
        tell_of_request(request, at=at)
    return request


@transaction.atomic(durable=True)
def disown_correction(*, request_id: int, at: datetime) -> bool:
    """Forget what somebody else asked under an address, for who reads its mailbox: it no longer counts for them. Idempotent.

    Raises ``DeadLink`` once it was confirmed.
    """
    request = CorrectionRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        return False
    check_can_be_confirmed(request, at=at)
    if request.confirmed_at is not None:
        raise DeadLink(_("You have confirmed this already."))
    record(
        CORRECTION_DISOWNED,
        subject=request.organisation,
        actor=None,
        at=at,
        facts={"region": request.region_id},
    )
    _forget(request)
    return True


@transaction.atomic(durable=True)
def answer_correction(*, request_id: int, answer: str, actor: User, at: datetime) -> CorrectionRequest:
    """Answer what somebody asked about a public card, by mail. A second answer is refused.

    Raises ``NotAllowed`` unless the actor is a kwartiermaker of its region or an officer, and ``RuleViolation``.
    """
    request = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    may_answer_correction.check(actor, request)
    if request.answered_at is not None:
        raise RuleViolation(_("This has been answered already."))
    request.answer, request.answered_at, request.answered_by = answer, at, actor
    request.save(update_fields=["answer", "answered_at", "answered_by"])
    facts = {"region": request.region_id}
    record(CORRECTION_ANSWERED, subject=request.organisation, actor=actor, at=at, facts=facts)
    queue_answer(request, at=at)
    return request


@transaction.atomic(durable=True)
def forget_correction(*, request_id: int, at: datetime) -> bool:
    """Forget what nobody confirmed in time. Idempotent."""
    request = CorrectionRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or not corrections_to_forget(at=at).filter(pk=request.pk).exists():
        return False
    _forget(request)
    return True


def _forget(request: CorrectionRequest) -> None:
    """Remove a locked request with its mail, which holds the address too; one that is being sent may still arrive."""
    OutgoingMail.objects.filter(about=request.mails_about).delete()
    request.delete()
