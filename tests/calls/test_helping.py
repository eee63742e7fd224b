"""Help at the questions of a call is data, plain text, and tied to what the call has (rules 1 and 33)."""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from calls.domain.conditions import names_in, with_values
from calls.domain.helping import words_in
from calls.domain.setup import set_up_call
from calls.models import Call, Condition, GlossaryWord
from calls.queries import with_help
from hubportal.kernel.errors import RuleViolation
from tests.factories.calls import another_call_spec, call_2024_spec, make_call
from tests.factories.moments import AT
from tests.refusals import refused_by


class Word(NamedTuple):
    word: str
    forms: list[str]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Het regioplan (IZA) en het GALA.", ["IZA"]),
        ("Een pizza, iza, XIZA, IZAs.", []),
        ("IZA-gelden voor penvoerders.", ["IZA", "Penvoerder"]),
        ("De PENVOERDER tekent.", ["Penvoerder"]),
        ("Het Integraal Zorgakkoord.", ["IZA"]),
        ("", []),
    ],
)
def test_words_are_found_whole_and_abbreviations_in_capitals_alone(text: str, found: list[str]) -> None:
    words = [Word("IZA", ["Integraal Zorgakkoord"]), Word("Penvoerder", ["penvoerders"])]
    assert [each.word for each in words_in([text], words)] == found


def test_conditions_name_values_of_the_call() -> None:
    assert names_in("Met {min_parties} of meer, tot {deadline}?") == {"min_parties", "deadline"}
    assert with_values("Met {min_parties} of meer?", {"min_parties": 3}) == "Met 3 of meer?"


def change(spec: dict[str, Any], *path: Any, to: Any) -> None:
    for each in path[:-1]:
        spec = spec[each]
    spec[path[-1]] = to


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        lambda spec: change(spec, "sections", 0, "criteria", to=["bestaat-niet"]),
        lambda spec: change(spec, "sections", 0, "examples", to=["Koop het op https://spam.example/"]),
        lambda spec: change(spec, "sections", 0, "examples", to=["Verzonnen\u202ednuob"]),
        lambda spec: change(spec, "words", 0, "meaning", to="Zie www.spam.example."),
        lambda spec: change(spec, "words", 0, "forms", to=["on\u200bzichtbaar"]),
        lambda spec: change(spec, "conditions", 0, "instead", to="Mail spam@spam.example."),
        lambda spec: change(spec, "conditions", 0, "refusal_en", to="See www.spam.example."),
        lambda spec: change(spec, "conditions", 0, "question", to="Tot {geheim}?"),
        lambda spec: change(spec, "conditions", 0, "question", to="Tot {call.pk}?"),
        lambda spec: change(spec, "conditions", 0, "question", to="Tot {deadline?"),
    ],
    ids=[
        "unknown criterion",
        "link in example",
        "turned example",
        "link in word",
        "invisible form",
        "mailbox in condition",
        "link in English",
        "unknown value",
        "attribute",
        "brace",
    ],
)
def test_help_that_is_no_plain_text_or_names_what_is_not_there_is_refused(
    spoil: Callable[[dict[str, Any]], None],
) -> None:
    spec = copy.deepcopy(call_2024_spec())
    spoil(spec)
    with pytest.raises(RuleViolation):
        set_up_call(spec, at=AT)
    assert not Call.objects.exists()


@pytest.mark.django_db
def test_the_section_that_is_asked_for_comes_with_its_criteria_and_the_words_of_its_call() -> None:
    call = make_call()
    make_call(spec=another_call_spec())
    [region, partners, *_others] = list(with_help(call.sections.order_by("position"), at="partners"))
    assert (region.weighed, region.glossary) == ([], [])
    told = [(each["title"], each["weight"], len(each["steps"])) for each in partners.weighed]
    assert told == [("Past bij het doel", 25, 5), ("Regionale binding en draagvlak", 25, 5)]
    assert partners.weighed[0]["steps"][0] == {"score": 1, "sentence": "Het plan past niet bij het doel."}
    assert [each["word"] for each in partners.glossary] == [each.word for each in call.words.all()]


@pytest.mark.django_db
def test_the_call_of_2024_helps_at_each_question_and_gives_no_example_that_could_be_real() -> None:
    call = make_call()
    for section in call.sections.all():
        assert (section.criteria.count() > 0, len(section.examples)) == (True, 2), section.key
        assert {"criteria", "examples"} <= set(section.provisional)
    words = {each.word for each in call.words.all()}
    assert {"IZA", "GALA", "WOZO", "TAZ", "ROAZ", "Zorgkantoorregio", "Leefwereld", "Penvoerder"} <= words
    assert call.conditions.count() == 5


@pytest.mark.django_db
def test_the_database_keeps_words_and_conditions_once_and_filled() -> None:
    call = make_call()
    with refused_by("glossary_word_once_per_call"):
        GlossaryWord.objects.create(call=call, position=99, word="IZA", meaning="x")
    with refused_by("glossary_word_has_a_meaning"):
        GlossaryWord.objects.create(call=call, position=99, word="Leeg", meaning="")
    with refused_by("condition_once_per_call"):
        Condition.objects.create(
            call=call, key="regio", position=9, question="x", explanation="x", refusal="x", instead="x"
        )
    with refused_by("condition_says_why_and_what_instead"):
        Condition.objects.create(
            call=call, key="x", position=9, question="x", explanation="x", refusal="x", instead=""
        )
