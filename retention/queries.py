"""Reads of retention: the periods, what is past them, and the reports about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Least

from applications.enums import LinkPurpose, Status
from applications.events import MOVED
from applications.models import (
    Application,
    Consent,
    DailyOverview,
    DeadlineReminder,
    MutedReminder,
    OneTimeLink,
)
from call_questions.queries import settled_questions
from coalitions.models import Coalition
from correspondence.queries import conversations_past_decision
from hubportal.accounts.models import KnownAddress, User
from hubportal.audit.models import AuditEvent
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from mapping.enums import AgreementState
from mapping.models import CorrectionRequest, PublishingRequest
from matching.models import HelpRequest
from pictures.models import RegionalPicture
from retention.enums import DataKind, RowOutcome
from retention.models import DestructionReport, FileToRemove, ListedRow, RetentionPeriod
from takeovers.queries import settled_proofs

# How often the job looks for what is past its period.
LOOKS_EVERY = timedelta(days=1)
# Tables that only let somebody log in; all others need the account that they name.
_OF_LOGGING_IN = frozenset({"account", "mfa"})
# Rows that go with the account: what somebody was reminded of, and wants to be, and the addresses that they had.
_OF_REMINDING = (DailyOverview, DeadlineReminder, KnownAddress, MutedReminder)


def periods_with_their_end() -> list[tuple[RetentionPeriod, bool]]:
    """Return the retention periods in their order, each with whether the portal destroys what is past it.

    What is sealed or decided is not destroyed by it yet.
    """
    return [(each, is_destroyed_here(each.kind)) for each in RetentionPeriod.objects.order_by("position")]


def periods_to_look_at(*, at: datetime) -> QuerySet[RetentionPeriod]:
    """Return the periods that end, of data that the portal destroys, without an open report, not looked at for a day."""
    opened = DestructionReport.objects.filter(kind=OuterRef("kind"), closed_at=None)
    waiting = Q(looked_at=None) | Q(looked_at__lte=at - LOOKS_EVERY)
    ending = RetentionPeriod.objects.filter(waiting, kind__in=list(_PAST), length__isnull=False)
    return ending.filter(~Exists(opened)).order_by("looked_at", "position")


def period_of(kind: DataKind) -> RetentionPeriod | None:
    """Return the retention period of a kind; ``None`` where none was loaded."""
    return RetentionPeriod.objects.filter(kind=kind).first()


def is_destroyed_here(kind: str) -> bool:
    """Tell whether the portal destroys data of a kind."""
    return kind in _PAST


def past_period(kind: DataKind, *, before: datetime) -> QuerySet[Any]:
    """Return the rows of a kind whose period began before a moment (``kept_since``), what is kept longest in front."""
    return _PAST[kind]().filter(kept_since__lt=before).order_by("kept_since", "pk")


def _discarded_drafts() -> QuerySet[Any]:
    moved = AuditEvent.objects.filter(
        subject_type=Application._meta.label_lower,
        subject_id=OuterRef("pk"),
        act=MOVED[Status.WITHDRAWN].name,
    )
    discarded = Application.objects.filter(status=Status.WITHDRAWN, submitted_at=None)
    return discarded.annotate(kept_since=Subquery(moved.order_by("-pk").values("happened_at")[:1]))


def _unsubmitted_drafts() -> QuerySet[Any]:
    drafts = Application.objects.filter(status=Status.DRAFT, submitted_at=None)
    return drafts.annotate(kept_since=Greatest(Max("call__rounds__deadline_at"), F("changed_at")))


def _coalitions() -> QuerySet[Any]:
    """Return the coalitions of which no application is kept: their contact persons were named for one, and nobody asks for help any more."""
    asking = HelpRequest.objects.filter(coalition=OuterRef("pk"), ended_at=None)
    empty = Coalition.objects.filter(applications=None).exclude(Exists(asking))
    return empty.annotate(kept_since=Coalesce("changed_at", "created_at"))


def _unconfirmed_accounts() -> QuerySet[Any]:
    unconfirmed = _unneeded().filter(emailaddress__isnull=False, last_login=None).distinct()
    return unconfirmed.exclude(emailaddress__verified=True).annotate(kept_since=F("created_at"))


def _unused_accounts() -> QuerySet[Any]:
    confirmed = _unneeded().filter(emailaddress__verified=True, emailaddress__primary=True)
    return confirmed.annotate(kept_since=Coalesce("last_login", "created_at"))


def _unneeded() -> QuerySet[User]:
    """Return the accounts that no row names but those of logging in: no role, application, organisation or mail limit."""
    # Hidden ones too: who recorded, proved, approved or was mailed something.
    relations: list[Any] = [
        each for each in User._meta.get_fields(include_hidden=True) if each.auto_created and not each.concrete
    ]
    naming = [
        each
        for each in relations
        if each.related_model._meta.app_label not in _OF_LOGGING_IN
        and each.related_model not in _OF_REMINDING
    ]
    named = Q()
    for relation in naming:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        named |= Q(Exists(rows))
    # Denied as a whole: as a hundred anti joins, the planner weighed their order for ten seconds.
    return User.objects.filter(~named)


def _links() -> QuerySet[Any]:
    """Return the links that no answer was given through, and by which nobody is known to have been asked (rule 27)."""
    unanswered = OneTimeLink.objects.filter(consent=None, signature=None)
    newer = OneTimeLink.objects.filter(
        application=OuterRef("application"), participation=OuterRef("participation"), pk__gt=OuterRef("pk")
    )
    by_account = Consent.objects.filter(
        application=OuterRef("application"), participation=OuterRef("participation"), link=None
    )
    to_sign = Q(purpose=LinkPurpose.SIGN)
    return unanswered.filter(to_sign | (Q(Exists(newer)) & ~Q(Exists(by_account)))).annotate(
        kept_since=Least("expires_at", "withdrawn_at", "used_at")
    )


def _mail_texts() -> QuerySet[Any]:
    ended = [MailStatus.SENT, MailStatus.BOUNCED, MailStatus.SETTLED]
    done = OutgoingMail.objects.filter(status__in=ended).exclude(body="")
    return done.annotate(kept_since=Coalesce("sent_at", "queued_at"))


def _agreements() -> QuerySet[Any]:
    """Return what organisations were asked about their public text, but what is in force, waits, or is their last word."""
    newer = PublishingRequest.objects.filter(
        organisation=OuterRef("organisation"), answered_at__gt=OuterRef("answered_at")
    )
    asked = Q(state__in=[AgreementState.ASKED, AgreementState.REPLACED])
    over = Q(state=AgreementState.AGREED, ended_at__isnull=False) | (
        Q(state__in=[AgreementState.DECLINED, AgreementState.WITHDRAWN]) & Q(Exists(newer))
    )
    return PublishingRequest.objects.filter(asked | over).annotate(
        kept_since=Coalesce("ended_at", "answered_at", "expires_at")
    )


def _corrections() -> QuerySet[Any]:
    answered = CorrectionRequest.objects.filter(answered_at__isnull=False)
    return answered.annotate(kept_since=F("answered_at"))


def _regional_pictures() -> QuerySet[Any]:
    """Return the regional pictures that were made and that visitors do not get: never made public, or withdrawn."""
    made = RegionalPicture.objects.filter(made_at__isnull=False)
    closed = made.exclude(published_at__isnull=False, withdrawn_at=None)
    return closed.annotate(kept_since=Coalesce("withdrawn_at", "made_at"))


_PAST: dict[str, Callable[[], QuerySet[Any]]] = {
    DataKind.DISCARDED_DRAFTS: _discarded_drafts,
    DataKind.UNSUBMITTED_DRAFTS: _unsubmitted_drafts,
    DataKind.COALITIONS: _coalitions,
    DataKind.UNCONFIRMED_ACCOUNTS: _unconfirmed_accounts,
    DataKind.UNUSED_ACCOUNTS: _unused_accounts,
    DataKind.LINKS: _links,
    DataKind.MAIL_TEXTS: _mail_texts,
    DataKind.AGREEMENTS: _agreements,
    DataKind.CORRECTIONS: _corrections,
    DataKind.REGIONAL_PICTURES: _regional_pictures,
    DataKind.MESSAGES: conversations_past_decision,
    DataKind.CALL_QUESTIONS: settled_questions,
    DataKind.TAKEOVER_PROOFS: settled_proofs,
}


def model_of(kind: DataKind) -> type[Model]:
    """Return the model of the rows that a report of a kind lists."""
    return _PAST[kind]().model


def reports() -> QuerySet[DestructionReport]:
    """Return the reports, open ones first and then the latest, with who approved them."""
    people = ("first_approver", "second_approver", "taken_back_by")
    return DestructionReport.objects.select_related(*people).order_by(
        F("closed_at").desc(nulls_first=True), "-pk"
    )


def rows_of(report: DestructionReport) -> QuerySet[ListedRow]:
    """Return what a report lists, what is kept longest in front."""
    return ListedRow.objects.filter(report=report).order_by("kept_since", "pk")


def reports_to_approve(user: User) -> QuerySet[DestructionReport]:
    """Return the open reports that a person can still approve."""
    waiting = DestructionReport.objects.filter(closed_at=None, second_approver=None)
    return waiting.exclude(first_approver=user)


def rows_to_destroy(*, at: datetime) -> QuerySet[ListedRow]:
    """Return the listed rows of reports that two people approved and whose days to reconsider are over."""
    due = ListedRow.objects.filter(outcome="", report__closed_at=None, report__destroys_from__lte=at)
    return due.order_by("report__destroys_from", "pk")


def reports_to_declare(*, at: datetime) -> QuerySet[DestructionReport]:
    """Return the approved reports of which every row was carried out and that are not declared yet."""
    left = ListedRow.objects.filter(report=OuterRef("pk"), outcome="")
    due = DestructionReport.objects.filter(closed_at=None, destroys_from__lte=at)
    return due.filter(~Exists(left)).order_by("destroys_from", "pk")


def outcomes_of(report: DestructionReport) -> dict[str, int]:
    """Return how many rows of a report had each outcome."""
    counted = report.rows.order_by().values_list("outcome").annotate(Count("pk"))
    return {outcome: number for outcome, number in counted if outcome in RowOutcome.values}


def files_to_remove() -> QuerySet[FileToRemove]:
    """Return the files of destroyed rows, the oldest first."""
    return FileToRemove.objects.order_by("noted_at", "pk")
