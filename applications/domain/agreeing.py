"""Keeping the answer of a partner with what it was given to, and the copy of it (rules 9 and 35)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import links, mails
from applications.domain.content import agreed_shares, agreed_text
from applications.domain.snapshot import Snapshot
from applications.enums import ConsentAnswer
from applications.events import CONSENT_ANSWERED, CONSENT_COPIED
from applications.models import Consent, OneTimeLink
from applications.queries.content import given
from applications.queries.copied_consents import consents_to_copy
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.bounded import TooBusy
from hubportal.documents.domain.storage import store_pdf
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.text import is_filled
from hubportal.sweeps.domain.sweeping import NotNow

_SHOWN = ("application__call", "application__coalition", "participation", "link", "user")


@dataclass(frozen=True)
class Said:
    """What somebody answered for a partner, and who says so."""

    answer: ConsentAnswer
    reason: str
    name: str
    function: str


def keep_answer(
    snapshot: Snapshot,
    partner: Participation,
    said: Said,
    *,
    link: OneTimeLink | None,
    user: User | None,
    reader: User | None = None,
    at: datetime,
) -> Consent:
    """Keep an answer within the act that takes it, and tell who has to know. Raises ``RuleViolation`` for a no without a reason."""
    if said.answer == ConsentAnswer.DECLINED and not is_filled(said.reason):
        raise RuleViolation(_("Explain briefly why you do not agree."), field="reason")
    text, share = agreed_text(snapshot), agreed_shares(snapshot)[partner.pk]
    consent = Consent.objects.create(
        application=snapshot.application,
        participation=partner,
        answer=said.answer,
        reason=said.reason,
        given_by_name=said.name,
        given_by_function=said.function,
        link=link,
        user=user,
        reader=reader,
        text_digest=digest(text),
        share_digest=digest(share),
        agreed_text=text,
        agreed_share=share,
        agreed_words=snapshot.application.call.consent_text,
        answered_at=at,
    )
    if link is None:
        # Answered without it: the link that was mailed asks nothing any more.
        links.withdraw_unanswered(snapshot.application, partner, at=at)
    mails.queue_consent_answered(consent, at=at)
    if given(consent):
        mails.queue_consent_elsewhere(consent, at=at)
    record(CONSENT_ANSWERED[said.answer], subject=consent, actor=user, at=at)
    return consent


def copy_consent(*, consent_id: int, make_pdf: Callable[[Consent], bytes], at: datetime) -> bool:
    """Make the copy of a consent and mail it to who gave it. Idempotent: ``False`` if it was made.

    Nothing is locked while it is made. Raises ``NotNow`` while another is being made, and ``TooCostly`` for a text that takes too long.
    """
    consent = consents_to_copy().select_related(*_SHOWN).filter(pk=consent_id).first()
    if consent is None:
        return False
    try:
        pdf = make_pdf(consent)
    except TooBusy as busy:
        raise NotNow from busy
    return _keep_copy(consent_id, pdf, at=at)


@transaction.atomic(durable=True)
def _keep_copy(consent_id: int, pdf: bytes, *, at: datetime) -> bool:
    waiting = consents_to_copy().select_for_update(of=("self",), skip_locked=True)
    consent = waiting.select_related(*_SHOWN).filter(pk=consent_id).first()
    if consent is None:
        return False
    stored = store_pdf(pdf)
    consent.copied_at, consent.copy_stored_as, consent.copy_sha256 = at, stored.name, stored.sha256
    consent.save(update_fields=["copied_at", "copy_stored_as", "copy_sha256"])
    mails.queue_consent_copy(consent, at=at)
    record(CONSENT_COPIED, subject=consent, actor=None, at=at, facts={"sha256": stored.sha256})
    return True
