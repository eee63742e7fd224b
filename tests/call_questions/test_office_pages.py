"""The pages on which officers answer questions about a call (rules 30, 32 and 40)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from call_questions.models import CallAnswer, CallQuestion
from call_questions.queries import public_answers
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.asking_about import ANSWER, ANSWERED_AT, ASKED, WORDING, asked_about, drafted, published
from tests.factories.calls import CallFactory
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

LIST, ANSWERS = reverse("admin:call_questions"), reverse("admin:call_answers")


@pytest.fixture
def officer(client: Client) -> User:
    found = person(Role.OFFICER)
    log_in(client, found)
    return found


@pytest.fixture
def question() -> CallQuestion:
    return asked_about(CallFactory.create(), actor=UserFactory.create(full_name="Fenna Vraagt (fictief)"))


def question_page(question: CallQuestion) -> str:
    return reverse("admin:call_question", args=[question.key])


def figures(client: Client) -> list[int]:
    panels = client.get(reverse("admin:index")).context["panels"]
    return [
        each.number
        for panel in panels
        if str(panel.title) == "Vragen over oproepen"
        for each in panel.figures
    ]


def test_enter_keeps_a_draft_and_the_page_of_its_own_publishes(
    client: Client, question: Any, officer: User
) -> None:
    assert figures(client) == [1]
    shown = client.get(question_page(question))
    assert "Gevraagd door Fenna Vraagt (fictief) op 1 mei 2024 10:00." in page_text(shown)
    form = shown.context["form"]
    assert (form["wording"].value(), form["seen_version"].value()) == (ASKED, 0)
    typed = {"wording": WORDING, "answer": ANSWER, "seen_version": "0"}
    with at_moment(ANSWERED_AT):
        kept = client.post(question_page(question), typed, follow=True)
        assert "Opgeslagen als concept." in page_text(kept)
        assert list(public_answers(question.call)) == []
        to_check = client.post(question_page(question), {**typed, "seen_version": "1", "button": "publish"})
        draft = CallAnswer.objects.get()
        check = reverse("admin:publish_call_answer", args=[draft.key])
        assert to_check["Location"] == check
        assert list(public_answers(question.call)) == []
        page = client.get(check)
        assert (WORDING in page_text(page), ANSWER in page_text(page), ASKED in page_text(page)) == (
            True,
        ) * 3
        told = client.post(check, {"seen_version": "1"}, follow=True)
        client.post(check, {"seen_version": "1"})
    assert "Het antwoord is nu openbaar." in page_text(told)
    assert [each.answer for each in public_answers(question.call)] == [ANSWER]
    assert figures(client) == [0]
    assert client.get(question_page(question))["Location"] == reverse("admin:call_answer", args=[draft.key])


def test_what_a_colleague_wrote_stands_above_what_was_typed(
    client: Client, question: Any, officer: User
) -> None:
    drafted(question, person(Role.OFFICER), answer="Van een collega.")
    typed = {"wording": WORDING, "answer": "Van mij.", "seen_version": "0"}
    refused = client.post(question_page(question), typed)
    assert refused.status_code == 422
    assert ("Van een collega." in page_text(refused), "Van mij." in page_text(refused)) == (True, True)
    assert refused.context["form"]["seen_version"].value() == "1"
    assert client.post(question_page(question), {**typed, "seen_version": "1"}).status_code == 302
    assert CallAnswer.objects.get().drafted_answer == "Van mij."


def test_a_draft_that_names_who_asked_is_refused_where_it_is_published(
    client: Client, question: Any, officer: User
) -> None:
    draft = drafted(question, officer, answer="Dag Fenna Vraagt (fictief), ja hoor.")
    refused = client.post(reverse("admin:publish_call_answer", args=[draft.key]), {"seen_version": "1"})
    assert refused.status_code == 422
    assert "De naam of het adres van wie dit vroeg staat in deze tekst." in page_text(refused)
    assert list(public_answers(question.call)) == []


def test_who_asked_alone_is_answered_on_a_page_of_its_own(
    client: Client, question: Any, officer: User
) -> None:
    alone = reverse("admin:answer_alone", args=[question.key])
    assert client.get(alone)["Location"] == question_page(question)
    typed = {"wording": "", "answer": "Bel ons even.", "seen_version": "0", "button": "alone"}
    assert client.post(question_page(question), typed)["Location"] == alone
    assert "Bel ons even." in page_text(client.get(alone))
    told = client.post(alone, {"seen_version": "1"}, follow=True)
    assert "Uw antwoord staat klaar voor de vrager. Niemand anders leest het." in page_text(told)
    question.refresh_from_db()
    assert (question.private_answer, CallAnswer.objects.count()) == ("Bel ons even.", 0)
    assert ASKED in page_text(client.get(f"{LIST}?staat=alleen"))
    assert client.get(alone)["Location"] == question_page(question)
    assert "Bel ons even." in page_text(client.get(question_page(question)))


def test_an_answer_to_nobody_s_question_is_begun_and_changed(client: Client, officer: User) -> None:
    call = CallFactory.create()
    begin = reverse("admin:begin_call_answer")
    typed = {"call": str(call.pk), "wording": WORDING, "answer": ANSWER, "key": str(uuid4())}
    for _press in range(2):
        assert client.post(begin, typed).status_code == 302
    draft = CallAnswer.objects.get()
    page = reverse("admin:call_answer", args=[draft.key])
    changed = {"wording": WORDING, "answer": "Nee.", "seen_version": "1", "button": "publish"}
    check = client.post(page, changed)["Location"]
    client.post(check, {"seen_version": "2"})
    assert [each.answer for each in public_answers(call)] == ["Nee."]
    client.post(page, {**changed, "answer": "Toch wel.", "seen_version": "3"})
    listed = page_text(client.get(ANSWERS))
    assert ("Wijzigingen zijn nog niet openbaar" in listed, "Openbaar" in listed) == (True, True)


def test_an_answer_is_taken_back_on_a_page_of_its_own_and_what_stood_there_is_shown(
    client: Client, question: Any, officer: User
) -> None:
    answer = published(question, officer)
    page = reverse("admin:take_call_answer_back", args=[answer.key])
    assert client.post(page, {"seen_version": "2", "reason": " "}).status_code == 422
    told = client.post(page, {"seen_version": "2", "reason": "Klopte niet."}, follow=True)
    assert "Het antwoord is niet meer openbaar" in page_text(told)
    assert (ANSWER in page_text(told), "Teruggenomen" in page_text(told)) == (True, True)
    assert client.get(page)["Location"] == reverse("admin:call_answer", args=[answer.key])


def test_lists_are_read_in_the_same_queries(
    client: Client, question: Any, officer: User, django_assert_num_queries: Any
) -> None:
    published(asked_about(question.call), officer)
    drafted(question, officer)
    for address in (LIST, ANSWERS):
        with django_assert_num_queries(8):
            client.get(address)
    for _number in range(2):
        published(asked_about(question.call), officer)
        asked_about(question.call)
    for address in (LIST, ANSWERS):
        with django_assert_num_queries(8):
            client.get(address)
