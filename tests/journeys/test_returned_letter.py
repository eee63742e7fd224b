"""A letter came back twice: the office reads why, and sends it to the address that it was told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from hubportal.accounts.enums import Role
from hubportal.mail.domain.bouncing import record_bounce
from hubportal.mail.domain.returned import read_returned
from hubportal.mail.domain.sending import send_due_mails
from letters.domain.producing import fix_moment_of_sending
from letters.domain.returning import note_bounce, send_anew
from letters.enums import Channel
from letters.models import Letter
from tests.factories.accounts import person
from tests.factories.organisations import speaker_for
from tests.factories.scenarios import after_deadline, committee, open_to, plain_pdf, produced
from tests.journeys.authenticator import log_in_with_code
from tests.journeys.walking import arrive, follow, look, press
from tests.mail.returned_messages import TOKEN, report
from tests.pages import at_moment

pytestmark = pytest.mark.usefixtures("transactional_db", "second_factor")

GOOD = "goed@voorbeeld.example"


def _comes_back(letter: Letter, *, at: Any) -> None:
    """Let its mail go, and its mail server return it."""
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    letter.refresh_from_db()
    assert letter.mail is not None
    assert letter.mail.return_token is not None
    returned = read_returned(report().replace(TOKEN.encode(), letter.mail.return_token.encode()))
    back = at + timedelta(minutes=1)
    assert record_bounce(returned=returned, at=back) is not None
    assert note_bounce(letter_id=letter.pk, at=back)


def test_the_office_sends_a_letter_that_came_back_to_another_address(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    case, officer = produced(), committee().officer
    speaker_for(case.lead, proved_by=person(Role.OFFICER), email=GOOD)
    open_to(case, officer)
    letter = Letter.objects.get(decision__application=case)
    _comes_back(letter, at=after_deadline(case, days=30, minutes=2))
    assert send_anew(letter_id=letter.pk, make_pdf=plain_pdf, at=after_deadline(case, days=31))
    _comes_back(letter, at=after_deadline(case, days=31, minutes=2))
    with at_moment(after_deadline(case, days=32)):
        page = visit()
        log_in_with_code(page, live_server, officer)
        follow(page, "Beheer")
        follow(page, "Brieven waarvan de e-mail is mislukt, is teruggekomen of onzeker is")
        follow(page, case.reference)
        expect(page.get_by_text("Het adres bestaat niet, of krijgt geen e-mail meer.")).to_be_visible()
        look(page)
        follow(page, "Verstuur de brief opnieuw, naar dit of een ander adres")
        arrive(page, "De brief opnieuw versturen?")
        look(page)
        page.get_by_label(GOOD).check()
        page.get_by_label("Reden").fill("Gebeld met de heer Goed.")
        # Enter sends nothing yet.
        page.get_by_label(GOOD).press("Enter")
        expect(page.get_by_text("Controleer het adres")).to_be_visible()
        look(page)
        press(page, "Verstuur de brief")
        expect(page.get_by_text("De brief wordt vanzelf opnieuw verstuurd")).to_be_visible()
    letter.refresh_from_db()
    assert letter.resend_asked_at is not None
    assert letter.recipients.get(part="original").email == GOOD


def test_a_letter_that_keeps_coming_back_goes_by_post(
    live_server: LiveServer, visit: Callable[..., Page]
) -> None:
    case, officer = produced(), committee().officer
    open_to(case, officer)
    letter = Letter.objects.get(decision__application=case)
    _comes_back(letter, at=after_deadline(case, days=30, minutes=2))
    with at_moment(after_deadline(case, days=31)):
        page = visit()
        log_in_with_code(page, live_server, officer)
        page.goto(f"{live_server.url}{reverse('admin:letter', args=[case.reference])}")
        follow(page, "Verstuur de brief per post, naar het adres uit de aanvraag")
        arrive(page, "De brief per post versturen?")
        look(page)
        page.get_by_label("Reden").fill("De e-mail komt steeds terug.")
        press(page, "Verder")
        expect(page.get_by_text("Dit kan niet ongedaan worden gemaakt")).to_be_visible()
        look(page)
        press(page, "Verstuur de brief per post")
        expect(page.get_by_text("Deze brief gaat op papier")).to_be_visible()
        look(page)
        follow(page, "Brieven voor de post")
        expect(page.get_by_text("de e-mail kwam terug")).to_be_visible()
        press(page, "Alle brieven maken met de datum van vandaag")
        look(page)
    letter.refresh_from_db()
    assert (letter.channel, letter.post_runs.get().asked_by) == (Channel.POST, officer)


def test_a_copy_that_came_back_is_put_aside(live_server: LiveServer, visit: Callable[..., Page]) -> None:
    case, officer = produced(), committee().officer
    open_to(case, officer)
    letter, at = Letter.objects.get(decision__application=case), after_deadline(case, days=30, minutes=2)
    send_due_mails(now=lambda: at)
    assert fix_moment_of_sending(letter_id=letter.pk, at=at)
    send_due_mails(now=lambda: at)
    copy = letter.recipients.select_related("mail").get(part="copy")
    assert copy.mail is not None
    assert copy.mail.return_token is not None
    returned = read_returned(report().replace(TOKEN.encode(), copy.mail.return_token.encode()))
    assert record_bounce(returned=returned, at=at + timedelta(minutes=5))
    with at_moment(after_deadline(case, days=31)):
        page = visit()
        log_in_with_code(page, live_server, officer)
        page.goto(f"{live_server.url}{reverse('admin:letter', args=[case.reference])}")
        look(page)
        follow(page, "Deze kopie opnieuw versturen of opzijleggen")
        arrive(page, "De kopie voor een partner kwam terug")
        look(page)
        page.get_by_label("Niet versturen: van deze partner is niemand bereikbaar").check()
        page.get_by_label("Reden").fill("De stichting is opgeheven.")
        press(page, "Verder")
        expect(page.get_by_text("niemand: opzijgelegd")).to_be_visible()
        look(page)
        press(page, "Leg de kopie opzij")
        expect(page.get_by_text("De stichting is opgeheven.")).to_be_visible()
        look(page)
