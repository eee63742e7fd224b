"""The pages on which officers find what waits, answer and close it (rules 14, 26 and 38)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from correspondence.enums import Side
from correspondence.models import Conversation, Message
from correspondence.queries import DELIVERED_AFTER
from hubportal.accounts.enums import Role
from reviews.domain.interests import declare_interest
from tests.factories.accounts import log_in, person
from tests.factories.conversing import (
    ANSWER,
    ANSWERED_AT,
    ASKED_AT,
    QUESTION,
    SUBJECT,
    answered,
    asked,
    delivered,
    discussed,
    officer_of,
)
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

LIST, INDEX = reverse("admin:messages"), reverse("admin:index")


def page_of(case: Any, number: int = 1) -> str:
    return reverse("admin:message_conversation", args=[case.reference, number])


def figures(client: Client) -> list[int]:
    panels = client.get(INDEX).context["panels"]
    return [each.number for panel in panels if str(panel.title) == "Berichten" for each in panel.figures]


def test_an_officer_finds_answers_and_sees_who_answered(client: Client) -> None:
    case = discussed()
    officer = officer_of(case)
    log_in(client, officer)
    asked(case)
    assert (figures(client), SUBJECT in page_text(client.get(LIST))) == ([0, 0], False)
    delivered()
    assert (figures(client), SUBJECT in page_text(client.get(LIST))) == ([1, 0], True)
    shown = client.get(page_of(case))
    assert QUESTION in page_text(shown)
    with at_moment(ANSWERED_AT):
        sent = {"text": ANSWER, "key": str(uuid4()), "seen": shown.context["seen"]}
        told = client.post(page_of(case), sent, follow=True)
    assert ANSWER in page_text(told)
    assert Message.objects.filter(side=Side.OFFICE).values_list("text", "written_by").get() == (
        *(ANSWER,),
        officer.pk,
    )
    assert figures(client) == [0, 0]
    settled = page_text(client.get(f"{LIST}?staat=afgehandeld"))
    assert f"Laatste bericht van het programmabureau ({officer.full_name})" in settled
    assert SUBJECT not in page_text(client.get(LIST))


def test_a_conversation_is_closed_without_an_answer_and_opens_again(client: Client) -> None:
    case = discussed()
    log_in(client, officer_of(case))
    first = asked(case, "Dank u wel.")
    delivered()
    close = reverse("admin:close_conversation", args=[case.reference, 1])
    refused = client.post(close, {"seen": "7:7"}, follow=True)
    assert "er is niets afgesloten" in page_text(refused)
    with at_moment(ANSWERED_AT):
        closed = client.post(close, {"seen": client.get(page_of(case)).context["seen"]}, follow=True)
        client.post(close, {"seen": ""})
    assert "Dit gesprek wacht niet meer op antwoord." in page_text(closed)
    assert f"Zonder antwoord afgesloten door {officer_of(case).full_name}" in page_text(
        client.get(page_of(case))
    )
    later = ANSWERED_AT + DELIVERED_AFTER
    answered(first, "Toch nog iets.", side=Side.APPLICANTS, at=later)
    delivered(later + DELIVERED_AFTER)
    assert figures(client) == [1, 0]


def test_who_has_an_interest_or_declared_none_finds_nothing(client: Client) -> None:
    """Rules 14 and 26."""
    case = discussed()
    newcomer, interested = (person(Role.OFFICER) for _each in range(2))
    declare_interest(
        application_id=case.pk, has_interest=True, explanation="Mijn zus.", actor=interested, at=AT
    )
    asked(case)
    delivered()
    for each, told in ((newcomer, [0, 1]), (interested, [0, 0])):
        log_in(client, each)
        assert figures(client) == told
        listed = page_text(client.get(LIST))
        assert (case.reference in listed, "Meld eerst uw belangen" in listed) == (False, told[1] == 1)
        assert client.get(page_of(case)).status_code == 404
        assert client.get(f"{LIST}?staat=afgehandeld").context["page"].paginator.count == 0


def test_an_officer_begins_one_from_the_page_of_the_application(client: Client) -> None:
    case = discussed()
    log_in(client, officer_of(case))
    conversations = reverse("admin:message_conversations", args=[case.reference])
    read = client.get(reverse("admin:application", args=[case.reference]))
    assert conversations in read.content.decode()
    with at_moment(ASKED_AT):
        client.post(conversations, {"subject": SUBJECT, "text": QUESTION, "key": str(uuid4())})
    assert Conversation.objects.values_list("begun_by", "subject").get() == ("office", SUBJECT)
    back = reverse("admin:message_take_back", args=[case.reference, 1, 1])
    assert QUESTION in page_text(client.get(back))
    assert "Uw bericht is teruggenomen." in page_text(client.post(back, follow=True))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_however_many_rows(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    case = discussed()
    first = asked(case)
    for _each in range(count - 1):
        asked(case)
        answered(first, side=Side.APPLICANTS, at=ASKED_AT)
    delivered()
    log_in(client, officer_of(case))
    client.get(LIST)
    with django_assert_num_queries(7):
        listed = client.get(LIST)
    with django_assert_num_queries(7):
        shown = client.get(page_of(case))
    assert (len(listed.context["page"].object_list), len(shown.context["rows"])) == (count, count)
