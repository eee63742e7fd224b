"""Reads for the public pages (what everybody may know, rules 22 and 23), and of what waits for a person."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from applications.enums import UNDECIDED_STATUSES, ConsentAnswer, LinkPurpose, Status
from applications.models import Application, Consent, OneTimeLink
from applications.queries import owned_by
from applications.queries.signing import unsigned
from calls.models import EmptyForm
from calls.queries import calls_open, public_calls
from coalitions.models import Coalition
from coalitions.queries import spoken_for_by, unproved_beginner
from decisions.totals import granted_in_public
from hubportal.accounts.permissions import Person
from hubportal.kernel.money import ZERO
from organisations.queries import public_organisations_by_region
from regions.models import Region, RegionChange
from regions.queries import all_regions
from website.enums import HubState
from website.models import RegionState


def public_forms() -> QuerySet[EmptyForm]:
    """Return the empty forms of calls that are shown, each once it was made."""
    return EmptyForm.objects.filter(made_at__isnull=False, call__in=public_calls().values("pk"))


def grants() -> QuerySet[Application]:
    """Return the applications with a grant that its coalition was told of: whose letter was sent.

    Grants of a rehearsal call never count.
    """
    return Application.objects.filter(granted_in_public())


def shown_as_received() -> QuerySet[Application]:
    """Return the applications of which everybody may know that they were submitted.

    Where the call says so, from receipt until every letter of their round was sent. What became of them meanwhile,
    a rejection or a withdrawal too, changes nothing (rule 26). Rehearsals never count.
    """
    return Application.objects.filter(
        call__is_rehearsal=False,
        call__shows_applications=True,
        review_round__settled_at=None,
        submitted_at__isnull=False,
    )


def shown_as_forming() -> QuerySet[Coalition]:
    """Return the coalitions that chose to show themselves, without those that only practise."""
    applications = Application.objects.filter(coalition=OuterRef("pk"))
    practises = Exists(applications.filter(call__is_rehearsal=True))
    applies = Exists(applications.filter(call__is_rehearsal=False))
    return Coalition.objects.filter(~practises | applies, is_shown=True)


def computed_states(region_ids: Iterable[int]) -> dict[int, RegionState]:
    """Compute the public state of each of these regions, by primary key, without storing it.

    The one place that says what is public of a region (rules 22, 23 and 26): a grant whose letter was sent; an
    application while its round is undecided, if its call shows that; a coalition that chose to show itself; organisations
    that a kwartiermaker published. Each act that changes what comes out notes it (``RegionChange``).
    """
    states = {each: RegionState(region_id=each) for each in region_ids}
    of_coalition = {"coalition": OuterRef("pk")}
    coalitions = Coalition.objects.filter(region__in=states).annotate(
        step=Case(
            When(Exists(grants().filter(**of_coalition)), then=Value(HubState.GRANTED.value)),
            When(Exists(shown_as_received().filter(**of_coalition)), then=Value(HubState.SUBMITTED.value)),
            When(Exists(shown_as_forming().filter(pk=OuterRef("pk"))), then=Value(HubState.FORMING.value)),
            default=Value(""),
            output_field=CharField(),
        )
    )
    counted = coalitions.exclude(step="").order_by().values("region", "step").annotate(number=Count("pk"))
    for region, step, number in counted.values_list("region", "step", "number"):
        setattr(states[region], step, number)
    for region, _organisation in public_organisations_by_region(states):
        states[region].mapped += 1
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


def outline() -> str:
    """Return the shapes of all regions as one path of SVG."""
    return " ".join(all_regions().values_list("shape", flat=True))


def grants_shown() -> QuerySet[Application]:
    """Return all grants with what ``domain.grants`` shows of them, the latest first."""
    agreed = Consent.objects.filter(answer=ConsentAnswer.GIVEN, participation__is_lead=False)
    agreements = agreed.select_related("participation__organisation__now_as").order_by("pk")
    return (
        grants()
        .select_related("coalition__region", "coalition__lead_organisation__now_as", "decision__letter")
        .select_related("review_round", "call")
        .prefetch_related(Prefetch("consents", agreements, to_attr="agreements"))
        # Not by when it was sent: of a letter that came back nobody may learn that (rule 26).
        .order_by("-decision__letter__released_at", "-pk")
    )


def number_and_sum(found: QuerySet[Application]) -> tuple[int, Decimal]:
    """Return how many of ``grants`` these are, and what they come to in euros."""
    sums = found.order_by().aggregate(number=Count("pk"), total=Sum("decision__amount"))
    return sums["number"], sums["total"] or ZERO


def numbers_of_grants(*, by: str, words: str) -> QuerySet[Application, Any]:
    """Return each ``value`` of a field that grants have, with its ``label`` and the ``number`` of them, by label."""
    named = grants().order_by(words, by).values(value=F(by), label=F(words))
    return named.annotate(number=Count("pk"))


def grants_in(region: Region) -> QuerySet[Application]:
    """Return the grants of a region with what is shown of them, the latest first."""
    return grants_shown().filter(coalition__region=region)


def drafts_of(user: Person, *, at: datetime) -> QuerySet[Application]:
    """Return the drafts that the person's organisations lead and that can still be submitted."""
    return (
        owned_by(user)
        .filter(status=Status.DRAFT, call__in=calls_open(at=at).values("pk"))
        .select_related("coalition__region", "call")
        .annotate(unproved_beginner=unproved_beginner("coalition"))
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
        .select_related("application__coalition", "participation")
        .order_by("expires_at", "pk")
    )
