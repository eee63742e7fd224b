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
    organisations = Organisation.objects.filter(pk__in=members.values("organisation"))
    organisations.filter(mapped_at=None).update(mapped_at=at)
    organisations.exclude(kept_off_map=[]).update(kept_off_map=[])
    active = members.filter(works_in_region=True).values_list("organisation", "coalition__region")
    works_in = Organisation.works_in.through
    works_in._default_manager.bulk_create(
        (works_in(organisation_id=organisation, region_id=region) for organisation, region in active),
        ignore_conflicts=True,
    )
