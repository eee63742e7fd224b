"""Copies of what was signed, and sending who answered or signed by a mailed link their copy once more (rule 35)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import mails
from applications.domain.links import RESEND_COOL_DOWN
from applications.events import COPY_SENT_AGAIN, SIGNATURE_COPIED
from applications.models import Consent, DeclarationSignature, OneTimeLink, SignatureCopy
from applications.queries.content import given
from applications.queries.signature_copies import signatures_to_copy
from hubportal.audit.domain.events import record
from hubportal.documents.domain.bounded import TooBusy
from hubportal.documents.domain.storage import store_pdf
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from hubportal.sweeps.domain.sweeping import NotNow

_SHOWN = ("application__call", "application__coalition", "application__frozen", "link", "user")
_A_DAY = timedelta(days=1)
# To one mailbox about one application: whoever has the link cannot flood it.
MOST_COPIES_A_DAY = 5


def copy_signature(
    *, signature_id: int, make_pdf: Callable[[DeclarationSignature], bytes], at: datetime
) -> bool:
    """Make the copy of a signature and mail it to who signed. Idempotent: ``False`` if it was made.

    Nothing is locked while it is made. Raises ``NotNow`` while another is being made, and ``TooCostly`` for a text that takes too long.
    """
    signature = signatures_to_copy().select_related(*_SHOWN).filter(pk=signature_id).first()
    if signature is None:
        return False
    try:
        pdf = make_pdf(signature)
    except TooBusy as busy:
        raise NotNow from busy
    return _keep_copy(signature_id, pdf, at=at)


@transaction.atomic(durable=True)
def _keep_copy(signature_id: int, pdf: bytes, *, at: datetime) -> bool:
    rows = DeclarationSignature.objects.select_related(*_SHOWN)
    signature = rows.select_for_update(of=("self",)).get(pk=signature_id)
    # Asked once it is locked: another worker may have made it meanwhile.
    if SignatureCopy.objects.filter(signature=signature).exists():
        return False
    stored = store_pdf(pdf)
    copy = SignatureCopy.objects.create(
        signature=signature, made_at=at, stored_as=stored.name, sha256=stored.sha256
    )
    mails.queue_signature_copy(copy, at=at)
    record(SIGNATURE_COPIED, subject=signature, actor=None, at=at, facts={"sha256": stored.sha256})
    return True


@transaction.atomic(durable=True)
def send_copy_again(*, link_id: int, at: datetime) -> OutgoingMail | None:
    """Mail who answered or signed by a link the copy of it once more, to the mailbox to which the link was sent.

    Whoever has the link learns nothing by it. Idempotent within the resend cool-down. Returns None while the copy is still being made:
    it is mailed then. Raises ``RuleViolation`` where there is nothing to send, or when it was sent all day.
    """
    link = OneTimeLink.objects.select_for_update(of=("self",)).select_related("application").get(pk=link_id)
    kept = copied_by(link)
    if kept is None:
        raise RuleViolation(_("There is no copy of this."))
    kind = "signature_copy" if isinstance(kept, DeclarationSignature) else "consent_copy"
    sent = OutgoingMail.objects.filter(kind=kind, about=link.application.reference, recipient=link.email)
    last = sent.filter(queued_at__gt=at - RESEND_COOL_DOWN).order_by("-queued_at", "-pk").first()
    if last is not None or not _is_made(kept):
        return last
    if sent.filter(queued_at__gt=at - _A_DAY).count() >= MOST_COPIES_A_DAY:
        raise RuleViolation(_("We sent this copy several times today. Look for it, or try again tomorrow."))
    record(COPY_SENT_AGAIN, subject=link, actor=None, at=at)
    if isinstance(kept, DeclarationSignature):
        return mails.queue_signature_copy(kept.copy, at=at)
    return mails.queue_consent_copy(kept, at=at)


def copied_by(link: OneTimeLink) -> Consent | DeclarationSignature | None:
    """Return the consent or signature given by a link of which there is a copy, or comes one; None where there is none."""
    signature: DeclarationSignature | None = getattr(link, "signature", None)
    consent: Consent | None = getattr(link, "consent", None)
    if consent is not None and (not given(consent) or consent.agreed_text is None):
        return None
    return signature or consent


def _is_made(kept: Consent | DeclarationSignature) -> bool:
    return kept.copied_at is not None if isinstance(kept, Consent) else hasattr(kept, "copy")
