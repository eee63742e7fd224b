"""Whether one can apply is answered before the log-in, by the conditions of the call, and kept nowhere (rule 1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from calls.models import Call
from hubportal.kernel.languages import in_language
from tests.factories.accounts import UserFactory, log_in
from tests.factories.calls import CallFactory, another_call_spec, make_call
from tests.factories.moments import AT, CALL_OPENS, FIRST_DEADLINE, LAST_DEADLINE
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db

KEYS = ("partijen", "rechtspersoon", "regio", "omvang", "periode")
YES = dict.fromkeys(KEYS, "ja")


def ask(client: Client, call: Call, answers: Any = None, *, language: str = "nl", at: Any = AT) -> Any:
    with at_moment(at):
        return client.get(
            in_language(reverse("website:can_apply", args=[call.slug]), language), answers or {}
        )


def test_five_questions_name_the_values_of_the_call(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call = CallFactory.create()
    with django_assert_num_queries(3):
        shown = ask(client, call)
    assert shown.context["outcome"] is None
    for told in (
        "Vraagt u aan met 2 of meer organisaties samen?",
        "Vraagt u ten hoogste € 50.000,00, voor een project van 1 tot 6 hele maanden?",
        "Kunt u samen indienen vóór 14 mei 2024, 14:00, en pas beginnen op of na 25 juni 2024?",
    ):
        assert told in page_text(shown), told
    assert shown.content.decode().count('type="radio"') == 15
    # Nothing of the person is kept.
    assert len(client.cookies) == 0


def test_yes_to_all_leads_to_a_coalition_and_promises_no_grant(client: Client) -> None:
    shown = ask(client, CallFactory.create(), YES)
    assert shown.context["outcome"]["kind"] == "yes"
    assert "Ja, u kunt subsidie aanvragen" in page_text(shown)
    assert "nog niet dat u subsidie krijgt" in page_text(shown)
    assert f'action="{reverse("coalitions:start")}"' in shown.content.decode()
    assert (shown["X-Robots-Tag"], len(client.cookies)) == ("noindex", 0)


@pytest.mark.parametrize("key", KEYS)
def test_one_no_says_why_and_what_one_could_do(client: Client, key: str) -> None:
    call = CallFactory.create()
    shown = ask(client, call, {**YES, key: "nee"})
    outcome = shown.context["outcome"]
    assert (outcome["kind"], [each.key for each in outcome["refused"]]) == ("no", [key])
    text = page_text(shown)
    assert "Nee, zo kunt u geen subsidie aanvragen" in text
    assert f"Wat u wel kunt doen: {call.conditions.get(key=key).instead}" in text
    assert reverse("coalitions:start") not in shown.content.decode().split('id="outcome"')[1]
    # What was answered stands there, to be changed.
    assert shown.content.decode().count(" checked") == 5


def test_who_does_not_know_reads_what_to_find_out(client: Client) -> None:
    call = CallFactory.create()
    shown = ask(client, call, {**YES, "rechtspersoon": "weet-niet"})
    assert shown.context["outcome"]["kind"] == "unknown"
    outcome = shown.content.decode().split('id="outcome"')[1].split("<form")[0]
    assert call.conditions.get(key="rechtspersoon").explanation in outcome
    assert (
        ask(client, call, {**YES, "regio": "nee", "omvang": "weet-niet"}).context["outcome"]["kind"] == "no"
    )


@pytest.mark.parametrize("odd", [{"partijen": "ja"}, {**YES, "regio": "<script>"}, {**YES, "omvang": ""}])
def test_what_is_not_answered_is_asked_at_its_field(client: Client, odd: dict[str, str]) -> None:
    shown = ask(client, CallFactory.create(), odd)
    assert (shown.status_code, shown.context["outcome"]) == (422, None)
    assert shown.content.decode().count("data-error-summary") == 1
    assert "<script>" not in shown.content.decode().split("<main")[1].split("</main>")[0]


def test_english_page_asks_in_english_and_calls_dutch_what_has_no_english(client: Client) -> None:
    call = CallFactory.create()
    shown = ask(client, call, {**YES, "regio": "nee"}, language="en")
    text = page_text(shown)
    assert "Do you ask for at most €50,000.00, for a project of 1 to 6 whole months?" in text
    assert "before 14 May 2024, 14:00" in text
    call.conditions.update(question_en="")
    body = ask(client, call, language="en").content.decode()
    assert '<span lang="nl">Vraagt u ten hoogste €\u00a050.000,00, voor' in body
    assert '<span lang="nl">Kunt u samen indienen vóór 14 mei 2024, 14:00' in body


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (CALL_OPENS - timedelta(days=1), "vóór 14 mei 2024, 14:00"),
        (FIRST_DEADLINE, "vóór 11 juni 2024, 14:00"),
        (LAST_DEADLINE - timedelta(seconds=1), "vóór 24 september 2024, 14:00"),
        (LAST_DEADLINE, "Nee: alle rondes van deze oproep zijn gesloten."),
    ],
)
def test_the_day_is_that_of_the_round_that_one_would_join(client: Client, at: Any, told: str) -> None:
    shown = ask(client, CallFactory.create(), at=at)
    assert told in page_text(shown)
    assert ("<fieldset" in shown.content.decode()) == (at < LAST_DEADLINE)


def test_what_only_practises_is_asked_nowhere_but_in_a_demo(client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert ask(client, CallFactory.create(is_rehearsal=True)).status_code == 404


def test_another_call_asks_its_own_conditions(client: Client) -> None:
    spec = another_call_spec()
    spec["conditions"] = [
        {
            "key": "hub",
            "question": "Heeft u al een hub met {min_parties} partijen?",
            "explanation": "x",
            "refusal": "y",
            "instead": "z",
        }
    ]
    shown = ask(client, make_call(spec=spec))
    assert [each.question for each in shown.context["asked"]] == ["Heeft u al een hub met 3 partijen?"]


def test_the_page_of_the_call_leads_there_and_explains_its_words(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call = CallFactory.create()
    with at_moment(AT), django_assert_num_queries(10):
        shown = client.get(reverse("website:call", args=[call.slug]))
    assert reverse("website:can_apply", args=[call.slug]) in shown.content.decode()
    text = page_text(shown)
    for told in (
        "Regionaal Overleg Acute Zorgketen",
        "Zij denken en doen mee.",
        "Past bij het doel (telt voor 25% mee)",
    ):
        assert told in text, told


def test_region_that_was_looked_for_survives_naming_ones_organisation(client: Client) -> None:
    log_in(client, UserFactory.create())
    body = client.get(reverse("coalitions:start"), {"where": "3511 & meer"}).content.decode()
    assert f"?next={reverse('coalitions:start')}%3Fwhere%3D3511%2B%2526%2Bmeer" in body
