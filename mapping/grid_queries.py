"""Reads of the grid: the rows of a region's map, searched and in order."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
)

from hubportal.accounts.permissions import Person
from mapping.agreement_queries import answers_first
from mapping.models import MapEntry
from mapping.ties import joins_worlds
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.models import Region
from regions.names import sort_name

# By what the rows of a map can be ordered.
ORDERS: dict[str, list[Any]] = {
    "naam": [],
    "soort": [F("kind__position").asc(nulls_last=True)],
    "rol": ["role"],
    "bereik": ["reach"],
    "gesprek": [F("entry__talk").asc(nulls_last=True)],
    "datum": [F("entry__next_on").asc(nulls_last=True)],
    "openbaar": [F("published_at").desc(nulls_last=True)],
}


def rows_of_map(
    region: Region, *, typed: str, order: str, user: Person | None = None
) -> QuerySet[Organisation, Any]:
    """Return of each organisation of a region by what it is filtered, in order.

    ``typed`` is searched in names, places and notes; ``order`` is one of ``ORDERS``, with a minus before it for the other way.
    For a ``user`` also whether it has a tie across worlds of which they may know.
    """
    listed = organisations_in(region).annotate(
        entry=_entry_of(region),
        is_tied_across=ExpressionWrapper(joins_worlds(user), BooleanField()) if user else Value(value=False),
    )
    if typed:
        listed = listed.filter(_holding(typed))
    reached = Organisation.reaches.through._default_manager.filter(organisation=OuterRef("pk"))
    rows: QuerySet[Organisation, Any] = (
        listed.order_by(*_ordering(order), "sort_name", "map_key")
        .values(
            *("pk", "streams", "reach", "role", "domains", "website", "public_contact", "published_at"),
            "is_tied_across",
        )
        .annotate(
            kind_code=F("kind__code"),
            talk=F("entry__talk"),
            seat=F("municipality__code"),
            reached=ArraySubquery(reached.order_by("pk").values("municipality__code")),
        )
    )
    return rows


def _ordering(order: str) -> list[Any]:
    fields = ORDERS.get(order.removeprefix("-"), [])
    if not order.startswith("-"):
        return list(fields)
    turned = [F(each).asc() if isinstance(each, str) else each.copy() for each in fields or ["sort_name"]]
    for each in turned:
        each.reverse_ordering()
        # What is not known stays last, whichever way.
        each.nulls_first, each.nulls_last = None, each.nulls_last or each.nulls_first
    return turned


def _holding(typed: str) -> Q:
    found = (
        Q(name__icontains=typed)
        | Q(other_names__icontains=typed)
        | Q(neighbourhood__icontains=typed)
        | Q(entry__notes__icontains=typed)
    )
    if plain := sort_name(typed):
        reached = Organisation.reaches.through._default_manager.filter(
            organisation=OuterRef("pk"), municipality__sort_name__contains=plain
        )
        seated = Q(municipality__sort_name__contains=plain)
        found |= Q(sort_name__contains=plain) | Exists(reached) | seated
    return found | Q(kvk_number=typed)


def rows_with_all(keys: Sequence[int], region: Region) -> QuerySet[Organisation]:
    """Return the organisations with these keys, with all that their rows on the map of a region show."""
    found = Organisation.objects.filter(pk__in=keys).annotate(entry=_entry_of(region))
    # A relation that is filtered is no field of the model: the checker of types knows none.
    whole = found.select_related("kind", "municipality", "entry")  # type: ignore[misc]
    return whole.prefetch_related("reaches", Prefetch("publishing_requests", answers_first()))


def _entry_of(region: Region) -> FilteredRelation:
    return FilteredRelation("map_entries", condition=Q(map_entries__region=region))


def entry_in(organisation: Organisation, region: Region) -> MapEntry:
    """Return what the region keeps of an organisation that was read for it with ``rows_with_all``."""
    kept: MapEntry | None = getattr(organisation, "entry", None)
    return kept or MapEntry(organisation=organisation, region=region)
