"""Reads of the ties between organisations."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from hubportal.accounts.permissions import Person
from mapping.agreement_queries import agreements_of
from mapping.cards import shown_card
from mapping.models import Tie
from mapping.queries import is_to_take, organisations_to_take
from organisations.enums import ActorRole
from organisations.models import Organisation
from regions.names import sort_name


def called(typed: str, user: Person) -> QuerySet[Organisation]:
    """Return the organisations that a kwartiermaker may know of with what was typed in one of their names (rule 26)."""
    named = (
        Q(name__icontains=typed) | Q(other_names__icontains=typed) | Q(sort_name__contains=sort_name(typed))
    )
    return organisations_to_take(user).filter(named).order_by("sort_name", "map_key")


def ties_of(organisation: Organisation, user: Person) -> list[Tie]:
    """Return the ties of an organisation, either way, to those that a kwartiermaker may know of (rule 26)."""
    known = organisations_to_take(user).order_by().values("pk")
    tied = Tie.objects.filter(Q(one=organisation, other__in=known) | Q(other=organisation, one__in=known))
    # Both ends in reads of their own, not joined: see ``is_to_take``.
    read = tied.prefetch_related("one", "other").order_by("pk")
    return sorted(read, key=lambda tie: (tie.kind, tie.one.sort_name, tie.other.sort_name))


def joins_worlds(user: Person) -> Q:
    """Return the condition that an organisation has a tie across lifeworld and system world of which a kwartiermaker may know."""
    life, system = (
        Organisation.objects.order_by().filter(role=role).values("pk")
        for role in (ActorRole.LIFE, ActorRole.SYSTEM)
    )
    across = _known_ties(user).filter(Q(one__in=life, other__in=system) | Q(one__in=system, other__in=life))
    return Q(pk__in=across.values("one")) | Q(pk__in=across.values("other"))


def with_ties(organisations: QuerySet[Organisation], user: Person) -> dict[int, Organisation]:
    """Return organisations by primary key, with their ties, either way, to those that a kwartiermaker may know of (rule 26).

    As ``known_ties``: dicts of ``kind``, ``one`` and ``other``, the ends as dicts of ``pk``, ``name``, ``role`` and ``sort_name``.
    """
    here = Q(one=OuterRef("pk")) | Q(other=OuterRef("pk"))
    tied = _known_ties(user).filter(here).annotate(tie=JSONObject(kind="kind", one="one", other="other"))
    read = list(organisations.annotate(known_ties=ArraySubquery(tied.order_by("pk").values("tie"))))
    # All ends in one read, not joined nor one by one: see ``is_to_take``.
    ends = {tie[end] for each in read for tie in each.known_ties for end in ("one", "other")}
    named = Organisation.objects.order_by().filter(pk__in=ends).values("pk", "name", "role", "sort_name")
    facts = {each["pk"]: each for each in named}
    for each in read:
        each.known_ties = [
            tie | {"one": facts[tie["one"]], "other": facts[tie["other"]]} for tie in each.known_ties
        ]
    return {each.pk: each for each in read}


def _known_ties(user: Person) -> QuerySet[Tie]:
    return Tie.objects.order_by().filter(is_to_take(user, end="one"), is_to_take(user, end="other"))


def public_ties_of(organisations: Iterable[Organisation]) -> dict[int, list[Tie]]:
    """Return the ties of each of these organisations, by primary key, of which both ends are public (rule 23)."""
    public = Tie.objects.filter(one__published_at__isnull=False, other__published_at__isnull=False)
    found: dict[int, list[Tie]] = {}
    tied = public.filter(one__in=list(organisations)).select_related("one", "other")
    ordered = list(tied.order_by("kind", "other__sort_name", "pk"))
    agreed = agreements_of(each.other_id for each in ordered)
    for each in ordered:
        # By the name that it agreed to.
        each.other.name = shown_card(each.other, agreed.get(each.other_id)).card.name
        found.setdefault(each.one_id, []).append(each)
    return found
