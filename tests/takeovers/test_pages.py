"""The pages of asking for a draft, of saying no, and of undoing it (rules 22, 26, 30 and 41)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hubportal.accounts.models import User
from organisations.domain.representing import confirm_colleague
from organisations.models import Representative
from takeovers.domain.deciding import stop_takeover
from takeovers.domain.waiting import tell_of_the_end
from takeovers.models import Takeover, TakeoverProof
from tests.applications.collaborating import joined
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.documents import letter_pdf
from tests.factories.moments import AT
from tests.factories.organisations import OrganisationFactory, pending_for, speaker_for
from tests.factories.taking_over import (
    DECIDE_AT,
    PROOF,
    TELL_AT,
    asked,
    claim_by,
    claimant,
    granted,
    refused,
    warned,
)
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def asking(person: User) -> str:
    return reverse("takeovers:ask", args=[Representative.objects.get(user=person).pk])


def draft_page(case: Any, page: str = "of_draft", *which: int) -> str:
    return reverse(f"takeovers:{page}", args=[case.reference, *which])


class TestAsking:
    def typed(self, case: Any, **values: Any) -> dict[str, Any]:
        return {"region": case.coalition.region_id, "text": PROOF, **values}

    def test_who_is_not_confirmed_asks_with_a_file_and_takes_it_back(
        self, client: Client, case, newcomer
    ) -> None:
        log_in(client, newcomer)
        assert asking(newcomer) in client.get(reverse("organisations:my_organisations")).content.decode()
        assert "hoogstens 7 dagen" in page_text(client.get(asking(newcomer)))
        file = SimpleUploadedFile("Brief van het bestuur.pdf", letter_pdf())
        shown = client.post(asking(newcomer), self.typed(case, file=file), follow=True)
        assert "Wij hebben uw verzoek" in page_text(shown)
        assert TakeoverProof.objects.get().title == "Brief van het bestuur.pdf"
        client.post(asking(newcomer), self.typed(case))
        assert Takeover.objects.count() == 1
        told = page_text(client.post(asking(newcomer), {"button": "take_back"}, follow=True))
        assert "U hebt uw verzoek teruggenomen" in told
        assert "Verstuur mijn verzoek" in told

    def test_what_was_typed_stays_and_what_lacks_is_said_at_its_field(
        self, client: Client, case, newcomer
    ) -> None:
        log_in(client, newcomer)
        shown = client.post(asking(newcomer), {"region": "x", "text": PROOF})
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, ["region"])
        assert PROOF in page_text(shown)
        broken = SimpleUploadedFile("Brief.pdf", b"geen pdf")
        shown = client.post(asking(newcomer), self.typed(case, file=broken))
        assert (shown.status_code, list(shown.context["form"].errors)) == (422, ["file"])

    def test_the_page_says_the_same_with_and_without_a_draft_also_after_a_no(
        self, client: Client, case, newcomer: User
    ) -> None:
        """Rule 26."""
        same = {"full_name": newcomer.full_name}
        outsider = pending_for(OrganisationFactory.create(name=case.lead.name), **same)
        people = [newcomer, outsider]
        takeovers = [warned(case, each) for each in people]
        stop_takeover(takeover_id=takeovers[0].pk, actor=case.applicant, at=AT)
        assert len({self.said(client, each, AT) for each in people}) == 1
        tell_of_the_end(takeover_id=takeovers[0].pk, at=TELL_AT)
        refused(takeovers[1], at=TELL_AT)
        told = {self.said(client, each, TELL_AT) for each in people}
        assert len(told) == 1
        assert "schreven wij u dat wij niet konden doen wat u vroeg" in told.pop()

    def said(self, client: Client, person: User, at: datetime) -> str:
        with at_moment(at):
            log_in(client, person)
            return page_text(client.get(asking(person)))

    def test_who_was_given_it_asks_no_more(self, client: Client, case, newcomer: User) -> None:
        granted(warned(case, newcomer))
        log_in(client, newcomer)
        assert client.get(asking(newcomer)).status_code == 404
        assert client.get(reverse("applications:read", args=[case.reference])).status_code == 200


class TestObjecting:
    def test_one_button_is_enough_to_say_no_and_a_second_click_changes_nothing(
        self, client: Client, case, newcomer: User
    ) -> None:
        takeover = warned(case, newcomer)
        log_in(client, case.applicant)
        start = reverse("website:start")
        assert "Iemand wil verder met uw aanvraag" in page_text(client.get(start))
        shown = page_text(client.get(draft_page(case)))
        assert (newcomer.full_name in shown, newcomer.email in shown, PROOF in shown) == (True, True, False)
        for _click in range(2):
            told = page_text(client.post(draft_page(case, "stop", takeover.pk), follow=True))
            assert "U hebt nee gezegd" in told
        assert "Niemand vraagt om deze aanvraag" in told
        assert "Iemand wil verder met uw aanvraag" not in page_text(client.get(start))
        log_in(client, speaker_for(case.lead))
        assert "Dit was al afgehandeld" in page_text(
            client.post(draft_page(case, "stop", takeover.pk), follow=True)
        )

    def test_it_is_undone_on_a_page_that_says_what_changes(
        self, client: Client, case, newcomer: User
    ) -> None:
        takeover = granted(warned(case, newcomer))
        log_in(client, case.applicant)
        address = draft_page(case, "undo", takeover.pk)
        with at_moment(DECIDE_AT + timedelta(minutes=1)):
            assert address in client.get(draft_page(case)).content.decode()
            shown = page_text(client.get(address))
            assert f"De contactpersoon is dan {case.applicant.full_name}." in shown
            assert "sindsdien" not in shown
            friend = pending_for(case.lead, full_name="Vic Vriend (fictief)")
            confirm_colleague(
                representative_id=claim_by(friend).pk, actor=newcomer, at=DECIDE_AT + timedelta(seconds=1)
            )
            assert f"Vic Vriend (fictief), {friend.email}" in page_text(client.get(address))
            empty = client.post(address, {"reason": ""})
            assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
            told = page_text(client.post(address, {"reason": "Ik ben er weer"}, follow=True))
        assert "Het is teruggedraaid" in told
        assert client.get(address).status_code == 404

    def test_nobody_else_finds_it(self, client: Client, case, newcomer: User) -> None:
        """Rules 22 and 26: also who asks, who writes along, and a partner."""
        takeover = warned(case, newcomer)
        for person in (newcomer, joined(case), speaker_for(case.partners[0].organisation)):
            log_in(client, person)
            assert client.get(draft_page(case)).status_code == 404
            assert client.post(draft_page(case, "stop", takeover.pk)).status_code == 404
        other = scenarios.written(coalition_name="Een andere (fictief)", call=case.call)
        log_in(client, other.applicant)
        assert client.post(draft_page(other, "stop", takeover.pk)).status_code == 404

    def test_who_was_given_it_does_not_see_themselves_there(
        self, client: Client, case, newcomer: User
    ) -> None:
        granted(warned(case, newcomer))
        log_in(client, newcomer)
        assert "Niemand vraagt om deze aanvraag" in page_text(client.get(draft_page(case)))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_draft_takes_the_same_queries_however_many_ask(
    client: Client, case, count: int, django_assert_num_queries: Any
) -> None:
    for _each in range(count):
        warned(case, claimant(case))
    log_in(client, case.applicant)
    with django_assert_num_queries(7):
        client.get(draft_page(case))


def test_asking_reads_no_application(case, newcomer: User, django_assert_num_queries: Any) -> None:
    """Rule 26: nothing about a draft is looked up while somebody waits for the answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as sent:
        asked(case, newcomer)
    assert [each["sql"] for each in sent if "applications_application" in each["sql"]] == []
