"""Answers are written before there is an account, and the portal gets nothing of them (rule 32)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from calls.models import Call, SectionSpec
from tests.factories.calls import CallFactory
from tests.factories.moments import AT, LAST_DEADLINE
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def opened(client: Client, call: Call, *, at: Any = AT) -> Any:
    """Open the page of a call."""
    with at_moment(at):
        return client.get(reverse("website:write_ahead", args=[call.slug]))


def add(call: Call, key: str, *, max_characters: int = 3000) -> None:
    """Let a call ask one more thing."""
    SectionSpec.objects.create(
        call=call,
        key=key,
        position=call.sections.count() + 1,
        title=key,
        question=f"Wat wilt u nog kwijt over {key}?",
        max_characters=max_characters,
    )


@pytest.fixture
def call() -> Call:
    call = CallFactory.create()
    add(call, "extra", max_characters=600)
    return call


def test_every_question_has_room_and_its_length_before_one_writes(client: Client, call: Call) -> None:
    shown = opened(client, call)
    words, page = page_text(shown), shown.content.decode()
    assert [each for each in call.sections.values_list("question", flat=True) if each not in words] == []
    assert "Hoogstens 600 tekens. Dat zijn ongeveer 100 woorden." in words
    assert page.count("<textarea") == call.sections.count()


def test_what_is_typed_has_no_way_to_the_portal_and_nothing_is_kept_of_the_visitor(
    client: Client, call: Call
) -> None:
    page = opened(client, call).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    boxes = re.findall(r"<textarea[^>]*>", main)
    assert boxes
    assert [each for each in boxes if " name=" in each] == []
    assert 'method="post"' not in main
    assert 'action="' not in main
    assert len(client.cookies) == 0
    assert client.post(reverse("website:write_ahead", args=[call.slug]), {"extra": "x"}).status_code == 405


def test_without_a_script_the_page_leads_to_the_empty_form(client: Client, call: Call) -> None:
    page = opened(client, call).content.decode()
    assert re.search(r'<div data-ahead="[\w-]+" hidden>', page)
    assert re.search(r"<div data-ahead-without>", page)


def test_the_call_leads_to_it_until_its_last_deadline(client: Client, call: Call) -> None:
    address = reverse("website:write_ahead", args=[call.slug])
    with at_moment(AT):
        assert address in client.get(reverse("website:call", args=[call.slug])).content.decode()
    with at_moment(LAST_DEADLINE):
        assert address not in client.get(reverse("website:call", args=[call.slug])).content.decode()
    closed = opened(client, call, at=LAST_DEADLINE)
    assert "alle rondes van deze oproep zijn gesloten" in page_text(closed)
    assert "<textarea" not in closed.content.decode()


def test_it_asks_the_same_of_the_database_whatever_the_number_of_questions(
    client: Client, call: Call, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        opened(client, call)
    add(call, "meer")
    add(call, "nog-meer")
    with django_assert_num_queries(4):
        opened(client, call)
