"""The pages by which the lead of a coalition is offered and taken: nothing happens before a page that shows it (rules 22, 30 and 44)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.drafting import start_application
from applications.domain.offering_lead import take_back_lead_offer
from applications.domain.starting_again import start_again
from applications.domain.submitting import withdraw
from applications.models import LeadOffer
from coalitions.models import Participation
from hubportal.accounts.models import User
from tests.applications.leading import offered
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.organisations import pending_for, speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


@pytest.fixture
def case() -> Any:
    return scenarios.written()


@pytest.fixture
def taker(case: Any) -> User:
    return speaker_for(case.partners[0].organisation, full_name="Tara Overneemster (fictief)")


def page(case: Any) -> str:
    return reverse("applications:offer_lead", args=[case.reference])


def typed(case: Any, button: str) -> dict[str, str]:
    return {"button": button, "to": str(case.partners[0].pk), "contact": str(case.applicant.pk)}


def leads(case: Any) -> int:
    return Participation.objects.get(coalition=case.coalition_id, is_lead=True).organisation_id


class TestOffering:
    def test_it_is_chosen_then_read_then_offered(self, client: Client, case, taker: User) -> None:
        log_in(client, case.applicant)
        room = client.get(reverse("applications:coalition", args=[case.reference])).content.decode()
        assert page(case) in room
        looked = page_text(client.post(page(case), typed(case, "look")))
        assert "Wat er verandert na een ja" in looked
        assert case.reference in looked
        assert not LeadOffer.objects.exists()
        said = page_text(client.post(page(case), typed(case, "offer"), follow=True))
        assert "Uw organisatie blijft penvoerder tot zij ja zeggen" in said
        assert LeadOffer.objects.get().place == case.partners[0]
        room = page_text(client.get(reverse("applications:coalition", args=[case.reference])))
        assert "Het penvoerderschap is aan een partner aangeboden" in room

    def test_a_second_click_offers_once(self, client: Client, case) -> None:
        log_in(client, case.applicant)
        for _each in range(2):
            client.post(page(case), typed(case, "offer"))
        assert LeadOffer.objects.count() == 1

    def test_it_is_taken_back_with_one_button(self, client: Client, case) -> None:
        offered(case)
        log_in(client, case.applicant)
        said = page_text(client.post(page(case), {"button": "take_back"}, follow=True))
        assert "U hebt het aanbod teruggenomen" in said
        said = page_text(client.post(page(case), {"button": "take_back"}, follow=True))
        assert "Dit was al afgehandeld" in said

    @pytest.mark.parametrize("button", ["look", "offer"])
    @pytest.mark.parametrize("wrong", ["to", "contact"])
    def test_bad_input_is_said_at_its_field(self, client: Client, case, wrong: str, button: str) -> None:
        log_in(client, case.applicant)
        shown = client.post(page(case), {**typed(case, button), wrong: "999999"})
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, [wrong])
        assert not LeadOffer.objects.exists()

    def test_a_refusal_is_said_at_its_field(self, client: Client, case) -> None:
        scenarios.join(case.coalition_id, case.coalition.region, actor=case.applicant)
        other = case.coalition.participations.filter(is_lead=False).last()
        offered(case, participation_id=other.pk)
        log_in(client, case.applicant)
        shown = client.post(page(case), typed(case, "offer"))
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, ["to"])

    def test_enter_and_an_unknown_button_do_nothing(self, client: Client, case) -> None:
        """Rule 30."""
        log_in(client, case.applicant)
        values = typed(case, "offer")
        del values["button"]
        assert client.post(page(case), values).status_code == 200
        assert not LeadOffer.objects.exists()

    def test_who_only_says_to_speak_for_the_lead_finds_nothing(self, client: Client, case) -> None:
        log_in(client, pending_for(case.lead))
        assert client.get(page(case)).status_code == 404

    def test_without_a_partner_it_says_so(self, client: Client) -> None:
        alone = scenarios.started(partners=0)
        log_in(client, alone.applicant)
        assert "nog geen partner in de coalitie" in page_text(client.get(page(alone)))

    def test_once_something_was_submitted_it_says_why_not(self, client: Client) -> None:
        case = scenarios.submitted()
        withdraw(application_id=case.pk, actor=case.applicant, at=AT)
        again = start_again(application_id=case.pk, actor=case.applicant, at=AT)
        log_in(client, case.applicant)
        shown = client.get(page(again))
        assert "heeft een aanvraag ingediend" in page_text(shown)
        assert 'name="to"' not in shown.content.decode()
        assert client.get(page(case)).status_code == 302

    def test_what_became_of_it_is_shown_with_the_reason(self, client: Client, case, taker: User) -> None:
        offer = offered(case)
        log_in(client, taker)
        answer = reverse("applications:lead_offer", args=[offer.key])
        said = client.post(answer, {"button": "decline", "reason": "Wij hebben geen tijd."}, follow=True)
        assert "U hebt nee gezegd" in page_text(said)
        log_in(client, case.applicant)
        shown = page_text(client.get(page(case)))
        assert "Wij hebben geen tijd." in shown


class TestAnswering:
    @pytest.fixture
    def offer(self, case: Any) -> LeadOffer:
        return offered(case)

    def test_who_is_asked_reads_the_offer_alone_and_takes_it_on_a_second_page(
        self, client: Client, case, taker: User, offer: LeadOffer
    ) -> None:
        log_in(client, taker)
        start = page_text(client.get(reverse("website:start")))
        assert "penvoerder?" in start
        answer, accept = (
            reverse(f"applications:{each}", args=[offer.key]) for each in ("lead_offer", "accept_lead")
        )
        shown = client.get(answer)
        assert case.title not in shown.content.decode()
        assert case.call.title in page_text(shown)
        assert accept in shown.content.decode()
        assert client.get(reverse("applications:coalition", args=[case.reference])).status_code == 404
        fixed = client.get(accept)
        assert "U wordt de contactpersoon" in page_text(fixed)
        seen = fixed.context["seen"]
        said = client.post(accept, {"button": "accept", "seen": seen}, follow=True)
        assert "is nu penvoerder" in page_text(said)
        assert leads(case) == offer.place.organisation_id
        assert f"{offer.place.stated_name} werd penvoerder" in page_text(said)
        # As a double click, or who comes back later, finds it.
        assert client.post(accept, {"button": "accept", "seen": seen}).status_code == 302
        assert client.get(answer).url == reverse("coalitions:detail", args=[case.coalition_id])
        assert client.get(accept).status_code == 302

    def test_enter_and_what_was_not_shown_fix_nothing(
        self, client: Client, case, taker: User, offer: LeadOffer
    ) -> None:
        """Rule 30."""
        log_in(client, taker)
        accept = reverse("applications:accept_lead", args=[offer.key])
        assert client.post(accept, {}).status_code == 200
        said = client.post(accept, {"button": "accept", "seen": "iets anders"}, follow=True)
        assert "Kijk het opnieuw na" in page_text(said)
        assert leads(case) == case.lead.pk

    def test_a_no_needs_a_reason(self, client: Client, taker: User, offer: LeadOffer) -> None:
        log_in(client, taker)
        answer = reverse("applications:lead_offer", args=[offer.key])
        shown = client.post(answer, {"button": "decline", "reason": ""})
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, ["reason"])
        offer.refresh_from_db()
        assert offer.is_open

    def test_what_no_longer_stands_says_so_and_no_more(
        self, client: Client, case, taker: User, offer: LeadOffer
    ) -> None:
        """Rule 26."""
        take_back_lead_offer(key=offer.key, actor=case.applicant, at=AT)
        log_in(client, taker)
        for name in ("lead_offer", "accept_lead"):
            shown = client.get(reverse(f"applications:{name}", args=[offer.key]))
            assert shown.status_code == 410
            assert "geldt niet meer" in page_text(shown)
            assert case.applicant.full_name not in page_text(shown)

    def test_nobody_else_finds_it(self, client: Client, case, taker: User, offer: LeadOffer) -> None:
        partner = case.partners[0]
        others = [
            case.applicant,
            UserFactory.create(email=partner.contact_email),
            pending_for(partner.organisation),
            UserFactory.create(),
        ]
        for user in others:
            log_in(client, user)
            for name in ("lead_offer", "accept_lead"):
                address = reverse(f"applications:{name}", args=[offer.key])
                assert client.get(address).status_code == 404
                assert client.post(address, {"button": "accept"}).status_code == 404
        log_in(client, taker)
        assert client.get(reverse("applications:lead_offer", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_drafts(
    client: Client, case: Any, taker: User, django_assert_num_queries: Any, count: int
) -> None:
    for _each in range(count - 1):
        start_application(
            coalition_id=case.coalition_id, call=CallFactory.create(), actor=case.applicant, at=AT
        )
    address = reverse("applications:lead_offer", args=[offered(case).key])
    log_in(client, taker)
    with django_assert_num_queries(9):
        client.get(address)
