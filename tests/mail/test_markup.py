"""HTML of a mail becomes the text that its reader saw (rules 33 and 43)."""

import time

import pytest

from hubportal.mail.domain.markup import text_of_html
from hubportal.mail.domain.new_words import new_words

GMAIL = (
    '<div dir="ltr">Dank u.<div><br></div><div>Groet, Noor</div></div><br><div class="gmail_quote">'
    '<div class="gmail_attr">Op za 28 nov. 2026 om 14:03 schreef Hubportaal &lt;<a href="mailto:n@h.example">n@h.example</a>&gt;:'
    "<br></div><blockquote><p>Beste Noor,</p><p>Er is iets.</p></blockquote></div>"
)
OUTLOOK = (
    '<html xmlns:o="u"><head><title>x</title><style>p{color:red}</style></head><body lang=NL><p class=MsoNormal>Dank.<o:p></o:p></p>'
    "<ul><li>een</li><li>twee</li></ul><div><p class=MsoNormal><b>Van:</b> Hubportaal &lt;n@h.example&gt;<br>"
    "<b>Verzonden:</b> zaterdag<br><b>Aan:</b> Noor<br><b>Onderwerp:</b> Er is<o:p></o:p></p></div><p>Beste Noor</p></body></html>"
)
APPLE = "<blockquote>Eén <i>vraag</i></blockquote>Mijn antwoord<script>alert(1)</script><!-- niets -->"


def test_a_quote_is_marked_and_what_nobody_sees_is_left_out() -> None:
    assert text_of_html(APPLE) == "> Eén vraag\n\nMijn antwoord"
    assert text_of_html(GMAIL).startswith("Dank u.\n\nGroet, Noor\n\nOp za 28 nov. 2026")
    assert "\n> Beste Noor,\n" in text_of_html(GMAIL)


def test_an_answer_in_html_is_parted_from_its_quote() -> None:
    assert new_words(text_of_html(GMAIL)).text == "Dank u.\n\nGroet, Noor"
    assert new_words(text_of_html(OUTLOOK)).text == "Dank.\n\n- een\n- twee"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("geen html", "geen html"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><td>Bedrag</td> <td>100</td></tr></table>", "Bedrag 100"),
        ("<p>a</p>\0<p>b", "a\n\nb"),
        (
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><p>&b;x</p>',
            "]>\n&b;x",
        ),
    ],
)
def test_odd_html_is_read_as_far_as_it_can(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<blockquote>x" * 50_000,
        # Each line of many stands in all of them.
        "<blockquote>" * 250 + "<p>b" * 100_000,
        "<!--" * 100_000,
        "<" * 900_000,
        "&" * 500_000,
    ],
)
def test_no_html_costs_much_time_or_memory(html: str) -> None:
    began = time.monotonic()
    assert len(text_of_html(html)) <= 2_500_000
    assert time.monotonic() - began < 5
