"""Viruses in attachments: what is refused at once, and what a sweep scans again (rule 24)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked, locked_draft
from applications.domain.mails import queue_infected
from applications.enums import Status
from applications.events import ATTACHMENT_SCANNED, INFECTED_FILE_REFUSED
from applications.models import Attachment
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.files import read_file
from hubportal.documents.domain.scanning import Scan, is_set_up, scan
from hubportal.documents.enums import ScanState
from hubportal.kernel.errors import RuleViolation


class InfectedFile(RuleViolation):
    """A file in which the scanner found a virus."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Our scanner found a virus in this file, so we did not keep it. Have your device checked, make the PDF again "
                "on a device that is safe, and add the new one."
            ),
            field="file",
        )


@transaction.atomic(durable=True)
def refuse_infected(*, application_id: int, virus: str, actor: User, at: datetime) -> None:
    """Record that somebody offered an infected file for a draft; nothing of it is kept. Raises ``NotAllowed`` and ``WrongStatus``."""
    application = locked_draft(application_id, actor)
    record(INFECTED_FILE_REFUSED, subject=application, actor=actor, at=at, facts={"virus": virus})


def attachments_to_scan() -> QuerySet[Attachment]:
    """Return the attachments that were not scanned, what waits longest in front; none where there is no scanner."""
    waiting = Attachment.objects.filter(scan=ScanState.UNCHECKED).order_by("added_at", "pk")
    return waiting if is_set_up() else waiting.none()


def scan_attachment(*, attachment_id: int, at: datetime) -> bool:
    """Scan an attachment that could not be scanned when it was added, and mark it. Idempotent.

    Of a draft or of what was submitted: a virus is told to who added it, and the file is sent to nobody from then on; its bytes
    stay as proof of what was submitted. Raises ``ScannerAway`` and ``DamagedFile``.
    """
    attachment = attachments_to_scan().filter(pk=attachment_id).first()
    if attachment is None:
        return False
    # Scanned without a lock: it may take seconds.
    return _mark(attachment, scan(read_file(attachment.stored_as, attachment.sha256)), at=at)


@transaction.atomic(durable=True)
def _mark(seen: Attachment, found: Scan, *, at: datetime) -> bool:
    application = locked(seen.application_id)
    attachment = (
        application.attachments.filter(pk=seen.pk, scan=ScanState.UNCHECKED)
        .select_related("added_by")
        .first()
    )
    if attachment is None:
        # Removed meanwhile, or marked by another worker.
        return False
    attachment.scan, attachment.scanned_at = found.state, at
    attachment.save(update_fields=["scan", "scanned_at"])
    facts = {"result": found.state.value} | ({"virus": found.virus} if found.virus else {})
    record(ATTACHMENT_SCANNED, subject=attachment, actor=None, at=at, facts=facts)
    if found.state == ScanState.INFECTED and application.status != Status.WITHDRAWN:
        queue_infected(application, attachment, at=at)
    return True
