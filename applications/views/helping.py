"""Help at the question of a section and at the budget: what reviewers weigh, examples, and its words explained."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from calls.domain.helping import words_in
from calls.models import BudgetHeading, Call, SectionSpec
from calls.queries import budget_of_call


class Word(NamedTuple):
    """A word with its meaning, both Dutch."""

    word: str
    forms: list[str]
    meaning: str


@dataclass(frozen=True)
class Help:
    """The help at one question; all its words are data of the call."""

    # With title, question, weight in percent, and steps: each a score and its sentence.
    criteria: list[dict[str, Any]]
    examples: list[str]
    words: list[Word]


def help_at(spec: SectionSpec) -> Help:
    """Return the help at a section that was read with it (``calls.queries.with_help``): words are those that stand on its page."""
    criteria: list[dict[str, Any]] = spec.weighed  # type: ignore[attr-defined]
    glossary = [Word(**each) for each in spec.glossary]  # type: ignore[attr-defined]
    return Help(criteria, spec.examples, words_in(_texts(spec, criteria), glossary))


def headings_with_help(call: Call) -> tuple[list[BudgetHeading], Help]:
    """Return the headings of a budget, and the help at it: what reviewers look for there, and the words of it explained."""
    headings, criteria, glossary = budget_of_call(call)
    return headings, Help(criteria, [], words_in(_texts_of(criteria), [Word(**each) for each in glossary]))


def _texts(spec: SectionSpec, criteria: list[dict[str, Any]]) -> Iterator[str]:
    yield from (spec.title, spec.question, *spec.examples)
    yield from _texts_of(criteria)


def _texts_of(criteria: list[dict[str, Any]]) -> Iterator[str]:
    for each in criteria:
        yield from (each["title"], each["question"], *(step["sentence"] for step in each["steps"]))
