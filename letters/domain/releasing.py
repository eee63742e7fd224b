"""Releasing a letter: its words are frozen, and a job makes it (rule 19)."""

from datetime import datetime

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.clock import local_date
from letters.domain.composing import Matter, compose, text_for
from letters.domain.correcting import check_not_underway, replacing
from letters.events import RELEASED
from letters.models import Correction, Letter, Recipient
from letters.permissions import may_release


def release_letter(
    *, matter: Matter, recorded_by: User, actor: User, at: datetime, correction: Correction | None = None
) -> Letter:
    """Release a letter about what somebody recorded; with ``correction`` it replaces the letter corrected.

    Within the act of the app that decides: it has locked the case, has seen that no letter is there yet, and that the
    case is open to the actor. Raises ``NotAllowed`` unless the actor is a releaser who did not record it (two-person
    rule), ``NotCorrectable`` while the letter corrected is on its way, ``NoText`` and what ``compose`` raises. Releasing is a check: who decided by mandate signs. A kind that needs no second person is released by its recorder.
    """
    if correction is not None:
        check_not_underway(correction.letter_id)
    today = local_date(at)
    text = text_for(matter, on=today)
    if text.kind.needs_second_person:
        may_release.check(actor, recorded_by_id=recorded_by.pk)
    content = canonical_bytes(compose(matter, text, on=today, **replacing(correction)))
    letter = Letter.objects.create(
        text=text,
        about=matter.about,
        addressee=matter.addressee.name,
        recorded_by=recorded_by,
        released_by=actor if text.kind.needs_second_person else None,
        released_at=at,
        channel=matter.channel,
        public_in_id=matter.public_in_id,
        content=content,
        content_sha256=digest(content),
        supersedes=correction.letter if correction else None,
    )
    Recipient.objects.bulk_create(
        Recipient(letter=letter, part=each.part, name=each.name, email=each.email) for each in matter.readers
    )
    record(RELEASED, subject=letter, actor=actor, at=at)
    return letter
