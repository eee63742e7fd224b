"""The attachments that a call asks for: data of the call, chosen at the file, and told where they lack (rules 1 and 24)."""

import copy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment
from applications.domain.consent_states import consent_states
from applications.domain.content import content_of
from applications.domain.frozen import frozen_content
from applications.domain.readiness import what_is_missing
from applications.domain.snapshot import snapshot_of
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.letters.receipt import receipt_content
from calls.domain.form_words import parts_of
from calls.domain.setup import set_up_call
from calls.models import Call
from hubportal.accounts.enums import Role
from hubportal.kernel.errors import RuleViolation
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.calls import CallFactory, call_2024_spec
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

PLAN = {
    "key": "plan",
    "label": "Een plan op één bladzijde",
    "explanation": "Met een tekening.",
    "is_required": True,
}
LETTERS = {"key": "brieven", "label": "Brieven van steun", "most": 2}


def pdf(number: int) -> bytes:
    """Return a PDF that differs from the others."""
    return letter_pdf() + b"\n%" + str(number).encode()


def asking(*kinds: dict[str, Any]) -> "scenarios.Case":
    return scenarios.written(call=CallFactory.create(attachment_kinds=list(kinds)))


def attach(case: "scenarios.Case", number: int, kind: str = "") -> None:
    add_attachment(
        application_id=case.pk, title="Stuk", content=pdf(number), kind=kind, actor=case.applicant, at=AT
    )


def missing(case: "scenarios.Case") -> list[tuple[str, str]]:
    found = what_is_missing(snapshot_of(case), review_round=None, at=AT)
    return [(each.anchor, str(each.sentence)) for each in found if each.page == "attachments"]


def test_the_call_of_2024_asks_for_none(client: Client) -> None:
    case = scenarios.written()
    assert "attachment_kinds" not in call_2024_spec()["call"]
    log_in(client, case.applicant)
    shown = page_text(client.get(reverse("applications:attachments", args=[case.reference])))
    assert "Deze oproep vraagt niet om bijlagen." in shown
    assert "Wat dit bestand is" not in shown


def test_the_page_tells_what_is_asked_and_takes_it(client: Client) -> None:
    case = asking(PLAN, LETTERS)
    log_in(client, case.applicant)
    address = reverse("applications:attachments", args=[case.reference])
    assert missing(case) == [("kind", "Voeg de bijlage “Een plan op één bladzijde” toe.")]
    with at_moment(AT):
        shown = client.get(address)
        assert "Een plan op één bladzijde (verplicht, hoogstens 1 bestand) Met een tekening." in page_text(
            shown
        )
        assert "Brieven van steun (niet verplicht, hoogstens 2 bestanden)" in page_text(shown)
        assert 'href="#id_kind"' in shown.content.decode()
        assert 'id="id_kind"' in shown.content.decode()

        def send(kind: str) -> Any:
            return client.post(address, {"file": SimpleUploadedFile("plan.pdf", pdf(1)), "kind": kind})

        for refused in ("", "bestaat-niet"):
            answer = send(refused)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kind"])
        assert send("plan").status_code == 302
        assert "Een plan op één bladzijde: plan.pdf PDF" in page_text(client.get(address))
    assert case.attachments.get().kind == "plan"
    assert missing(case) == []


def test_anything_else_may_be_added_too_and_fulfils_nothing(client: Client) -> None:
    case = asking(PLAN)
    log_in(client, case.applicant)
    address = reverse("applications:attachments", args=[case.reference])
    with at_moment(AT):
        client.post(address, {"file": SimpleUploadedFile("kaart.pdf", pdf(1)), "kind": "other"})
    assert case.attachments.get().kind == ""
    assert len(missing(case)) == 1


