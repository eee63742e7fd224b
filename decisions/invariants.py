"""What must be true of decisions and letters (rules 18 to 20)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import F, Func, OuterRef, Q, Subquery, Sum, TextField, Value
from django.db.models.functions import Coalesce

from applications.enums import Status
from applications.models import Application
from calls.models import Call, ReviewRound
from decisions.domain.composing import deadline_for
from decisions.models import Decision, DecisionLetter
from hubportal.kernel.clock import local_date
from hubportal.kernel.invariants import Violation
from hubportal.kernel.money import ZERO


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_decisions(), _ceilings(), _letters(), _terms())


def _decisions() -> Iterator[Violation]:
    strangers = Decision.objects.exclude(
        seal__application=F("application"), advice__application=F("application")
    )
    for each in strangers:
        yield Violation(
            18, "decisions.Decision", each.pk, "rests on the seal or the advice of another application"
        )


def _ceilings() -> Iterator[Violation]:
    for model, path in ((Call, "application__call"), (ReviewRound, "application__review_round")):
        granted = Decision.objects.filter(**{path: OuterRef("pk")}).order_by().values(path)
        total = Coalesce(Subquery(granted.annotate(total=Sum("amount")).values("total")), ZERO)
        for each in model._default_manager.annotate(total=total).exclude(total=F("granted_total")):
            yield Violation(
                18, f"calls.{model.__name__}", each.pk, "its granted total is not the sum of its decisions"
            )


def _letters() -> Iterator[Violation]:
    digest = Func(
        Func(F("content"), function="sha256"), Value("hex"), function="encode", output_field=TextField()
    )
    for each in (
        DecisionLetter.objects.annotate(actual=digest).exclude(actual=F("content_sha256")).defer("content")
    ):
        yield Violation(19, "decisions.DecisionLetter", each.pk, "its words do not match their SHA-256")
    for each in DecisionLetter.objects.exclude(recorded_by=F("decision__recorded_by")):
        yield Violation(19, "decisions.DecisionLetter", each.pk, "names another recorder than its decision")
    for each in DecisionLetter.objects.filter(mail__isnull=False).exclude(
        Q(sent_at=None) | Q(sent_at=F("mail__sent_at"))
    ):
        yield Violation(
            19, "decisions.DecisionLetter", each.pk, "its moment of sending is not that of its mail"
        )
    told = Application.objects.filter(status__in=[Status.GRANTED, Status.REJECTED])
    for application in told.exclude(decision__letter__document__isnull=False, decision__outcome=F("status")):
        yield Violation(19, "applications.Application", application.pk, "its status was not told by a letter")


def _terms() -> Iterator[Violation]:
    letters = DecisionLetter.objects.filter(document__isnull=False).select_related(
        "decision__application__call"
    )
    for each in letters.defer("content").iterator():
        sent_on = local_date(each.sent_at) if each.sent_at else each.dated_on
        if sent_on and each.objection_deadline_on != deadline_for(each.decision, sent_on=sent_on):
            yield Violation(
                20, "decisions.DecisionLetter", each.pk, "its last day to object is not computed from sending"
            )
