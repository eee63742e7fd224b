"""Text as a reader sees it (rule 33)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.text import is_filled, visible

OPEN, CLOSE = "\u2067", "\u2069"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Noor de Wit", "Noor de Wit"),
        ("Ouderen\u00adzorg", "Ouderenzorg"),
        ("\ufeffBegroting\u200b", "Begroting"),
        ("een\x0btwee\x0cdrie\u2028vier\u2029vijf\x85zes", "een\ntwee\ndrie\nvier\nvijf\nzes"),
        ("E\x1email en e\x1fmail", "E-mail en email"),
        ("\uf0b7\tEerste punt\n  \uf0a7 Tweede\uf04a punt", "\u2022\tEerste punt\n  \u2022 Tweede punt"),
        ("\x93De Brug\x94 \x80 5", "\u201cDe Brug\u201d \u20ac 5"),
        ("De\U000e0044\U000e0065 Brug", "De Brug"),
        ("a\ufe0fb\U000e0101c\u200dd", "abcd"),
        ("\u2764\ufe0f 1\ufe0f\u20e3", "\u2764\ufe0f 1\ufe0f\u20e3"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\u845b\U000e0100\u5348", "\u845b\U000e0100\u5348"),
        ("\u202eneergeschreven\u202c", "neergeschreven"),
        (f"{OPEN}abc", f"{OPEN}abc{CLOSE}"),
        (f"abc{CLOSE}", "abc"),
        (f"{OPEN}abc\r\ndef{CLOSE}", f"{OPEN}abc{CLOSE}\ndef"),
        ("12\u00a0500,00", "12\u00a0500,00"),
        ("Zo\u00eb \u0130\u015f\u0131l \u0141", "Zo\u00eb \u0130\u015f\u0131l \u0141"),
        ("a\x00b", "ab"),
    ],
)
def test_what_nobody_sees_is_dropped_and_the_rest_is_kept(typed: str, kept: str) -> None:
    """Rule 33."""
    assert visible(typed) == kept
    assert visible(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  \n\t", "\u200b", "\u00ad", "\u2800", "\u3164", "\ufe0f", "\ufeff\u2060", "\u0301", "\ue000"),
        *(
            f"{OPEN}{CLOSE}",
            "\U000e0041\U000e007f",
            "\u200d\u200c",
            "\u00a0\u2003",
            "\u115f \u1160",
            "\uf0b7",
        ),
    ],
)
def test_what_nobody_sees_is_not_filled_in(typed: str) -> None:
    """Rule 33."""
    assert visible(typed) == ""
    assert not is_filled(typed)


@given(st.text())
def test_cleaning_again_changes_nothing(typed: str) -> None:
    once = visible(typed)
    assert visible(once) == once
    assert is_filled(once) == bool(once)


@given(st.text(alphabet="a \n\u2066\u2067\u2068\u2069"))
def test_each_line_closes_the_directions_that_it_opens(typed: str) -> None:
    """Rule 33."""
    for line in visible(typed).split("\n"):
        depth = 0
        for sign in line:
            depth += {CLOSE: -1, "a": 0, " ": 0}.get(sign, 1)
            assert depth >= 0
        assert depth == 0


def test_letters_of_every_script_are_kept() -> None:
    dropped = {
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code))[0] in "LNPS" and visible(f"x{chr(code)}") != f"x{chr(code)}"
    }
    # Fillers that look like nothing, the blank of Braille, and the place of an object that is not there.
    assert dropped == {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0xFFFC}
