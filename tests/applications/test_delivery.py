"""How the letter of the decision is sent: an express choice and a postal address, frozen with the rest (Awb 2:8)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.domain import submitting
from applications.domain.content import content_of
from applications.domain.drafting import save_people
from applications.domain.frozen import Delivery, delivery_in, frozen_content
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.letters.receipt import receipt_content
from applications.models import ApplicationPeople
from decisions.models import Decision
from hubportal.audit.domain.collecting import every_violation
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

WHERE = ("Voorbeeldstraat 1", "1234 AB", "Voorbeelddorp")


def save(case: "scenarios.Case", **changes: Any) -> None:
    save_people(
        application_id=case.pk,
        values={**scenarios.people_of(case), **changes},
        seen_version=case.people.version,
        actor=case.applicant,
        at=AT,
    )
    case.refresh_from_db()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"postal_street": ""}, "Enter the postal address of the lead organisation."),
        ({"postal_code": ""}, "Enter the postal address of the lead organisation."),
        ({"postal_place": ""}, "Enter the postal address of the lead organisation."),
        (
            {"electronic_letters": None},
            "Choose whether the letter with our decision comes by e-mail or by post.",
        ),
    ],
)
def test_nobody_submits_without_an_address_and_a_choice(changes: dict[str, Any], sentence: str) -> None:
    case = scenarios.ready()
    save(case, **changes)
    with translation.override("en"):
        missing = what_is_missing(snapshot_of(case), review_round=case.call.rounds.get(number=1), at=AT)
        assert [(each.page, str(each.sentence)) for each in missing] == [("people", sentence)]


@pytest.mark.parametrize("is_electronic", [True, False])
def test_what_was_chosen_is_frozen_and_the_consents_stay(is_electronic: bool) -> None:
    """Rules 4 and 9."""
    case = scenarios.ready()
    save(case, electronic_letters=is_electronic)
    case = scenarios.submitted(case)
    assert delivery_in(frozen_content(case)) == Delivery(*WHERE, is_electronic=is_electronic)
    assert case.frozen.schema == frozen_content(case)["schema"] == 4
    told = str(receipt_content(case.receipt)["annex"])
    assert "Voorbeeldstraat 1, 1234 AB Voorbeelddorp" in told
    assert ("niet op papier" in told, "per post" in told) == (is_electronic, not is_electronic)
    assert list(every_violation()) == []


def test_what_was_frozen_before_that_was_asked_stays_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4 and 9: its bytes, the consents that were given to it, and its receipt."""

    def earlier(snapshot: Any) -> dict[str, Any]:
        content = {**content_of(snapshot), "schema": 1}
        del content["postal_address"], content["electronic_letters"]
        return content

    monkeypatch.setattr(submitting, "content_of", earlier)
    monkeypatch.setattr(submitting, "SCHEMA", 1)
    case = scenarios.submitted()
    assert case.frozen.schema == 1
    assert delivery_in(frozen_content(case)) is None
    content = frozen_content(case)
    assert (content["postal_address"], content["electronic_letters"]) == (None, None)
    assert "besluit" not in [each.get("title") for each in receipt_content(case.receipt)["annex"]["sections"]]
    assert list(every_violation()) == []


@pytest.mark.parametrize("changes", [{"postal_street": "Elders 2"}, {"electronic_letters": False}])
def test_an_address_that_changes_after_submission_is_named(changes: dict[str, Any]) -> None:
    """Rule 4."""
    case = scenarios.submitted()
    ApplicationPeople.objects.filter(application=case).update(**changes)
    assert [(each.rule, each.sentence) for each in every_violation()] == [
        (4, "differs from what was submitted")
    ]


def test_the_page_keeps_what_was_typed_and_writes_a_postcode_as_the_post_does(client: Client) -> None:
    """Rule 12."""
    case = scenarios.written()
    log_in(client, case.applicant)
    page = reverse("applications:people", args=[case.reference])
    typed = {
        **scenarios.people_typed(case),
        "seen_version": case.people.version,
        "postal_code": "12 AB",
        "electronic_letters": "False",
    }
    with at_moment(AT):
        refused = client.post(page, typed)
        assert refused.status_code == 422
        assert "Vul een postcode in, bijvoorbeeld 1234 AB." in page_text(refused)
        assert 'value="12 AB"' in refused.content.decode()
        assert client.post(page, {**typed, "postal_code": "4321zz"}).status_code == 302
        people = ApplicationPeople.objects.get(application=case)
        assert (people.postal_code, people.electronic_letters) == ("4321 ZZ", False)
        check = client.get(reverse("applications:check", args=[case.reference]))
    assert "Voorbeeldstraat 1 4321 ZZ Voorbeelddorp" in page_text(check)
    assert "Op papier, per post" in page_text(check)


@pytest.mark.parametrize("is_electronic", [True, False])
def test_the_office_sees_which_letter_goes_on_paper(client: Client, is_electronic: bool) -> None:
    case = scenarios.ready()
    save(case, electronic_letters=is_electronic)
    case = scenarios.decided(case)
    decision = Decision.objects.get(application=case)
    log_in(client, decision.recorded_by)
    shown = page_text(client.get(reverse("admin:letter", args=[case.reference])))
    assert ("Deze brief gaat op papier" in shown) is not is_electronic
    # Placed for a window envelope, whichever way it goes.
    assert f"t.a.v. {case.people.signatory_name} Voorbeeldstraat 1 1234 AB Voorbeelddorp" in shown
