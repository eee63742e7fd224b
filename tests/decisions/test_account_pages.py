"""The applicant gives the account of a grant on a page of its own, after showing who they are (rules 12, 22 and 30)."""

from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from decisions.domain.bank_accounts import accounts_shown
from decisions.models import BankAccount
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import Returned, Verdict
from hubportal.mail.domain.sending import send_due_mails
from letters.domain.producing import fix_moment_of_sending
from letters.domain.returning import note_bounce, send_anew
from letters.models import Letter
from tests.factories.accounts import PASSWORD, UserFactory, log_in
from tests.factories.organisations import RepresentativeFactory, pending_for
from tests.factories.paying import (
    ABROAD,
    FIRST,
    SECOND,
    accept,
    give,
    lead_of,
    officer_of,
    send_back,
    told,
)
from tests.factories.scenarios import after_deadline, plain_pdf, produced
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def page_of(case: Any) -> str:
    return reverse("decisions:bank_account", args=[case.reference])


def as_lead(client: Client, case: Any) -> Client:
    return log_in(client, lead_of(case), second_factor=False)


def typed(case: Any, **values: str) -> dict[str, str]:
    shown = {"iban": "nl91 abna 0417 1643 00", "holder": "Stichting Zorg", "seen": accounts_shown(case)}
    return {**shown, **values}


def given() -> list[tuple[str, str, str]]:
    return list(BankAccount.objects.order_by("pk").values_list("iban", "holder", "state"))


def test_the_applicant_types_checks_and_gives(client: Client) -> None:
    case = told()
    as_lead(client, case)
    with at_moment(after_deadline(case, days=31)):
        asked = client.get(page_of(case))
        assert "Geef de rekening op" in page_text(asked)
        checked = client.post(page_of(case), typed(case))
        said = page_text(checked)
        assert "NL91 ABNA 0417 1643 00" in said
        assert "U hebt nog niets opgegeven." in said
        assert given() == []
        back = client.post(page_of(case), {**typed(case), "back": "1"})
        assert 'value="NL91 ABNA 0417 1643 00"' in back.content.decode()
        assert 'value="Stichting Zorg"' in back.content.decode()
        for _click in range(2):
            done = client.post(page_of(case), {**typed(case), "give": "1"}, follow=True)
            assert "U hebt deze rekening opgegeven." in page_text(done)
    assert given() == [(FIRST, "Stichting Zorg", "waiting")]
    said = page_text(client.get(page_of(case)))
    assert f"NL91 ABNA 0417 1643 00 op naam van Stichting Zorg, opgegeven door {lead_of(case)}" in said


def test_nothing_typed_is_lost_and_each_refusal_stands_at_its_field(client: Client) -> None:
    """Rule 12."""
    case = told()
    as_lead(client, case)
    for values, field in (
        ({"iban": "NL91 ABNA 0417 1643 01"}, "iban"),
        ({"iban": ""}, "iban"),
        ({"holder": ""}, "holder"),
        ({"holder": "x" * 151}, "holder"),
        ({"holder": "Kijk op https://elders.example"}, "holder"),
    ):
        for button in ("", "give"):
            sent = typed(case, **values)
            refused = client.post(page_of(case), {**sent, button: "1"} if button else sent)
            assert refused.status_code == 422
            assert list(refused.context["form"].errors) == [field]
            body = refused.content.decode()
            assert all(
                f'value="{sent[each]}"' in body for each in ("iban", "holder") if sent[each] and each == field
            )
    assert given() == []


def test_who_was_overtaken_by_a_colleague_keeps_what_was_typed_and_sees_what_changed(client: Client) -> None:
    case = told()
    as_lead(client, case)
    seen = typed(case, iban=ABROAD)
    give(case, SECOND)
    with at_moment(after_deadline(case, days=31)):
        refused = client.post(page_of(case), {**seen, "give": "1"})
        assert refused.status_code == 422
        said = page_text(refused)
        assert "NL20 INGB 0001 2345 67" in said
        assert "Er is niets vastgelegd" in said or "is er niets vastgelegd" in said
        body = refused.content.decode()
        assert 'value="BE68 5390 0754 7034"' in body
        assert f'value="{accounts_shown(case)}"' in body
        client.post(page_of(case), {**typed(case, iban=ABROAD), "give": "1"})
    assert [(iban, state) for iban, _holder, state in given()] == [(SECOND, "replaced"), (ABROAD, "waiting")]


def test_the_page_says_what_became_of_it(client: Client) -> None:
    case = told()
    as_lead(client, case)
    officer = officer_of(case)
    send_back(give(case), officer, reason="De rekening is van een ander.")
    said = page_text(client.get(page_of(case)))
    assert "Wij betalen niet op NL91 ABNA 0417 1643 00" in said
    assert said.count("De rekening is van een ander.") == 2
    accept(give(case, SECOND), officer)
    said = page_text(client.get(page_of(case)))
    assert "Wij betalen op deze rekening NL20 INGB 0001 2345 67" in said
    assert "Geef een andere rekening op" in said
    with at_moment(after_deadline(case, days=33)):
        same = client.post(page_of(case), {**typed(case, iban=SECOND), "give": "1"}, follow=True)
        assert "Wij betalen al op deze rekening." in page_text(same)
    checked = page_text(client.post(page_of(case), typed(case, iban=ABROAD)))
    assert "betalen wij op NL.. 4567" in checked


