"""Reads of what was done with an organisation on the map, as far as one region may know."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from hubportal.accounts.models import User
from hubportal.audit.models import AuditEvent
from mapping import events
from mapping.models import MapEntry, ParticipationQuestion
from mapping.queries import kwartiermakers_of
from organisations.models import Organisation
from regions.models import Region

# What one region keeps by itself.
OF_REGION = ("talk", "next_on", "notes")
_PUBLIC = "public"
# What changes for all regions, whichever of them it came from.
_FOR_ALL = [
    events.ORGANISATION_PUBLISHED.name,
    events.ORGANISATION_UNPUBLISHED.name,
    events.PUBLISHED_AS_AGREED.name,
    events.DECLINED.name,
    events.AGREEMENT_WITHDRAWN.name,
    events.TIED.name,
    events.UNTIED.name,
]
_OF_ONE = [
    events.TAKEN_TO_MAP.name,
    events.REMOVED_FROM_MAP.name,
    events.PUT_BACK.name,
    events.BIN_EMPTIED.name,
    events.MERGED.name,
    events.UNMERGED.name,
    events.AGREEMENT_ASKED.name,
    events.AGREEMENT_TAKEN_BACK.name,
    events.AGREEMENT_REMINDED.name,
    events.AGREED.name,
    events.CORRECTION_ASKED.name,
    events.CORRECTION_ANSWERED.name,
]


def history_of(organisation: Organisation, region: Region) -> QuerySet[AuditEvent]:
    """Return what was done with an organisation, the latest first: what all regions share, and what this one did.

    Talks and questions of other regions are theirs, and so is what the portal knew of a row before it came on the map: whoever
    maps it does not hear that it did (rule 26).
    """
    changed = Q(act=events.ORGANISATION_CHANGED.name) & (
        Q(facts__region=region.pk) | ~Q(facts__fields__contained_by=list(OF_REGION))
    )
    told = changed | Q(act__in=_FOR_ALL) | Q(act__in=_OF_ONE, facts__region=region.pk)
    return _done_with_it(organisation).filter(told).order_by("-pk")


def _done_with_it(organisation: Organisation) -> QuerySet[AuditEvent]:
    """Return what was done with an organisation since it came on the map, under whichever numbers."""
    done, key, until = Q(pk__in=()), organisation.pk, None
    while True:
        of_row = Q(subject_type=Organisation._meta.label_lower, subject_id=key)
        if until is not None:
            of_row &= Q(pk__lt=until)
        came = AuditEvent.objects.filter(of_row, act=events.CAME_ON_MAP.name).order_by("-pk").first()
        done |= of_row & Q(pk__gt=came.pk) if came else of_row
        if came is None or "organisation" not in came.facts:
            return AuditEvent.objects.filter(done)
        key, until = came.facts["organisation"], came.pk


def fields_changed(organisation: Organisation, *, by: User, at: datetime) -> set[str]:
    """Return the fields of an organisation that somebody changed by an act of this moment; ``public`` if it was published or hidden."""
    acts = {events.ORGANISATION_PUBLISHED.name, events.ORGANISATION_UNPUBLISHED.name}
    told = AuditEvent.objects.filter(
        subject_type=Organisation._meta.label_lower,
        subject_id=organisation.pk,
        act__in=[*acts, events.ORGANISATION_CHANGED.name],
        actor_id=by.pk,
        happened_at=at,
    )
    names: set[str] = set()
    for act, facts in told.order_by("pk").values_list("act", "facts"):
        names |= {_PUBLIC} if act in acts else set(facts.get("fields", []))
    return names


def who_changed(organisation: Organisation, region: Region, names: Iterable[str], *, but: User) -> str:
    """Return the name of who changed one of these fields last, of those who map the region or did so; nothing for others."""
    fields = Q(pk__in=())
    for name in names:
        fields |= Q(facts__fields__contains=[name])
    last = history_of(organisation, region).filter(fields).exclude(actor_id=but.pk).first()
    return people_of_region(region).get(last.actor_id or 0, "") if last else ""


def is_changed_by_others(organisation: Organisation, region: Region, *, but: User, since: datetime) -> bool:
    """Tell whether somebody else changed an organisation after a moment, or a question of this region in which it is involved."""
    told = history_of(organisation, region).filter(happened_at__gt=since).exclude(actor_id=but.pk)
    asked = ParticipationQuestion.objects.filter(region=region, engagements__organisation=organisation)
    return told.exists() or asked.filter(changed_at__gt=since).exclude(changed_by=but).exists()


def people_of_region(region: Region) -> dict[int, str]:
    """Return the names, by key, of who maps a region or did so before: no others are named to each other."""
    assigned = AuditEvent.objects.filter(
        subject_type=Region._meta.label_lower, subject_id=region.pk, act=events.REGION_ASSIGNED.name
    )
    before = [each["user"] for each in assigned.values_list("facts", flat=True) if "user" in each]
    known = {each.pk for each in kwartiermakers_of(region)} | set(before)
    return dict(User.objects.filter(pk__in=known).values_list("pk", "full_name"))


def labels_of_fields() -> dict[str, str]:
    """Return what each field of a row of the map is called."""
    fields = [*MapEntry._meta.fields, *Organisation._meta.get_fields()]
    return {
        each.name: str(each.verbose_name)
        for each in fields
        if hasattr(each, "verbose_name") and getattr(each, "editable", False)
    }
