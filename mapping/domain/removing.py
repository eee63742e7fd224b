"""Taking an organisation off the map of a region, putting it back, and emptying the bin."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hubportal.accounts.models import User
from hubportal.audit.domain.events import record
from hubportal.kernel.errors import RuleViolation
from mapping.domain.leftovers import is_referred_to, take_off_every_map
from mapping.domain.publishing import set_public
from mapping.domain.question_versions import note_involvement
from mapping.domain.refusals import remember_last_word
from mapping.events import BIN_EMPTIED, PUT_BACK, REMOVED_FROM_MAP
from mapping.history_queries import is_changed_by_others
from mapping.models import MapEntry
from mapping.permissions import may_edit, may_map
from mapping.queries import bins_to_empty, engagements_of, entry_of
from organisations.domain.following import leave_behind
from organisations.models import Organisation
from organisations.queries import organisations_in, regions_of_organisation
from regions.domain.changes import note_changes
from regions.models import Region


@transaction.atomic(durable=True)
def remove_from_map(
    *,
    organisation_id: int,
    region: Region,
    unchanged_since: datetime | None = None,
    actor: User,
    at: datetime,
) -> Organisation:
    """Take an organisation off the map of a region, with its talk and its part in questions there. Idempotent.

    Other maps keep it; off the last one it is public no more (rule 23). All of it can be put back for ``KEPT_IN_BIN``
    (rule 30). Raises ``NotAllowed``, ``DoesNotExist`` for who is not on the map, and ``RuleViolation`` for what others
    changed since ``unchanged_since``, when the actor put it there.
    """
    may_map.check(actor, region)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    entry = entry_of(organisation, region)
    if entry.removed_at is not None:
        return organisation
    may_edit.check(actor, organisation)
    organisations_in(region).get(pk=organisation.pk)
    if unchanged_since and is_changed_by_others(organisation, region, but=actor, since=unchanged_since):
        raise RuleViolation(
            _(
                "Somebody else changed it since you put it on the map, so it stays there. You can still take it off on its"
                " own page."
            )
        )
    if organisation.published_at is not None and _is_last_map(organisation, region):
        set_public(organisation, is_public=False, actor=actor, at=at)
        entry.was_public = True
    elif organisation.published_at is not None:
        note_changes({region.pk}, at=at)
    entry.removed_at, entry.removed_by = at, actor
    entry.save()
    note_involvement(organisation, [region.pk], region, actor=actor, at=at)
    record(REMOVED_FROM_MAP, subject=organisation, actor=actor, at=at, facts={"region": region.pk})
    return organisation


def _is_last_map(organisation: Organisation, region: Region) -> bool:
    return not regions_of_organisation(organisation).exclude(pk=region.pk).exists()


@transaction.atomic(durable=True)
def put_back(
    *, organisation_id: int, region: Region, removed_by: User | None = None, actor: User, at: datetime
) -> Organisation:
    """Put an organisation back on the map of a region with all that was kept of it there. Idempotent.

    It is public again if it was, and nobody changed it since. Raises ``NotAllowed``, and ``RuleViolation`` for what is
    no longer kept, or was taken off by another person than ``removed_by``.
    """
    may_map.check(actor, region)
    organisation = Organisation.objects.select_for_update().get(pk=organisation_id)
    entry = MapEntry.objects.filter(organisation=organisation, region=region).first()
    if entry is None or entry.emptied_at is not None or entry.removed_at is None:
        if organisations_in(region).filter(pk=organisation.pk).exists():
            return organisation
        raise RuleViolation(_("It is no longer in the bin. Put the organisation on the map anew."))
    if removed_by and entry.removed_by != removed_by:
        raise RuleViolation(
            _("Somebody else took it off the map since. You can still put it back from the bin.")
        )
    is_as_it_was = entry.was_public and organisation.changed_at == entry.removed_at
    entry.removed_at = entry.removed_by = None
    entry.was_public = False
    entry.save()
    note_involvement(organisation, [region.pk], region, actor=actor, at=at)
    if organisation.published_at is not None:
        note_changes({region.pk}, at=at)
    elif is_as_it_was:
        set_public(organisation, is_public=True, actor=actor, at=at)
    record(PUT_BACK, subject=organisation, actor=actor, at=at, facts={"region": region.pk})
    return organisation


@transaction.atomic(durable=True)
def empty_bin(*, entry_id: int, at: datetime) -> bool:
    """Forget what a region kept of an organisation that was taken off its map long ago; ``False`` if it was put back. Idempotent.

    Off every map, the organisation itself goes too, unless a coalition, a representative or a position refers to it: that
    never disappears, and no kwartiermaker hears of it (rule 26).
    """
    entries = MapEntry.objects.filter(pk=entry_id)
    organisation = (
        Organisation.objects.select_for_update().filter(pk__in=entries.values("organisation")).first()
    )
    # Asked after it is locked: who put it back a moment ago is seen.
    entry = bins_to_empty(at=at).filter(pk=entry_id).select_related("region").first()
    if organisation is None or entry is None:
        return False
    engagements_of(organisation, entry.region).delete()
    organisation.works_in.remove(entry.region)
    record(BIN_EMPTIED, subject=organisation, actor=None, at=at, facts={"region": entry.region_id})
    in_bins = MapEntry.objects.filter(organisation=organisation, removed_at__isnull=False, emptied_at=None)
    if regions_of_organisation(organisation).exists() or in_bins.exclude(pk=entry.pk).exists():
        _forget(entry, organisation, at=at)
    else:
        _leave_every_map(organisation)
    return True


def _forget(entry: MapEntry, organisation: Organisation, *, at: datetime) -> None:
    seat = organisation.municipality
    if seat is None or seat.region_id != entry.region_id:
        entry.delete()
        return
    # The seat alone would bring it back on the map.
    entry.talk = entry.notes = ""
    entry.next_on = entry.removed_by = entry.changed_by = entry.added_with = None
    entry.was_public, entry.emptied_at = False, at
    entry.save()


def _leave_every_map(organisation: Organisation) -> None:
    remember_last_word(organisation)
    leave_behind(organisation)
    if not is_referred_to(organisation):
        organisation.delete()
        return
    take_off_every_map(organisation)
    organisation.map_entries.all().delete()
