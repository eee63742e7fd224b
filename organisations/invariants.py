"""Invariants of organisations and their representatives (rule 8)."""

from collections.abc import Iterator
from itertools import chain

from django.db.models import Q

from hubportal.audit.domain.constraints import broken_constraints
from hubportal.kernel.invariants import Violation, each_breaks
from organisations.legal_forms import LEGAL_PERSONS
from organisations.models import Organisation

_CONSTRAINTS = {
    "organisation_kvk_number_has_eight_digits": 8,
    "organisation_once_per_kvk_number": 8,
    "organisation_of_a_known_legal_form": 8,
    "representative_once_per_organisation": 8,
    "representative_proved_by_somebody_else": 27,
    "representative_contested_with_a_reason": 27,
    "representative_ended_by_somebody": 27,
}


def violations() -> Iterator[Violation]:
    """Yield each row of this app that breaks a rule."""
    return chain(_speakers(), broken_constraints("organisations", _CONSTRAINTS))


def _speakers() -> Iterator[Violation]:
    no_person = Organisation.objects.filter(
        Q(kvk_number="") | ~Q(legal_form__in=LEGAL_PERSONS), representatives__isnull=False
    )
    yield from each_breaks(8, no_person, "is no legal person, but somebody speaks for it")
    seatless = Organisation.objects.filter(municipality=None, representatives__isnull=False).distinct()
    yield from each_breaks(8, seatless, "has no seat, but somebody speaks for it")
