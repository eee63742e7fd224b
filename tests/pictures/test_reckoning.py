"""What visitors read of a question gives away no number that is not told, however they reckon (rule 26)."""

from collections.abc import Iterator
from itertools import combinations, product

import pytest

from pictures.domain.participation import Involved, told_in_public

FORMS = ("inform", "consult", "advise")
# Each way in which one organisation can take part.
WAYS = [ways for size in (1, 2, 3) for ways in combinations(FORMS, size)]
MOST = 7


def involved(numbers: tuple[int, ...]) -> Involved:
    """Return a question in which so many organisations take part in each of the ways."""
    forms: dict[str, set[int]] = {each: set() for each in FORMS}
    key = 0
    for ways, number in zip(WAYS, numbers, strict=True):
        for _each in range(number):
            key += 1
            for form in ways:
                forms[form].add(key)
    return Involved(forms)


def every_question() -> Iterator[Involved]:
    """Yield a question for each way in which up to ``MOST`` organisations can take part."""
    for numbers in product(range(MOST + 1), repeat=len(WAYS)):
        if sum(numbers) <= MOST:
            yield involved(numbers)


def test_no_number_that_is_hidden_can_be_reckoned_from_what_is_told() -> None:
    """Whoever tries every question that would be told so, finds that a hidden number can be nothing, and can be more."""
    found: dict[tuple[object, ...], list[set[int]]] = {}
    for each in every_question():
        told = told_in_public(each, 20)
        key = (told.everybody, *told.forms.values())
        could_be = found.setdefault(key, [set() for _form in FORMS])
        for values, form in zip(could_be, FORMS, strict=True):
            values.add(len(each.forms[form]))
    for (_everybody, *told_forms), could_be in found.items():
        for number, values in zip(told_forms, could_be, strict=True):
            assert values == {number} if number is not None else {0} < values, (told_forms, could_be)


@pytest.mark.parametrize(
    ("numbers", "whole", "told"),
    [
        # Inform, consult, advise, inform and consult, inform and advise, consult and advise, all three.
        ((3, 0, 0, 0, 0, 0, 0), 6, (3, None, None, 3)),
        # All public organisations of the region, or nearly all: who takes part would be known.
        ((3, 0, 0, 0, 0, 0, 0), 3, (None, None, None, None)),
        ((3, 0, 0, 0, 0, 0, 0), 5, (None, None, None, None)),
        ((2, 0, 0, 0, 0, 0, 0), 20, (None, None, None, None)),
        # One takes part otherwise than the three: nothing of the forms.
        ((3, 0, 1, 0, 0, 0, 0), 20, (None, None, None, 4)),
        ((3, 3, 1, 0, 0, 0, 0), 20, (None, None, None, 7)),
        ((3, 3, 0, 0, 0, 0, 0), 20, (3, 3, None, 6)),
    ],
)
def test_what_is_told(
    numbers: tuple[int, ...], whole: int, told: tuple[int | None, int | None, int | None, int | None]
) -> None:
    found = told_in_public(involved(numbers), whole)
    assert (*found.forms.values(), found.everybody) == told
