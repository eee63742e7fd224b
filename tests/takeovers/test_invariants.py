"""Each rule of requests for a draft that is broken by hand in the database is named, with its row (rule 41)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from organisations.models import Representative
from takeovers import invariants
from takeovers.domain.asking import Proof
from takeovers.files import stored_files
from takeovers.models import Takeover, TakeoverProof
from tests.breaking import check_constraint, copy_of, force, named
from tests.factories import scenarios
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory
from tests.factories.taking_over import PROOF, claimant, granted, warned

pytestmark = pytest.mark.django_db


def waiting() -> Takeover:
    case = scenarios.written()
    return warned(case, claimant(case), proof=Proof(PROOF, "Brief", letter_pdf()))


def given() -> Takeover:
    return granted(waiting())


def test_who_was_given_it_without_speaking_for_the_lead_is_named() -> None:
    takeover = given()
    assert list(invariants.violations()) == []
    force(Representative.objects.get(user=takeover.asked_by), proof="", proved_at=None, proved_by=None)
    sentence = "was granted to who does not speak for the lead"
    assert list(invariants.violations()) == named(41, sentence, takeover)


def test_a_draft_of_another_organisation_is_named() -> None:
    takeover = force(waiting(), organisation=OrganisationFactory.create())
    assert list(invariants.violations()) == named(41, "is about a draft of another organisation", takeover)


BREAKS: dict[str, tuple[type[Any], Callable[[], Takeover], Callable[[Takeover], Any]]] = {
    "takeover_of_a_known_state": (
        Takeover,
        waiting,
        lambda row: force(row, state="nobody", settled_at=AT),
    ),
    "takeover_one_untold_per_person_and_organisation": (Takeover, waiting, lambda row: [row, copy_of(row)]),
    "takeover_settled_at_a_moment": (Takeover, waiting, lambda row: force(row, told_at=AT)),
    "takeover_waits_three_days_or_more": (
        Takeover,
        waiting,
        lambda row: force(row, decide_from_at=AT + timedelta(days=2, hours=23)),
    ),
    "takeover_decided_after_its_wait_with_a_reason": (
        Takeover,
        given,
        lambda row: force(row, settled_at=AT),
    ),
    "takeover_decided_by_somebody_else": (
        Takeover,
        given,
        lambda row: force(row, settled_by=row.asked_by),
    ),
    "takeover_undone_by_somebody_else_with_a_reason": (
        Takeover,
        given,
        lambda row: force(row, undone_at=AT, undone_by=row.asked_by, undone_because="Zelf"),
    ),
    "takeover_proof_says_something": (TakeoverProof, waiting, lambda row: force(row.proof, text="")),
    "takeover_proof_file_has_its_digest": (TakeoverProof, waiting, lambda row: force(row.proof, sha256="x")),
}


def test_every_constraint_of_takeovers_is_among_these() -> None:
    assert set(BREAKS) == set(invariants._CONSTRAINTS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_it_and_a_row_that_breaks_it_is_named(name: str) -> None:
    model, made, act = BREAKS[name]
    takeover = made()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act(takeover)
    takeover = Takeover.objects.get(pk=takeover.pk)
    check_constraint(invariants, name, model, lambda: act(takeover))


@pytest.mark.parametrize("values", [{"reason": ""}, {"settled_by": None}])
def test_a_decision_has_its_reason_and_who_took_it(values: dict[str, Any]) -> None:
    takeover = given()
    with pytest.raises(IntegrityError, match="takeover_decided"), transaction.atomic():
        force(takeover, **values)


def test_its_files_are_verified() -> None:
    stored = waiting().proof
    assert [tuple(each) for each in stored_files()] == [
        ("proof of a takeover", stored.pk, str(stored.takeover_id), stored.stored_as, stored.sha256)
    ]
