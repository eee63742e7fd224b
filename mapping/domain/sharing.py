"""Putting an organisation that is on another map on one's own: its facts are shared, the talk is of each region."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from mapping.domain.question_versions import note_involvement
from mapping.domain.rows import MapFacts, is_same, save_shared, write_entry, write_reaches
from mapping.events import ORGANISATION_CHANGED, TAKEN_TO_MAP
from mapping.models import MapEntry
from mapping.permissions import may_map, may_take
from mapping.queries import entry_of
from organisations.domain.organisations import OrganisationFacts
from organisations.models import Organisation
from organisations.queries import organisations_in
from regions.domain.changes import note_changes
from regions.models import Region

# What is not filled in on the way: the name is the organisation's own, number and seat say which one it is and whose.
_NOT_FILLED_IN = frozenset({"name", "kvk_number", "municipality"})
_NOTHING_MORE = MapFacts()


@dataclass(frozen=True)
class Taken:
    """An organisation that is on one more map, with the names of the fields where it says something else than was typed.

    ``was_here``: it was on that map before.
    """

    organisation: Organisation
    differing: list[str]
    was_here: bool = False


@transaction.atomic(durable=True)
def take_to_map(
    *,
    organisation_id: int,
    region: Region,
    facts: OrganisationFacts | None = None,
    more: MapFacts = _NOTHING_MORE,
    actor: User,
    at: datetime,
) -> Taken:
    """Put an organisation on the map of one more region. Idempotent.

    It may be published, or on another map of the actor: of what else is known they do not hear (rule 26). What was typed
    before it was recognised fills in what was not known yet, and overwrites nothing (rule 12). Raises ``NotAllowed``.
    """
    may_map.check(actor, region)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    may_take.check(actor, organisation)
    was_here = organisations_in(region).filter(pk=organisation.pk).exists()
    if not was_here:
        _put_on_map(organisation, region, actor=actor, at=at)
    entry = entry_of(organisation, region)
    filled, differing = _fill_in(organisation, entry, facts, more, actor=actor, at=at)
    if filled:
        facts_of_change = {"fields": filled, "region": region.pk}
        record(ORGANISATION_CHANGED, subject=organisation, actor=actor, at=at, facts=facts_of_change)
    return Taken(organisation, differing, was_here)


def _put_on_map(organisation: Organisation, region: Region, *, actor: User, at: datetime) -> None:
    organisation.works_in.add(region)
    entry = entry_of(organisation, region)
    # What is in the bin comes back with its talk and its questions.
    entry.removed_at = entry.removed_by = entry.emptied_at = None
    entry.was_public = False
    entry.save()
    note_involvement(organisation, [region.pk], region, actor=actor, at=at)
    if organisation.published_at is not None:
        note_changes({region.pk}, at=at)
    record(TAKEN_TO_MAP, subject=organisation, actor=actor, at=at, facts={"region": region.pk})


def _fill_in(
    organisation: Organisation,
    entry: MapEntry,
    facts: OrganisationFacts | None,
    more: MapFacts,
    *,
    actor: User,
    at: datetime,
) -> tuple[list[str], list[str]]:
    """Return the names of the fields that were filled in, and of those that say something else."""
    typed = {name: value for name, value in vars(facts).items() if value} if facts else {}
    talk = {name: value for name in ("talk", "next_on", "notes") if (value := getattr(more, name))}
    empty = {
        name: value
        for name, value in typed.items()
        if name not in _NOT_FILLED_IN and not getattr(organisation, name)
    }
    for name, value in empty.items():
        setattr(organisation, name, value)
    filled = list(empty)
    if more.reaches and not organisation.reaches.exists():
        filled += write_reaches(organisation, more.reaches)
    if filled:
        save_shared(organisation, actor=actor, at=at)
    filled += write_entry(
        entry, {name: value for name, value in talk.items() if not getattr(entry, name)}, actor=actor, at=at
    )
    kept = {name: getattr(organisation, name) for name in typed} | {
        name: getattr(entry, name) for name in talk
    }
    differing = [name for name, value in (typed | talk).items() if not is_same(value, kept[name])]
    if more.reaches and set(organisation.reaches.all()) != more.reaches:
        differing.append("reaches")
    return filled, differing
