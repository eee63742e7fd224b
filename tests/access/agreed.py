"""What a partner asked and agreed to, and the copies of a draft, a consent and a signature."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from applications.domain.agreeing import copy_consent
from applications.domain.consent_questions import ask_by_account
from applications.domain.copies_for_signatories import copy_signature
from applications.domain.draft_copies import ask_for_copy, make_copy
from applications.enums import SigningRole
from tests.factories.organisations import speaker_for


def agree_and_copy(draft: Any, produced: Any, *, at: datetime) -> None:
    """Let the partner of a draft ask something, and make copies of that draft and of the consent to another application."""
    ask_by_account(
        application_id=draft.pk,
        participation_id=draft.partners[0].pk,
        text="Wat kost het?",
        key=uuid4(),
        actor=speaker_for(draft.partners[0].organisation),
        at=at,
    )
    consent = produced.consents.get()
    copy_consent(consent_id=consent.pk, make_pdf=lambda _consent: b"%PDF-1.7 afschrift", at=at)
    signature = produced.signatures.get(role=SigningRole.MAIN_APPLICANT)
    copy_signature(signature_id=signature.pk, make_pdf=lambda _signature: b"%PDF-1.7 getekend", at=at)
    copy = ask_for_copy(reference=draft.reference, actor=draft.applicant, at=at)
    make_copy(copy_id=copy.pk, make_pdf=lambda _copy: b"%PDF-1.7 concept", at=at)
