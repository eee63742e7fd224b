"""What one person can make in a day is bounded, so that nobody fills the disk or the office's lists."""

from datetime import datetime, timedelta

import pytest

from applications.domain import attachments, drafting
from applications.domain.drafting import start_application
from coalitions.domain import coalitions
from coalitions.domain.coalitions import start_coalition
from coalitions.models import Coalition, Participation
from hubportal.kernel.quotas import TooMuch
from organisations.models import Organisation
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


@pytest.mark.parametrize("is_known", [True, False])
def test_partners_that_one_person_names_in_a_day_whether_the_portal_knew_them_or_not(
    monkeypatch: pytest.MonkeyPatch, *, is_known: bool
) -> None:
    """Rule 26: what counted new ones alone would tell which are known. One that was removed counts too."""
    case = scenarios.started(partners=0)
    region = case.coalition.region
    monkeypatch.setattr(coalitions, "MAX_PARTNERS_A_DAY", 2)

    def join(at: datetime = AT) -> Participation:
        organisation = organisation_in(region)
        if not is_known:
            Organisation.objects.filter(pk=organisation.pk).delete()
        return scenarios.join(
            case.coalition_id, region, actor=case.applicant, organisation=organisation, at=at
        )

    first = join()
    coalitions.remove_partner(
        coalition_id=case.coalition_id, participation_id=first.pk, actor=case.applicant, at=AT
    )
    join()
    with pytest.raises(TooMuch, match="2 toegevoegd"):
        join()
    assert join(TOMORROW).joined_at == TOMORROW


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
