"""The office posts letters on paper: the list, the files to print, and the page that records it (rules 14, 26 and 30)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from decisions.domain.posting import ask_for_post
from hubportal.accounts.enums import Role
from letters.domain.posting import bundle_post, print_letter
from letters.models import Letter, PostRun
from letters.queries import letters_to_print
from reviews.domain.interests import declare_interest
from tests.decisions.test_correcting import LATER, correct
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT, moment
from tests.factories.posting import posted, print_of, printed
from tests.factories.scenarios import committee, decided, open_to, released, several_submitted
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

ASKED_AT, NEXT_DAY = moment("2024-06-13T16:00"), moment("2024-06-14T09:00")
LIST, CHECK, FILE = (reverse(f"admin:{each}") for each in ("post", "check_post", "post_pdf"))


def made(pdf_of_a_page: Any, *cases: Any, at: Any = ASKED_AT) -> None:
    """Have the letters of the cases made for the post of a day, and put together."""
    run = ask_for_post(actor=committee().officer, at=at)
    for each in letters_to_print(at=at):
        print_letter(letter_id=each.pk, make_pdf=pdf_of_a_page, at=at)
    bundle_post(run_id=run.pk, at=at)


def on_paper(count: int) -> list[Any]:
    return [released(each) for each in several_submitted(count, on_paper=True)]


def test_an_officer_has_the_letters_made_prints_them_and_records_that_they_were_posted(
    client: Client, pdf_of_a_page: Any
) -> None:
    first, second = on_paper(2)
    log_in(client, committee().officer)
    with at_moment(ASKED_AT):
        shown = page_text(client.get(LIST))
        assert shown.count("nog niet gemaakt") == 2
        assert "De aangevinkte brieven zijn vandaag op de post gedaan" not in shown
        assert client.post(LIST, {"ask": "1"}).url == LIST
        assert page_text(client.get(LIST)).count("wordt gemaakt") == 2
        made(pdf_of_a_page, first, second)
        shown = client.get(LIST).content.decode()
        one = print_of(first, at=ASKED_AT)
        for address in (FILE, reverse("admin:printed_letter", args=[one.pk])):
            assert address in shown
            sent = client.get(address)
            assert sent.content.startswith(b"%PDF")
            assert sent["Content-Disposition"].startswith("attachment")
        chosen = client.post(LIST, {"check": "1", "brief": [one.pk]})
        assert chosen.url == f"{CHECK}?brief={one.pk}"
        told = page_text(client.get(chosen.url))
        assert f"{first.reference} {first.lead.name} t.a.v. {first.people.signatory_name}" in told
        assert "Voorbeeldstraat 1 1234 AB Voorbeelddorp 13 juni 2024 25 juli 2024" in told
        assert "Dit kunt u niet ongedaan maken" in told
        assert second.reference not in told
        assert not Letter.objects.filter(sent_at__isnull=False).exists()
        done = client.post(CHECK, {"brief": [one.pk]}, follow=True)
        assert "Van 1 brief is vastgelegd dat die vandaag op de post is gedaan." in page_text(done)
        assert [each["letter"].about for each in done.context["rows"]] == [second.reference]
        again = client.post(CHECK, {"brief": [one.pk]}, follow=True)
        assert "is al vastgelegd" in page_text(again)
    letter = Letter.objects.get(about=first.reference)
    assert (letter.posted_by, letter.recipients.filter(mail__isnull=False).count()) == (
        committee().officer,
        2,
    )
    assert f"op de post gedaan door {committee().officer}" in page_text(
        client.get(reverse("admin:letter", args=[first.reference]))
    )


def test_what_a_colleague_prints_is_said_and_not_ticked_with_all_others(
    client: Client, pdf_of_a_page: Any
) -> None:
    cases, other = on_paper(2), person(Role.OFFICER)
    made(pdf_of_a_page, *cases)
    for each in cases:
        open_to(each, other)
    log_in(client, other)
    with at_moment(ASKED_AT):
        shown = client.get(LIST)
        assert page_text(shown).count(f"in de post van {committee().officer.full_name}") == 2
        assert 'name="getoond"' not in shown.content.decode()
        assert client.get(FILE).status_code == 404
        refused = page_text(client.post(LIST, {"ask": "1"}, follow=True))
    assert "Al deze brieven zitten in de post van vandaag van een collega." in refused


def test_what_was_posted_is_not_printed_once_more(client: Client, pdf_of_a_page: Any) -> None:
    [case] = on_paper(1)
    made(pdf_of_a_page, case)
    log_in(client, committee().officer)
    one = print_of(case, at=ASKED_AT)
    address = reverse("admin:printed_letter", args=[one.pk])
    with at_moment(ASKED_AT):
        assert client.get(address).status_code == 200
    with at_moment(NEXT_DAY):
        assert client.get(address).url == LIST
    with at_moment(ASKED_AT):
        client.post(CHECK, {"brief": [one.pk]})
        assert client.get(address).url == reverse("admin:letter", args=[case.reference])
        assert client.get(FILE).status_code == 404


def test_in_the_evening_no_letter_is_made_for_the_post_of_today(client: Client) -> None:
    """Rule 34: made at ten to midnight, it could not be posted that day."""
    on_paper(1)
    log_in(client, committee().officer)
    with at_moment(moment("2024-06-13T23:50")):
        shown = client.get(LIST)
        assert "Te laat voor de post van vandaag" in page_text(shown)
        assert 'name="ask"' not in shown.content.decode()
        assert "Vandaag wordt geen post meer opgehaald" in page_text(
            client.post(LIST, {"ask": "1"}, follow=True)
        )
    assert not PostRun.objects.exists()


def test_what_was_made_yesterday_cannot_be_recorded_and_is_not_to_be_ticked(
    client: Client, pdf_of_a_page: Any
) -> None:
    """Rule 34."""
    [case] = on_paper(1)
    made(pdf_of_a_page, case)
    log_in(client, committee().officer)
    with at_moment(NEXT_DAY):
        shown = client.get(LIST)
        assert 'name="brief"' not in shown.content.decode()
        assert "nog niet gemaakt" in page_text(shown)
        assert client.get(FILE).status_code == 404
        refused = client.post(CHECK, {"brief": [print_of(case, at=ASKED_AT).pk]}, follow=True)
        assert "heeft niet de datum van vandaag" in page_text(refused)
    assert not Letter.objects.filter(sent_at__isnull=False).exists()


@pytest.mark.parametrize("brief", [[], ["0"], ["x"], ["9" * 5000], ["-1"]])
def test_odd_choices_get_a_sentence_or_nothing(client: Client, brief: list[str]) -> None:
    log_in(client, committee().officer)
    for answer in (
        client.get(CHECK, {"brief": brief}),
        client.post(CHECK, {"brief": brief}),
        client.post(LIST, {"check": "1", "brief": brief}),
        client.post(LIST, {}),
    ):
        assert answer.status_code in (302, 404)


def test_what_is_closed_to_an_officer_is_neither_listed_nor_opened_nor_recorded(
    client: Client, pdf_of_a_page: Any
) -> None:
    """Rules 14 and 26."""
    [case] = on_paper(1)
    made(pdf_of_a_page, case)
    officer = person(Role.OFFICER)
    log_in(client, officer)
    one = print_of(case, at=ASKED_AT)
    addresses = (FILE, reverse("admin:printed_letter", args=[one.pk]), f"{CHECK}?brief={one.pk}")
    with at_moment(ASKED_AT):
        for is_declared in (False, True):
            shown = client.get(LIST)
            assert (shown.context["undeclared"], shown.context["rows"]) == (0 if is_declared else 1, [])
            assert case.reference not in shown.content.decode()
            assert [client.get(each).status_code for each in addresses] == [404, 404, 404]
            assert client.post(CHECK, {"brief": [one.pk]}).status_code == 404
            if not is_declared:
                declare_interest(
                    application_id=case.pk, has_interest=True, explanation="Ja", actor=officer, at=AT
                )


def test_the_first_page_says_how_many_wait_and_since_when(client: Client) -> None:
    on_paper(2)
    log_in(client, committee().officer)
    shown = client.get(reverse("admin:index"))
    [figure] = [each for panel in shown.context["panels"] for each in panel.figures if each.url == LIST]
    assert (figure.number, str(figure.label)) == (
        2,
        "Brieven voor de post, de eerste vrijgegeven op 13 juni 2024",
    )


def test_a_letter_on_paper_is_listed_as_waiting_for_the_post_and_its_page_says_so(client: Client) -> None:
    case = printed()
    log_in(client, committee().officer)
    rows = client.get(reverse("admin:letters"), {"staat": "to_post"}).context["rows"]
    assert [(each["decision"].application.pk, each["state"]) for each in rows] == [(case.pk, "to_post")]
    assert client.get(reverse("admin:letters"), {"staat": "released"}).context["rows"] == []
    shown = page_text(client.get(reverse("admin:letter", args=[case.reference])))
    assert "Deze brief gaat op papier" in shown
    assert "Nog niet" not in shown
    assert client.get(reverse("admin:letter_pdf", args=[case.reference])).status_code == 404


def test_who_releases_is_told_that_it_goes_on_paper(client: Client) -> None:
    case = decided(on_paper=True)
    releaser = person(Role.RELEASER)
    declare_interest(application_id=case.pk, has_interest=False, explanation="", actor=releaser, at=AT)
    log_in(client, releaser)
    with at_moment(moment("2024-06-13T14:00")):
        address = reverse("admin:letter", args=[case.reference])
        shown = client.get(address)
        assert "Deze brief gaat op papier" in page_text(shown)
        sent = {"seen": str(case.decision.pk), "letter": shown.context["fingerprint"]}
        told = page_text(client.post(address, sent, follow=True))
    assert "Hij gaat op papier en wacht nu tot het programmabureau hem op de post doet." in told


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_check_take_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, pdf_of_a_page: Any, count: int
) -> None:
    cases = on_paper(count)
    made(pdf_of_a_page, *cases)
    log_in(client, committee().officer)
    chosen = [print_of(each, at=ASKED_AT).pk for each in cases]
    with at_moment(ASKED_AT):
        with django_assert_num_queries(10):
            shown = client.get(LIST)
        assert len(shown.context["rows"]) == count
        with django_assert_num_queries(4):
            shown = client.get(CHECK, {"brief": chosen})
        assert len(shown.context["rows"]) == count
    assert PostRun.objects.get().letters.count() == count


def test_all_letters_that_the_page_shows_are_chosen_at_once_without_a_script(
    client: Client, pdf_of_a_page: Any
) -> None:
    cases = on_paper(2)
    log_in(client, committee().officer)
    with at_moment(ASKED_AT):
        made(pdf_of_a_page, *cases)
        shown = client.get(LIST).content.decode()
        ids = re.findall(r'name="getoond" value="(\d+)"', shown)
        assert sorted(map(int, ids)) == sorted(print_of(each, at=ASKED_AT).pk for each in cases)
        assert "Alle brieven op deze pagina zijn vandaag op de post gedaan" in page_text(client.get(LIST))
        answer = client.post(LIST, {"all": "1", "getoond": ids})
        assert answer.url == f"{CHECK}?brief={ids[0]}&brief={ids[1]}"
        assert not Letter.objects.filter(sent_at__isnull=False).exists()


def test_a_correction_on_paper_is_said_to_wait_for_the_post(client: Client) -> None:
    case = posted()
    correction = correct(case)
    log_in(client, committee().releaser)
    address = reverse("admin:correction", args=[case.reference])
    with at_moment(LATER):
        seen = {"seen": str(correction.pk), "letter": client.get(address).context["fingerprint"]}
        told = page_text(client.post(address, seen, follow=True))
    assert "Hij gaat op papier" in told
    assert "vrijgegeven, wordt gemaakt" not in told.split("Brieven over dit besluit")[1]
    assert "wacht op de post" in told.split("Brieven over dit besluit")[1]
