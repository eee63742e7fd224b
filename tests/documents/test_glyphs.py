"""What the fonts of documents cannot show is named, and nothing turns words around (rule 33)."""

import json

import pytest
from django.conf import settings

from hubportal.documents.domain.glyphs import lacking, lacking_in_words, printable, printable_words


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Nguy\u1ec5n \u0110\u1eb7ng", "Nguy\u1ec5n \u0110\u1eb7ng"),
        (
            "Zoe\u0308 en Fenno\u2019s \u201cplan\u201d \u2013 \u20ac\u00a05",
            "Zo\u00eb en Fenno\u2019s \u201cplan\u201d \u2013 \u20ac\u00a05",
        ),
        ("Samen \U0001f44d", "Samen [U+1F44D]"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "[U+1F468 U+1F469 U+1F467]"),
        ("\u4e2d\u6587 en meer", "[U+4E2D U+6587] en meer"),
        ("een\x02twee\x1bdrie\x7f", "eentweedrie"),
        ("Regel een\nRegel twee", "Regel een\nRegel twee"),
        ("niet \u202eofreggurkat\u202c \u2067meer\u2069", "niet ofreggurkat meer"),
    ],
)
def test_a_sign_without_a_shape_in_the_fonts_is_named(typed: str, printed: str) -> None:
    assert printable(typed) == printed


def test_signs_that_documents_lack_are_named_once_and_at_most_five() -> None:
    assert lacking("\u0645\u0631 \u0645 e\u0301 een\x02twee") == ["\u0645", "\u0631"]
    assert "\u4e04 (U+4E04), \u2026" in lacking_in_words("\u4e00\u4e01\u4e02\u4e03\u4e04\u4e05")
    assert lacking_in_words("Zo\u00eb") == ""


def test_the_words_of_our_own_letters_are_in_the_fonts() -> None:
    for name in ("call_2024.json", "letter_kinds.json"):
        words = (settings.BASE_DIR / "fixtures" / name).read_text("utf-8")
        assert printable(words) == words


def test_every_text_of_a_document_is_made_printable() -> None:
    content = {"rows": [["\u4e2d", 1]], "head": ("\x02a",), "annex": None}
    assert json.dumps(printable_words(content)) == '{"rows": [["[U+4E2D]", 1]], "head": ["a"], "annex": null}'
