"""What the event log must say of every application: each move along the table, by whom and when (rule 21)."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Lag

from applications.domain.lifecycle import TRANSITIONS
from applications.enums import Status
from applications.models import Application
from hubportal.audit.models import AuditEvent
from hubportal.kernel.invariants import Violation, each_breaks

_NOTHING = Value("", output_field=TextField())
_BEGINNING = Value(Status.DRAFT.value, output_field=TextField())
# Moves that a person makes; the jobs seal rounds and make letters.
_BY_PEOPLE = [Status.SUBMITTED, Status.ADVISED, Status.WITHDRAWN, Status.DRAFT]


def violations() -> Iterator[Violation]:
    """Yield each impossible move, and each application whose status does not follow from its moves."""
    known = reduce(or_, (Q(start=start, end=end) for start, ends in TRANSITIONS.items() for end in ends))
    moves = _moves()
    yield from each_breaks(21, moves.exclude(known), "is a move that the table of transitions does not know")
    before = Window(Lag("end"), partition_by="subject_id", order_by="pk")
    followed = moves.annotate(before=Coalesce(before, _BEGINNING))
    yield from each_breaks(
        21, followed.exclude(start=F("before")), "is a move that does not go on from the move before it"
    )
    nobody = moves.filter(end__in=_BY_PEOPLE, actor_id=None)
    yield from each_breaks(21, nobody, "is a move by a person, but names nobody")
    yield from _where_they_are()


def _moves() -> QuerySet[Any]:
    of_applications = AuditEvent.objects.filter(
        subject_type=Application._meta.label_lower, facts__has_key="to"
    )
    moves: QuerySet[Any] = of_applications.annotate(
        start=Coalesce(KT("facts__from"), _NOTHING), end=Coalesce(KT("facts__to"), _NOTHING)
    )
    return moves


def _where_they_are() -> Iterator[Violation]:
    own = _moves().filter(subject_id=OuterRef("pk"))
    last = Coalesce(Subquery(own.order_by("-pk").values("end")[:1]), _BEGINNING)
    told = Application.objects.annotate(told=last)
    yield from each_breaks(
        21, told.exclude(told=F("status")), "has a status that the event log does not know"
    )
    submission = own.filter(end=Status.SUBMITTED)
    same_moment = submission.filter(happened_at=OuterRef("submitted_at"))
    other_moment = Application.objects.filter(Exists(submission), ~Exists(same_moment))
    yield from each_breaks(21, other_moment, "was received at another moment than the event log says")
    same_person = submission.filter(actor_id=OuterRef("submitted_by"))
    yield from each_breaks(
        21,
        Application.objects.filter(Exists(submission), ~Exists(same_person)),
        "was submitted by somebody else than the event log says",
    )
