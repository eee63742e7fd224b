"""Reads of the map: the regions of a kwartiermaker, and what is known in them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)

from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.accounts.permissions import KWARTIERMAKERS, Person, takes_part_now
from hubportal.accounts.queries import active_in_role
from mapping.enums import KEPT_IN_BIN
from mapping.models import Engagement, MapEntry, Merge, ParticipationQuestion
from organisations.models import Organisation, Recommendation, Representative
from organisations.queries import (
    accounts_naming,
    claims,
    organisations_in,
    organisations_of,
    organisations_on_map,
    regions_of_organisation,
    with_people,
)
from regions.models import Region
from regions.names import sort_name


def regions_of(user: Person) -> QuerySet[Region]:
    """Return the regions that a kwartiermaker maps; none for anybody else."""
    if not KWARTIERMAKERS.includes(user):
        return Region.objects.none()
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def organisations_mapped_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may see and edit: those on the map of the assigned regions."""
    regions = regions_of(user).order_by().values("pk")
    off = MapEntry.objects.filter(removed_at__isnull=False)
    seated = Organisation.objects.order_by().filter(
        ~Exists(off.filter(organisation=OuterRef("pk"), region=OuterRef("municipality__region"))),
        municipality__region__in=regions,
    )
    active = Organisation.works_in.through._default_manager.filter(
        ~Exists(off.filter(organisation=OuterRef("organisation"), region=OuterRef("region"))),
        region__in=regions,
    )
    return organisations_on_map().filter(
        Q(pk__in=seated.values("pk")) | Q(pk__in=active.values("organisation"))
    )


