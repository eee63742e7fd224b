"""Reads for the public pages (what everybody may know, rules 22 and 23), and of what waits for a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from applications.enums import RECEIVED_STATUSES, UNDECIDED_STATUSES, LinkPurpose, Status
from applications.models import Application, OneTimeLink
from applications.queries import owned_by, unsigned
from calls.models import Call
from calls.queries import calls_open
from coalitions.models import Coalition
from coalitions.queries import spoken_for_by
from hubportal.accounts.permissions import Person
from regions.models import Region, RegionChange
from website.enums import HubState
from website.models import RegionState


def public_calls() -> QuerySet[Call]:
    """Return the calls that are shown: those for practice only where everything is practice."""
    return Call.objects.all() if settings.DEMO else Call.objects.filter(is_rehearsal=False)


def grants() -> QuerySet[Application]:
    """Return the applications with a grant that its coalition was told of: whose letter was sent.

    Grants of a rehearsal call never count.
    """
    return Application.objects.filter(
        call__is_rehearsal=False, status=Status.GRANTED, decision__letter__sent_at__isnull=False
    )


def received() -> QuerySet[Application]:
    """Return the applications that were ever submitted, rehearsals excluded.

    Rejected ones are included, so that the map does not give rejections away.
    """
    return Application.objects.filter(call__is_rehearsal=False, status__in=RECEIVED_STATUSES)


def computed_states(region_ids: Iterable[int]) -> dict[int, RegionState]:
    """Compute the public state of each of these regions, by primary key, without storing it.

    The one place that says what is public of coalitions. Each act that changes what comes out notes it (``RegionChange``).
    """
    states = {each: RegionState(region_id=each) for each in region_ids}
    of_coalition = {"coalition": OuterRef("pk")}
    coalitions = Coalition.objects.filter(region__in=states).annotate(
        step=Case(
            When(Exists(grants().filter(**of_coalition)), then=Value(HubState.GRANTED.value)),
            When(Exists(received().filter(**of_coalition)), then=Value(HubState.SUBMITTED.value)),
            default=Value(HubState.FORMING.value),
            output_field=CharField(),
        )
    )
    counted = coalitions.order_by().values("region", "step").annotate(number=Count("pk"))
    for region, step, number in counted.values_list("region", "step", "number"):
        setattr(states[region], step, number)
    return states


def with_states(regions: QuerySet[Region]) -> QuerySet[Any]:
    """Return the regions with their stored state, and whether it ``is_stale``."""
    changes = RegionChange.objects.filter(region=OuterRef("pk"))
    return regions.select_related("public_state").annotate(is_stale=Q(Exists(changes)) | Q(public_state=None))


def public_states(regions: Iterable[Any]) -> dict[int, RegionState]:
    """Return the public state of each region of ``with_states``, by primary key.

    Stored states are read; stale ones are computed at once, so that pages are always right.
    """
    stale = [each.pk for each in regions if each.is_stale]
    stored = {each.pk: each.public_state for each in regions if not each.is_stale}
    return stored | computed_states(stale) if stale else stored


def grants_in(region: Region) -> QuerySet[Application]:
    """Return the grants of a region with what is shown of them, the latest first."""
    return (
        grants()
        .filter(coalition__region=region)
        .select_related("coalition__lead_organisation", "decision", "review_round", "call")
        .order_by("-decision__letter__sent_at", "-pk")
    )


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
    received = owned_by(user).filter(status__in=UNDECIDED_STATUSES)
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
