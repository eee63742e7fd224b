"""What the check of invariants finds of organisations and their representatives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from organisations import invariants
from organisations.invariants import violations
from organisations.models import Organisation, Recommendation, Representative
from tests.breaking import check_constraint, copy_of, sentences_in
from tests.factories.organisations import OrganisationFactory, RecommendationFactory, office, speaker_for
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db


def found() -> list[tuple[int, int | None]]:
    return [(each.rule, each.row) for each in violations()]


def test_nothing_is_found_where_somebody_speaks_for_a_legal_person() -> None:
    speaker_for(OrganisationFactory.create())
    assert found() == []


def test_speaking_for_what_is_no_legal_person_is_found() -> None:
    row = changed(stated_legal_form="initiative")
    assert found() == [(8, row.pk)]


@pytest.mark.parametrize("missing", [{"stated_name": ""}, {"stated_municipality": None}])
def test_a_representative_who_named_no_organisation_or_no_seat_is_found(missing: dict[str, Any]) -> None:
    row = changed(**missing)
    assert found() == [(26, row.pk)]


def test_an_organisation_of_which_the_map_knows_no_seat_or_form_can_be_spoken_for() -> None:
    row = representative()
    Organisation.objects.update(municipality=None, legal_form="")
    assert (found(), row.differs_on_map) == ([], False)


def test_a_representative_of_a_number_that_one_map_has_apart_is_found() -> None:
    row = representative()
    Organisation.objects.update(apart_in=RegionFactory.create())
    assert found() == [(26, row.pk)]


def test_a_word_of_oneself_or_before_there_was_anything_to_say_is_found() -> None:
    said = recommendation()
    assert found() == []
    Recommendation.objects.update(given_by=said.representative.user)
    assert found() == [(27, said.pk)]
    since = said.representative.since_at
    Recommendation.objects.update(given_by=office(), given_at=since - timedelta(seconds=1))
    assert found() == [(27, said.pk)]


def test_every_sentence_is_known() -> None:
    assert sentences_in(invariants) == {
        "is of somebody who speaks for what is no legal person",
        "is of somebody who speaks for a number that one map has apart",
        "does not say how this person names the organisation",
        "goes on as what itself goes on as another",
        "is of somebody who recommends themselves",
        "was said before this person said to speak for the organisation",
    }


def twice(row: Any, **changes: Any) -> list[Any]:
    return [
        row,
        copy_of(row, **{"map_key": uuid4(), **changes} if isinstance(row, Organisation) else changes),
    ]


def representative() -> Representative:
    organisation = OrganisationFactory.create()
    return Representative.objects.get(organisation=organisation, user=speaker_for(organisation))


def recommendation(**values: Any) -> Recommendation:
    return RecommendationFactory.create(representative=representative(), **values)


def changed(**values: Any) -> Representative:
    row = representative()
    Representative.objects.filter(pk=row.pk).update(**values)
    return row


def apart(**values: Any) -> Organisation:
    return OrganisationFactory.create(**{"apart_in": RegionFactory.create(), **values})


def one_key() -> list[Organisation]:
    row = OrganisationFactory.create()
    return [row, OrganisationFactory.create(map_key=row.map_key)]


def as_itself() -> Organisation:
    row = OrganisationFactory.create(mapped_at=None)
    Organisation.objects.filter(pk=row.pk).update(now_as=row)
    return row


def test_going_on_as_what_itself_goes_on_as_another_is_found() -> None:
    """A way that does not lead straight to its end could lead in circles."""
    end = OrganisationFactory.create()
    between = OrganisationFactory.create(mapped_at=None, now_as=end)
    assert found() == []
    begin = OrganisationFactory.create(mapped_at=None, now_as=between)
    assert found() == [(23, begin.pk)]


CONSTRAINTS: dict[str, tuple[Any, Callable[[], Any]]] = {
    "organisation_kvk_number_has_eight_digits": (
        Organisation,
        lambda: OrganisationFactory.create(kvk_number="1234567a"),
    ),
    "organisation_once_per_kvk_number": (Organisation, lambda: twice(OrganisationFactory.create())),
    "organisation_apart_once_per_region": (Organisation, lambda: twice(apart())),
    "organisation_apart_by_a_number_of_the_map": (Organisation, lambda: apart(mapped_at=None)),
    "Organisation.map_key": (Organisation, one_key),
    "organisation_goes_on_only_off_the_map": (
        Organisation,
        lambda: OrganisationFactory.create(now_as=OrganisationFactory.create()),
    ),
    "organisation_goes_on_as_another": (Organisation, as_itself),
    "organisation_of_a_known_legal_form": (
        Organisation,
        lambda: OrganisationFactory.create(legal_form="club"),
    ),
    "representative_once_per_organisation": (Representative, lambda: twice(representative())),
    "representative_proved_by_somebody_else": (Representative, lambda: changed(proof="")),
    "representative_contested_with_a_reason": (Representative, lambda: changed(contest_reason="Zomaar")),
    "representative_ended_by_somebody": (Representative, lambda: changed(end_reason="Zomaar")),
    "recommendation_once_per_kwartiermaker": (Recommendation, lambda: twice(recommendation())),
    "recommendation_says_why": (Recommendation, lambda: recommendation(reason="")),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(name: str) -> None:
    model, act = CONSTRAINTS[name]
    check_constraint(invariants, name, model, act)


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
