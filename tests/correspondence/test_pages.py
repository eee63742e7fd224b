"""The pages on which applicants ask the office something (rules 22, 32 and 38)."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.domain.submitting import withdraw
from correspondence.enums import Side
from correspondence.models import Conversation, Message
from correspondence.queries import DELIVERED_AFTER
from hubportal.mail.models import OutgoingMail
from tests.factories.accounts import log_in
from tests.factories.conversing import (
    ANSWERED_AT,
    ASKED_AT,
    QUESTION,
    SUBJECT,
    answered,
    asked,
    delivered,
    discussed,
)
from tests.factories.documents import letter_pdf
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

START = reverse("website:start")


def page_of(case: Any, *which: int, name: str = "conversations") -> str:
    return reverse(f"correspondence:{name}", args=[case.reference, *which])


def typed(**values: Any) -> dict[str, Any]:
    return {"subject": SUBJECT, "text": QUESTION, "key": str(uuid4()), **values}


def test_an_applicant_asks_reads_and_takes_back(client: Client) -> None:
    case = discussed()
    log_in(client, case.applicant)
    assert page_of(case) in client.get(reverse("applications:status", args=[case.reference])).content.decode()
    sent = typed(file=SimpleUploadedFile("Plan.pdf", letter_pdf()))
    with at_moment(ASKED_AT):
        told = client.post(page_of(case), sent, follow=True)
        again = client.post(page_of(case), typed(key=sent["key"]), follow=True)
    said = page_text(told)
    assert "Uw bericht komt binnen een paar minuten aan." in said
    assert f"{case.applicant.full_name} , de aanvragers" in said
    assert (QUESTION in said, "Plan.pdf" in said, "Neem dit bericht terug" in said) == (True, True, True)
    assert page_text(again).count(QUESTION) == 1
    # Then the page lets go of its own copy (rule 32).
    assert f'data-sent="{sent["key"]}"' in client.get(page_of(case)).content.decode()
    shown = client.get(page_of(case, 1, 1, name="file"))
    assert shown["Content-Disposition"] == f'attachment; filename="{case.reference}-bericht-1-1.pdf"'
    back = page_of(case, 1, 1, name="take_back")
    assert QUESTION in page_text(client.get(back))
    assert Message.objects.get().text == QUESTION
    assert "Uw bericht is teruggenomen." in page_text(client.post(back, follow=True))
    assert Message.objects.get().text == ""
    assert client.get(back).status_code == 302
    assert client.get(page_of(case, 1, 1, name="file")).status_code == 404


def test_what_was_typed_stays_where_something_is_wrong(client: Client) -> None:
    """Rule 32."""
    case = discussed()
    log_in(client, case.applicant)
    refused = client.post(page_of(case), typed(subject=" "))
    assert (refused.status_code, QUESTION in page_text(refused)) == (422, True)
    too_long = client.post(page_of(case), typed(text="a" * 5001))
    assert "5001" in page_text(too_long)
    no_pdf = client.post(page_of(case), typed(file=SimpleUploadedFile("plan.docx", b"PK")))
    assert (no_pdf.status_code, QUESTION in page_text(no_pdf)) == (422, True)
    form = no_pdf.content.decode()
    assert f'data-keep="{page_of(case)}{case.applicant.pk}"' in form
    assert not Conversation.objects.exists()


def test_an_answer_is_announced_until_it_is_opened(client: Client) -> None:
    case = discussed()
    log_in(client, case.applicant)
    first = asked(case)
    delivered()
    answered(first)
    status = reverse("applications:status", args=[case.reference])
    assert "U hebt een bericht van het programmabureau" not in page_text(client.get(status)) + page_text(
        client.get(START)
    )
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    assert "U hebt een bericht van het programmabureau" in page_text(client.get(status))
    assert page_of(case) in client.get(START).content.decode()
    assert "Nieuw" in page_text(client.get(page_of(case)))
    assert client.head(page_of(case, 1, name="conversation")).status_code == 200
    assert Conversation.objects.filter(unread_since__isnull=False).exists()
    client.get(page_of(case, 1, name="conversation"))
    assert "U hebt een bericht van het programmabureau" not in page_text(client.get(status)) + page_text(
        client.get(START)
    )


def test_what_came_in_meanwhile_is_read_before_it_is_answered(client: Client) -> None:
    case = discussed()
    log_in(client, case.applicant)
    first = asked(case, side=Side.OFFICE)
    delivered()
    opened = page_of(case, 1, name="conversation")
    seen = client.get(opened).context["seen"]
    answered(first, "Laat maar.")
    delivered(ANSWERED_AT + DELIVERED_AFTER)
    refused = client.post(opened, typed(seen=seen, text="Ons antwoord."))
    said = page_text(refused)
    assert (refused.status_code, "Lees dat eerst" in said, "Laat maar." in said) == (422, True, True)
    assert "Ons antwoord." in said
    with at_moment(ANSWERED_AT + 2 * DELIVERED_AFTER):
        client.post(opened, typed(seen=refused.context["form"]["seen"].value(), text="Ons antwoord."))
    assert Message.objects.filter(text="Ons antwoord.", side=Side.APPLICANTS).count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    case = discussed()
    first = asked(case)
    for _each in range(count - 1):
        asked(case)
        answered(first, side=Side.APPLICANTS)
    delivered()
    log_in(client, case.applicant)
    with django_assert_num_queries(5):
        listed = client.get(page_of(case))
    with django_assert_num_queries(7):
        shown = client.get(page_of(case, 1, name="conversation"))
    assert (len(listed.context["rows"]), len(shown.context["rows"])) == (count, count)


def test_what_is_withdrawn_offers_no_form(client: Client) -> None:
    case = discussed()
    asked(case)
    log_in(client, case.applicant)
    withdraw(application_id=case.pk, actor=case.applicant, at=ANSWERED_AT)
    said = client.get(page_of(case))
    assert "Deze aanvraag is ingetrokken" in page_text(said)
    assert 'name="text"' not in said.content.decode()
    assert client.post(page_of(case), typed()).status_code == 422
    assert not OutgoingMail.objects.filter(kind__startswith="message_").exists()