def test_of_a_kind_there_are_no_more_than_the_call_says() -> None:
    case = asking(PLAN, LETTERS)
    attach(case, 1, "plan")
    attach(case, 2, "brieven")
    attach(case, 3, "brieven")
    refused = []
    for kind in ("plan", "brieven", "bestaat-niet"):
        with pytest.raises(RuleViolation) as refusal:
            attach(case, 4, kind)
        refused.append((refusal.value.field, str(refusal.value)))
    assert refused == [
        (
            "kind",
            "U kunt hoogstens 1 bestand toevoegen als “Een plan op één bladzijde”. Verwijder dat bestand eerst, of kies een andere soort bijlage.",
        ),
        (
            "kind",
            "U kunt hoogstens 2 bestanden toevoegen als “Brieven van steun”. Verwijder er eerst een, of kies een andere soort bijlage.",
        ),
        ("kind", "Kies wat deze bijlage is."),
    ]
    # The same file once more is the same file.
    attach(case, 1, "plan")
    assert case.attachments.count() == 3


def test_what_a_file_is_is_agreed_to_frozen_printed_and_taken_along() -> None:
    case = asking(PLAN)
    attach(case, 1, "plan")
    attach(case, 2)
    case = scenarios.submitted(case)
    kinds = sorted(each.get("kind", "") for each in frozen_content(case)["attachments"])
    assert kinds == ["", "Een plan op één bladzijde"]
    assert "Een plan op één bladzijde: Stuk (SHA-256: " in str(receipt_content(case.receipt))
    withdraw(application_id=case.pk, actor=case.applicant, at=AT)
    again = start_again(application_id=case.pk, actor=case.applicant, at=AT)
    assert sorted(again.attachments.values_list("kind", flat=True)) == ["", "plan"]


def test_a_partner_agreed_to_a_file_as_what_it_was() -> None:
    case = asking(PLAN)
    attach(case, 1, "plan")
    case = scenarios.ready(case)
    case.attachments.update(kind="")
    assert [each.is_valid for each in consent_states(snapshot_of(case))] == [False] * len(case.partners)


def test_without_kinds_the_content_says_nothing_of_them() -> None:
    """Partners who agreed before calls could ask for attachments need not be asked again."""
    case = scenarios.written()
    attach(case, 1)
    [attachment] = content_of(snapshot_of(case))["attachments"]
    assert sorted(attachment) == ["sha256", "size", "title"]


def test_the_empty_form_tells_what_is_asked() -> None:
    call = CallFactory.create(attachment_kinds=[PLAN, LETTERS])
    [part] = [each for each in parts_of(call) if each.heading == "Bijlagen"]
    assert part.items == (
        "Een plan op één bladzijde (verplicht): Met een tekening.",
        "Brieven van steun (niet verplicht)",
    )
    assert all(each.heading != "Bijlagen" for each in parts_of(CallFactory.create()))


@pytest.mark.parametrize(
    "kinds",
    [
        [PLAN, PLAN],
        [{**PLAN, "key": "other"}],
        [{**PLAN, "label": ""}],
        [{**PLAN, "label": "x" * 81}],
        [{**PLAN, "most": 0}],
        [{**PLAN, "verplicht": True}],
        [{"key": "plan"}],
        [{**PLAN, "key": str(each)} for each in range(11)],
        [{**PLAN, "explanation": "Koop het op https://spam.example/"}],
    ],
)
def test_a_call_that_asks_for_what_nobody_can_add_is_refused(kinds: list[dict[str, Any]]) -> None:
    spec = copy.deepcopy(call_2024_spec())
    spec["call"]["attachment_kinds"] = kinds
    with pytest.raises(RuleViolation):
        set_up_call(spec, at=AT)
    assert not Call.objects.exists()
    spec["call"]["attachment_kinds"] = [PLAN, LETTERS]
    assert set_up_call(spec, at=AT).attachment_kinds == [PLAN, LETTERS]


def test_the_office_reads_what_a_call_asks(client: Client) -> None:
    asked, nothing = CallFactory.create(attachment_kinds=[PLAN, LETTERS]), CallFactory.create()
    log_in(client, person(Role.OFFICER))
    shown = [page_text(client.get(reverse("admin:call", args=[each.slug]))) for each in (asked, nothing)]
    assert ["Een plan op één bladzijde Brieven van steun" in each for each in shown] == [True, False]
