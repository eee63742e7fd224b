"""What a page shows of a message that came by mail (rules 22, 33 and 43)."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from correspondence.domain.answering import answer_by_mail
from correspondence.queries import DELIVERED_AFTER
from tests.factories.accounts import log_in
from tests.factories.answering import answers_by_mail, mailed, told
from tests.factories.conversing import ANSWERED_AT, ASKED_AT, answered, delivered, discussed, officer_of
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db
REST = "Op 28-11-2026 schreef Hubportaal:\n> <b>Beste Noor</b>"


@pytest.fixture(autouse=True)
def _answers() -> Iterator[None]:
    with answers_by_mail:
        yield


def test_it_says_so_and_folds_what_stood_below_it(client: Client) -> None:
    case = discussed()
    question, notice = told(case)
    answered(question, "En nog dit.", at=ASKED_AT + DELIVERED_AFTER)
    delivered(ASKED_AT + 3 * DELIVERED_AFTER)
    answer_by_mail(mail=mailed(notice, rest=REST, pictures=["logo & co.png"]), at=ANSWERED_AT)
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    pages = (
        (case.applicant, reverse("correspondence:conversation", args=[case.reference, 1])),
        (officer_of(case), reverse("admin:message_conversation", args=[case.reference, 1])),
    )
    for reader, address in pages:
        log_in(client, reader)
        with at_moment(ANSWERED_AT + 2 * DELIVERED_AFTER):
            response = client.get(address)
        said, html = page_text(response), response.content.decode()
        assert said.count(", per e-mail") == 1
        assert "Zo is het goed." in said
        assert "Kwam mee per e-mail, maar is niet overgenomen: logo & co.png" in said
        assert "<summary>Toon wat eronder stond</summary>" in html
        assert "&gt; &lt;b&gt;Beste Noor" in html
        assert 'href="#bericht-1"' in html
        client.logout()


def test_an_answer_to_the_last_message_says_no_more_than_that_it_came_by_mail(client: Client) -> None:
    case = discussed()
    _question, notice = told(case)
    answer_by_mail(mail=mailed(notice), at=ANSWERED_AT)
    log_in(client, case.applicant)
    with at_moment(ANSWERED_AT):
        response = client.get(reverse("correspondence:conversation", args=[case.reference, 1]))
    assert ", per e-mail" in page_text(response)
    for words in ("Toon wat eronder stond", "niet overgenomen", "eerder bericht"):
        assert words not in page_text(response)
    # And it can still be taken back, as what is written on the page.
    assert "Neem dit bericht terug" in page_text(response)
