"""Reads of organisations."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from hubportal.accounts.models import User
from hubportal.accounts.permissions import Person
from hubportal.accounts.queries import accounts_of
from organisations.models import Organisation, OrganisationKind, Representative
from organisations.streams import Stream
from regions.models import Municipality, Region


def organisations_in(region: Region) -> QuerySet[Organisation]:
    """Return the organisations on the map that are seated or active in a region, and were not taken off its map."""
    seated = Organisation.objects.order_by().filter(municipality__region=region).values("pk")
    # Not joined to the organisations once more: taken for empty, they would be gone through for each row anew.
    active = Organisation.works_in.through._default_manager.filter(region=region).values("organisation")
    return organisations_on_map().filter(pk__in=seated.union(active)).exclude(pk__in=_off_map([region.pk]))


def _off_map(region_ids: Iterable[int], *columns: str) -> QuerySet[Organisation, Any]:
    """Return the keys, or other columns, of the organisations that were taken off the maps of these regions."""
    off = Organisation.objects.order_by().filter(
        map_entries__region__in=list(region_ids), map_entries__removed_at__isnull=False
    )
    return off.values_list(*(columns or ("pk",)))


def organisations_on_map() -> QuerySet[Organisation]:
    """Return the organisations that kwartiermakers may know of; who only takes part in a coalition is not (rule 26)."""
    return Organisation.objects.filter(mapped_at__isnull=False)


def all_kinds() -> QuerySet[OrganisationKind]:
    """Return the kinds of organisations, in their order."""
    return OrganisationKind.objects.all()


def public_organisations() -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker published (rule 23)."""
    return Organisation.objects.filter(published_at__isnull=False)


def public_organisations_in(region: Region) -> QuerySet[Organisation]:
    """Return the published organisations that are seated or active in a region (rule 23)."""
    return public_organisations().filter(pk__in=organisations_in(region).values("pk"))


def numbers_by_stream(
    organisations: QuerySet[Organisation], *, belongs: Callable[[str], Q]
) -> dict[str, int]:
    """Return how many of the organisations belong to each stream, as ``belongs`` says, and under ``""`` how many there are."""
    of_streams = {each: Count("pk", filter=belongs(each)) for each in Stream.values}
    numbers = organisations.order_by().aggregate(all=Count("pk"), **of_streams)
    return {"": numbers.pop("all"), **numbers}


def nearest_first(
    organisations: QuerySet[Organisation], municipality: Municipality | None
) -> QuerySet[Organisation]:
    """Return the organisations by name, those seated in a municipality before the others."""
    if municipality is None:
        return organisations.order_by("sort_name", "map_key")
    distance = Case(When(municipality=municipality, then=Value(0)), default=Value(1))
    return organisations.order_by(distance, "sort_name", "map_key")


def proved_representatives() -> QuerySet[Representative]:
    """Return who speaks for an organisation: proved, and not ended (rule 27)."""
    return Representative.objects.filter(speaks())


def speaks(prefix: str = "") -> Q:
    """Return the condition that a representative, to whom the prefix leads, speaks for the organisation (rule 27)."""
    return Q(**{f"{prefix}proved_at__isnull": False, f"{prefix}ended_at": None})


def pending_representatives() -> QuerySet[Representative]:
    """Return who said that they speak for an organisation, of whom nobody confirmed or disputed it yet."""
    return Representative.objects.filter(_is_pending())


def claims() -> QuerySet[Representative]:
    """Return who said that they speak for an organisation and was neither proved nor ended, disputed or not."""
    return Representative.objects.filter(_is_claim())


def is_unnamed() -> Q:
    """Return the condition that a row does not say how somebody named the organisation (rule 26)."""
    return Q(stated_name="") | Q(stated_legal_form="") | Q(stated_municipality=None)


def _is_claim() -> Q:
    return Q(proved_at=None, ended_at=None)


def _is_pending() -> Q:
    return _is_claim() & Q(contested_at=None)


