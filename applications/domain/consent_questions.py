"""Asking the lead something before answering a request for consent, and answering that (rules 8, 9 and 26).

A question is no answer: the request stays open, and nothing that was agreed to changes.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import check_alive, check_contact_stands
from applications.domain.locking import locked, locked_draft, why_not_needed
from applications.events import CONSENT_QUESTION_ANSWERED, CONSENT_QUESTION_ASKED
from applications.models import Application, ConsentQuestion, OneTimeLink
from applications.permissions import may_answer_as_partner, may_ask_others
from applications.queries.consent_questions import question_with
from coalitions.models import Participation
from coalitions.permissions import may_answer_for
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.versions import NewerVersion

# Of one partner: each is mailed to who speaks for the lead.
MOST_A_DAY = 10


@transaction.atomic(durable=True)
def ask_by_link(
    *, link: OneTimeLink, name: str, text: str, key: UUID, signed_in_as: User | None, at: datetime
) -> ConsentQuestion:
    """Ask something through a mailed link, which stays open. Idempotent by ``key``.

    Raises ``DeadLink``, ``NotAllowed`` when a person of the lead organisation is logged in (rule 8), ``TooMuch``, and
    ``RuleViolation`` once no answer is needed.
    """
    application = _open(link.application_id)
    found = OneTimeLink.objects.select_related("participation").get(pk=link.pk)
    check_alive(found, at=at)
    check_contact_stands(found, signed_in_as)
    if signed_in_as is not None:
        may_answer_as_partner.check(signed_in_as, application)
    assert found.participation is not None  # a constraint
    return _ask(application, found.participation, name, found.email, text, key=key, user=None, at=at)


@transaction.atomic(durable=True)
def ask_by_account(
    *, application_id: int, participation_id: int, text: str, key: UUID, actor: User, at: datetime
) -> ConsentQuestion:
    """Ask something as a logged-in person who speaks for a partner. Idempotent by ``key``.

    Raises ``NotAllowed`` for anybody else and for the people of the lead, ``TooMuch`` and ``RuleViolation``.
    """
    lock_person(actor)
    application = _open(application_id)
    partner = application.coalition.participations.get(pk=participation_id, is_lead=False)
    may_answer_for.check(actor, partner)
    may_answer_as_partner.check(actor, application)
    return _ask(application, partner, actor.full_name, actor.email, text, key=key, user=actor, at=at)


def _open(application_id: int) -> Application:
    application = locked(application_id)
    if not application.is_draft:
        raise RuleViolation(why_not_needed(application))
    return application


def _ask(
    application: Application,
    partner: Participation,
    name: str,
    email: str,
    text: str,
    *,
    key: UUID,
    user: User | None,
    at: datetime,
) -> ConsentQuestion:
    earlier = ConsentQuestion.objects.filter(key=key, application=application, participation=partner).first()
    if earlier is not None:
        return earlier
    mine = ConsentQuestion.objects.filter(application=application, participation=partner)
    check_quota(mine, moment="asked_at", most=MOST_A_DAY, at=at, field="text")
    question = ConsentQuestion.objects.create(
        key=key,
        application=application,
        participation=partner,
        name=name,
        email=email,
        asked_by=user,
        text=text,
        asked_at=at,
    )
    mails.queue_consent_question(question, at=at)
    record(CONSENT_QUESTION_ASKED, subject=question, actor=user, at=at)
    return question


@transaction.atomic(durable=True)
def answer_question(*, key: UUID, text: str, actor: User, at: datetime) -> ConsentQuestion:
    """Answer a partner's question, once; who asked is mailed. Idempotent.

    Raises ``NotAllowed`` for who does not speak for the lead, ``WrongStatus``, and ``NewerVersion`` where a colleague
    answered otherwise meanwhile.
    """
    lock_person(actor)
    application = locked_draft(question_with(key).application_id, actor)
    may_ask_others.check(actor, application)
    question = ConsentQuestion.objects.select_related("participation").get(key=key)
    question.application = application
    if question.answered_at is not None:
        if question.answer == text:
            return question
        raise NewerVersion(_("A colleague answered this question meanwhile. Your own answer was not sent."))
    question.answer, question.answered_at, question.answered_by = text, at, actor
    question.save(update_fields=["answer", "answered_at", "answered_by"])
    mails.queue_consent_question_answered(question, at=at)
    record(CONSENT_QUESTION_ANSWERED, subject=question, actor=actor, at=at)
    return question
