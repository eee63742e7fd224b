"""Each answer in a form that was filled in is found by its heading, and nothing that was written is left out (rule 32)."""

from collections.abc import Callable

import pytest

from calls.domain.filled_forms import Block, FilledForm, filled_form
from calls.domain.form_words import parts_of, title_of
from calls.models import Call
from calls.queries import calls_with_parts
from tests.factories.calls import another_call_spec, make_call

pytestmark = pytest.mark.django_db
TITLES = ["Uw hub", "De volgende stap", "Wat u nog wilt zeggen"]
QUESTION = "Wat gaat u bouwen?"
ROOM = "Uw antwoord:"
Change = Callable[[list[Block]], list[Block]]


@pytest.fixture
def call() -> Call:
    made = make_call(spec=another_call_spec())
    return calls_with_parts().get(pk=made.pk)


def blocks_of(call: Call, **answers: str) -> list[Block]:
    """Return the empty form as blocks, with answers by key of section."""
    keys = iter(each.key for each in call.sections.all())
    blocks = [Block(title_of(call), 1)]
    for part in parts_of(call):
        blocks.append(Block(part.heading, part.level))
        blocks += [Block(each) for each in part.paragraphs]
        blocks += [Block(each, 0, "- ") for each in part.items]
        blocks += [Block(" | ".join(each)) for each in ((part.head, *part.rows) if part.rows else ())]
        if part.room:
            answer = answers.get(next(keys), "")
            blocks += [Block(part.room), *map(Block, answer.split("\n"))]
    return blocks


def replaced(blocks: list[Block], text: str, *others: Block) -> list[Block]:
    place = next(place for place, each in enumerate(blocks) if each.text == text)
    return [*blocks[:place], *others, *blocks[place + 1 :]]


def found(call: Call, change: Change = lambda blocks: blocks, **answers: str) -> FilledForm:
    return filled_form(change(blocks_of(call, **answers)), call)


def test_answers_are_found_and_of_the_form_itself_nothing(call: Call) -> None:
    assert found(call, hub="Hier.\n\n\n\nEn daar. ", extra="Dank.") == FilledForm(
        {"hub": "Hier.\n\nEn daar.", "extra": "Dank."}, ["De volgende stap"], [], []
    )


@pytest.mark.parametrize("heading", ["3. Uw hub", "3.1 uw  HUB:", "b) Uw hub", "iv. Uw hub.", "Uw\u00a0hub"])
@pytest.mark.parametrize("level", [0, 1, 3])
def test_a_heading_is_known_whatever_its_number_and_style(call: Call, heading: str, level: int) -> None:
    form = found(call, lambda each: replaced(each, "Uw hub", Block(heading, level)), hub="Hier.")
    assert form.answers == {"hub": "Hier."}
    assert (form.absent, form.unplaced) == ([], [])


def test_a_section_with_another_heading_is_known_by_its_question(call: Call) -> None:
    answers = {"hub": "Hier.", "volgende": "Bouwen."}
    form = found(call, lambda each: replaced(each, "De volgende stap", Block("Onze plannen", 3)), **answers)
    assert form.answers == answers
    assert form.absent == []


def test_a_section_that_is_gone_is_named(call: Call) -> None:
    def change(blocks: list[Block]) -> list[Block]:
        return replaced(replaced(blocks, "De volgende stap"), QUESTION)

    form = found(call, change, extra="Dank.")
    assert form.absent == ["De volgende stap"]
    assert form.answers["extra"] == "Dank."


def test_without_the_line_where_the_answer_goes_all_that_was_written_is_the_answer(call: Call) -> None:
    form = found(call, lambda each: replaced(each, ROOM), hub="Hier.")
    assert form.answers == {"hub": "Hier."}
    beside = found(call, lambda each: replaced(each, ROOM, Block("Uw antwoord: hier en")), hub="daar.")
    assert beside.answers == {"hub": "hier en\ndaar."}


def test_what_stands_above_that_line_or_outside_the_sections_is_shown_with_its_heading(call: Call) -> None:
    def change(blocks: list[Block]) -> list[Block]:
        blocks = replaced(blocks, ROOM, Block("Boven de lijn"), Block(ROOM))
        blocks = replaced(blocks, "De plek | ", Block("De plek | 12.500"))
        return [Block("Beste Anna"), *blocks]

    form = found(call, change, hub="Hier.")
    assert form.answers == {"hub": "Hier."}
    assert form.unplaced == [
        ("", "Beste Anna"),
        ("Begroting", "De plek | 12.500"),
        ("Uw hub", "Boven de lijn"),
    ]


def test_headings_and_lists_within_an_answer_stay_in_it(call: Call) -> None:
    def change(blocks: list[Block]) -> list[Block]:
        return replaced(
            blocks, "HIER", Block("Wie", 4), Block("Anna", 0, "- "), Block("Uw hub", 0, "- "), Block("Wat", 2)
        )

    form = found(call, change, hub="HIER", extra="Dank.")
    assert form.answers == {"hub": "Wie\n- Anna\n- Uw hub\nWat", "extra": "Dank."}


def test_where_no_heading_kept_its_style_their_words_count(call: Call) -> None:
    def change(blocks: list[Block]) -> list[Block]:
        return [Block(each.text, 0, each.mark) for each in blocks]

    form = found(call, change, hub="Hier.", extra="Dank.")
    assert (form.answers, form.unplaced) == ({"hub": "Hier.", "extra": "Dank."}, [])


def test_the_title_of_a_section_in_an_answer_or_a_list_begins_no_section(call: Call) -> None:
    form = found(call, hub="Hier.", extra="Uw hub\nDank.")
    assert form.answers == {"hub": "Hier.", "extra": "Uw hub\nDank."}

    def change(blocks: list[Block]) -> list[Block]:
        lost = [Block(each.text, 0, each.mark) for each in blocks]
        return replaced(lost, "ITEM", Block("Uw hub", 0, "- "), Block("Dank."))

    assert found(call, change, extra="ITEM").answers == {"extra": "- Uw hub\nDank."}


def test_what_nobody_sees_is_not_taken_along(call: Call) -> None:
    form = found(call, hub="Hi\u200ber.\u202e\nEn\x0bdaar.")
    assert form.answers == {"hub": "Hier.\nEn\ndaar."}
