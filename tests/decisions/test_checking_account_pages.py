"""The office compares the account of a grant with who is paid, and accepts it or sends it back (rules 14, 26 and 30)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import ReadingAccess
from decisions.domain.bank_accounts import accounts_shown
from decisions.models import BankAccount
from hubportal.accounts.enums import Role
from hubportal.audit.models import AuditEvent
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.models import OutgoingMail
from organisations.domain.representing import dispute_colleague, end_representation
from organisations.models import Representative
from reviews.domain.interests import declare_interest
from tests.breaking import force
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.organisations import RepresentativeFactory, office, speaker_for
from tests.factories.paying import FIRST, SECOND, accept, give, lead_of, officer_of, send_back, told
from tests.factories.scenarios import after_deadline, committee, open_to, several_submitted
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

LIST, INDEX = reverse("admin:bank_accounts"), reverse("admin:index")
WHOLE = "NL91 ABNA 0417 1643 00"


def page_of(case: Any) -> str:
    return reverse("admin:bank_account", args=[case.reference])


def sending_back(case: Any) -> str:
    return reverse("admin:send_back_bank_account", args=[case.reference])


def figures(client: Client) -> dict[str, int]:
    panels = client.get(INDEX).context["panels"]
    return {
        str(each.label): each.number
        for panel in panels
        for each in panel.figures
        if "ekeningen van" in str(each.label)
    }


def states() -> list[tuple[str, str]]:
    return list(BankAccount.objects.order_by("pk").values_list("iban", "state"))


def test_of_who_was_ended_no_account_is_accepted_and_one_that_counts_is_marked(client: Client) -> None:
    """Rule 27: who took somebody's place for a while gets no grant."""
    case = told()
    officer, colleague = officer_of(case), speaker_for(case.lead)
    log_in(client, officer)
    first = give(case)
    accept(first, officer)
    second = give(case, SECOND, actor=colleague, shown=accounts_shown(case))
    shown = page_text(client.get(page_of(case)))
    assert ("Keur deze rekening goed" in shown, "Bel de organisatie over" in shown) == (True, False)
    for person_, said in (
        (colleague, "Deze rekening kan niet worden goedgekeurd"),
        (lead_of(case), "Bel de organisatie over"),
    ):
        end_representation(
            representative_id=Representative.objects.get(user=person_, organisation=case.lead).pk,
            reason="Hoort hier niet (fictief).",
            actor=office(),
            at=second.given_at,
        )
        assert said in page_text(client.get(page_of(case)))
    for state in ("waiting", "counts"):
        assert "spreekt nu niet namens de organisatie" in page_text(client.get(LIST, {"staat": state}))
    refused = client.post(page_of(case), {"shown": accounts_shown(case)}, follow=True)
    assert "Wie deze rekening gaf, spreekt nu niet namens de organisatie" in page_text(refused)
    assert states() == [(FIRST, "counts"), (SECOND, "waiting")]
    assert client.get(sending_back(case)).status_code == 200


def test_of_who_is_disputed_no_account_is_accepted() -> None:
    case = told()
    account = give(case)
    dispute_colleague(
        representative_id=Representative.objects.get(user=account.given_by, organisation=case.lead).pk,
        reason="Ken ik niet (fictief).",
        actor=speaker_for(case.lead),
        at=account.given_at,
    )
    with pytest.raises(RuleViolation):
        accept(account, officer_of(case))


def test_an_officer_finds_compares_and_accepts_it(client: Client) -> None:
    case = told()
    log_in(client, officer_of(case))
    give(case)
    assert figures(client) == {
        "Rekeningen van subsidies om te controleren": 1,
        "Rekeningen van subsidies om te controleren nadat u uw belangen hebt opgegeven": 0,
    }
    listed = page_text(client.get(LIST))
    assert f"{case.reference} {case.lead.name} NL.. 4300" in listed
    shown = client.get(page_of(case))
    said = page_text(shown)
    assert WHOLE in said
    assert f"Wij betalen aan {case.lead.name}, KvK-nummer {case.lead.kvk_number}" in said
    assert "Stichting Zorg andere naam" in said
    with at_moment(after_deadline(case, days=32)):
        done = client.post(page_of(case), {"shown": accounts_shown(case)}, follow=True)
    assert "De rekening is goedgekeurd." in page_text(done)
    assert states() == [(FIRST, "counts")]
    assert figures(client)["Rekeningen van subsidies om te controleren"] == 0
    assert client.post(page_of(case), {"shown": ""}).status_code == 302
    assert AuditEvent.objects.filter(act="decisions.bank_account_accepted").count() == 1
    assert "De rekening die nu geldt" in page_text(client.get(page_of(case)))


