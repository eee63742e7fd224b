"""What somebody did in drafts beside writing, as it was recorded: with that they take part too (rule 29)."""

from collections.abc import Collection
from typing import Any

from django.db.models import BigIntegerField, Case, F, Model, OuterRef, Q, QuerySet, Subquery, When

from applications import events as of_drafts
from applications.enums import Status
from applications.models import (
    Application,
    Attachment,
    Collaborator,
    Comment,
    ConsentQuestion,
    DraftCopy,
    Handover,
    LeadOffer,
    Nudge,
    Task,
)
from coalitions import events as of_coalitions
from coalitions.models import Participation
from hubportal.accounts.models import User
from hubportal.audit.events import Act
from hubportal.audit.models import AuditEvent

# What is left out is known otherwise (written, consented, signed, joined), is of the office, or binds nobody: opened, declined.
# ``tests/reviews/test_steering.py`` sorts every act.
STEERING: tuple[Act, ...] = (
    *(of_drafts.MOVED[each] for each in (Status.SUBMITTED, Status.WITHDRAWN, Status.DRAFT)),
    *(of_drafts.REINSTATED, of_drafts.VERSION_PUT_BACK, of_drafts.COPY_ASKED),
    *(of_drafts.COMMENTED, of_drafts.COMMENT_ANSWERED, of_drafts.COMMENT_CHANGED),
    *(of_drafts.COMMENT_DELETED, of_drafts.COMMENT_RESOLVED, of_drafts.COMMENT_REOPENED),
    *(of_drafts.COLLABORATOR_INVITED, of_drafts.COLLABORATOR_CHANGED, of_drafts.COLLABORATOR_ENDED),
    *(of_drafts.TASK_ADDED, of_drafts.TASK_CHANGED, of_drafts.TASK_DONE),
    *(of_drafts.TASK_REOPENED, of_drafts.TASK_REMOVED, of_drafts.NUDGED),
    *(of_drafts.ATTACHMENT_ADDED, of_drafts.ATTACHMENT_REMOVED),
    *(of_drafts.CONSENT_ASKED, of_drafts.CONSENT_QUESTION_ANSWERED, of_drafts.SIGNATURE_ASKED),
    *(of_drafts.HANDOVER_ASKED, of_drafts.LEAD_OFFERED, of_drafts.LEAD_MOVED),
    *(of_coalitions.RENAMED, of_coalitions.SHOWN, of_coalitions.HIDDEN, of_coalitions.LEAD_CORRECTED),
    *(of_coalitions.PARTNER_ADDED, of_coalitions.PARTNER_REMOVED, of_coalitions.CONTACT_CHANGED),
)
_OF_A_DRAFT: tuple[type[Model], ...] = (
    *(Attachment, Collaborator, Comment, ConsentQuestion, DraftCopy, Handover, Nudge, Task),
)
_OF_A_COALITION = ((LeadOffer, "lead_offers"), (Participation, "participations"))


def steered(mailboxes: Collection[str], among: QuerySet[Application]) -> QuerySet[AuditEvent, Any]:
    """Return call, application, its lead and address of who of these mailboxes did something in one of these applications."""
    people = User.objects.filter(mailbox__in=mailboxes).order_by().values("pk")
    done = AuditEvent.objects.filter(actor_id__in=people, act__in=[each.name for each in STEERING])
    found = done.annotate(application=_application()).filter(application__in=among.order_by().values("pk"))
    about = Application.objects.filter(pk=OuterRef("application")).order_by("pk")
    told = found.annotate(
        of_call=Subquery(about.values("call_id")[:1]),
        lead=Subquery(about.values("coalition__lead_organisation")[:1]),
        address=Subquery(User.objects.filter(pk=OuterRef("actor_id")).order_by("pk").values("mailbox")[:1]),
    )
    return told.order_by().values_list("of_call", "application", "lead", "address")


def _application() -> Case:
    """Return the application that an event is about; of a coalition the one that there was when it happened."""
    this, that = "applications.application", "coalitions.coalition"
    return Case(
        When(subject_type=this, then=F("subject_id")),
        When(subject_type=that, then=_then(Q(coalition=OuterRef("subject_id")))),
        *(When(subject_type=model._meta.label_lower, then=_application_of(model)) for model in _OF_A_DRAFT),
        *(
            When(
                subject_type=model._meta.label_lower,
                then=_then(Q(**{f"coalition__{way}": OuterRef("subject_id")})),
            )
            for model, way in _OF_A_COALITION
        ),
        output_field=BigIntegerField(),
    )


def _application_of(model: type[Model]) -> Subquery:
    rows = model._default_manager.filter(pk=OuterRef("subject_id")).order_by("pk")
    return Subquery(rows.values("application")[:1])


def _then(which: Q) -> Subquery:
    then = Application.objects.filter(which, created_at__lte=OuterRef("happened_at"))
    return Subquery(then.order_by("-created_at", "-pk").values("pk")[:1])
