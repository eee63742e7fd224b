"""What one person can make in a day is bounded, so that nobody fills the disk or the office's lists."""

from datetime import timedelta

import pytest

from applications.domain import attachments, drafting
from applications.domain.drafting import start_application
from coalitions.domain import coalitions
from coalitions.domain.coalitions import start_coalition
from coalitions.models import Coalition
from hubportal.kernel.quotas import TooMuch
from organisations.domain import organisations
from organisations.domain.organisations import OrganisationFacts
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in

pytestmark = pytest.mark.django_db

TOMORROW = AT + timedelta(days=1)


def start(case: "scenarios.Case", name: str, at: object = AT) -> Coalition:
    return start_coalition(
        name=name,
        region=case.coalition.region,
        lead_organisation=case.lead,
        actor=case.applicant,
        at=at,  # type: ignore[arg-type]
    )


def test_coalitions_of_one_person_in_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.started()
    monkeypatch.setattr(coalitions, "MAX_COALITIONS_A_DAY", 2)
    second = start(case, "Tweede")
    # Starting it again makes none.
    assert start(case, "Tweede") == second
    with pytest.raises(TooMuch, match="2 toegevoegd"):
        start(case, "Derde")
    assert start(case, "Derde", TOMORROW).name == "Derde"


def test_applications_of_one_person_in_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.started()
    monkeypatch.setattr(drafting, "MAX_APPLICATIONS_A_DAY", 1)
    other = start(case, "Tweede")
    arguments = {"coalition_id": other.pk, "call": case.call, "actor": case.applicant}
    with pytest.raises(TooMuch):
        start_application(**arguments, at=AT)
    assert start_application(**arguments, at=TOMORROW).coalition == other


def test_organisations_of_one_person_in_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.started()
    monkeypatch.setattr(organisations, "MAX_ORGANISATIONS_A_DAY", 0)
    known = organisation_in(case.coalition.region)
    assert organisations.find_or_add(scenarios.facts_of(known), actor=case.applicant, at=AT) == known
    facts = OrganisationFacts(
        name="Nieuw", legal_form="foundation", municipality=known.municipality, kvk_number="87654321"
    )
    with pytest.raises(TooMuch):
        organisations.find_or_add(facts, actor=case.applicant, at=AT)


def test_attachments_of_one_person_in_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenarios.started()
    monkeypatch.setattr(attachments, "MAX_ATTACHMENTS_A_DAY", 1)
    monkeypatch.setattr(attachments, "check_pdf", lambda _file: None)
    arguments = {"application_id": case.pk, "actor": case.applicant}
    first = attachments.add_attachment(**arguments, title="a", content=b"%PDF a", at=AT)
    assert attachments.add_attachment(**arguments, title="a", content=b"%PDF a", at=AT) == first
    with pytest.raises(TooMuch):
        attachments.add_attachment(**arguments, title="b", content=b"%PDF b", at=AT)
    attachments.add_attachment(**arguments, title="b", content=b"%PDF b", at=TOMORROW)
