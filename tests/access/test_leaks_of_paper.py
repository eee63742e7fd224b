"""A letter on paper shows nowhere before it was posted (rules 22 and 26)."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from hubportal.kernel import clock
from tests.access.test_leaks import CLOSED, OTHERS, PUBLIC, again
from tests.access.walking import add_people_with_an_interest, differences, walk, walk_after
from tests.access.world import PRESENT, build
from tests.factories import posting, scenarios

pytestmark = pytest.mark.django_db


def printed_anew(case: Any) -> None:
    """Bring a letter on paper to the post of a day, on which it is not posted, and of the next."""
    reached = posting.printed(case)
    posting.printed(reached, printed_at=scenarios.after_deadline(reached, days=31))


def test_a_letter_on_paper_shows_nowhere_before_it_was_posted() -> None:
    """Rule 26: not that it was released, made or made anew, to applicants, the public, or whom it is closed to."""
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build(advised_on_paper=True)
    add_people_with_an_interest(world, world.advised.pk)
    # So that the pages of an applicant about an application are those about this one.
    world.produced = world.advised
    personas = (*PUBLIC, *CLOSED, *OTHERS)
    before = walk(world, personas)
    for step in (scenarios.released, printed_anew):
        shown = walk_after(world, personas, partial(step, again(world.advised)))
        assert differences(before, shown, of=personas) == [], step.__name__
    shown = walk_after(world, OTHERS, lambda: posting.posted(again(world.advised)))
    assert all(differences(before, shown, of=[each]) for each in OTHERS)