def organisations_to_take(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may put on one more map: those of their own maps, and what is public (rule 26)."""
    return Organisation.objects.filter(is_to_take(user))


def is_to_take(user: Person, *, end: str = "") -> Q:
    """Return the condition that a kwartiermaker may put an organisation on one more map.

    ``end`` names the foreign key by which a row of another kind, such as a tie, leads to the organisation. It is compared with
    sets that the database makes once each. Joined to the organisations instead, at either end, every row was at times looked
    at beside every other: where a table grew since its statistics were made, the database takes it for empty.
    """
    if not KWARTIERMAKERS.includes(user):
        return Q(pk__in=())
    mine = organisations_mapped_by(user).order_by().values("pk")
    binned = _in_bins().filter(region__in=regions_of(user).order_by().values("pk")).values("organisation")
    public = Organisation.objects.order_by().filter(published_at__isnull=False)
    mapped = Organisation.objects.order_by().filter(mapped_at__isnull=False)
    if end:
        known = Q((f"{end}__in", public.values("pk")))
        put_back = Q((f"{end}__in", mapped.filter(pk__in=binned).values("pk")))
        return known | Q((f"{end}__in", mine)) | put_back
    return Q(published_at__isnull=False) | Q(pk__in=mine) | Q(pk__in=binned, mapped_at__isnull=False)


def _in_bins() -> QuerySet[MapEntry]:
    return MapEntry.objects.filter(removed_at__isnull=False, emptied_at=None)


def bin_of(region: Region) -> QuerySet[MapEntry]:
    """Return what was taken off the map of a region and can be put back, the latest first."""
    binned = _in_bins().filter(region=region, organisation__mapped_at__isnull=False)
    binned = binned.select_related("organisation__municipality", "removed_by")
    return binned.order_by("-removed_at", "-pk")


def on_map_or_in_bin(region: Region) -> QuerySet[Organisation]:
    """Return the organisations on the map of a region, and those that can be put back on it."""
    here, binned = organisations_in(region).order_by().values("pk"), bin_of(region).order_by()
    return Organisation.objects.filter(Q(pk__in=here) | Q(pk__in=binned.values("organisation")))


def bins_to_empty(*, at: datetime) -> QuerySet[MapEntry]:
    """Return what was taken off a map too long ago to be put back, the longest ago first."""
    return _in_bins().filter(removed_at__lt=at - KEPT_IN_BIN).order_by("removed_at", "pk")


def others_called(typed: str, organisation: Organisation, region: Region) -> QuerySet[Organisation]:
    """Return the other organisations of a region with what was typed in one of their names."""
    named = (
        Q(name__icontains=typed) | Q(other_names__icontains=typed) | Q(sort_name__contains=sort_name(typed))
    )
    others = organisations_in(region).filter(named).exclude(pk=organisation.pk)
    return others.select_related("municipality").order_by("sort_name", "map_key")


def merges_of(organisation: Organisation, region: Region) -> QuerySet[Merge]:
    """Return what was merged into an organisation on the map of a region, and can be undone there, the latest first.

    Other regions do not hear what stood on that map (rule 26).
    """
    merged = Merge.objects.filter(kept=organisation, region=region).select_related("gone", "merged_by")
    return merged.order_by("-merged_at", "-pk")


def merges_to_forget(*, at: datetime) -> QuerySet[Merge]:
    """Return the merges that can no longer be undone, the longest ago first."""
    return Merge.objects.filter(merged_at__lt=at - KEPT_IN_BIN).order_by("merged_at", "pk")


def engagements_on_map() -> QuerySet[Engagement]:
    """Return who is involved in which question, but what went off the map: that comes back with it."""
    off = MapEntry.objects.filter(
        organisation=OuterRef("organisation"), region=OuterRef("question__region"), removed_at__isnull=False
    )
    return Engagement.objects.filter(~Exists(off), organisation__mapped_at__isnull=False)


def engagements_of(organisation: Organisation, region: Region) -> QuerySet[Engagement]:
    """Return in which questions of a region an organisation is involved, with the questions."""
    involved = Engagement.objects.filter(organisation=organisation, question__region=region)
    return involved.select_related("question").order_by("question__title", "pk")


def known_to(user: Person, kvk_numbers: Collection[str]) -> QuerySet[Organisation]:
    """Return what has one of these numbers on a map of which a kwartiermaker may know: of the assigned regions, with their bins, or public."""
    known = Q(pk__in=organisations_to_take(user).values("pk")) | Q(published_at__isnull=False)
    return Organisation.objects.filter(known, kvk_number__in=kvk_numbers)


def is_on_map_of(region: Region, kvk_number: str, *, but: Organisation) -> bool:
    """Tell whether a number is on the map of a region, in its bin, or apart for it, with another organisation than this one."""
    here = Q(pk__in=on_map_or_in_bin(region).order_by().values("pk")) | Q(apart_in=region)
    return Organisation.objects.filter(here, kvk_number=kvk_number).exclude(pk=but.pk).exists()


def elsewhere_than(region: Region, keys: Collection[int]) -> QuerySet[Organisation]:
    """Return which of these organisations another region has on its map, in its bin, or seated there."""
    elsewhere = Region.objects.exclude(pk=region.pk).order_by().values("pk")
    there = (
        Q(works_in__in=elsewhere)
        | Q(map_entries__region__in=elsewhere)
        | Q(municipality__region__in=elsewhere)
    )
    return Organisation.objects.filter(there, pk__in=keys).order_by().distinct()


def engaged_in(region: Region, keys: Collection[int]) -> QuerySet[Organisation]:
    """Return which of these organisations are involved in a question of a region."""
    return (
        Organisation.objects.filter(pk__in=keys, engagements__question__region=region).order_by().distinct()
    )


def regions_mapped_with(organisation: Organisation, user: Person) -> QuerySet[Region]:
    """Return the regions of a kwartiermaker on whose map an organisation is."""
    return regions_of(user).filter(pk__in=regions_of_organisation(organisation)).order_by("pk")


def organisations_editable_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person may change: those they speak for or map."""
    speaks_for = Q(pk__in=organisations_of(user).values("pk"))
    return Organisation.objects.filter(speaks_for | Q(pk__in=organisations_mapped_by(user).values("pk")))


def representatives_waiting_for(user: Person) -> QuerySet[Representative]:
    """Return on whom a kwartiermaker can give the office a word: who said to speak for an organisation of their regions.

    By the seat that they typed alone, and whether anybody disputes it or speaks for it already: whoever types a number
    from a second account would otherwise read here whether the portal knows it (rule 26). Nothing for who ever said to
    speak for an organisation themselves, or takes part in a call: what others are about to begin is a rival's, and a word could
    hold it up.
    """
    if user.is_authenticated and takes_part_now(user):
        return Representative.objects.none()
    return claims().filter(_stated_in(regions_of(user)), ~Exists(_own_words(user)))


def has_own_organisation(user: Person) -> bool:
    """Tell whether a person ever said to speak for an organisation, by whichever account of their mailbox (rule 28)."""
    return _own_words(user).exists()


def _own_words(user: Person) -> QuerySet[Representative]:
    return Representative.objects.filter(user__in=accounts_naming(user))


def representatives_waiting_in(region: Region, user: Person) -> QuerySet[Representative]:
    """Return those of one region, the longest waiting first, with what the kwartiermaker said, and how the own map has it."""
    return _with_words(representatives_waiting_for(user), region, user)


def representatives_heard_in(region: Region, user: Person) -> QuerySet[Representative]:
    """Return the same, and those of whom the kwartiermaker said something before the office settled it: for a second click."""
    if user.is_authenticated and takes_part_now(user):
        return _with_words(Representative.objects.none(), region, user)
    heard = Representative.objects.filter(~Exists(_own_words(user)), recommendations__given_by=user.pk)
    rows = Representative.objects.filter(
        Q(pk__in=representatives_waiting_for(user).values("pk")) | Q(pk__in=heard.order_by().values("pk"))
    )
    return _with_words(rows, region, user)


def _with_words(rows: QuerySet[Representative], region: Region, user: Person) -> QuerySet[Representative]:
    own_map = organisations_in(region).order_by("pk").filter(kvk_number=OuterRef("organisation__kvk_number"))
    said = Recommendation.objects.filter(representative=OuterRef("pk"), given_by=user.pk)
    here = rows.filter(_stated_in(Region.objects.filter(pk=region.pk))).annotate(
        name_on_own_map=Subquery(own_map.values("name")[:1]), said=Subquery(said.values("is_right")[:1])
    )
    return with_people(here).order_by("since_at", "pk")


def _stated_in(regions: QuerySet[Region]) -> Q:
    """Return the condition that somebody named a seat there."""
    return Q(stated_municipality__region__in=regions.values("pk"))


def public_before_merging(keys: Collection[int]) -> dict[int, bool]:
    """Return of each of these organisations whose merge can still be undone, whether it was public before that."""
    found = Merge.objects.filter(gone__in=keys, gone__mapped_at=None).order_by("pk")
    return {gone: bool(before["gone"]["is_public"]) for gone, before in found.values_list("gone", "before")}


def regions_to_take_to(organisation: Organisation, user: Person) -> QuerySet[Region]:
    """Return the regions of a kwartiermaker on whose map an organisation is not yet."""
    return regions_of(user).exclude(pk__in=regions_of_organisation(organisation))


def entry_of(organisation: Organisation, region: Region) -> MapEntry:
    """Return what a region keeps of an organisation; one that is not saved yet where that is nothing."""
    kept = MapEntry.objects.filter(organisation=organisation, region=region).first()
    return kept or MapEntry(organisation=organisation, region=region)


def organisation_now(organisation: Organisation) -> Organisation:
    """Return an organisation as it is saved now."""
    return Organisation.objects.select_related("municipality", "kind", "changed_by").get(pk=organisation.pk)


def entry_added_with(key: UUID, region: Region) -> MapEntry | None:
    """Return the row of a region that was added with a key, if there is one."""
    return MapEntry.objects.filter(region=region, added_with=key).select_related("organisation").first()


def question_added_with(key: UUID, region: Region) -> ParticipationQuestion | None:
    """Return the question of a region that was added with a key, if there is one."""
    return ParticipationQuestion.objects.filter(region=region, added_with=key).first()


def question_now(question: ParticipationQuestion) -> ParticipationQuestion:
    """Return a question as it is saved now, with who wrote it last."""
    rows = ParticipationQuestion.objects.select_related("municipality", "changed_by", "created_by")
    shown = engagements_on_map().select_related("organisation").order_by("pk")
    return rows.prefetch_related(Prefetch("engagements", shown)).get(pk=question.pk)


def questions_in(region: Region) -> QuerySet[ParticipationQuestion]:
    """Return the questions of a region: those of the whole region first, then by municipality."""
    return (
        ParticipationQuestion.objects.filter(region=region)
        .select_related("municipality")
        .order_by(F("municipality__sort_name").asc(nulls_first=True), "title", "pk")
    )


def with_municipality_count(regions: QuerySet[Region]) -> QuerySet[Region]:
    """Return the regions with how many municipalities they have (``municipality_count``)."""
    return regions.annotate(municipality_count=Count("municipalities"))


def regions_assigned_to(user: User) -> QuerySet[Region]:
    """Return the regions assigned to a person, whatever roles they hold now."""
    return Region.objects.filter(kwartiermaker_assignments__user=user)


def kwartiermakers_of(region: Region) -> list[User]:
    """Return who maps a region now, by name; who lost the role does not."""
    assigned = active_in_role(Role.KWARTIERMAKER).filter(kwartiermaker_assignments__region=region)
    return list(assigned.order_by("full_name", "pk"))
