"""Reads of what others did in the drafts of a person, for the overview of a day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Value

from applications.enums import CollaborationState, Part, Status
from applications.models import (
    Application,
    ApplicationSection,
    Attachment,
    Collaborator,
    Comment,
    Consent,
    DailyOverview,
)
from applications.queries import in_room_of, owned_by, writable_by
from coalitions.models import Coalition
from hubportal.accounts.models import User
from hubportal.accounts.queries import with_confirmed_address
from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.periods import days_later
from organisations.queries import proved_representatives

# Dutch time; before most people begin.
HOUR = 7
# Who was not told for longer, as after a failure, hears of no more than this.
_MOST_DAYS = 7
# The drafts of one overview; more than anybody has.
_MOST_DRAFTS = 20
# What is done in a draft, and the field that says when.
_WORK: tuple[tuple[QuerySet[Any], str], ...] = (
    (ApplicationSection.objects.order_by(), "saved_at"),
    (Comment.objects.filter(deleted_at=None), "written_at"),
    (Attachment.objects.order_by(), "added_at"),
    (Consent.objects.order_by(), "answered_at"),
    (Collaborator.objects.filter(state=CollaborationState.JOINED), "answered_at"),
)


@dataclass(frozen=True)
class Happened:
    """What others did in a draft: the names of the parts that they wrote in, and how many of each other thing."""

    reference: str
    written: tuple[str, ...]
    comments: int = 0
    attachments: int = 0
    answers: int = 0
    joined: int = 0

    def __bool__(self) -> bool:
        return bool(self.written or self.comments or self.attachments or self.answers or self.joined)


def morning_of(at: datetime) -> datetime:
    """Return the last moment, up to this one, at which overviews are made."""
    today = at.astimezone(AMSTERDAM).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return today if today <= at else days_later(today, -1)


def to_be_told(*, at: datetime) -> QuerySet[User]:
    """Return who may be told this morning what others did, and was not yet, with ``due_at``: since when.

    ``what_others_did`` says whether there is something to tell.
    """
    morning = morning_of(at)
    drafts = Application.objects.filter(status=Status.DRAFT).filter(
        _is_worked_on(days_later(morning, -_MOST_DAYS), morning)
    )
    coalitions = Coalition.objects.filter(pk__in=drafts.order_by().values("coalition"))
    speakers = proved_representatives().filter(organisation__in=coalitions.values("lead_organisation"))
    along = Collaborator.objects.filter(application__in=drafts, state=CollaborationState.JOINED)
    found = with_confirmed_address().filter(
        Q(pk__in=coalitions.values("created_by"))
        | Q(pk__in=speakers.order_by().values("user"))
        | Q(pk__in=along.values("user"))
    )
    done = DailyOverview.objects.filter(told_until__gte=morning)
    due_at = Value(morning, output_field=DateTimeField())
    return found.exclude(pk__in=done.values("user")).annotate(due_at=due_at).order_by("pk")


def told_until(person: User) -> datetime | None:
    """Return until when a person was told; ``None`` where they never were."""
    return DailyOverview.objects.filter(user=person).values_list("told_until", flat=True).first()


def what_others_did(person: User, *, told: datetime | None, morning: datetime) -> list[Happened]:
    """Return what others did in the drafts of a person since they were told, until this morning.

    Of comments and of who takes part hears who may write the draft, of answers who writes for the lead organisation (rule 37).
    """
    since = max(told, days_later(morning, -_MOST_DAYS)) if told else days_later(morning, -1)
    drafts = in_room_of(person).filter(_is_worked_on(since, morning), status=Status.DRAFT)
    shown = list(drafts.order_by("-changed_at", "-pk")[:_MOST_DRAFTS])
    written = set(writable_by(person).filter(pk__in=[each.pk for each in shown]).values_list("pk", flat=True))
    owned = set(owned_by(person).filter(pk__in=written).values_list("pk", flat=True))
    found = (
        _happened(each, person, since, morning, is_writer=each.pk in written, is_owner=each.pk in owned)
        for each in shown
    )
    return [each for each in found if each]


def _happened(
    draft: Application, person: User, since: datetime, until: datetime, *, is_writer: bool, is_owner: bool
) -> Happened:
    def of_others(rows: QuerySet[Any], field: str, by: str) -> QuerySet[Any]:
        return rows.filter(**_within(field, since, until)).exclude(**{by: person})

    texts = of_others(draft.sections.order_by("spec__position"), "saved_at", "saved_by")
    written = [*texts.values_list("spec__title", flat=True)]
    for part in (Part.PARTICULARS, Part.BUDGET):
        saved_by, saved_at = getattr(draft, f"{part}_saved_by_id"), getattr(draft, f"{part}_saved_at")
        if saved_by != person.pk and since <= saved_at < until:
            written.append(str(part.label))
    comments = draft.comments.filter(deleted_at=None) if is_writer else draft.comments.none()
    joined = draft.collaborators.filter(state=CollaborationState.JOINED)
    answers = draft.consents.all() if is_owner else draft.consents.none()
    return Happened(
        reference=draft.reference,
        written=tuple(written),
        comments=of_others(comments, "written_at", "written_by").count(),
        attachments=of_others(draft.attachments.all(), "added_at", "added_by").count(),
        answers=answers.filter(**_within("answered_at", since, until)).count(),
        joined=of_others(joined if is_writer else joined.none(), "answered_at", "user").count(),
    )


def _is_worked_on(since: datetime, until: datetime) -> Q:
    """Return the condition that somebody did something in a draft of which overviews tell."""
    work = Q(**_within("particulars_saved_at", since, until)) | Q(**_within("budget_saved_at", since, until))
    for rows, field in _WORK:
        done = rows.filter(**_within(field, since, until), application=OuterRef("pk"))
        work |= Q(Exists(done))
    return work


def _within(field: str, since: datetime, until: datetime) -> dict[str, datetime]:
    return {f"{field}__gte": since, f"{field}__lt": until}
