"""Asking an organisation whether it agrees to its public card."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.accounts.queries import mailboxes_of
from hubportal.audit.domain.events import record
from hubportal.kernel.clock import local_date, local_moment
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.mailboxes import mailbox
from hubportal.kernel.one_time import new_secret, secret_digest
from hubportal.kernel.quotas import TooMuch, check_quota
from hubportal.kernel.versions import check_shown
from hubportal.mail.domain.outbox import rewrite_sent
from mapping.agreement_queries import (
    is_on_its_map,
    may_come_back_on_refusal,
    questions_to_remind,
    requests_in,
)
from mapping.cards import card_of
from mapping.domain.agreement_mails import blanked, queue_question, queue_reminder, tell_kwartiermakers
from mapping.enums import AgreementState
from mapping.events import AGREEMENT_ASKED, AGREEMENT_REMINDED, AGREEMENT_TAKEN_BACK
from mapping.models import PublishingRequest
from mapping.permissions import may_map, may_publish
from mapping.queries import kwartiermakers_of
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region

DAYS_TO_ANSWER = 30
# How soon the same address may be mailed the question again: a double click mails once.
RESEND_COOL_DOWN = timedelta(minutes=1)
# In a day: by one kwartiermaker, and to one mailbox by all of them together.
MOST_ASKED = 50
MOST_TO_ONE_MAILBOX = 3
# About one organisation to one mailbox in the days of one question, so that nobody is pressed.
MOST_QUESTIONS = 3


@transaction.atomic(durable=True)
def ask_to_publish(
    *, organisation_id: int, region: Region, email: str, shown: str | None = None, actor: User, at: datetime
) -> PublishingRequest:
    """Mail an organisation a link by which it reads its card, corrects it, and agrees or declines. Idempotent within a minute.

    ``shown`` is the digest of the card that the page showed. A question that the region asked before is replaced by it; what was
    corrected and not taken over is given up. Raises ``NotAllowed``, ``DoesNotExist`` for who is not on the map of the region,
    ``NewerVersion``, ``TooMuch``, and ``RuleViolation`` for an address of a kwartiermaker of the region (rule 28), and for
    one that cannot come back on the refusal of an organisation.
    """
    may_map.check(actor, region)
    lock_person(actor)
    listed = organisations_in(region).order_by().values("pk")
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id, pk__in=listed)
    may_publish.check(actor, organisation)
    asked = list(requests_in(organisation, region).select_for_update(of=("self",)))
    for each in asked:
        lately = each.asked_at > at - RESEND_COOL_DOWN
        if each.state == AgreementState.ASKED and lately and each.mailbox == mailbox(email):
            return each
    check_shown(card_of(organisation).digest, shown)
    _check_may_be_mailed(email, region, actor, at=at)
    _check_may_answer(organisation, email)
    _check_not_pressed(organisation, email, at=at)
    for each in asked:
        _give_up(each, at=at)
    secret = new_secret()
    request = PublishingRequest.objects.create(
        organisation=organisation,
        region=region,
        email=email,
        mailbox=mailbox(email),
        asked_by=actor,
        asked_at=at,
        expires_at=_end_of_day(at + timedelta(days=DAYS_TO_ANSWER)),
        secret_digest=secret_digest(secret),
    )
    record(AGREEMENT_ASKED, subject=organisation, actor=actor, at=at, facts={"region": region.pk})
    queue_question(request, secret, at=at)
    return request


def _check_may_be_mailed(email: str, region: Region, actor: User, *, at: datetime) -> None:
    # Of every address that they confirmed or had: else one agrees in the place of the organisation.
    if mailbox(email) in mailboxes_of([actor, *kwartiermakers_of(region)]):
        raise RuleViolation(
            _(
                "This is the address of a kwartiermaker of this region. The organisation itself has to answer."
            ),
            field="email",
        )
    mine = PublishingRequest.objects.filter(asked_by=actor)
    check_quota(mine, moment="asked_at", most=MOST_ASKED, at=at, field="email")
    today = PublishingRequest.objects.filter(mailbox=mailbox(email), asked_at__gt=at - timedelta(days=1))
    if today.count() >= MOST_TO_ONE_MAILBOX:
        raise TooMuch(
            _("This address got %(most)d of these questions today. Try again tomorrow, or call them.")
            % {"most": MOST_TO_ONE_MAILBOX},
            field="email",
        )


def _check_may_answer(organisation: Organisation, email: str) -> None:
    if not may_come_back_on_refusal(organisation, mailbox(email)):
        raise RuleViolation(
            _(
                "This organisation answered that it does not want to be public. Only who answered that can change it, at the same "
                "address, or somebody whom the portal knows to speak for the organisation."
            ),
            field="email",
        )


def _check_not_pressed(organisation: Organisation, email: str, *, at: datetime) -> None:
    lately = PublishingRequest.objects.filter(
        organisation=organisation,
        mailbox=mailbox(email),
        asked_at__gt=at - timedelta(days=DAYS_TO_ANSWER),
    )
    if lately.count() >= MOST_QUESTIONS:
        raise RuleViolation(
            _("This address was asked %(most)d times in %(days)d days. That is enough: wait, or call them.")
            % {"most": MOST_QUESTIONS, "days": DAYS_TO_ANSWER},
            field="email",
        )


def _give_up(request: PublishingRequest, *, at: datetime) -> None:
    """Let a question be answered no more, and leave what was corrected but not taken over."""
    if request.state == AgreementState.ASKED:
        request.state, request.draft = AgreementState.REPLACED, {}
        request.save(update_fields=["state", "draft"])
        rewrite_sent(blanked(request), about=request.mails_about, recipient=request.email)
    elif request.state == AgreementState.AGREED and request.accepted_at is None and request.ended_at is None:
        request.ended_at = at
        request.save(update_fields=["ended_at"])


def _end_of_day(moment: datetime) -> datetime:
    """Return the last moment of the day in the Netherlands: who reads "until 10 December" has that day."""
    return local_moment(local_date(moment) + timedelta(days=1)) - timedelta(microseconds=1)


@transaction.atomic(durable=True)
def take_back_question(*, request_id: int, region: Region, actor: User, at: datetime) -> PublishingRequest:
    """Let a question of the region be answered no more, as when it went to a wrong address. Idempotent.

    Raises ``NotAllowed``, and ``DoesNotExist`` for a question of another region.
    """
    may_map.check(actor, region)
    request = PublishingRequest.objects.select_for_update().get(pk=request_id, region=region)
    if request.state == AgreementState.ASKED:
        _give_up(request, at=at)
        facts = {"region": region.pk}
        record(AGREEMENT_TAKEN_BACK, subject=request.organisation, actor=actor, at=at, facts=facts)
    return request


@transaction.atomic(durable=True)
def report_wrong_address(*, request_id: int, reason: str, at: datetime) -> bool:
    """Let a question be answered no more that reached who has nothing to do with the organisation: that is no refusal.

    ``reason`` is what they wrote beside it, if anything. Returns ``False`` where it could not be answered any more.
    """
    organisation = Organisation.objects.select_for_update().get(publishing_requests=request_id)
    request = PublishingRequest.objects.select_for_update().get(pk=request_id)
    if request.state != AgreementState.ASKED:
        return False
    request.organisation, request.reason = organisation, reason
    request.save(update_fields=["reason"])
    _give_up(request, at=at)
    facts = {"region": request.region_id}
    record(AGREEMENT_TAKEN_BACK, subject=organisation, actor=None, at=at, facts=facts)
    tell_kwartiermakers(request, at=at)
    return True


@transaction.atomic(durable=True)
def remind_of_question(*, request_id: int, at: datetime) -> bool:
    """Remind an organisation, once, of a question that ends soon, with one more link. Idempotent."""
    request = PublishingRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None or not questions_to_remind(at=at).filter(pk=request.pk).exists():
        return False
    request.reminded_at = at
    if is_on_its_map(request):
        secret = new_secret()
        request.reminder_digest = secret_digest(secret)
        queue_reminder(request, secret, at=at)
        facts = {"region": request.region_id}
        record(AGREEMENT_REMINDED, subject=request.organisation, actor=None, at=at, facts=facts)
    request.save(update_fields=["reminded_at", "reminder_digest"])
    return True
