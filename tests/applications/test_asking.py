"""The state of each request for consent or signature, and its buttons on the pages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.links import RESEND_COOL_DOWN
from applications.domain.signing import signature_due_at
from applications.models import Application
from applications.views.asking import Asked
from hubportal.accounts.models import User
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.looks.markup import Page, read
from tests.pages import at_moment

pytestmark = pytest.mark.django_db

# The clock goes on while the pages are asked.
COOLED = AT + RESEND_COOL_DOWN + timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def shown(client: Client, case: Application, name: str, *, user: User) -> tuple[list[Asked], Page]:
    log_in(client, user)
    response = client.get(reverse(f"applications:{name}", args=[case.reference]))
    return response.context["asked"], read(response.content.decode())


def buttons(page: Page, wanted: str) -> list[str]:
    forms = [each for each in page.all("form") if wanted in each.attributes.get("action", "")]
    return [each.words for each in page.all("button") if each.parent in forms]


def post(client: Client, name: str, *args: object) -> None:
    assert client.post(reverse(f"applications:{name}", args=args)).status_code == 302


class TestConsent:
    def test_a_partner_that_was_not_asked_can_be_asked_first(self, client: Client) -> None:
        case = scenarios.written(partners=1)
        [asked], page = shown(client, case, "partners", user=case.applicant)
        partner = case.partners[0]
        assert (asked.title, asked.name, asked.email) == (
            partner.organisation.name,
            partner.contact_name,
            partner.contact_email,
        )
        assert (asked.state.kind, asked.is_first_step) == ("neutral", True)
        assert buttons(page, asked.ask_url) == [f"Instemming vragen: {asked.title}"]
        assert page.one("a", href=asked.change_url).words == f"Contactpersoon wijzigen: {asked.title}"

    def test_nobody_is_asked_again_within_a_minute_and_everybody_after_it(self, client: Client) -> None:
        case = scenarios.written(partners=1)
        log_in(client, case.applicant)
        post(client, "ask_consent", case.reference, case.partners[0].pk)
        [asked], page = shown(client, case, "partners", user=case.applicant)
        assert (asked.state.kind, asked.is_first_step) == ("info", False)
        assert buttons(page, asked.ask_url) == []
        assert "Over een minuut kunt u het opnieuw vragen." in page.one("main").words
        with at_moment(COOLED):
            [asked], page = shown(client, case, "partners", user=case.applicant)
        assert buttons(page, asked.ask_url) == [f"Opnieuw vragen: {asked.title}"]
        assert "Over een minuut" not in page.one("main").words

    def test_changing_the_contact_leads_back_to_the_partners(self, client: Client) -> None:
        case = scenarios.written(partners=1)
        [asked], _page = shown(client, case, "partners", user=case.applicant)
        back = reverse("applications:partners", args=[case.reference])
        saved = client.post(
            asked.change_url, {"contact_name": "Iemand Anders", "contact_email": "a@b.example"}
        )
        assert saved.url == back


class TestSignature:
    @pytest.fixture
    def case(self) -> "scenarios.Case":
        return scenarios.submitted(signed=False)

    def test_both_who_sign_stand_there_with_their_role_and_address(
        self, client: Client, case: "scenarios.Case"
    ) -> None:
        asked, _page = shown(client, case, "status", user=case.applicant)
        assert [(each.title, each.email) for each in asked] == [
            ("Hoofdaanvrager", case.people.main_applicant_email),
            ("Bestuurlijk verantwoordelijke", case.people.signatory_email),
        ]

    def test_only_the_person_in_front_of_the_screen_signs_there(
        self, client: Client, case: "scenarios.Case"
    ) -> None:
        asked, page = shown(client, case, "status", user=case.applicant)
        own = [each for each in asked if each.sign_url]
        assert [each.email for each in own] == [case.applicant.email]
        assert page.one("a", href=own[0].sign_url).words == "Nu ondertekenen"

    def test_a_link_to_sign_cools_down_as_a_question_for_consent_does(
        self, client: Client, case: "scenarios.Case"
    ) -> None:
        log_in(client, case.applicant)
        OutgoingMail.objects.all().delete()
        with at_moment(COOLED):
            post(client, "ask_signature", case.reference, "authorised_signatory")
            [_main, other], page = shown(client, case, "status", user=case.applicant)
            assert (other.state.kind, buttons(page, other.ask_url)) == ("info", [])
        with at_moment(COOLED + RESEND_COOL_DOWN + timedelta(seconds=30)):
            [_main, other], page = shown(client, case, "status", user=case.applicant)
            assert buttons(page, other.ask_url) == [f"Link opnieuw mailen: {other.title}"]
        assert [each.recipient for each in OutgoingMail.objects.all()] == [other.email]

    def test_who_signed_is_named_with_the_moment_and_asked_no_more(self, client: Client) -> None:
        case = scenarios.submitted()
        asked, page = shown(client, case, "status", user=case.applicant)
        assert [each.state.kind for each in asked] == ["ok", "ok"]
        assert [each.sign_url or each.state.button for each in asked] == ["", ""]
        assert buttons(page, "ondertekenen") == []

    def test_nobody_is_asked_once_the_time_to_sign_is_over(
        self, client: Client, case: "scenarios.Case"
    ) -> None:
        due_at = signature_due_at(Application.objects.get(pk=case.pk))
        assert due_at is not None
        with at_moment(due_at - timedelta(seconds=1)):
            asked, _page = shown(client, case, "status", user=case.applicant)
            assert all(each.state.button for each in asked)
        with at_moment(due_at):
            asked, _page = shown(client, case, "status", user=case.applicant)
        assert [each.state.button or each.sign_url for each in asked] == ["", ""]
