"""Reads of regions: finding them by what a person types."""

import re
from typing import Any

from django.db.models import F, Func, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Lower

from regions.models import Municipality, PostcodeRange, Region
from regions.names import sort_name, squeezed

_POSTCODE = re.compile(r"\s*(\d{4})\s*(?:[A-Za-z]{2})?\s*")
# Of one letter alone, half of the names contain it.
MIN_SEARCH_LENGTH = 2


def regions_matching(typed: str) -> QuerySet[Region]:
    """Return the regions that a postcode, a municipality or a region's name points to.

    Each says by which municipalities it was found (``matching_municipalities``). A postcode at an edge points to
    more than one region; the person chooses.
    """
    matching = Prefetch("municipalities", _municipalities_matching(typed), "matching_municipalities")
    regions = Region.objects.prefetch_related(matching)
    if (ranges := _postcode_ranges(typed)) is not None:
        return regions.filter(municipalities__postcode_ranges__in=ranges).distinct()
    wanted = sort_name(typed)
    if len(wanted) < MIN_SEARCH_LENGTH:
        return regions.none()
    called = _is_called(typed, wanted)
    municipalities = _squeezed(Municipality.objects.all()).filter(called).values("pk")
    found = _squeezed(Region.objects.order_by()).filter(called).values("pk")
    return regions.filter(Q(pk__in=found) | Q(municipalities__in=municipalities)).distinct()


def _municipalities_matching(typed: str) -> QuerySet[Municipality]:
    if (ranges := _postcode_ranges(typed)) is not None:
        return Municipality.objects.filter(postcode_ranges__in=ranges).distinct()
    wanted = sort_name(typed)
    if len(wanted) < MIN_SEARCH_LENGTH:
        return Municipality.objects.none()
    return _squeezed(Municipality.objects.all()).filter(_is_called(typed, wanted))


def _is_called(typed: str, wanted: str) -> Q:
    """Return that a part of the name is this, or that it begins so, with hyphen, space or neither."""
    joined = squeezed(typed)
    # Of one word, an article may have been written to what follows: "shertogenbosch".
    return (
        Q(sort_name__contains=wanted)
        | Q(squeezed__startswith=joined)
        | Q(squeezed_in_full__startswith=joined)
    )


def _squeezed(rows: QuerySet[Any]) -> QuerySet[Any]:
    def without(name: Any) -> Func:
        return Func(name, Value(r"[\s/'-]+"), Value(""), Value("g"), function="regexp_replace")

    annotated: QuerySet[Any] = rows.annotate(
        squeezed=without(F("sort_name")), squeezed_in_full=without(Lower("name"))
    )
    return annotated


def _postcode_ranges(typed: str) -> QuerySet[PostcodeRange] | None:
    """Return the ranges of a postcode; ``None`` for an invalid postcode."""
    digits = _POSTCODE.fullmatch(typed)
    if not digits:
        return None
    return PostcodeRange.objects.filter(first__lte=int(digits[1]), last__gte=int(digits[1]))


def all_regions() -> QuerySet[Region]:
    """Return every region, by name."""
    return Region.objects.order_by("sort_name")
