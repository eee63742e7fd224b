"""Releasing a letter, making it, and fixing the moment it was sent (rule 19)."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain import lifecycle
from applications.enums import Status
from applications.models import Application
from applications.queries import readable_by
from decisions.domain import mails
from decisions.domain.composing import compose_letter, dated, deadline_for
from decisions.models import Decision, DecisionLetter
from decisions.queries import letters_being_sent, letters_to_produce
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.keeping import keep_document, new_verification_code
from hubportal.documents.enums import DocumentKind
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.clock import local_date
from hubportal.kernel.errors import NotAllowed
from hubportal.mail.enums import MailStatus

MakePdf = Callable[[dict[str, Any], str, datetime], bytes]


@transaction.atomic
def release_letter(*, decision_id: int, actor: User, at: datetime) -> DecisionLetter:
    """Release the letter of a decision that somebody else recorded; a second click finds the first release.

    Its words are frozen here; a job makes it. Raises ``NotAllowed`` for who is no releaser, may not read the
    application, or recorded the decision (two-person rule).
    """
    decision = _locked_decision(decision_id)
    if (
        not actor.has_role(Role.RELEASER)
        or not readable_by(actor).filter(pk=decision.application_id).exists()
    ):
        raise NotAllowed(_("This application is not open to you."))
    if decision.recorded_by_id == actor.pk:
        raise NotAllowed(_("You recorded this decision, so somebody else must release its letter."))
    existing = DecisionLetter.objects.filter(decision=decision).first()
    if existing is not None:
        return existing
    content = canonical_bytes(compose_letter(decision, releaser_name=actor.full_name))
    letter = DecisionLetter.objects.create(
        decision=decision,
        recorded_by=decision.recorded_by,
        released_by=actor,
        released_at=at,
        content=content,
        content_sha256=digest(content),
    )
    record("decisions.letter_released", subject=letter, actor=actor, at=at)
    return letter


@transaction.atomic
def produce_letter(*, letter_id: int, make_pdf: MakePdf, at: datetime) -> bool:
    """Make a released letter: PDF, stored document, mails and the application's last status, all or nothing.

    ``False`` when it is there already or another worker is at it. It is dated on the day it is made,
    which is the day it is sent.
    """
    letter = (
        letters_to_produce().select_for_update(of=("self",), skip_locked=True).filter(pk=letter_id).first()
    )
    if letter is None:
        return False
    decision = _locked_decision(letter.decision_id)
    dated_on = local_date(at)
    deadline_on = deadline_for(decision, sent_on=dated_on)
    content = dated(json.loads(bytes(letter.content)), dated_on=dated_on, deadline_on=deadline_on)
    code = new_verification_code()
    letter.document = keep_document(
        kind=DocumentKind.LETTER,
        pdf=make_pdf(content, code, at),
        title=content["subject"],
        about=decision.application.reference,
        dated_on=dated_on,
        code=code,
        at=at,
    )
    letter.dated_on, letter.objection_deadline_on = dated_on, deadline_on
    letter.mail = mails.queue_letter(letter, at=at)
    letter.save(update_fields=["document", "dated_on", "objection_deadline_on", "mail"])
    _settle_application(decision, at=at)
    record(
        "decisions.letter_produced", subject=letter, actor=None, at=at, facts={"document": letter.document.pk}
    )
    return True


@transaction.atomic
def fix_moments_of_sending(*, at: datetime) -> int:
    """Fix when each letter was sent, from its mail to the lead organisation; once, and the term runs from it."""
    fixed = 0
    for letter in letters_being_sent().select_for_update(of=("self",), skip_locked=True):
        assert letter.mail is not None
        if letter.mail.status != MailStatus.SENT or letter.mail.sent_at is None:
            continue
        letter.sent_at = letter.mail.sent_at
        letter.objection_deadline_on = deadline_for(letter.decision, sent_on=local_date(letter.sent_at))
        letter.save(update_fields=["sent_at", "objection_deadline_on"])
        record("decisions.letter_sent", subject=letter, actor=None, at=at)
        fixed += 1
    return fixed


def _locked_decision(decision_id: int) -> Decision:
    return (
        Decision.objects.select_for_update(of=("self",))
        .select_related(
            "application__call",
            "application__coalition__region",
            "application__coalition__lead_organisation__municipality",
            "application__review_round",
            "application__people",
            "advice",
            "recorded_by",
        )
        .get(pk=decision_id)
    )


def _settle_application(decision: Decision, *, at: datetime) -> None:
    application = Application.objects.select_for_update().get(pk=decision.application_id)
    lifecycle.move(application, to=Status(decision.outcome), actor=None, at=at, why="letter produced")
