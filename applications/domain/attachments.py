"""Attachments of an application (rule 24)."""

from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications.domain.locking import locked, locked_draft
from applications.domain.scanning import InfectedFile, refuse_infected
from applications.events import ATTACHMENT_ADDED, ATTACHMENT_REMOVED
from applications.models import Application, Attachment
from applications.permissions import may_write
from calls.domain.attachment_kinds import attachment_kinds
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.bounded import one_file_at_a_time, so_long_an_hour
from hubportal.documents.domain.files import write_file
from hubportal.documents.domain.scanning import Scan, is_withheld, scanned
from hubportal.documents.domain.uploads import check_pdf
from hubportal.documents.enums import ScanState
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import TooMuch, check_quota
from hubportal.visitors import is_over

# Per person, in all applications.
MAX_ATTACHMENTS_A_DAY = 100
# Whatever becomes of them: what is refused, removed or added once more leaves no row to count.
MAX_INSPECTED_AN_HOUR = 40
_AN_HOUR = 60 * 60


class NotScanned(RuleViolation):
    """A scanner is set up and did not answer: the same file can be taken later."""


class NewFile(NamedTuple):
    """A file that was inspected, and what is known of it."""

    title: str
    content: bytes
    kind: str
    scan: ScanState


def add_attachment(
    *, application_id: int, title: str, content: bytes, kind: str = "", actor: User, at: datetime
) -> Attachment:
    """Attach a PDF to a draft, as a kind that its call asks for or as anything else. Idempotent: the same file is attached once.

    Raises ``NotAllowed``, ``WrongStatus``, ``TooBusy``, ``TooMuch``, ``InfectedFile``, and ``RuleViolation`` for a file that is not
    a sound PDF.
    """
    may_write.check(actor, Application.objects.get(pk=application_id))
    # Inspected without a lock: it may take seconds.
    scan = inspect_file(content, actor)
    if scan.state == ScanState.INFECTED:
        refuse_infected(application_id=application_id, virus=scan.virus, actor=actor, at=at)
        raise InfectedFile
    return _attach(application_id, NewFile(title, content, kind, scan.state), actor=actor, at=at)


def inspect_file(content: bytes, sender: User) -> Scan:
    """Check a file of somebody, who keeps nobody else from having theirs checked: one at a time, and so many an hour.

    Returns what is known of viruses in it. Raises ``TooBusy``, ``TooMuch``, and ``RuleViolation`` for what is not a sound PDF.
    """
    check_how_many(sender)
    with one_file_at_a_time(sender.pk):
        # Not while a scanner keeps one waiting: that holds no place of others.
        with so_long_an_hour(sender.pk):
            check_pdf(BytesIO(content))
        return scanned(content)


def inspect_to_read_at_once(content: bytes, sender: User, *, refusal: Any) -> None:
    """Inspect a file that others read as soon as it is sent: one that no scanner could check comes in nowhere (rule 24).

    Raises what ``inspect_file`` does, ``InfectedFile``, and ``NotScanned`` at ``file`` with this refusal.
    """
    scan = inspect_file(content, sender)
    if scan.state == ScanState.INFECTED:
        raise InfectedFile
    if is_withheld(scan.state):
        raise NotScanned(refusal, field="file")


def check_how_many(sender: User) -> None:
    """Count one more file of somebody that is looked into. Raises ``TooMuch`` where it is more than they may send in an hour."""
    if is_over(f"inspected:{sender.pk}", MAX_INSPECTED_AN_HOUR, _AN_HOUR):
        raise TooMuch(
            _(
                "We have checked %(most)d files of yours in one hour. That is the maximum; try again in an hour."
            )
            % {"most": MAX_INSPECTED_AN_HOUR},
            field="file",
        )


@transaction.atomic(durable=True)
def _attach(application_id: int, file: NewFile, *, actor: User, at: datetime) -> Attachment:
    lock_person(actor)
    application = locked_draft(application_id, actor)
    sha256 = digest(file.content)
    existing = application.attachments.filter(sha256=sha256).first()
    if existing is not None:
        # Repairs a file that was damaged.
        write_file(existing.stored_as, file.content, sha256)
        return existing
    limit = application.call.max_attachments
    if application.attachments.count() >= limit:
        raise RuleViolation(_("You can add at most %(most)d attachments.") % {"most": limit}, field="file")
    _check_kind(application, file.kind)
    check_attachment_quota(actor, adding=1, at=at)
    return keep_attachment(application, file, actor=actor, at=at)


def _check_kind(application: Application, key: str) -> None:
    """Raise ``RuleViolation`` for a kind that the call does not ask for, or of which there are enough."""
    if not key:
        return
    kind = next((each for each in attachment_kinds(application.call) if each.key == key), None)
    if kind is None:
        raise RuleViolation(_("Choose what this attachment is."), field="kind")
    if application.attachments.filter(kind=key).count() >= kind.most:
        raise RuleViolation(
            ngettext(
                "You can add %(most)d file as “%(kind)s”. Remove that one first, or choose another kind.",
                "You can add at most %(most)d files as “%(kind)s”. Remove one first, or choose another kind.",
                kind.most,
            )
            % {"most": kind.most, "kind": kind.label},
            field="kind",
        )


def check_attachment_quota(person: User, *, adding: int, at: datetime) -> None:
    """Raise ``TooMuch`` where these come above what one person can attach in a day; the actor is locked by the caller."""
    if adding:
        check_quota(
            Attachment.objects.filter(added_by=person),
            moment="added_at",
            most=MAX_ATTACHMENTS_A_DAY + 1 - adding,
            at=at,
            field="file",
        )


def keep_attachment(application: Application, file: NewFile, *, actor: User, at: datetime) -> Attachment:
    """Store a file and its row for an application that is locked, or new in the caller's act."""
    sha256 = digest(file.content)
    key = f"attachments/{application.pk}/{sha256}.pdf"
    # Written before the row: a crash in between leaves an orphaned file, never a row without its file.
    write_file(key, file.content, sha256)
    attachment = Attachment.objects.create(
        application=application,
        title=file.title[:150] or str(_("attachment")),
        kind=file.kind,
        stored_as=key,
        sha256=sha256,
        size=len(file.content),
        added_at=at,
        added_by=actor,
        scan=file.scan,
        scanned_at=None if file.scan == ScanState.UNCHECKED else at,
    )
    record(ATTACHMENT_ADDED, subject=attachment, actor=actor, at=at)
    return attachment


@transaction.atomic(durable=True)
def remove_attachment(*, application_id: int, attachment_id: int, actor: User, at: datetime) -> None:
    """Remove an attachment from a draft. Idempotent. Raises ``NotAllowed``."""
    application = locked_draft(application_id, actor)
    attachment = application.attachments.filter(pk=attachment_id).first()
    if attachment is None:
        return
    gone = {"attachment": attachment.pk}
    record(ATTACHMENT_REMOVED, subject=application, actor=actor, at=at, facts=gone)
    application.changed_at = at
    application.save(update_fields=["changed_at"])
    key = attachment.stored_as
    attachment.delete()
    transaction.on_commit(partial(_delete_unless_named, key, application_id))


@transaction.atomic(durable=True)
def _delete_unless_named(key: str, application_id: int) -> None:
    # Who adds the same file again meanwhile holds this lock from before the file is written until its row is there.
    locked(application_id)
    if not Attachment.objects.filter(stored_as=key).exists():
        default_storage.delete(key)
