"""Putting the organisations of a coalition on the map."""

from collections.abc import Collection
from datetime import datetime

from coalitions.models import Participation
from organisations.models import Organisation


def put_members_on_map(coalition_ids: Collection[int], *, at: datetime) -> None:
    """Put who takes part in these coalitions on the map, within the caller's act. Idempotent.

    For coalitions of which everybody may know: a grant was sent to them (rule 26). Public they become by a kwartiermaker
    alone (rule 23).
    """
    members = Participation.objects.filter(coalition__in=coalition_ids)
    unknown = members.filter(organisation__mapped_at=None).select_related("organisation")
    for each in unknown.select_for_update(of=("organisation",)).order_by("-pk"):
        _put_on_map(each.organisation, each, at=at)
    active = members.filter(works_in_region=True).values_list("organisation", "coalition__region")
    works_in = Organisation.works_in.through
    works_in._default_manager.bulk_create(
        (works_in(organisation_id=organisation, region_id=region) for organisation, region in active),
        ignore_conflicts=True,
    )


def _put_on_map(organisation: Organisation, place: Participation, *, at: datetime) -> None:
    """Put an organisation on the map as this coalition named it: what others called it before stays with them (rule 26)."""
    organisation.name, organisation.sort_name = place.stated_name, place.stated_sort_name
    organisation.legal_form = place.stated_legal_form
    if place.stated_municipality is not None:
        organisation.municipality = place.stated_municipality
    organisation.mapped_at = at
    organisation.save(update_fields=["name", "sort_name", "legal_form", "municipality", "mapped_at"])
