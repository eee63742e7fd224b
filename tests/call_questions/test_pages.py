"""What everybody reads about a call, and asking something more (rule 40)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from call_questions.domain.answering import take_answer_back
from call_questions.models import CallQuestion
from calls.models import Call
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.asking_about import (
    ANSWER,
    ANSWERED_AT,
    ASKED,
    WORDING,
    answered_alone,
    asked_about,
    drafted,
    published,
)
from tests.factories.calls import CallFactory
from tests.factories.moments import AT, LAST_DEADLINE
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return person(Role.OFFICER)


def page_of(call: Call) -> str:
    return reverse("call_questions:questions", args=[call.slug])


def ask_page(call: Call) -> str:
    return reverse("call_questions:ask", args=[call.slug])


def test_everybody_reads_what_is_public_and_nothing_of_who_asked(client: Client, officer: User) -> None:
    call = CallFactory.create()
    asker = UserFactory.create(full_name="Fenna Vraagt (fictief)")
    published(asked_about(call, actor=asker), officer)
    drafted(
        asked_about(call, "Nog niet beantwoord?", actor=asker), officer, wording="Nog?", answer="Concept."
    )
    answered_alone(asked_about(call, "Alleen ik?", actor=asker), officer, "Alleen u.")
    with at_moment(AT):
        shown = page_text(client.get(page_of(call)))
        single = page_text(client.get(reverse("call_questions:answer", args=[call.slug, 1])))
    for text in (shown, single):
        assert f"1. {WORDING}" in text
        assert ANSWER in text
        hidden = ("Fenna", ASKED, "Nog niet", "Nog?", "Concept.", "Alleen ik", "Alleen u")
        assert [each for each in hidden if each in text] == []
    assert "U kunt vragen stellen tot dinsdag 10 september 2024, 14:00." in shown
    with at_moment(LAST_DEADLINE):
        assert "U kon vragen stellen tot dinsdag 10 september 2024, 14:00." in page_text(
            client.get(page_of(call))
        )
    assert client.get(reverse("call_questions:answer", args=[call.slug, 2])).status_code == 404


def test_answers_are_found_by_their_words(client: Client, officer: User) -> None:
    call = CallFactory.create()
    published(asked_about(call), officer)
    published(asked_about(call), officer, wording="Wanneer is de uitslag?", answer="Na zes weken.")
    found = {
        words: [each.number for each in client.get(page_of(call), {"zoek": words}).context["page"]]
        for words in ("ZAAL", "weken uitslag", "zaal weken", "%", " ")
    }
    assert found == {"ZAAL": [1], "weken uitslag": [2], "zaal weken": [], "%": [], " ": [1, 2]}
    assert "Niets gevonden met deze woorden" in page_text(client.get(page_of(call), {"zoek": "olifant"}))


def test_what_was_taken_back_shows_its_reason_in_place_of_the_answer(client: Client, officer: User) -> None:
    call = CallFactory.create()
    answer = published(asked_about(call), officer)
    take_answer_back(key=answer.key, reason="Klopte niet.", seen=2, actor=officer, at=ANSWERED_AT)
    shown = page_text(client.get(page_of(call)))
    assert (WORDING in shown, ANSWER in shown) == (True, False)
    assert "Het antwoord is op 1 mei 2024 teruggenomen Klopte niet." in shown


def test_who_asks_sees_what_became_of_it(client: Client, officer: User) -> None:
    call, asker = CallFactory.create(), UserFactory.create()
    log_in(client, asker)
    with at_moment(AT):
        sent = {"text": ASKED, "key": str(uuid4())}
        told = page_text(client.post(ask_page(call), sent, follow=True))
        client.post(ask_page(call), sent)
    assert "Het programmabureau heeft uw vraag. U krijgt een e-mail zodra er een antwoord is." in told
    question = CallQuestion.objects.get()
    assert (ASKED in told, "Wacht op antwoord" in told) == (True, True)
    published(question, officer)
    link = reverse("call_questions:answer", args=[call.slug, 1])
    assert f'href="{link}"' in client.get(ask_page(call)).content.decode()
    answered_alone(asked_about(call, "Alleen ik?", actor=asker), officer, "Alleen u.")
    asked_about(call, "Van een ander?")
    own = page_text(client.get(ask_page(call)))
    assert ("Alleen u." in own, "Van een ander?" in own) == (True, False)


def test_a_question_that_is_refused_keeps_what_was_typed(client: Client) -> None:
    call = CallFactory.create()
    log_in(client, UserFactory.create())
    with at_moment(AT):
        empty = client.post(ask_page(call), {"text": " \u200b", "key": str(uuid4())})
        long = client.post(ask_page(call), {"text": "a" * 1501, "key": str(uuid4())})
    assert (empty.status_code, long.status_code) == (422, 422)
    assert "a" * 1501 in long.content.decode()
    assert [each.context["form"].errors["text"].as_data()[0].code for each in (empty, long)] == [
        "required",
        "max_length",
    ]
    with at_moment(LAST_DEADLINE):
        late = client.post(ask_page(call), {"text": ASKED, "key": str(uuid4())})
    assert (late.status_code, ASKED in page_text(late)) == (422, True)
    assert "De laatste dag om vragen te stellen over deze oproep is voorbij." in page_text(late)
    with at_moment(LAST_DEADLINE):
        closed = client.get(ask_page(call))
    assert (closed.status_code, "<textarea" in closed.content.decode()) == (200, False)
    assert CallQuestion.objects.count() == 0


def test_the_call_and_each_section_lead_there(client: Client) -> None:
    call = CallFactory.create()
    assert page_of(call) in client.get(reverse("website:call", args=[call.slug])).content.decode()
    Call.objects.filter(pk=call.pk).update(questions_until=None)
    assert page_of(call) not in client.get(reverse("website:call", args=[call.slug])).content.decode()


def test_pages_are_read_in_the_same_queries(
    client: Client, officer: User, django_assert_num_queries: Any
) -> None:
    call, asker = CallFactory.create(), UserFactory.create()
    published(asked_about(call, actor=asker), officer)
    with django_assert_num_queries(4):
        client.get(page_of(call))
    for number in (2, 3):
        published(asked_about(call, f"Vraag {number}?", actor=asker), officer)
    with django_assert_num_queries(4):
        client.get(page_of(call))
    log_in(client, asker)
    with django_assert_num_queries(7):
        client.get(ask_page(call))
    CallQuestion.objects.filter(asked_at=AT).exclude(text=ASKED).update(asked_at=AT + timedelta(hours=1))
    with django_assert_num_queries(7):
        client.get(ask_page(call))
