"""Each rule of coalitions that is broken by hand in the database is named, with its row (rules 8 and 26)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coalitions import invariants
from coalitions.models import Participation
from organisations.legal_forms import LegalForm
from tests.breaking import (
    Breaks,
    check_constraint,
    copy_of,
    force,
    kept_for_a_module,
    named,
    sentences_in,
)
from tests.factories.organisations import organisation_in
from tests.factories.regions import MunicipalityFactory
from tests.factories.scenarios import started

pytestmark = pytest.mark.django_db

breaks = Breaks()


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    with kept_for_a_module(django_db_blocker, started) as built:
        yield built


@breaks(8, "its lead organisation does not take part as lead")
def nobody_leads(case):
    force(case.coalition.participations.get(is_lead=True), is_lead=False)
    return case.coalition


@breaks(8, "its lead organisation does not take part as lead")
def another_takes_part_as_lead(case):
    force(case.coalition.participations.get(is_lead=True), is_lead=False)
    force(case.partners[0], is_lead=True)
    return case.coalition


@breaks(8, "is of an organisation that is no legal person")
def a_partner_without_a_legal_form(case):
    return force(case.partners[0], stated_legal_form=LegalForm.INITIATIVE)


@breaks(8, "is of an organisation that is no legal person")
def a_partner_that_is_not_in_the_register(case):
    force(case.partners[0].organisation, kvk_number="")
    return case.partners[0]


@breaks(8, "is of an organisation without a tie to the region")
def a_partner_from_elsewhere(case):
    return force(case.partners[0], works_in_region=False, stated_municipality=MunicipalityFactory.create())


@breaks(26, "is of a number that one map has apart")
def a_partner_that_one_map_has_apart(case):
    force(case.partners[0].organisation, apart_in=case.coalition.region)
    return case.partners[0]


@breaks(26, "does not say how the coalition names the organisation")
def a_partner_without_a_name(case):
    return force(case.partners[0], stated_name="")


@breaks(26, "names its lead organisation otherwise than the place of its lead does")
def a_lead_with_two_names(case):
    return force(case.coalition, lead_name="Zoals op de kaart")


@breaks(8, "keeps another mailbox than that of its contact person")
def a_mailbox_of_nobody(case):
    return force(case.partners[0], mailbox="iemand@elders.example")


@pytest.mark.parametrize(("rule", "sentence", "act"), breaks)
def test_a_broken_rule_is_named(case: Any, rule: int, sentence: str, act: Callable[[Any], Any]) -> None:
    rows = act(case)
    assert list(invariants.violations()) == named(rule, sentence, rows)


def test_every_sentence_was_tried() -> None:
    assert sentences_in(invariants) == breaks.sentences


def twin(case: Any, **changes: Any) -> list[Participation]:
    partner = case.partners[0]
    return [partner, copy_of(partner, **changes)]


def another(case: Any) -> Any:
    return organisation_in(case.coalition.region)


CONSTRAINTS: dict[str, Callable[[Any], Any]] = {
    "participation_once_per_organisation": lambda case: twin(case, contact_email="", mailbox=""),
    "participation_one_lead": lambda case: [
        case.coalition.participations.get(is_lead=True),
        force(case.partners[0], is_lead=True),
    ],
    "participation_mailbox_answers_for_one_organisation": lambda case: twin(case, organisation=another(case)),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_row_that_a_dropped_constraint_let_in_is_named(case: Any, name: str) -> None:
    check_constraint(invariants, name, Participation, lambda: CONSTRAINTS[name](case))


def test_every_constraint_was_tried() -> None:
    assert set(CONSTRAINTS) == set(invariants._CONSTRAINTS)
