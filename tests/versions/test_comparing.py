"""What is kept stands beside what was typed in words that people read, and two versions as one text (rules 12 and 32)."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from hubportal.forms import MoneyField
from hubportal.versions.comparing import Difference, both_in_one, differing_rows, in_words, merged

CHOICE = forms.ChoiceField(choices=[(4, "4: good"), ("5", "5: very good")])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (forms.CharField(), "Samen", "Samen"),
        (forms.CharField(), "", "–"),
        (forms.IntegerField(), None, "–"),
        (forms.IntegerField(), 0, "0"),
        (CHOICE, 4, "4: good"),
        (CHOICE, 5, "5: very good"),
        (CHOICE, 6, "6"),
        (forms.BooleanField(), False, "No"),
        (forms.DateField(), date(2024, 7, 1), "1 July 2024"),
        (MoneyField(), Decimal("12500.5"), "€12,500.50"),
    ],
)
def test_a_value_is_said_as_people_read_it(field: forms.Field, value: Any, words: str) -> None:
    with override("en"):
        assert in_words(field, value) == words


def test_rows_that_moved_along_are_no_difference() -> None:
    with override("en"):
        found = list(differing_rows(["a", "b", "c", "d"], ["b", "x", "d", "e"]))
    assert [(each.label, each.kept, each.typed) for each in found] == [
        ("Line 1", "a", "–"),
        ("Line 2", "c", "x"),
        ("Line 4", "–", "e"),
    ]


def without_what_is_said(marked: str) -> str:
    return re.sub(r'<span class="hub-visually-hidden hub-change__said">.*?</span>', "", marked)


def test_the_words_that_differ_are_marked_on_both_sides_and_markup_is_text() -> None:
    difference = Difference("Text", "We go on\n<b>together</b>.", "We go on\n<b>alone</b>.")
    kept, typed = difference.kept_marked, difference.typed_marked
    assert without_what_is_said(kept) == "We go on\n&lt;b&gt;<del>together</del>&lt;/b&gt;."
    assert without_what_is_said(typed) == "We go on\n&lt;b&gt;<ins>alone</ins>&lt;/b&gt;."


def test_a_change_is_said_in_words_beside_its_marks() -> None:
    with override("en"):
        assert merged("a", "b") == (
            '<del><span class="hub-visually-hidden hub-change__said"> [taken out: </span>a'
            '<span class="hub-visually-hidden hub-change__said">] </span></del>'
            '<ins><span class="hub-visually-hidden hub-change__said"> [put in: </span>b'
            '<span class="hub-visually-hidden hub-change__said">] </span></ins>'
        )


@pytest.mark.parametrize(
    ("earlier", "later", "marked"),
    [
        ("", "", "–"),
        ("Samen", "Samen", "Samen"),
        ("–", "Samen", "<ins>Samen</ins>"),
        ("Samen", "–", "<del>Samen</del>"),
        ("Wij gaan op pad.", "Wij gaan niet op pad.", "Wij gaan <ins>niet </ins>op pad."),
        ("€1.250,50 per uur", "€1.350,50 per uur", "€<del>1.250,50</del><ins>1.350,50</ins> per uur"),
        ("een  twee", "een twee", "een twee"),
    ],
)
def test_two_versions_read_as_one_text_with_its_changes(earlier: str, later: str, marked: str) -> None:
    assert without_what_is_said(merged(earlier, later)) == marked


def test_texts_of_very_many_words_are_compared_by_lines() -> None:
    lines = [f"Regel {number} van een lange tekst." for number in range(500)]
    other = [*lines[:250], "Een andere regel.", *lines[251:]]
    found = without_what_is_said(merged("\n".join(lines), "\n".join(other)))
    assert "<del>Regel 250 van een lange tekst.\n</del><ins>Een andere regel.\n</ins>" in found


def test_what_is_empty_beside_something_is_marked_as_a_whole() -> None:
    assert without_what_is_said(Difference("Text", "–", "nieuw").typed_marked) == "<ins>nieuw</ins>"
    assert Difference("Text", "–", "nieuw").kept_marked == "–"


@pytest.mark.parametrize("separator", [" ", "\n"])
def test_the_same_few_words_over_and_over_are_compared_as_a_whole(separator: str) -> None:
    """Nobody keeps the portal busy with a text that is long to compare."""
    first, second = separator.join(["ja", "nee"] * 400), separator.join(["nee", "ja"] * 400)
    assert without_what_is_said(merged(first, second)) == f"<del>{first}</del><ins>{second}</ins>"


def test_texts_without_two_words_in_a_row_in_common_are_compared_in_no_time() -> None:
    """Each word that both have would be looked for anew in all that is left."""
    letters = "abcdefghijklmnopq"
    first, second = (
        "".join(f"{letters[number % len(letters)]}{signs[number % len(signs)]}" for number in range(990))
        for signs in (".,;:", "!?()")
    )
    assert without_what_is_said(merged(first, second)) == f"<del>{first}</del><ins>{second}</ins>"


@pytest.mark.parametrize(
    ("kept", "typed", "both"),
    [
        ("Eerste.\n\nDerde.", "Eerste.\n\nTweede.\n\nDerde.", "Eerste.\n\nTweede.\n\nDerde."),
        ("Van Ada.\n\nSlot.", "Van Bo.\n\nSlot.", "Van Ada.\nVan Bo.\n\nSlot."),
        # Who only went on has the other line too.
        ("Wij beginnen.", "Wij beginnen. En gaan door.", "Wij beginnen. En gaan door."),
        ("Wij beginnen. En gaan door.", "Wij beginnen.", "Wij beginnen. En gaan door."),
        ("Weg.\nBlijft.", "Blijft.\nNieuw.", "Weg.\nBlijft.\nNieuw."),
        # The same words elsewhere in a line say something else.
        ("Wij doen niet mee", "mee", "Wij doen niet mee\nmee"),
    ],
)
def test_both_texts_in_one_lose_no_line(kept: str, typed: str, both: str) -> None:
    assert both_in_one(kept, typed) == both


def test_texts_that_take_too_long_to_compare_stand_one_after_the_other() -> None:
    kept, typed = "\n".join(["a"] * 5000), "\n".join(["a"] * 4999 + ["b"])
    assert both_in_one(kept, typed) == f"{kept}\n\n{typed}"
