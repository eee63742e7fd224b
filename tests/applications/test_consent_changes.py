"""Who writes a draft sees what changed since a partner answered (rules 9, 22 and 26)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.budget import PlannedLine, save_budget
from applications.domain.collaborating import accept_invitation
from applications.domain.drafting import save_section
from applications.enums import CollaboratorRight
from applications.models import Consent
from coalitions.domain.coalitions import change_contact
from hubportal.accounts.models import User
from tests.applications.collaborating import invited, joined
from tests.factories import scenarios
from tests.factories.accounts import UserFactory, log_in
from tests.factories.drafts import consented
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

# Told apart by a word of its own.
TAKEN_OUT = "Kanariewoord"
PUT_IN = "Dit staat er nu."


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT + timedelta(hours=2)):
        yield


@pytest.fixture
def case() -> Any:
    case = scenarios.written()
    write(case, TAKEN_OUT)
    consented(case, case.partners[0])
    return case


def write(case: Any, text: str) -> None:
    spec = case.call.sections.first()
    version = case.sections.get(spec=spec).version
    save_section(
        reference=case.reference, key=spec.key, text=text, seen_version=version, actor=case.applicant, at=AT
    )


def url_of(case: Any) -> str:
    return reverse("applications:consent_changes", args=[case.reference, case.partners[0].pk])


def page_of(client: Client, case: Any, reader: User) -> Any:
    log_in(client, reader)
    return client.get(url_of(case))


class TestWhoWrites:
    def test_reads_what_the_partner_agreed_to_against_what_stands_now(self, client: Client, case) -> None:
        write(case, PUT_IN)
        page = page_of(client, case, case.applicant)
        shown = page.content.decode()
        assert [each.label for each in page.context["changed"]] == [case.call.sections.first().title]
        assert ("<ins>" in shown, "<del>" in shown) == (True, True)
        assert TAKEN_OUT in page_text(page)

    def test_reads_it_of_the_share_of_that_partner_alone(self, client: Client, case) -> None:
        heading = case.call.headings.filter(is_contribution=False).first()
        lines = [
            PlannedLine(heading, place, words, Decimal(amount))
            for place, words, amount in (
                (case.coalition.participations.get(is_lead=True), "Van de penvoerder", 3000),
                (case.partners[0], "Van de partner", 1500),
            )
        ]
        save_budget(
            application_id=case.pk, lines=lines, seen_version=case.budget_version, actor=case.applicant, at=AT
        )
        page = page_of(client, case, case.applicant)
        [changed] = page.context["changed"]
        assert changed.label == "Het deel van de begroting van deze partner"
        assert ("Van de partner" in page_text(page), "Van de penvoerder" in page_text(page)) == (True, False)

    @pytest.mark.parametrize("name", ["partners", "coalition"])
    def test_is_led_there_only_while_the_answer_does_not_count(self, client: Client, case, name) -> None:
        log_in(client, case.applicant)
        address = reverse(f"applications:{name}", args=[case.reference])
        assert url_of(case) not in client.get(address).content.decode()
        write(case, PUT_IN)
        assert url_of(case) in client.get(address).content.decode()

    def test_reads_a_sentence_where_there_is_nothing_to_compare(self, client: Client, case) -> None:
        assert "telt nog" in page_text(page_of(client, case, case.applicant))
        change_contact(
            participation_id=case.partners[0].pk, contact_name="Een ander",
            contact_email="ander@partner.example", actor=case.applicant, at=AT,
        )  # fmt: skip
        assert "hetzelfde als toen" in page_text(client.get(url_of(case)))
        write(case, PUT_IN)
        Consent.objects.update(agreed_text=None, agreed_share=None)
        assert "Wat de partner toen las, is niet bewaard" in page_text(client.get(url_of(case)))
        Consent.objects.all().delete()
        assert "nog niet geantwoord" in page_text(client.get(url_of(case)))


class TestWhoReadsAlong:
    def test_reads_the_words_of_an_answer_given_while_they_took_part(self, client: Client) -> None:
        case = scenarios.written()
        reader = joined(case, right=CollaboratorRight.READ)
        write(case, TAKEN_OUT)
        consented(case, case.partners[0])
        write(case, PUT_IN)
        assert TAKEN_OUT in page_text(page_of(client, case, reader))

    def test_reads_which_parts_changed_and_nothing_that_was_taken_out_before_they_came(
        self, client: Client, case
    ) -> None:
        """Rule 26: what the lead took out before it invited them."""
        write(case, PUT_IN)
        reader = UserFactory.create()
        row = invited(case, reader.email, right=CollaboratorRight.READ)
        accept_invitation(key=row.key, actor=reader, at=AT + timedelta(hours=1))
        page = page_of(client, case, reader)
        assert (page.status_code, TAKEN_OUT in page_text(page)) == (200, False)
        assert case.call.sections.first().title in page_text(page)
        # Who writes along finds the earlier version anyway.
        row.refresh_from_db()
        row.right = CollaboratorRight.WRITE
        row.save(update_fields=["right"])
        assert TAKEN_OUT in page_text(client.get(url_of(case)))
        coalition = client.get(reverse("applications:coalition", args=[case.reference]))
        assert url_of(case) in coalition.content.decode()


def test_nobody_else_finds_it(client: Client, case) -> None:
    write(case, PUT_IN)
    for other in (UserFactory.create(), speaker_for(case.partners[0].organisation)):
        assert page_of(client, case, other).status_code == 404
    log_in(client, case.applicant)
    lead = case.coalition.participations.get(is_lead=True)
    for pk in (lead.pk, 0):
        url = reverse("applications:consent_changes", args=[case.reference, pk])
        assert client.get(url).status_code == 404
