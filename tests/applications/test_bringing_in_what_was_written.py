"""What somebody wrote on their device before there was a draft comes into it section by section, as ticked (rule 32)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import save_section
from applications.enums import CollaboratorRight
from tests.applications.collaborating import joined
from tests.applications.filled import taking
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
OURS = "Dit schreef ik\r\nal eerder."


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case(client: Client) -> "scenarios.Case":
    case = scenarios.started(partners=1)
    log_in(client, case.applicant)
    return case


def bring(client: Client, case: "scenarios.Case", **texts: str) -> Any:
    sent = {f"{key}-text": text for key, text in texts.items()}
    return client.post(reverse("applications:bring_written", args=[case.reference]), sent)


def take(client: Client, case: "scenarios.Case", page: Any) -> Any:
    """Save all that is ticked on the page."""
    values = {}
    for row in page.context["rows"]:
        form = row.form
        values[f"{row.spec.key}-text"] = form["text"].value()
        values[f"{row.spec.key}-seen_version"] = str(form["seen_version"].value())
        if form["is_taken"].value():
            values[f"{row.spec.key}-is_taken"] = "on"
    return client.post(taking(case), values)


def overview(client: Client, case: "scenarios.Case") -> str:
    return client.get(reverse("applications:overview", args=[case.reference])).content.decode()


def test_it_is_shown_per_section_and_nothing_is_saved_yet(client: Client, case: "scenarios.Case") -> None:
    page = bring(client, case, opgave=OURS, aanpak="  ", verzonnen="Nergens")
    assert page.status_code == 200
    assert [each.spec.key for each in page.context["rows"]] == ["opgave"]
    assert "Lees een ander bestand in" not in page_text(page)
    assert case.sections.count() == 0


def test_what_is_ticked_is_saved_and_the_device_is_told_once_what_the_draft_has(
    client: Client, case: "scenarios.Case"
) -> None:
    assert 'data-ahead-taken=""' in overview(client, case)
    done = take(client, case, bring(client, case, opgave=OURS, aanpak="Zo."))
    assert done.status_code == 302
    assert dict(case.sections.values_list("spec__key", "text")) == {
        "opgave": "Dit schreef ik\nal eerder.",
        "aanpak": "Zo.",
    }
    assert 'data-ahead-taken="opgave aanpak"' in overview(client, case)
    assert 'data-ahead-taken=""' in overview(client, case)


def test_the_device_is_told_of_no_other_draft(client: Client, case: "scenarios.Case") -> None:
    session = client.session
    session["taken_over"] = ["CRP24-9999", ["opgave"]]
    session.save()
    assert 'data-ahead-taken=""' in overview(client, case)


def test_what_a_colleague_wrote_meanwhile_is_not_ticked_over(client: Client, case: "scenarios.Case") -> None:
    save_section(
        reference=case.reference,
        key="opgave",
        text="Van een collega.",
        seen_version=0,
        actor=case.applicant,
        at=AT,
    )
    page = bring(client, case, opgave=OURS)
    (row,) = page.context["rows"]
    assert (row.form["is_taken"].value(), row.difference is not None) == (False, True)
    assert take(client, case, page).status_code == 422
    assert case.sections.get().text == "Van een collega."


def test_nothing_leads_back_and_who_may_only_read_brings_nothing_in(
    client: Client, case: "scenarios.Case"
) -> None:
    back = reverse("applications:overview", args=[case.reference])
    assert bring(client, case, opgave=" \n").url == back
    assert client.get(reverse("applications:bring_written", args=[case.reference])).url == back
    reader = log_in(Client(), joined(case, right=CollaboratorRight.READ))
    assert bring(reader, case, opgave=OURS).status_code == 404
