"""Comments on a draft, between those who may write it; never part of what is submitted (rules 22 and 32).

They change nothing of the draft itself: what partners agreed to and what is being submitted stays as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.domain.locking import locked_draft_of
from applications.enums import Part
from applications.events import (
    COMMENT_ANSWERED,
    COMMENT_CHANGED,
    COMMENT_DELETED,
    COMMENT_REOPENED,
    COMMENT_RESOLVED,
    COMMENTED,
)
from applications.models import Application, Comment
from applications.permissions import may_change_comment
from applications.queries.comments import comment_in, comment_sent_with, comments_by, passages
from applications.queries.content import sections_of
from hubportal.accounts.domain.locking import lock_person
from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.canonical import digest
from hubportal.kernel.errors import RuleViolation
from hubportal.kernel.quotas import check_quota
from hubportal.kernel.versions import NewerVersion, is_to_be_saved

# Of one draft, with answers and what was deleted.
MOST_IN_A_DRAFT = 300
# Per person, in all drafts.
MOST_A_DAY = 100


@dataclass(frozen=True)
class Place:
    """What a comment is about: a part of a draft, the key of its section, and the mark of a passage, empty for the whole part."""

    part: Part
    key: str = ""
    passage: str = ""


def mark_of(passage: str) -> str:
    """Return by what a page names a passage: another text has another mark."""
    return digest(passage.encode())[:16]


@transaction.atomic(durable=True)
def write_comment(
    *, reference: str, place: Place, text: str, added_with: UUID, actor: User, at: datetime
) -> Comment:
    """Write a comment on a part of a draft, quoting the passage as it is saved now. Idempotent by ``added_with``.

    Raises ``NotAllowed``, ``WrongStatus``, ``DoesNotExist`` for a section that the call does not have, ``TooMuch``, and
    ``RuleViolation`` for a passage that changed meanwhile and for a draft that has its maximum.
    """
    lock_person(actor)
    application = locked_draft_of(reference, actor)
    if earlier := comment_sent_with(application, added_with):
        return earlier
    spec = sections_of(application).get(key=place.key) if place.part == Part.SECTION else None
    comment = Comment(
        application=application,
        part=place.part,
        spec=spec,
        quoted=_quoted(application, place),
        text=text,
        added_with=added_with,
        written_at=at,
        written_by=actor,
    )
    _add(comment, actor, at=at)
    record(COMMENTED, subject=comment, actor=actor, at=at)
    return comment


@transaction.atomic(durable=True)
def answer_comment(
    *, reference: str, comment_id: int, text: str, added_with: UUID, actor: User, at: datetime
) -> Comment:
    """Answer a comment. Idempotent by ``added_with``.

    Raises what ``write_comment`` does, and ``RuleViolation`` for one that was resolved.
    """
    lock_person(actor)
    application = locked_draft_of(reference, actor)
    if earlier := comment_sent_with(application, added_with):
        return earlier
    thread = _thread(application, comment_id)
    if thread.resolved_at is not None:
        raise RuleViolation(
            _("This comment was resolved meanwhile. Open it again if you want to answer."), field="text"
        )
    answer = Comment(
        application=application,
        part=thread.part,
        spec=thread.spec,
        thread=thread,
        text=text,
        added_with=added_with,
        written_at=at,
        written_by=actor,
    )
    _add(answer, actor, at=at)
    record(COMMENT_ANSWERED, subject=answer, actor=actor, at=at)
    return answer


@transaction.atomic(durable=True)
def change_comment(
    *, reference: str, comment_id: int, text: str, seen_version: int, actor: User, at: datetime
) -> Comment:
    """Change what one wrote oneself. Idempotent. Raises ``NotAllowed``, ``WrongStatus``, ``NewerVersion`` and ``DoesNotExist``."""
    comment = comment_in(locked_draft_of(reference, actor), comment_id)
    may_change_comment.check(actor, comment)
    if is_to_be_saved(typed=text, kept=comment.text, seen=seen_version, current=comment.version):
        comment.text, comment.changed_at, comment.version = text, at, comment.version + 1
        comment.save(update_fields=["text", "changed_at", "version"])
        record(COMMENT_CHANGED, subject=comment, actor=actor, at=at)
    return comment


@transaction.atomic(durable=True)
def delete_comment(*, reference: str, comment_id: int, actor: User, at: datetime) -> Comment:
    """Delete what one wrote oneself: its text goes for good, that there was something stays. Idempotent.

    Raises ``NotAllowed``, ``WrongStatus`` and ``DoesNotExist``.
    """
    comment = comment_in(locked_draft_of(reference, actor), comment_id)
    if comment.deleted_at is not None:
        return comment
    may_change_comment.check(actor, comment)
    comment.text, comment.deleted_at, comment.version = "", at, comment.version + 1
    comment.save(update_fields=["text", "deleted_at", "version"])
    record(COMMENT_DELETED, subject=comment, actor=actor, at=at)
    return comment


@transaction.atomic(durable=True)
def resolve_comment(*, reference: str, comment_id: int, seen_last: int, actor: User, at: datetime) -> Comment:
    """Mark a comment as resolved. Idempotent.

    ``seen_last`` is the number of the last answer that was shown, or of the comment itself. Raises ``NewerVersion`` where
    somebody answered since, ``NotAllowed``, ``WrongStatus`` and ``DoesNotExist``.
    """
    thread = _thread(locked_draft_of(reference, actor), comment_id)
    if thread.resolved_at is not None:
        return thread
    if thread.answers.filter(pk__gt=seen_last).exists():
        raise NewerVersion(
            _(
                "Somebody answered after you opened this page. Read the answer first; nothing has been changed."
            )
        )
    thread.resolved_at, thread.resolved_by = at, actor
    thread.save(update_fields=["resolved_at", "resolved_by"])
    record(COMMENT_RESOLVED, subject=thread, actor=actor, at=at)
    return thread


@transaction.atomic(durable=True)
def reopen_comment(*, reference: str, comment_id: int, actor: User, at: datetime) -> Comment:
    """Open a resolved comment again. Idempotent. Raises ``NotAllowed``, ``WrongStatus`` and ``DoesNotExist``."""
    thread = _thread(locked_draft_of(reference, actor), comment_id)
    if thread.resolved_at is not None:
        thread.resolved_at = thread.resolved_by = None
        thread.save(update_fields=["resolved_at", "resolved_by"])
        record(COMMENT_REOPENED, subject=thread, actor=actor, at=at)
    return thread


def _thread(application: Application, comment_id: int) -> Comment:
    found = comment_in(application, comment_id)
    if found.thread_id is not None:
        raise Comment.DoesNotExist
    return found


def _add(comment: Comment, actor: User, *, at: datetime) -> None:
    if comment.application.comments.count() >= MOST_IN_A_DRAFT:
        raise RuleViolation(
            _("This application has %(most)d comments. That is the maximum: no more can be added.")
            % {"most": MOST_IN_A_DRAFT},
            field="text",
        )
    check_quota(comments_by(actor), moment="written_at", most=MOST_A_DAY, at=at, field="text")
    comment.save()


def _quoted(application: Application, place: Place) -> str:
    if not place.passage:
        return ""
    # From what is saved: nobody can put words in a colleague's mouth.
    for passage in passages(application, part=place.part, key=place.key):
        if mark_of(passage) == place.passage:
            return passage
    raise RuleViolation(
        _("This paragraph changed after you opened the page. Choose again what your comment is about."),
        field="passage",
    )
