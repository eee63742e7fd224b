"""Reads of the ties between organisations."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
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


def ties_of(organisation: Organisation, user: Person) -> QuerySet[Tie]:
    """Return the ties of an organisation, either way, to those that a kwartiermaker may know of (rule 26)."""
    known = organisations_to_take(user).order_by().values("pk")
    tied = Tie.objects.filter(Q(one=organisation, other__in=known) | Q(other=organisation, one__in=known))
    return tied.select_related("one", "other").order_by("kind", "one__sort_name", "other__sort_name", "pk")


def joins_worlds(user: Person) -> Q:
    """Return the condition that an organisation has a tie across lifeworld and system world of which a kwartiermaker may know."""
    life, system = (
        Organisation.objects.order_by().filter(role=role).values("pk")
        for role in (ActorRole.LIFE, ActorRole.SYSTEM)
    )
    across = _known_ties(user).filter(Q(one__in=life, other__in=system) | Q(one__in=system, other__in=life))
    return Q(pk__in=across.values("one")) | Q(pk__in=across.values("other"))


def with_ties(organisations: QuerySet[Organisation], user: Person) -> QuerySet[Organisation]:
    """Return organisations with their ties, either way, to those that a kwartiermaker may know of (``known_ties``, rule 26)."""
    ends: dict[str, Any] = {}
    for end in ("one", "other"):
        # Read one by one, not joined: see ``is_to_take``.
        named = Organisation.objects.order_by().filter(pk=OuterRef(end))
        facts = JSONObject(key="pk", name="name", role="role", sort_name="sort_name")
        ends[end] = Subquery(named.annotate(facts=facts).values("facts"))
    here = Q(one=OuterRef("pk")) | Q(other=OuterRef("pk"))
    tied = _known_ties(user).filter(here).annotate(tie=JSONObject(kind="kind", **ends))
    return organisations.annotate(known_ties=ArraySubquery(tied.order_by("pk").values("tie")))


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
