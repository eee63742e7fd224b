"""Adding files to an answer, and taking them away again, until it is sent (rules 24 and 42)."""

from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.attachments import inspect_to_read_at_once
from applications.domain.locking import locked
from applications.models import Application
from completions.domain.answering import locked_request
from completions.events import FILE_ADDED, FILE_REMOVED
from completions.models import CompletionFile, CompletionPoint
from completions.permissions import may_complete
from completions.queries import files_by
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.documents.domain.files import write_file
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota

MOST_FILES_PER_POINT = 5
MOST_A_DAY = 40


def add_file(
    *, reference: str, number: int, title: str, content: bytes, actor: User, at: datetime
) -> CompletionFile:
    """Add a PDF to the answer to a point. Idempotent: the same file is there once.

    Raises ``NotAllowed``, ``DoesNotExist``, ``TooBusy``, ``TooMuch``, ``InfectedFile``, and ``RuleViolation`` for what is no sound
    PDF, once the point has its maximum, and as ``check_is_open`` does.
    """
    may_complete.check(actor, Application.objects.get(reference=reference))
    # Inspected without a lock: it may take seconds.
    inspect_to_read_at_once(
        content, actor, refusal=_("We cannot check files for viruses at the moment. Try again later.")
    )
    return _add_to_point(reference, number, title, content, actor=actor, at=at)


@transaction.atomic(durable=True)
def _add_to_point(
    reference: str, number: int, title: str, content: bytes, *, actor: User, at: datetime
) -> CompletionFile:
    lock_person(actor)
    application, request = locked_request(reference, actor, at=at)
    point = CompletionPoint.objects.get(request=request, number=number)
    sha256 = digest(content)
    key = f"attachments/completions/{application.pk}/{sha256}.pdf"
    existing = point.files.filter(sha256=sha256).first()
    if existing is None:
        if point.files.count() >= MOST_FILES_PER_POINT:
            raise RuleViolation(
                _("You can add at most %(most)d files to one point.") % {"most": MOST_FILES_PER_POINT},
                field="file",
            )
        check_quota(files_by(actor), moment="added_at", most=MOST_A_DAY, at=at, field="file")
    # Written before the row: a crash in between leaves an orphaned file, never a row without its file. Written again where it
    # is there already, which repairs one that was damaged.
    write_file(key, content, sha256)
    if existing is not None:
        return existing
    added = CompletionFile.objects.create(
        point=point,
        title=title[:150] or str(_("attachment")),
        stored_as=key,
        sha256=sha256,
        size=len(content),
        added_at=at,
        added_by=actor,
    )
    record(FILE_ADDED, subject=added, actor=actor, at=at)
    return added


@transaction.atomic(durable=True)
def remove_added_file(*, reference: str, number: int, sha256: str, actor: User, at: datetime) -> None:
    """Take a file away from the answer to a point. Idempotent. Raises ``NotAllowed``, and as ``check_is_open`` does."""
    application, request = locked_request(reference, actor, at=at)
    found = CompletionFile.objects.filter(point__request=request, point__number=number, sha256=sha256).first()
    if found is None:
        return
    record(FILE_REMOVED, subject=found, actor=actor, at=at)
    name = found.stored_as
    found.delete()
    transaction.on_commit(partial(_delete_unless_kept, name, application.pk))


@transaction.atomic(durable=True)
def _delete_unless_kept(name: str, application_id: int) -> None:
    # Who adds the same file again meanwhile holds this lock from before the file is written until its row is there.
    locked(application_id)
    if not CompletionFile.objects.filter(stored_as=name).exists():
        default_storage.delete(name)