def test_the_pages_of_decision_and_letter_lead_there_once_an_account_was_given(client: Client) -> None:
    case = told()
    officer = officer_of(case)
    log_in(client, officer)
    pages = [reverse(f"admin:{name}", args=[case.reference]) for name in ("decision", "letter")]
    assert not any(page_of(case) in client.get(each).content.decode() for each in pages)
    give(case)
    for each in pages:
        shown = client.get(each)
        assert page_of(case) in shown.content.decode()
        assert "NL91" not in page_text(shown)
    # Who is paid does not check where the money goes, and who releases does not pay.
    paid = person(Role.OFFICER)
    open_to(case, paid)
    RepresentativeFactory.create(organisation=case.lead, user=paid)
    log_in(client, paid)
    assert not any(page_of(case) in client.get(each).content.decode() for each in pages)
    log_in(client, committee().releaser)
    assert page_of(case) not in client.get(pages[1]).content.decode()


def test_others_given_since_do_not_push_the_account_that_counts_from_sight(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the office would not be told to call first, which whoever steals a grant would like (rule 30)."""
    monkeypatch.setattr("decisions.admin.accounts.SHOWN", 1)
    case = told()
    officer = officer_of(case)
    counting = accept(give(case), officer)
    waiting = give(case, SECOND)
    log_in(client, officer)
    shown = client.get(page_of(case))
    assert (shown.context["counts"], shown.context["waiting"]) == (counting, waiting)
    assert "Een andere rekening dan eerst: bel de organisatie" in page_text(shown)


def test_the_page_says_when_names_are_the_same_and_when_the_organisation_is_called_otherwise_now(
    client: Client,
) -> None:
    case = told()
    log_in(client, officer_of(case))
    account = give(case)
    name = case.lead.name
    force(account, holder=name.upper())
    case.lead.name = "Stichting Zorg"
    case.lead.save()
    said = page_text(client.get(page_of(case)))
    assert "dezelfde naam" in said
    assert "heet nu Stichting Zorg" in said


def test_it_is_sent_back_with_a_reason_and_nothing_typed_is_lost(client: Client) -> None:
    """Rule 12."""
    case = told()
    log_in(client, officer_of(case))
    give(case)
    sent = {"seen": accounts_shown(case), "reason": " "}
    with at_moment(after_deadline(case, days=32)):
        assert client.post(sending_back(case), sent).status_code == 422
        long = client.post(sending_back(case), {**sent, "reason": "a" * 501})
        assert long.status_code == 422
        assert "a" * 501 in long.content.decode()
        give(case, SECOND)
        newer = client.post(sending_back(case), {**sent, "reason": "Andere naam."})
        assert newer.status_code == 422
        assert "Andere naam." in newer.content.decode()
        assert f'value="{accounts_shown(case)}"' in newer.content.decode()
        done = client.post(
            sending_back(case), {"seen": accounts_shown(case), "reason": "Andere naam."}, follow=True
        )
        assert "De rekening is teruggestuurd." in page_text(done)
        assert client.post(sending_back(case), sent)["Location"] == page_of(case)
    assert states() == [(FIRST, "replaced"), (SECOND, "sent_back")]
    assert "teruggestuurd: Andere naam." in page_text(client.get(page_of(case)))


def test_who_was_shown_another_number_accepts_nothing(client: Client) -> None:
    case = told()
    log_in(client, officer_of(case))
    give(case)
    shown = accounts_shown(case)
    give(case, SECOND)
    with at_moment(after_deadline(case, days=32)):
        refused = client.post(page_of(case), {"shown": shown}, follow=True)
        assert "Dit is veranderd nadat u de pagina opende" in page_text(refused)
        assert client.post(page_of(case), {}).status_code == 302
    assert states() == [(FIRST, "replaced"), (SECOND, "waiting")]


def test_another_account_than_the_one_that_counts_warns_of_fraud(client: Client) -> None:
    case = told()
    officer = officer_of(case)
    log_in(client, officer)
    accept(give(case), officer)
    assert "bel de organisatie" not in page_text(client.get(page_of(case)))
    give(case, SECOND)
    said = page_text(client.get(page_of(case)))
    assert "Een andere rekening dan eerst: bel de organisatie voordat u goedkeurt" in said
    assert f"{WHOLE} op naam van Stichting Zorg, goedgekeurd door {officer}" in said


def test_what_is_closed_to_an_officer_is_neither_counted_listed_nor_opened(client: Client) -> None:
    """Rules 14 and 26."""
    case = told()
    give(case)
    officer = person(Role.OFFICER)
    log_in(client, officer)
    to_declare = reverse("admin:to_declare")
    for is_declared in (False, True):
        assert list(figures(client).values()) == [0, 0 if is_declared else 1]
        shown = client.get(LIST)
        assert shown.context["undeclared"] == (0 if is_declared else 1)
        for text in (case.reference, case.lead.name, "4300", "Stichting Zorg"):
            assert text not in page_text(shown)
        asked = [each.pk for each in client.get(to_declare).context["page"]]
        assert asked == ([] if is_declared else [case.pk])
        for address in (page_of(case), sending_back(case)):
            assert client.get(address).status_code == 404
            assert client.post(address, {"shown": accounts_shown(case)}).status_code == 404
        if not is_declared:
            declare_interest(
                application_id=case.pk, has_interest=True, explanation="Ja", actor=officer, at=AT
            )
    assert states() == [(FIRST, "waiting")]


def test_who_speaks_for_the_organisation_that_is_paid_does_not_check_it(client: Client) -> None:
    case = told()
    give(case)
    officer = person(Role.OFFICER)
    open_to(case, officer)
    RepresentativeFactory.create(organisation=case.lead, user=officer)
    log_in(client, officer)
    assert client.get(LIST).context["page"].object_list == []
    assert client.get(page_of(case)).status_code == 404


def test_another_account_of_the_mailbox_that_gave_it_does_not_check_it(client: Client) -> None:
    """Rule 28."""
    case = told()
    lead = lead_of(case)
    name, domain = lead.email.split("@")
    officer = person(Role.OFFICER, email=f"{name}+bureau@{domain}")
    # The tie that follows from the address closed it; a measure can open it.
    ReadingAccess.objects.create(application=case, user=officer, granted_at=AT)
    give(case)
    log_in(client, officer)
    said = page_text(client.get(page_of(case)))
    assert "U hebt deze rekening opgegeven. Daarom controleert een collega haar." in said
    assert "Keur deze rekening goed" not in said
    with at_moment(after_deadline(case, days=32)):
        client.post(page_of(case), {"shown": accounts_shown(case)})
        refused = client.post(sending_back(case), {"seen": accounts_shown(case), "reason": "Nee."})
    assert refused.status_code == 422
    assert states() == [(FIRST, "waiting")]


def test_before_an_account_was_given_there_is_no_page(client: Client) -> None:
    case = told()
    log_in(client, officer_of(case))
    assert client.get(page_of(case)).status_code == 404
    assert client.get(sending_back(case)).status_code == 404


def test_the_whole_number_stands_on_its_own_page_alone(client: Client) -> None:
    case = told()
    officer = officer_of(case)
    log_in(client, officer)
    accept(give(case), officer)
    send_back(give(case, SECOND), officer)
    pages = [
        client.get(INDEX),
        *(client.get(LIST, {"staat": each}) for each in ("counts", "sent_back")),
    ]
    log_in(client, person(Role.ADMINISTRATOR))
    events = client.get(reverse("admin:events"))
    pages.append(events)
    told_by_mail = [each.body + each.subject for each in OutgoingMail.objects.all()]
    for text in (*(page_text(each) for each in pages), *told_by_mail):
        for number in (FIRST, WHOLE, SECOND, "NL20 INGB 0001 2345 67"):
            assert number not in text
    assert "rekening goedgekeurd" in page_text(events).lower()
    assert [len(each.context["page"].object_list) for each in pages[1:3]] == [1, 1]


@pytest.mark.parametrize("staat", ["", "x", "waiting", "\u0661"])
def test_an_odd_state_lists_what_waits(client: Client, staat: str) -> None:
    case = told()
    give(case)
    log_in(client, officer_of(case))
    assert [each.iban for each in client.get(LIST, {"staat": staat}).context["page"]] == [FIRST]


@pytest.mark.parametrize("count", [1, 3])
def test_list_and_page_take_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    cases = [told(each) for each in several_submitted(count)]
    for each in cases:
        give(each)
        log_in(client, officer_of(each))
    for number in (SECOND, FIRST, SECOND)[: count - 1]:
        give(cases[0], number)
    with django_assert_num_queries(7):
        shown = client.get(LIST)
    assert len(shown.context["page"].object_list) == count
    with django_assert_num_queries(10):
        shown = client.get(page_of(cases[0]))
    assert len(shown.context["given"]) == count
