"""What the check of invariants finds of organisations and their representatives."""

from collections.abc import Callable
from typing import Any

import pytest

from organisations import invariants
from organisations.invariants import violations
from organisations.models import Organisation, Representative
from tests.breaking import check_constraint, copy_of, sentences_in
from tests.factories.organisations import OrganisationFactory, speaker_for

pytestmark = pytest.mark.django_db


def found() -> list[tuple[int, int | None]]:
    return [(each.rule, each.row) for each in violations()]


def test_nothing_is_found_where_somebody_speaks_for_a_legal_person() -> None:
    speaker_for(OrganisationFactory.create())
    assert found() == []


def test_speaking_for_what_is_no_legal_person_is_found() -> None:
    initiative = OrganisationFactory.create(legal_form="initiative", kvk_number="")
    assert found() == []
    speaker_for(initiative)
    assert found() == [(8, initiative.pk)]


def test_speaking_for_what_has_no_seat_is_found() -> None:
    seatless = OrganisationFactory.create(municipality=None)
    assert found() == []
    speaker_for(seatless)
    assert found() == [(8, seatless.pk)]


def test_every_sentence_is_known() -> None:
    assert sentences_in(invariants) == {
        "is no legal person, but somebody speaks for it",
        "has no seat, but somebody speaks for it",
    }


def twice(row: Any, **changes: Any) -> list[Any]:
    return [row, copy_of(row, **changes)]


def representative() -> Representative:
    organisation = OrganisationFactory.create()
    return Representative.objects.get(organisation=organisation, user=speaker_for(organisation))


def changed(**values: Any) -> Representative:
    row = representative()
    Representative.objects.filter(pk=row.pk).update(**values)
    return row


CONSTRAINTS: dict[str, tuple[Any, Callable[[], Any]]] = {
    "organisation_kvk_number_has_eight_digits": (
        Organisation,
        lambda: OrganisationFactory.create(kvk_number="1234567a"),
    ),
    "organisation_once_per_kvk_number": (Organisation, lambda: twice(OrganisationFactory.create())),
    "organisation_of_a_known_legal_form": (
        Organisation,
        lambda: OrganisationFactory.create(legal_form="club"),
    ),
    "representative_once_per_organisation": (Representative, lambda: twice(representative())),
    "representative_proved_by_somebody_else": (Representative, lambda: changed(proof="")),
    "representative_contested_with_a_reason": (Representative, lambda: changed(contest_reason="Zomaar")),
    "representative_ended_by_somebody": (Representative, lambda: changed(end_reason="Zomaar")),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, act)


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
