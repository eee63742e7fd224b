"""Invariants of organisations and their representatives (rule 8)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import F, Q

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from organisations.legal_forms import LEGAL_PERSONS
from organisations.models import Organisation, Recommendation, Representative
from organisations.queries import is_unnamed

_CONSTRAINTS = {
    "organisation_kvk_number_has_eight_digits": 8,
    "organisation_once_per_kvk_number": 8,
    "organisation_apart_once_per_region": 26,
    "organisation_apart_by_a_number_of_the_map": 26,
    "Organisation.map_key": 26,
    "organisation_goes_on_only_off_the_map": 23,
    "organisation_goes_on_as_another": 23,
    "organisation_of_a_known_legal_form": 8,
    "representative_once_per_organisation": 8,
    "representative_proved_by_somebody_else": 27,
    "representative_contested_with_a_reason": 27,
    "representative_ended_by_somebody": 27,
    "recommendation_once_per_kwartiermaker": 27,
    "recommendation_says_why": 27,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(
        _speakers(), _recommendations(), _going_on(), broken_constraints("organisations", _CONSTRAINTS)
    )


def _speakers() -> Iterator[Violation]:
    no_person = Representative.objects.filter(
        Q(organisation__kvk_number="") | ~Q(stated_legal_form__in=LEGAL_PERSONS)
    )
    yield from each_breaks(8, no_person, "is of somebody who speaks for what is no legal person")
    apart = Representative.objects.filter(organisation__apart_in__isnull=False)
    yield from each_breaks(26, apart, "is of somebody who speaks for a number that one map has apart")
    unnamed = Representative.objects.filter(is_unnamed())
    yield from each_breaks(26, unnamed, "does not say how this person names the organisation")


def _recommendations() -> Iterator[Violation]:
    own = Recommendation.objects.filter(given_by=F("representative__user"))
    yield from each_breaks(27, own, "is of somebody who recommends themselves")
    early = Recommendation.objects.filter(given_at__lt=F("representative__since_at"))
    yield from each_breaks(27, early, "was said before this person said to speak for the organisation")


def _going_on() -> Iterator[Violation]:
    chained = Organisation.objects.filter(now_as__now_as__isnull=False)
    yield from each_breaks(23, chained, "goes on as what itself goes on as another")
