"""Putting the organisations of a coalition on the map."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from coalitions.models import Participation
from organisations.domain.following import begin_anew
from organisations.models import Organisation
from regions.domain.changes import note_changes


def put_members_on_map(coalition_ids: Collection[int], *, at: datetime) -> None:
    """Put who takes part in these coalitions on the map, within the caller's act. Idempotent.

    For coalitions of which everybody may know: a grant was sent to them (rule 26). Public they become by a kwartiermaker
    alone (rule 23).
    """
    members = Participation.objects.filter(coalition__in=coalition_ids)
    unknown = Q(organisation__mapped_at=None)
    lacking = Q(organisation__legal_form="") | Q(organisation__municipality=None)
    places = members.filter(unknown | lacking)
    # In one order, as every act on several: two coalitions that share members never wait for each other.
    organisations = Organisation.objects.filter(pk__in=places.values("organisation")).order_by("pk")
    locked = [each.pk for each in organisations.select_for_update(of=("self",))]
    named = places.filter(organisation__in=locked).select_related("organisation", "stated_municipality")
    for each in named.order_by("-pk"):
        if each.organisation.mapped_at is None:
            _put_on_map(each.organisation, each, at=at)
        else:
            _fill_in(each.organisation, each, at=at)
    active = members.filter(works_in_region=True).values_list("organisation", "coalition__region")
    works_in = Organisation.works_in.through
    works_in._default_manager.bulk_create(
        (works_in(organisation_id=organisation, region_id=region) for organisation, region in active),
        ignore_conflicts=True,
    )


def _put_on_map(organisation: Organisation, place: Participation, *, at: datetime) -> None:
    """Put an organisation on the map as this coalition named it: what others called it before stays with them (rule 26)."""
    # Nor does what a map kept of it, before it was merged into another one there.
    for kept in ("map_entries", "engagements", "ties", "ties_from_others"):
        getattr(organisation, kept).all().delete()
    organisation.works_in.clear()
    organisation.reaches.clear()
    organisation.name, organisation.sort_name = place.stated_name, place.stated_sort_name
    organisation.legal_form = place.stated_legal_form
    if place.stated_municipality is not None:
        organisation.municipality = place.stated_municipality
    begin_anew(organisation)
    organisation.mapped_at = at
    organisation.save(
        update_fields=["name", "sort_name", "legal_form", "municipality", "mapped_at", "now_as"]
    )


def _fill_in(organisation: Organisation, place: Participation, *, at: datetime) -> None:
    """Fill in the form and the seat that the map does not know, as a newer version of it."""
    organisation.legal_form = organisation.legal_form or place.stated_legal_form
    if organisation.municipality_id is None and place.stated_municipality is not None:
        organisation.municipality = place.stated_municipality
        if organisation.published_at is not None:
            note_changes([place.stated_municipality.region_id], at=at)
    organisation.version += 1
    organisation.changed_at, organisation.changed_by = at, None
    organisation.save(update_fields=["legal_form", "municipality", "version", "changed_at", "changed_by"])