@pytest.mark.parametrize("method", ["get", "post"])
def test_before_the_letter_was_sent_there_is_no_page_and_no_link(client: Client, method: str) -> None:
    """Rules 22 and 26."""
    case = produced()
    as_lead(client, case)
    assert getattr(client, method)(page_of(case)).status_code == 404
    status = client.get(reverse("applications:status", args=[case.reference]))
    assert page_of(case) not in status.content.decode()


class TestWhileTheLetterIsBack:
    """Who was told already reads why there is no page to give an account on (rules 12 and 26)."""

    def back(self) -> Any:
        """A grant whose letter came back after it was sent."""
        case = told()
        give(case)
        at = after_deadline(case, days=31, hours=1)
        token = Letter.objects.get(pk=case.decision.letter_id).mail.return_token
        assert record_bounce(returned=Returned(Verdict.FAILED, (token,), "5.1.1 No such user"), at=at)
        assert note_bounce(letter_id=case.decision.letter_id, at=at)
        return case

    def test_the_applicant_reads_that_the_letter_has_to_arrive_first(self, client: Client) -> None:
        case = self.back()
        as_lead(client, case)
        shown = client.get(page_of(case))
        assert (shown.status_code, "Eerst moet onze brief aankomen" in page_text(shown)) == (200, True)
        assert "NL91" not in page_text(shown)

    def test_what_was_typed_meanwhile_is_not_lost_and_not_given(self, client: Client) -> None:
        case = self.back()
        as_lead(client, case)
        refused = client.post(page_of(case), {**typed(case, iban=ABROAD), "give": "1"})
        assert (refused.status_code, "BE68 5390 0754 7034" in page_text(refused)) == (422, True)
        assert given() == [(FIRST, "Stichting Zorg", "waiting")]

    def test_nobody_else_learns_of_it(self, client: Client) -> None:
        case = self.back()
        partner = UserFactory.create()
        RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
        for other in (pending_for(case.lead), partner, UserFactory.create(), officer_of(case)):
            log_in(client, other)
            assert client.get(page_of(case)).status_code == 404

    def test_once_it_was_sent_the_page_is_there_again(self, client: Client) -> None:
        case = self.back()
        at = after_deadline(case, days=32)
        assert send_anew(letter_id=case.decision.letter_id, make_pdf=plain_pdf, at=at)
        send_due_mails(now=lambda: at)
        assert fix_moment_of_sending(letter_id=case.decision.letter_id, at=at)
        as_lead(client, case)
        assert "Wij controleren een rekening" in page_text(client.get(page_of(case)))


def test_whoever_may_not_give_it_gets_404_and_is_not_asked_who_they_are(client: Client) -> None:
    case = told()
    pending = pending_for(case.lead)
    partner = UserFactory.create()
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    for other in (pending, partner, UserFactory.create(), officer_of(case)):
        log_in(client, other)
        forget_when(client)
        assert client.get(page_of(case)).status_code == 404
        assert client.post(page_of(case), typed(case)).status_code == 404


def forget_when(client: Client) -> None:
    """Let the log-in be long ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**each, "at": 0} for each in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_open_session_is_not_enough_and_what_was_typed_comes_along(client: Client, language: str) -> None:
    case = told()
    as_lead(client, case)
    forget_when(client)
    address = language + page_of(case)
    again = f"{language}{reverse('account_reauthenticate')}?next={address.replace('/', '%2F')}"
    assert client.get(address)["Location"] == again
    with at_moment(after_deadline(case, days=31)):
        asked = client.post(address, typed(case))
        assert asked["Location"] == again
        shown = client.post(asked["Location"], {"password": PASSWORD, "next": address})
        body = shown.content.decode()
        assert 'name="iban" value="NL91ABNA0417164300"' in body
        # Sent from another address: the form says where it goes.
        assert f'action="{address}"' in body
        assert given() == []
        done = client.post(address, {**typed(case), "give": "1"})
        assert done["Location"] == address
    assert given() == [(FIRST, "Stichting Zorg", "waiting")]


def test_the_status_page_says_what_is_to_be_done_about_it_to_whom_may(client: Client) -> None:
    case = told()
    status = reverse("applications:status", args=[case.reference])
    as_lead(client, case)
    assert "Geef de rekening op waarop wij betalen" in page_text(client.get(status))
    officer = officer_of(case)
    account = give(case)
    said = page_text(client.get(status))
    assert "Het nummer is NL.. 4300." in said
    assert "NL91" not in said
    send_back(account, officer)
    assert "Wij betalen niet op NL.. 4300. Lees waarom" in page_text(client.get(status))
    accept(give(case, SECOND), officer)
    shown = client.get(status)
    assert "Wij betalen de subsidie op NL.. 4567." in page_text(shown)
    assert page_of(case) in shown.content.decode()
    partner = UserFactory.create()
    RepresentativeFactory.create(organisation=case.partners[0].organisation, user=partner)
    log_in(client, partner)
    shown = client.get(status)
    assert "NL.." not in page_text(shown)
    assert page_of(case) not in shown.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_many_were_given(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    case = told()
    for number in (FIRST, SECOND, ABROAD)[:count]:
        give(case, number)
    as_lead(client, case)
    with django_assert_num_queries(10):
        shown = client.get(page_of(case))
    assert len(shown.context["given"]) == count
