"""Who starts again after a rejection finds what the committee wrote beside each question, and nobody else does."""

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.lifecycle import WrongStatus
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.enums import Status
from applications.models import Application
from calls.enums import Outcome
from decisions.domain.earlier_remarks import Remarks, Score, remarks_before
from hubportal.kernel.money import dutch_amount
from reviews.domain.results import mean_per_criterion
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT, LAST_DEADLINE
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def rejected() -> "scenarios.Case":
    case = scenarios.produced(scenarios.decided(outcome=Outcome.REJECTED))
    case.refresh_from_db()
    return case


def begun_again(case: "scenarios.Case") -> Application:
    return start_again(
        application_id=case.pk, actor=case.applicant, at=scenarios.after_deadline(case, days=31)
    )


def test_a_rejected_application_is_started_from_with_what_the_letter_said() -> None:
    """Rule 21, and Awb 3:49."""
    case = rejected()
    draft = begun_again(case)
    assert (draft.status, draft.started_from_id) == (Status.DRAFT, case.pk)
    scores = [
        Score(each.title, f"{each.weight}%", dutch_amount(mean)) for each, mean in mean_per_criterion(case)
    ]
    found = remarks_before(draft, case.applicant)
    assert found is not None
    assert (found.reference, found.judgement, found.scores) == (
        case.reference,
        case.advice.text.split("\n\n"),
        scores,
    )
    first = remarks_before(draft, case.applicant, criteria={scores[0].criterion})
    assert isinstance(first, Remarks)
    assert first.scores == scores[:1]


def test_not_before_the_letter_is_there() -> None:
    """Rule 26: a decision that waits shows nowhere, and nothing is started from it."""
    case = scenarios.released(scenarios.decided(outcome=Outcome.REJECTED))
    with pytest.raises(WrongStatus):
        begun_again(case)


def test_who_was_invited_to_the_draft_alone_does_not_read_it() -> None:
    """Rules 22 and 37."""
    case = rejected()
    draft = begun_again(case)
    draft.applicant = case.applicant  # type: ignore[attr-defined]
    assert remarks_before(draft, joined(draft)) is None


def test_what_was_begun_with_nothing_has_none() -> None:
    case = scenarios.started()
    assert remarks_before(case, case.applicant) is None
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    assert (
        remarks_before(start_again(application_id=case.pk, actor=case.applicant, at=AT), case.applicant)
        is None
    )


def test_the_pages_show_it_beside_each_question(client: Client) -> None:
    case = rejected()
    log_in(client, case.applicant)
    with at_moment(scenarios.after_deadline(case, days=31)):
        status = client.get(reverse("applications:status", args=[case.reference]))
        page = reverse("applications:start_again", args=[case.reference])
        assert page in status.content.decode()
        assert client.get(page).status_code == 200
        client.post(page)
        draft = Application.objects.get(started_from=case)
        key = draft.call.sections.filter(criteria__isnull=False).order_by("pk")[0].key
        section = page_text(client.get(reverse("applications:section", args=[draft.reference, key])))
        overview = page_text(client.get(reverse("applications:overview", args=[draft.reference])))
        budget = page_text(client.get(reverse("applications:budget", args=[draft.reference])))
    told = f"Wat de commissie schreef over {case.reference}"
    assert told in section
    assert "Begroting (telt voor 10% mee): " in budget
    assert told in overview
    assert all(each in section for each in case.advice.text.split("\n\n"))
    with at_moment(LAST_DEADLINE):
        over = client.get(reverse("applications:status", args=[case.reference]))
    assert page not in over.content.decode()
