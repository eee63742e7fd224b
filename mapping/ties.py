"""Reads of the ties between organisations."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from hubportal.accounts.permissions import Person
from mapping.agreement_queries import agreements_of
from mapping.cards import shown_card
from mapping.models import Tie
from mapping.queries import organisations_to_take
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