def undecided_representatives() -> QuerySet[Representative]:
    """Return whom somebody still has to decide about: pending, and disputed."""
    unsettled = Q(proved_at=None) | Q(contested_at__isnull=False)
    return Representative.objects.filter(unsettled, ended_at=None)


def organisations_of(user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a person speaks for: it was proved (rule 27)."""
    return Organisation.objects.filter(pk__in=keys_spoken_for(user))


def organisations_named_by(user: Person) -> QuerySet[Organisation]:
    """Return the organisations in whose name a person may write: proved or still pending."""
    return Organisation.objects.filter(pk__in=keys_spoken_for(user).union(keys_claimed_by(user)))


def keys_spoken_for(user: Person) -> QuerySet[Representative, Any]:
    """Return the keys of ``organisations_of``, to compose with: Django copies each nested query anew at every step."""
    return _keys(user, proved_representatives())


def keys_claimed_by(user: Person) -> QuerySet[Representative, Any]:
    """Return the keys of the organisations of which a person only said that they speak for them.

    It opens nothing: what such a person starts in their name is open to that person, and to who does speak for them.
    A dispute changes nothing of that: it would tell that somebody knows the organisation (rule 26).
    """
    return _keys(user, claims())


def _keys(user: Person, representatives: QuerySet[Representative]) -> QuerySet[Representative, Any]:
    mine = representatives.filter(user=user.pk) if user.is_authenticated else representatives.none()
    return mine.order_by().values("organisation")


def accounts_naming(user: Person) -> list[int]:
    """Return the keys of the accounts of a person by which they ever said to speak for an organisation (rule 28)."""
    own = Representative.objects.order_by().filter(user__in=accounts_of(user).values("pk"))
    return list(own.values_list("user", flat=True).distinct())


def representations_of(user: User) -> QuerySet[Representative]:
    """Return what a person said of speaking for organisations and was not ended, with the organisations as they named them."""
    mine = Representative.objects.filter(user=user, ended_at=None)
    return mine.select_related("organisation", "stated_municipality__region").order_by(
        "stated_sort_name", "pk"
    )


def own_representation(user: User, organisation: Organisation) -> Representative:
    """Return how a person speaks for an organisation, or says so, and how they named it.

    Raises ``DoesNotExist`` for whoever never said so.
    """
    mine = Representative.objects.select_related("organisation", "user", "stated_municipality")
    return mine.get(user=user, organisation=organisation, ended_at=None)


def writing_for(user: Person) -> QuerySet[Representative]:
    """Return the same as ``organisations_named_by``, each organisation as the person named it."""
    mine = Representative.objects.filter(speaks() | _is_claim(), user=user.pk)
    return mine.select_related("organisation").order_by("stated_sort_name", "pk")


def representatives_on(organisation: Organisation) -> QuerySet[Representative]:
    """Return who speaks for an organisation and who said so, with the people, the proved ones first."""
    active = organisation.representatives.filter(ended_at=None)
    return active.select_related("user", "proved_by").order_by(
        F("proved_at").asc(nulls_last=True), "since_at", "pk"
    )


def representatives_matching(typed: str) -> QuerySet[Representative]:
    """Return who speaks for an organisation or said so, by part of a name or address, or by KvK number."""
    active = Representative.objects.filter(ended_at=None)
    return active.filter(
        Q(user__full_name__icontains=typed)
        | Q(user__email__icontains=typed)
        | Q(stated_name__icontains=typed)
        | Q(organisation__mapped_at__isnull=False, organisation__name__icontains=typed)
        | Q(organisation__kvk_number=typed)
    )


def with_people(representatives: QuerySet[Representative]) -> QuerySet[Representative]:
    """Return representatives with who they are, for which organisation, and who vouched or disputed."""
    return representatives.select_related(
        *("user", "organisation__municipality", "stated_municipality", "proved_by", "contested_by")
    )


def people_who_speak_for(organisation_id: int) -> QuerySet[User]:
    """Return the people who speak for an organisation (rule 27)."""
    proved = proved_representatives().filter(organisation=organisation_id)
    return User.objects.filter(pk__in=proved.order_by().values("user"))


def undisputed_people_of(organisation_id: int) -> QuerySet[User]:
    """Return the people who speak for an organisation, can log in, and of whom nobody disputes it (rule 27)."""
    proved = proved_representatives().filter(organisation=organisation_id, contested_at=None)
    return User.objects.filter(pk__in=proved.order_by().values("user"), is_active=True)


def ever_proved_by_mailbox(organisations: Iterable[int]) -> dict[str, int]:
    """Return for which of these organisations the owner of each mailbox was ever proved to speak, also where that ended.

    Who only says so is of none of them: anybody can, to be taken for somebody else's (rule 27).
    """
    proved = Representative.objects.filter(organisation__in=organisations, proved_at__isnull=False)
    named = proved.exclude(user__mailbox="").order_by("proved_at", "pk")
    return dict(named.values_list("user__mailbox", "organisation"))


def people_confirmed_by(user: User, organisation_id: int) -> QuerySet[User]:
    """Return the people who speak for an organisation because this person confirmed it."""
    confirmed = representatives_confirmed_by(user, organisation_id)
    return User.objects.filter(pk__in=confirmed.order_by().values("user"))


def representatives_confirmed_by(user: User, organisation_id: int) -> QuerySet[Representative]:
    """Return who speaks for an organisation because this person confirmed it."""
    return proved_representatives().filter(organisation=organisation_id, proved_by=user)


def keys_undisputed(user: Person) -> QuerySet[Representative, Any]:
    """Return the keys of the organisations that a person speaks for, of which no colleague disputes it."""
    return _keys(user, proved_representatives().filter(contested_at=None))


def colleagues_to_confirm(user: Person) -> QuerySet[Representative]:
    """Return of whom a person may say whether they speak for an organisation: colleagues that wait, never themselves.

    What is disputed waits for the office, and who is disputed vouches for nobody.
    """
    return pending_representatives().filter(organisation__in=keys_undisputed(user)).exclude(user=user.pk)


def colleagues_to_dispute(user: Person) -> QuerySet[Representative]:
    """Return of whom a person may say that they do not speak for their organisation, proved or not; who is disputed says so of nobody."""
    active = Representative.objects.filter(ended_at=None, contested_at=None)
    return active.filter(organisation__in=keys_undisputed(user)).exclude(user=user.pk)


def with_kvk_number(kvk_number: str) -> QuerySet[Organisation]:
    """Return the organisation that has this number for the portal, if it knows it; not those that a region has apart."""
    return Organisation.objects.filter(kvk_number=kvk_number, apart_in=None)


def numbers_in_use(kvk_numbers: Iterable[str]) -> QuerySet[Any, str]:
    """Return which of these numbers any organisation has, for the portal or apart; nothing of that may reach a person (rule 26)."""
    known = Organisation.objects.filter(kvk_number__in={each for each in kvk_numbers if each})
    return known.order_by().values_list("kvk_number", flat=True).distinct()


def regions_of_organisation(organisation: Organisation) -> QuerySet[Any, int]:
    """Return the primary keys of the regions in which an organisation is seated or active, but those that took it off their map."""
    off = Region.objects.order_by().filter(
        map_entries__organisation=organisation, map_entries__removed_at__isnull=False
    )
    return (
        Region.objects.filter(
            Q(active_organisations=organisation) | Q(municipalities__organisations=organisation)
        )
        .exclude(pk__in=off.values("pk"))
        .order_by()
        .values_list("pk", flat=True)
        .distinct()
    )


def public_organisations_by_region(region_ids: Iterable[int]) -> QuerySet[Any, tuple[int, int]]:
    """Return pairs of a region and a public organisation that is seated or active there, each once (rule 23)."""
    ids = list(region_ids)
    public = public_organisations().order_by()
    seated = public.filter(municipality__region__in=ids).values_list("municipality__region", "pk")
    active = public.filter(works_in__in=ids).values_list("works_in", "pk")
    return seated.union(active).difference(_off_map(ids, "map_entries__region", "pk"))
