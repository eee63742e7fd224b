"""Typed text stays as typed, whatever characters it contains; only the day of sending is filled in later."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.dates import dutch_day
from letters.domain.placeholders import Placeholder, UnknownPlaceholder, check_names, fill_in, pieces
from letters.domain.structure import filled, names_open, paragraphs_of, plain_text, section, section_of

DAYS = {"dated_on": "26 juni 2024", "objection_deadline": "7 augustus 2024"}


def content(*sections: dict[str, object]) -> dict[str, object]:
    return {"sections": list(sections)}


def test_a_text_is_read_into_plain_words_and_what_it_names() -> None:
    assert pieces("Aan {applicant}: { {} {title}") == [
        "Aan ",
        Placeholder("applicant"),
        ": { ",
        Placeholder(""),
        " ",
        Placeholder("title"),
    ]


def test_a_value_is_never_read_for_names() -> None:
    assert fill_in("{a} tot {b}", {"a": "{b}", "b": "T"}) == "{b} tot T"


@pytest.mark.parametrize("text", ["Beste {naam}", "Beste {}"])
def test_a_word_in_braces_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(UnknownPlaceholder) as refusal:
        check_names([text], {"reference"})
    assert refusal.value.field == "body"


def test_a_text_is_split_into_paragraphs_and_a_list() -> None:
    read = section_of(
        "Kop", "Een\nregel.\n\n- eerste {a}\n- tweede\n\nSlot.", {"a": "x"}, rows=[("Plaats", "U")]
    )
    assert read == {
        "heading": "Kop",
        "paragraphs": ["Een regel.", "Slot."],
        "items": ["eerste x", "tweede"],
        "rows": [["Plaats", "U"]],
    }


def test_a_value_of_several_paragraphs_brings_them_along() -> None:
    read = section_of("", "Omdat: {reasons} Dus.", {"reasons": "Eerst.\r\n \r\nDan.\nDaarna."})
    assert read["paragraphs"] == ["Omdat: Eerst.", "Dan.\nDaarna. Dus."]


def test_what_the_day_of_sending_brings_stays_open_until_it_is_filled_in() -> None:
    read = section_of("", "Tot en met {objection_deadline}.\n\n- {dated_on}", {})
    assert read["paragraphs"] == [["Tot en met ", {"fill": "objection_deadline"}, "."]]
    assert read["items"] == [[{"fill": "dated_on"}]]
    assert names_open(content(read), "objection_deadline")
    whole = filled(content(read), DAYS)
    assert whole["dated_on"] == "26 juni 2024"
    assert whole["sections"][0]["paragraphs"] == ["Tot en met 7 augustus 2024."]
    assert whole["sections"][0]["items"] == ["26 juni 2024"]


@given(st.text())
def test_whatever_somebody_types_comes_out_as_it_was(typed: str) -> None:
    frozen = json.loads(json.dumps(content(section_of("", "Nu: {typed} {dated_on}", {"typed": typed}))))
    [*whole] = filled(frozen, DAYS)["sections"][0]["paragraphs"]
    expected = f"Nu: {typed} 26 juni 2024".replace("\r\n", "\n")
    assert "".join("".join(whole).split()) == "".join(expected.split())


@pytest.mark.parametrize(
    "typed", ["{}", "{objection_deadline}", '{"fill": "dated_on"}', "{{reasons}}", '"', "\\", "{\\u007d"]
)
def test_signs_of_the_structure_itself_are_words_when_somebody_types_them(typed: str) -> None:
    read = section_of("", "{reasons}", {"reasons": typed})
    assert (read["paragraphs"], names_open(content(read), "dated_on")) == ([typed], False)
    assert filled(json.loads(json.dumps(content(read))), DAYS)["sections"][0]["paragraphs"] == [typed]


def test_an_annex_with_signs_of_the_structure_is_left_alone() -> None:
    annex = {"title": "Bijlage", "sections": [section("", paragraphs=["{objection_deadline} {}"])]}
    assert filled({**content(), "annex": annex}, DAYS)["annex"] == annex


def test_the_plain_text_holds_every_word_of_the_sections() -> None:
    read = section_of("Kop", "Een {dated_on}.\n\n- twee", {}, rows=[("Plaats", "Utrecht")])
    assert plain_text(content(read)) == "Kop\nPlaats\nUtrecht\nEen .\ntwee"


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert paragraphs_of(" Een\r\n\r\n \n twee\ndrie \n") == ["Een", "twee\ndrie"]


@pytest.mark.parametrize(
    ("day", "words"), [(date(2024, 5, 14), "14 mei 2024"), (date(2025, 1, 2), "2 januari 2025")]
)
def test_a_day_is_written_in_dutch_whatever_the_language_of_the_screen(day: date, words: str) -> None:
    assert dutch_day(day) == words
