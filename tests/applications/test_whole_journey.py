"""The whole way of an applicant through the pages alone: from an account to the receipt and both signatures."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.receipts import produce_receipt
from applications.enums import SigningRole, Status
from applications.models import Application
from calls.models import Call
from coalitions.models import Coalition
from tests.factories.accounts import log_in, person
from tests.factories.calls import make_call
from tests.factories.moments import AT
from tests.factories.organisations import confirm_pending
from tests.factories.regions import MunicipalityFactory, PostcodeRangeFactory, RegionFactory
from tests.factories.scenarios import mailed_secret
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

APPLICANT, PARTNER, SIGNATORY = "anna@samen.example", "bo@erbij.example", "cas@samen.example"


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def call() -> Call:
    municipality = MunicipalityFactory.create(
        name="Gouda", region=RegionFactory.create(name="Midden-Holland")
    )
    PostcodeRangeFactory.create(first=2800, last=2809, municipality=municipality)
    return make_call()


class Applicant:
    """Somebody who follows the pages: what one page leads to is where the next step begins."""

    def __init__(self, client: Client) -> None:
        self.client = log_in(client, person(email=APPLICANT, full_name="Anna Jansen"))

    def send(self, url: str, **typed: Any) -> str:
        """Fill in a form and return where it leads."""
        response = self.client.post(url, typed)
        assert response.status_code == 302, page_text(response)
        return str(response.url)

    def start(self, call: Call) -> Application:
        """Claim, start a coalition, add a partner, start the application."""
        municipality = call_municipality()
        organisation = {"legal_form": "foundation", "municipality": municipality}
        start = reverse("coalitions:start")
        url = reverse("organisations:claim")
        start = self.send(url, kvk_number="11111111", name="Stichting Samen", next=start, **organisation)
        region = self.client.get(start, {"where": "2801 AB"}).context["region"]
        detail = self.send(
            f"{start}?region={region.slug}",
            name="Samen sterk",
            lead_organisation=self.client.get(f"{start}?region={region.slug}")
            .context["form"]
            .fields["lead_organisation"]
            .queryset.get()
            .pk,
        )
        coalition = Coalition.objects.get()
        self.send(
            reverse("coalitions:add_partner", args=[coalition.pk]),
            kvk_number="22222222",
            name="Vereniging Erbij",
            contact_name="Bo Bakker",
            contact_email=PARTNER,
            legal_form="association",
            municipality=municipality,
        )
        assert "Vereniging Erbij" in page_text(self.client.get(detail))
        self.send(reverse("applications:start", args=[coalition.pk]), call=call.slug)
        return Application.objects.get()

    def write(self, application: Application) -> None:
        """Follow the pages from the first to the last, each leading to the next."""
        lead, partner = application.coalition.participations.all()
        confirm_pending()
        url = reverse("applications:particulars", args=[application.reference])
        url = self.send(
            url, title="Samen aan zet", starts_on="2024-06-25", duration_months="6", seen_version=1
        )
        people = {"main_applicant": APPLICANT, "signatory": SIGNATORY, "leader": PARTNER}
        typed = {f"{name}_email": email for name, email in people.items()}
        typed |= {f"{name}_name": f"Naam {name}" for name in people}
        typed |= {"postal_street": "Straat 1", "postal_code": "1234 AB", "postal_place": "Dorp"}
        typed |= {"electronic_letters": "True"}
        typed |= {f"{name}_organisation": lead.pk for name in people}
        url = self.send(url, seen_version=1, **typed)
        assert url == reverse("applications:partners", args=[application.reference])
        for spec in application.call.sections.all():
            url = reverse("applications:section", args=[application.reference, spec.key])
            url = self.send(url, text=f"Over {spec.title}", seen_version=0)
        headings = application.call.headings.all()
        lines = {"lines-TOTAL_FORMS": 2, "lines-INITIAL_FORMS": 0, "seen_version": 1}
        for index, (member, amount) in enumerate([(lead, "40.000,00"), (partner, "9.999,50")]):
            lines |= {
                f"lines-{index}-heading": headings[index].pk,
                f"lines-{index}-participation": member.pk,
                f"lines-{index}-description": "Uren",
                f"lines-{index}-amount": amount,
            }
        url = self.send(url, **lines)
        assert url == reverse("applications:attachments", args=[application.reference])


def call_municipality() -> int:
    return MunicipalityFactory._meta.model.objects.get(name="Gouda").pk


def test_an_applicant_comes_from_an_account_to_a_signed_submission(client: Client, call: Call) -> None:
    applicant = Applicant(client)
    application = applicant.start(call)
    applicant.write(application)
    reference = application.reference
    partner = application.coalition.participations.get(is_lead=False)
    applicant.send(reverse("applications:ask_consent", args=[reference, partner.pk]))

    visitor = Client()
    consent = reverse("applications:consent", args=[mailed_secret(PARTNER)])
    seen = visitor.get(consent).context["form"]["seen_digest"].value()
    answered = visitor.post(
        consent, {"answer": "given", "name": "Bo Bakker", "function": "Bestuurder", "seen_digest": seen}
    )
    assert answered.status_code == 200

    overview = client.get(reverse("applications:overview", args=[reference]))
    assert overview.context["progress"].is_complete
    status = applicant.send(
        reverse("applications:submit", args=[reference]), round=call.rounds.get(number=1).pk
    )
    application.refresh_from_db()
    assert application.status == Status.SUBMITTED

    role = SigningRole.MAIN_APPLICANT.value
    applicant.send(
        reverse("applications:sign_account", args=[reference, role]), agreed="on", function="coördinator"
    )
    other = SigningRole.AUTHORISED_SIGNATORY.value
    applicant.send(reverse("applications:ask_signature", args=[reference, other]))
    sign = reverse("applications:sign", args=[mailed_secret(SIGNATORY, "signature_request")])
    assert visitor.post(sign, {"agreed": "on", "name": "Cas", "function": "Bestuurder"}).status_code == 200
    states = [each["state"] for each in client.get(status).context["steps"]]
    assert states == ["done", "done", "todo", "todo", "todo"]

    produce_receipt(
        receipt_id=application.receipt.pk, make_pdf=lambda _receipt, _code, _at: b"%PDF-1.7", at=AT
    )
    receipt = client.get(reverse("applications:receipt_pdf", args=[reference]))
    assert receipt["Content-Type"] == "application/pdf"


def test_a_change_after_consent_asks_that_partner_again(client: Client, call: Call) -> None:
    applicant = Applicant(client)
    application = applicant.start(call)
    applicant.write(application)
    partner = application.coalition.participations.get(is_lead=False)
    applicant.send(reverse("applications:ask_consent", args=[application.reference, partner.pk]))
    consent = reverse("applications:consent", args=[mailed_secret(PARTNER)])
    seen = client.get(consent).context["form"]["seen_digest"].value()
    Client().post(consent, {"answer": "given", "name": "Bo", "function": "Bestuurder", "seen_digest": seen})
    spec = application.call.sections.first()
    assert spec is not None
    section = reverse("applications:section", args=[application.reference, spec.key])
    assert client.get(section).context["has_answers"] is True
    applicant.send(section, text="Iets anders", seen_version=1)
    rows = client.get(reverse("applications:partners", args=[application.reference])).context["asked"]
    assert [each.state.kind for each in rows] == ["warning"]
