"""At each question of an application stands what helps to answer it: data of its call, without a script (rule 1)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.forms.writing import limit_in_words
from calls.models import Call
from hubportal.kernel.languages import in_language
from tests.factories import scenarios
from tests.factories.accounts import log_in
from tests.factories.calls import another_call_spec, make_call
from tests.factories.moments import AT
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_the_first_round() -> Iterator[None]:
    with at_moment(AT):
        yield


def page_of(client: Client, case: Any, key: str, language: str = "nl") -> Any:
    log_in(client, case.applicant)
    shown = client.get(in_language(reverse("applications:section", args=[case.reference, key]), language))
    assert shown.status_code == 200
    return shown


def test_a_question_says_what_is_weighed_with_examples_and_words_before_its_field(client: Client) -> None:
    case = scenarios.started()
    shown = page_of(client, case, "samenhang")
    text = page_text(shown)
    for told in (
        "Past bij het doel: telt voor 25% mee",
        "Draagt het plan bij aan een participatiehub in deze regio?",
        "Het plan past volledig bij het doel en laat zien waarom.",
        "Voorbeelden, allemaal verzonnen",
        "Het regioplan van Voorbeeldland noemt valpreventie en eenzaamheid.",
        "Integraal Zorgakkoord (2022)",
        "Hoogstens 3000 tekens. Dat zijn ongeveer 500 woorden.",
        "De tekst van de oproep",
        "000 000 00 00",
    ):
        assert told in text, told
    words = [each.word for each in shown.context["help"].words]
    assert words == ["Participatiehub", "Kwartiermaker", "Regiobeeld", "Regioplan", "IZA", "GALA", "WOZO"]
    assert "Binding" not in text
    body = shown.content.decode()
    assert body.index("hub-help") < body.index("<textarea")
    assert body.count("<details") == 2
    assert "<details open" not in body
    # Said with the field, not only seen above it.
    assert 'id="id_text_helptext"' in body
    assert 'aria-describedby="id_text_helptext"' in body


def test_the_budget_says_what_is_weighed_there(client: Client) -> None:
    case = scenarios.started()
    log_in(client, case.applicant)
    shown = client.get(reverse("applications:budget", args=[case.reference]))
    text = page_text(shown)
    for told in (
        "Begroting: telt voor 10% mee",
        "Zijn de kosten nodig, redelijk en goed uitgelegd?",
        "De begroting is sober, volledig en helder.",
        "De tekst van de oproep",
    ):
        assert told in text, told
    assert "Voorbeelden" not in text
    assert [each["title"] for each in shown.context["help"].criteria] == ["Begroting"]


def test_help_is_called_dutch_on_an_english_page(client: Client) -> None:
    body = page_of(client, scenarios.started(), "samenhang", "en").content.decode()
    for dutch in ("Past bij het doel", "Het regioplan van Voorbeeldland", "Integraal Zorgakkoord (2022)"):
        assert f'<span lang="nl">{dutch}' in body, dutch


def test_a_call_without_help_shows_the_call_and_whom_to_ask_alone(client: Client) -> None:
    call = make_call(spec={**another_call_spec(), "words": []}, opens_at="2024-04-09T09:00")
    Call.objects.filter(pk=call.pk).update(contact_phone="", contact_email="")
    case = scenarios.started(call=call)
    body = page_of(client, case, "hub").content.decode()
    assert "<details" not in body
    assert "mailto:" not in body.split("hub-help")[1].split("<textarea")[0]
    assert reverse("website:call", args=[call.slug]) in body


def test_words_of_a_call_are_no_html(client: Client) -> None:
    case = scenarios.started()
    case.call.sections.filter(key="regio").update(examples=["<script>alert(1)</script> & zo"])
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; zo" in page_of(client, case, "regio").content.decode()


@pytest.mark.parametrize(("limit", "words"), [(4000, 650), (3000, 500), (1000, 150), (200, 33)])
def test_length_is_said_in_words_rounded_down(limit: int, words: int) -> None:
    assert limit_in_words(limit) == f"Hoogstens {limit} tekens. Dat zijn ongeveer {words} woorden."
