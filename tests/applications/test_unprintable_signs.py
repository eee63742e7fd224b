"""What a letter's fonts cannot show is said at the field where it is typed (rule 33)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import ApplicationSection
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.pages import page_text

pytestmark = pytest.mark.django_db

SIGN = "\u2d30"
SAID = f"In onze brieven kunnen {SIGN} (U+2D30) niet staan. Laat dit weg of schrijf het anders."


@pytest.fixture
def case(client: Client) -> Any:
    case = scenarios.written()
    log_in(client, case.applicant)
    return case


def test_a_section_is_saved_with_such_a_sign_and_says_so_to_script_and_page(
    client: Client, case: Any
) -> None:
    spec = case.call.sections.all()[0]
    url = reverse("applications:section", args=[case.reference, spec.key])
    seen = ApplicationSection.objects.get(application=case, spec=spec).version
    typed = {"text": f"Wij doen mee {SIGN}", "seen_version": seen}
    answer = client.post(url, typed, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json()["message"].endswith(f" · {SAID}")
    assert ApplicationSection.objects.get(application=case, spec=spec).text == f"Wij doen mee {SIGN}"
    assert SAID in page_text(client.get(url))


def test_a_text_of_plain_signs_says_nothing(client: Client, case: Any) -> None:
    spec = case.call.sections.all()[0]
    url = reverse("applications:section", args=[case.reference, spec.key])
    assert "In onze brieven kunnen" not in page_text(client.get(url))


def test_a_title_with_such_a_sign_is_refused_at_its_field_and_stays_as_typed(
    client: Client, case: Any
) -> None:
    url = reverse("applications:particulars", args=[case.reference])
    typed = {
        "title": f"Samen {SIGN}",
        "starts_on": "2024-09-01",
        "duration_months": "6",
        "seen_version": case.particulars_version,
    }
    refused = client.post(url, typed)
    assert (refused.status_code, refused.context["form"].errors["title"]) == (422, [SAID])
    assert refused.context["form"]["title"].value() == f"Samen {SIGN}"


def test_an_organisation_and_a_person_are_told_before_anything_is_written(client: Client, case: Any) -> None:
    url = reverse("coalitions:add_partner", args=[case.coalition_id])
    refused = client.post(url, {"name": f"Stichting {SIGN}", "contact_name": f"Noor {SIGN}"})
    form = refused.context["form"]
    assert (refused.status_code, form.errors["name"], form.errors["contact_name"]) == (422, [SAID], [SAID])
