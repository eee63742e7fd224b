"""Checking, submitting, withdrawing, and what is seen afterwards."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from applications.domain.receipts import produce_receipt
from applications.enums import SigningRole, Status
from applications.models import Application, ApplicationPeople, Receipt
from calls.domain.setup import moment
from calls.enums import Outcome
from calls.models import ReviewRound
from hubportal.mail.models import OutgoingMail
from tests.factories import scenarios
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT, CALL_OPENS, FIRST_DEADLINE, LAST_DEADLINE
from tests.factories.organisations import speaker_for
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
IN_THE_GAP = moment("2024-06-20T10:00")


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def address(name: str, case: Application, *more: object) -> str:
    return reverse(f"applications:{name}", args=[case.reference, *more])


def round_number(case: Application, number: int) -> ReviewRound:
    return case.call.rounds.get(number=number)


def submit(client: Client, case: "scenarios.Case", number: int = 1) -> HttpResponse:
    return client.post(address("submit", case), {"round": round_number(case, number).pk})


def test_submitting_leads_to_the_receipt_at_once(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    check = client.get(address("check", case))
    assert f'name="round" value="{round_number(case, 1).pk}"' in check.content.decode()
    response = submit(client, case)
    assert (response.status_code, response.url) == (302, address("status", case))
    page = client.get(response.url)
    assert "hub-state--submitted" in page.content.decode()
    assert "hub-state--draft" not in page.content.decode()
    assert case.reference in page_text(page)
    assert Application.objects.get(pk=case.pk).frozen.sha256 in page_text(page)


def test_submitting_twice_makes_one_submission(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    assert submit(client, case).status_code == 302
    first = Application.objects.get(pk=case.pk).submitted_at
    assert submit(client, case).url == address("status", case)
    assert Application.objects.get(pk=case.pk).submitted_at == first
    assert Receipt.objects.count() == 1


def test_what_a_slow_request_saves_is_not_in_what_was_submitted_before_it_was_in(
    client: Client, settings: Settings
) -> None:
    """Rule 2: both requests began before the text was there; one click more submits it."""
    settings.TRUST_PROXY = True
    before = AT - timedelta(minutes=2)
    case = scenarios.ready(at=before)
    log_in(client, case.applicant)
    spec = case.call.sections.first()

    def began(seconds_ago: int) -> dict[str, str]:
        return {
            "X-Request-Start": f"t={(datetime.now(UTC) - timedelta(seconds=seconds_ago)).timestamp():.3f}"
        }

    client.post(address("section", case, spec.key), {"text": "Te laat", "seen_version": 1}, headers=began(20))
    scenarios.consented(case, case.partners[0], at=before + timedelta(minutes=1))
    where, values = address("submit", case), {"round": round_number(case, 1).pk}
    refused = client.post(where, values, headers=began(10))
    assert refused.status_code == 409
    assert "nadat u op indienen klikte" in page_text(refused)
    assert "Te laat" in page_text(refused)
    assert 'name="round"' in refused.content.decode()
    assert Application.objects.get(pk=case.pk).is_draft
    assert client.post(where, values).url == address("status", case)


def test_submitting_what_is_not_complete_says_what_is_missing(client: Client) -> None:
    case = scenarios.written(partners=0)
    log_in(client, case.applicant)
    check = client.get(address("check", case))
    assert 'name="round"' not in check.content.decode()
    response = submit(client, case)
    assert response.status_code == 422
    assert [each.page for each in response.context["progress"].missing] == ["partners"]
    assert Application.objects.get(pk=case.pk).status == Status.DRAFT


def test_at_the_deadline_the_next_round_is_offered_in_one_click(client: Client) -> None:
    second = scenarios.started().call.rounds.get(number=2)
    case = scenarios.ready(coalition_name="Andere coalitie", starts_on=second.award_expected_on)
    log_in(client, case.applicant)
    with at_moment(FIRST_DEADLINE):
        response = submit(client, case)
        assert response.status_code == 409
        assert Application.objects.get(pk=case.pk).status == Status.DRAFT
        assert f'name="round" value="{second.pk}"' in response.content.decode()
        assert submit(client, case, number=2).status_code == 302
    assert Application.objects.get(pk=case.pk).review_round == second


def test_a_moment_before_the_deadline_is_in_time(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    with at_moment(FIRST_DEADLINE - timedelta(seconds=20)):
        assert submit(client, case).status_code == 302
    assert Application.objects.get(pk=case.pk).review_round == round_number(case, 1)


def test_in_the_gap_the_applicant_is_told_the_next_round(client: Client) -> None:
    case = scenarios.written()
    log_in(client, case.applicant)
    with at_moment(IN_THE_GAP):
        window = client.get(address("check", case)).context["progress"].window
    assert (window.review_round, window.is_open) == (round_number(case, 3), True)
    assert "3" in window.sentence


@pytest.mark.parametrize("at", [CALL_OPENS - timedelta(days=1), LAST_DEADLINE])
def test_outside_the_call_a_submission_is_refused_with_the_reason_and_the_draft_kept(
    client: Client, at: datetime
) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    with at_moment(at):
        page = client.get(address("check", case))
        assert 'name="round"' not in page.content.decode()
        response = submit(client, case)
    assert response.status_code == 409
    assert str(response.context["refusal"]) in page_text(response)
    assert Application.objects.get(pk=case.pk).status == Status.DRAFT


@pytest.mark.parametrize("shown", ["", "x", "-1", "999999", "²", "9" * 40])
def test_a_round_that_no_button_of_ours_sends_is_no_fault(client: Client, shown: str) -> None:
    case = scenarios.ready()
    response = log_in(client, case.applicant).post(address("submit", case), {"round": shown})
    assert response.status_code == 409


def test_a_colleague_may_submit_and_an_unlucky_partner_may_not(client: Client) -> None:
    case = scenarios.ready()
    partner = speaker_for(case.partners[0].organisation)
    assert submit(log_in(client, partner), case).status_code == 404
    colleague = speaker_for(case.lead)
    assert submit(log_in(client, colleague), case).status_code == 302


def test_withdrawing_asks_first_and_is_idempotent(client: Client) -> None:
    case = scenarios.submitted()
    log_in(client, case.applicant)
    assert client.get(address("withdraw", case)).status_code == 200
    assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED
    for _each in range(2):
        assert client.post(address("withdraw", case), {"seen": "received"}).url == address("status", case)
    assert Application.objects.get(pk=case.pk).status == Status.WITHDRAWN
    assert OutgoingMail.objects.filter(kind="withdrawn").count() == 1
    assert client.get(address("status", case)).status_code == 200
    assert client.get(address("withdraw", case)).status_code == 302


def test_a_draft_that_was_withdrawn_can_still_be_looked_up(client: Client) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    client.post(address("withdraw", case))
    assert client.get(address("overview", case), follow=True).status_code == 200


def test_who_would_discard_a_draft_does_not_withdraw_what_a_colleague_submitted_meanwhile(
    client: Client,
) -> None:
    """Rule 30: a draft can be put back for a month, a submission once."""
    case = scenarios.ready()
    log_in(client, case.applicant)
    assert 'name="seen" value="draft"' in client.get(address("withdraw", case)).content.decode()
    scenarios.submitted(case)
    for shown in ({"seen": "draft"}, {}):
        answer = client.post(address("withdraw", case), shown)
        assert (answer.status_code, 'name="seen" value="received"' in answer.content.decode()) == (422, True)
    assert Application.objects.get(pk=case.pk).status == Status.SUBMITTED
    assert 'name="seen" value="received"' in client.get(address("withdraw", case)).content.decode()


def test_nothing_of_advice_or_decision_shows_before_the_letter(client: Client) -> None:
    sealed = scenarios.sealed()
    log_in(client, sealed.applicant)
    with at_moment(FIRST_DEADLINE + timedelta(days=30)):
        before = page_text(client.get(address("status", sealed)))
        listed = page_text(client.get(reverse("applications:list")))
        scenarios.decided(sealed, outcome=Outcome.REJECTED)
        assert Application.objects.get(pk=sealed.pk).status == Status.ADVISED
        assert page_text(client.get(address("status", sealed))) == before
        assert page_text(client.get(reverse("applications:list"))) == listed
        refused = client.post(address("withdraw", sealed), {"seen": "received"}, follow=True)
        assert str(Status.ADVISED.label) not in page_text(refused)
        assert client.get(reverse("decisions:letter", args=[sealed.reference])).status_code == 404


def test_the_status_tells_the_granted_amount_once_the_letter_is_there(client: Client) -> None:
    case = scenarios.decided(granted=31_000)
    log_in(client, case.applicant)
    assert "31.000" not in page_text(client.get(address("status", case)))
    scenarios.produced(case)
    text = page_text(client.get(address("status", case))).replace("\u00a0", " ")
    assert "Verleend: ten hoogste € 31.000,00." in text


def test_the_letter_is_there_for_lead_and_partner_and_nobody_else(client: Client) -> None:
    case = scenarios.produced(outcome=Outcome.GRANTED)
    url = reverse("decisions:letter", args=[case.reference])
    for reader in (case.applicant, speaker_for(case.partners[0].organisation)):
        log_in(client, reader)
        assert url in client.get(address("status", case)).content.decode()
        response = client.get(url)
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF-")
        assert response["Content-Disposition"] == f'attachment; filename="besluit-{case.reference}.pdf"'
    assert log_in(client, person()).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_the_receipt_comes_as_pdf_once_it_is_made(client: Client) -> None:
    case = scenarios.submitted()
    log_in(client, case.applicant)
    url = address("receipt_pdf", case)
    assert client.get(url).url == address("status", case)
    produce_receipt(
        receipt_id=case.receipt.pk, make_pdf=lambda _receipt, code, _at: f"%PDF {code}".encode(), at=AT
    )
    response = client.get(url)
    assert response.content.startswith(b"%PDF")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert url in client.get(address("status", case)).content.decode()


def test_a_draft_has_no_receipt(client: Client) -> None:
    case = scenarios.started()
    assert log_in(client, case.applicant).get(address("receipt_pdf", case)).status_code == 404


def test_the_applicant_signs_now_and_mails_the_link_to_the_signatory(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    log_in(client, case.applicant)
    own = address("sign_account", case, SigningRole.MAIN_APPLICANT.value)
    assert own in client.get(address("status", case)).content.decode()
    assert client.get(own).status_code == 200
    assert client.post(own, {}).status_code == 422
    assert client.post(own, {"agreed": "on", "function": "Bestuurder"}).url == address("status", case)
    other = SigningRole.AUTHORISED_SIGNATORY.value
    assert client.post(address("ask_signature", case, other)).url == address("status", case)
    assert OutgoingMail.objects.filter(kind="signature_request").count() == 1
    assert [each.role for each in case.signatures.all()] == [SigningRole.MAIN_APPLICANT]


def test_nobody_signs_for_another(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    log_in(client, case.applicant)
    url = address("sign_account", case, SigningRole.AUTHORISED_SIGNATORY.value)
    assert client.get(url).url == address("status", case)
    assert client.post(url, {"agreed": "on", "function": "Bestuurder"}).url == address("status", case)
    assert not case.signatures.exists()
    assert client.get(address("sign_account", case, "koning")).status_code == 404


def test_after_the_term_nobody_signs(client: Client) -> None:
    case = scenarios.submitted(signed=False)
    log_in(client, case.applicant)
    with at_moment(AT + timedelta(days=8)):
        url = address("sign_account", case, SigningRole.MAIN_APPLICANT.value)
        assert url not in client.get(address("status", case)).content.decode()
        client.post(url, {"agreed": "on", "function": "Bestuurder"})
    assert not case.signatures.exists()


def test_who_submits_submits_what_stood_on_the_page(client: Client) -> None:
    """Rules 12 and 30: a colleague who saved meanwhile is read first."""
    case = scenarios.ready()
    log_in(client, case.applicant)
    address = reverse("applications:submit", args=[case.reference])

    def shown() -> dict[str, Any]:
        page = client.get(reverse("applications:check", args=[case.reference]))
        form = page.content.decode()
        return {name: re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in ("round", "seen")}

    with at_moment(AT):
        read = shown()
        ApplicationPeople.objects.filter(application=case).update(leader_name="Een Ander")
        refused = client.post(address, read)
        assert (refused.status_code, "Een Ander" in page_text(refused)) == (409, True)
        assert "Kijk het opnieuw na" in page_text(refused)
        case.refresh_from_db()
        assert case.status == "draft"
        # Once it is read, it is taken; and once more with what was read first, which changes nothing.
        for seen in (shown(), read):
            assert client.post(address, seen).status_code == 302
    case.refresh_from_db()
    assert case.status == "submitted"


def test_after_the_last_deadline_nobody_is_told_to_submit(client: Client) -> None:
    case = scenarios.ready()
    log_in(client, case.applicant)
    assert "dien in" in page_text(client.get(address("overview", case)))
    with at_moment(LAST_DEADLINE):
        told = page_text(client.get(address("overview", case)))
    assert "Lees alles nog eens na en dien in." not in told
    assert "Indienen kan niet meer." in told
