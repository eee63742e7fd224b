"""What is kept stands beside what was typed in words that people read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from hubportal.forms import MoneyField
from hubportal.versions.comparing import Difference, differing_rows, in_words

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


def test_the_words_that_differ_are_marked_on_both_sides_and_markup_is_text() -> None:
    difference = Difference("Text", "We go on\n<b>together</b>.", "We go on\n<b>alone</b>.")
    assert difference.kept_marked == "We go on\n&lt;b&gt;<mark>together</mark>&lt;/b&gt;."
    assert difference.typed_marked == "We go on\n&lt;b&gt;<mark>alone</mark>&lt;/b&gt;."


def test_texts_too_long_to_compare_are_shown_without_marks() -> None:
    long = "woord " * 3000
    assert Difference("Text", long, f"{long}nog").typed_marked == f"{long}nog"
    assert Difference("Text", "–", "nieuw").typed_marked == "nieuw"
