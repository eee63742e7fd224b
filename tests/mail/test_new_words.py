"""What was newly written is parted from what a program set below it, and nothing is lost (rule 43)."""

import time

import pytest

from hubportal.mail.domain.new_words import new_words
from tests.mail.answers import PROGRAMS, QUOTE, written_with


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_quote_of_each_program_is_parted_from_the_answer(program: str) -> None:
    whole = written_with(program)
    words, begins = PROGRAMS[program]
    found = new_words(whole)
    assert found.text == words
    assert found.rest.startswith(begins.strip())
    # Word for word, all that stood in the mail stands in one of the two.
    assert f"{found.text}\n{found.rest}".split() == whole.split()


@pytest.mark.parametrize("program", PROGRAMS)
def test_line_ends_of_a_mail_change_nothing(program: str) -> None:
    whole = written_with(program)
    assert new_words(whole.replace("\n", "\r\n")) == new_words(whole)


def test_who_answers_below_the_quote_is_read_too() -> None:
    quote = f"Op 28-11-2026 om 14:03 schreef Hubportaal:\n{QUOTE}"
    found = new_words(f"{quote}\nDank, hieronder mijn antwoord.\n\n-- \nNoor de Wit\n")
    assert found.text == "Dank, hieronder mijn antwoord."
    assert found.rest.split() == ["--", "Noor", "de", "Wit", *quote.split()]


@pytest.mark.parametrize(
    "whole",
    [
        # Between the lines of the quote: an answer makes no sense without its question.
        "Op 28-11-2026 om 14:03 schreef Hubportaal:\n> Kunt u het bedrag uitleggen?\nJa, uren.\n> En de datum?\n1 maart.",
        # Sentences of their own that begin as a quote does.
        "Beste bureau,\n\nOp maandag schreef de gemeente een brief:\n\nzij wil meedoen.\n\nGroet",
        "Beste bureau,\n\nVan: mijn bestuur\nAan: u\n\nWij zijn akkoord met de nieuwe datum.\nGroet",
        "Met vriendelijke groet vraag ik u het volgende.\n\nKan het later?\n\nVriendelijke groet,\nNoor\n\nPS: 100 euro.",
        "Dit is vertrouwelijk, wilt u het bedrag niet noemen?\n\nWij beginnen op 5 maart.",
        "Eén - twee -- drie --- vier",
        "",
    ],
)
def test_what_somebody_wrote_themselves_stays_whole(whole: str) -> None:
    assert new_words(whole) == (whole, "")


def test_a_long_paragraph_is_parted_from_its_quote_too() -> None:
    words = "Dank u wel. " * 700
    assert new_words(f"{words}\n\nOp 28-11-2026 om 14:03 schreef Hubportaal:\n{QUOTE}").text == words.strip()


def test_long_lines_of_a_quote_are_kept_whole() -> None:
    quoted = f"> {'Lang. ' * 300}".strip()
    found = new_words(f"Dank.\n\nOp 28-11-2026 om 14:03 schreef Hubportaal:\n{quoted}\n> Kort.")
    assert found == ("Dank.", f"Op 28-11-2026 om 14:03 schreef Hubportaal:\n{quoted}\n> Kort.")


def test_a_quote_alone_is_all_there_is() -> None:
    """Nothing is guessed: who sends only what they quote reads that there are no words of theirs, or sends that."""
    assert new_words(f"-- \nNoor\n{QUOTE}").rest == ""


@pytest.mark.parametrize(
    "whole",
    [
        "Op " + "a " * 40_000,
        "Op x schreef y" * 6000,
        "Op x schreef\n" * 7000,
        ("Op" + " schreef" * 1200 + "\n") * 10,
        ("Op x" + " heeft y" * 1200 + " geschreven\n") * 10,
        "Van: x\nAan: y\n" * 3500,
        "> " * 45_000,
        "_" * 90_000,
        "-- \n" * 25_000,
        "(Op a schreef b <\n" * 5500,
    ],
)
def test_no_text_costs_much_time(whole: str) -> None:
    began = time.monotonic()
    new_words(whole)
    assert time.monotonic() - began < 3
