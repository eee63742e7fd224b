"""Reads of what kwartiermakers say to the office of representatives, and what ties them to each other (rule 27)."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from hubportal.accounts.models import User
from hubportal.kernel.mailboxes import mailbox
from organisations.enums import HandInIt
from organisations.models import Recommendation, Representative


@dataclass(frozen=True, slots=True)
class Word:
    """What a kwartiermaker said of somebody, and what ties the two: who recommends may have a hand in it."""

    said: Recommendation
    hands: tuple[HandInIt, ...]


def with_words(representatives: QuerySet[Representative]) -> QuerySet[Representative]:
    """Return representatives with what kwartiermakers said of them."""
    said = Recommendation.objects.select_related("given_by").order_by("given_at", "pk")
    return representatives.prefetch_related(Prefetch("recommendations", queryset=said))


def words_on(representative: Representative) -> list[Word]:
    """Return what kwartiermakers said of a representative, the oldest first, each with what ties the two."""
    said = representative.recommendations.select_related("given_by")
    return [Word(each, tuple(_hands(each.given_by, representative))) for each in said]


def _hands(giver: User, representative: Representative) -> list[HandInIt]:
    person = representative.user
    ties = {
        HandInIt.SAME_MAILBOX: mailbox(giver.email) == mailbox(person.email),
        HandInIt.SAME_ORGANISATION: _named_by(person).filter(organisation__in=_named_by(giver)).exists(),
        # Since then: who had one before could say nothing.
        HandInIt.OWN_ORGANISATION: _named_by(giver).exists(),
        HandInIt.RECOMMENDED_BEFORE: _recommended(giver, person)
        .exclude(representative__organisation=representative.organisation_id)
        .exists(),
        HandInIt.SAME_DOMAIN: _domain(giver) == _domain(person),
    }
    return [each for each, is_tied in ties.items() if is_tied]


def _named_by(person: User) -> QuerySet[Representative, int]:
    """Return the organisations for which somebody ever said to speak."""
    rows = Representative.objects.filter(user=person).order_by()
    return rows.values_list("organisation", flat=True)


def _recommended(giver: User, person: User) -> QuerySet[Recommendation]:
    return Recommendation.objects.filter(given_by=giver, is_right=True, representative__user=person)


def _domain(person: User) -> str:
    return mailbox(person.email).rpartition("@")[2]
