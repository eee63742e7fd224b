"""Reads for the public pages (what everybody may know, rules 22 and 23), and of what waits for a person."""

from datetime import datetime

from django.conf import settings
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When

from applications.enums import RECEIVED_STATUSES, LinkPurpose, Status
from applications.models import Application, OneTimeLink
from applications.queries import owned_by, unsigned
from calls.models import Call
from calls.queries import calls_open
from coalitions.models import Coalition
from coalitions.queries import spoken_for_by
from hubportal.accounts.permissions import Person
from regions.models import Region
from website.enums import HubState


def public_calls() -> QuerySet[Call]:
    """Return the calls that are shown: those for practice only where everything is practice."""
    return Call.objects.all() if settings.DEMO else Call.objects.filter(is_rehearsal=False)


def grants() -> QuerySet[Application]:
    """Return the applications with a grant that its coalition was told of: whose letter was sent.

    What is granted for practice is no grant, and so never counts.
    """
    return Application.objects.filter(
        call__is_rehearsal=False, status=Status.GRANTED, decision__letter__sent_at__isnull=False
    )


def received() -> QuerySet[Application]:
    """Return the applications that were submitted, not for practice, whatever became of them.

    One that was rejected stays among them, so that nobody can tell from the map that it was.
    """
    return Application.objects.filter(call__is_rehearsal=False, status__in=RECEIVED_STATUSES)


def hub_states() -> dict[int, HubState]:
    """Return how far each region is, by its primary key."""
    of_region = {"coalition__region": OuterRef("pk")}
    regions = Region.objects.annotate(
        hub_state=Case(
            When(Exists(grants().filter(**of_region)), then=Value(HubState.GRANTED.value)),
            When(Exists(received().filter(**of_region)), then=Value(HubState.SUBMITTED.value)),
            When(Exists(Coalition.objects.filter(region=OuterRef("pk"))), then=Value(HubState.FORMING.value)),
            default=Value(HubState.NOTHING.value),
            output_field=CharField(),
        )
    )
    return {pk: HubState(state) for pk, state in regions.order_by().values_list("pk", "hub_state")}


def grants_in(region: Region) -> QuerySet[Application]:
    """Return the grants of a region with what is shown of them, the latest first."""
    return (
        grants()
        .filter(coalition__region=region)
        .select_related("coalition__lead_organisation", "decision", "review_round", "call")
        .order_by("-decision__letter__sent_at", "-pk")
    )


def coalition_counts(region: Region) -> dict[HubState, int]:
    """Return how many coalitions of a region are at each step, each counted at its furthest."""
    coalitions = Coalition.objects.filter(region=region)
    granted = grants().filter(coalition=OuterRef("pk"))
    submitted = received().filter(coalition=OuterRef("pk"))
    counts = {
        HubState.GRANTED: coalitions.filter(Exists(granted)).count(),
        HubState.SUBMITTED: coalitions.filter(Exists(submitted), ~Exists(granted)).count(),
        HubState.FORMING: coalitions.exclude(Exists(submitted)).exclude(Exists(granted)).count(),
    }
    return {state: number for state, number in counts.items() if number}


def drafts_of(user: Person, *, at: datetime) -> QuerySet[Application]:
    """Return the drafts that the person's organisations lead and that can still be submitted."""
    return (
        owned_by(user)
        .filter(status=Status.DRAFT, call__in=calls_open(at=at).values("pk"))
        .select_related("coalition__region", "call")
        .prefetch_related("call__rounds")
        .order_by("-changed_at", "-pk")
    )


def unsigned_of(user: Person) -> QuerySet[Application]:
    """Return the applications whose declaration still misses a signature, the oldest first."""
    received = owned_by(user).filter(status__in=[Status.SUBMITTED, Status.SEALED])
    return unsigned(received).select_related("coalition", "call").order_by("submitted_at", "pk")


def consents_asked_of(user: Person, *, at: datetime) -> QuerySet[OneTimeLink]:
    """Return the requests for consent that an organisation of the person has not answered yet."""
    return (
        OneTimeLink.objects.filter(
            purpose=LinkPurpose.CONSENT,
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=at,
            application__status=Status.DRAFT,
            participation__is_lead=False,
            participation__in=spoken_for_by(user).values("pk"),
        )
        .select_related("application__coalition", "participation__organisation")
        .order_by("expires_at", "pk")
    )
