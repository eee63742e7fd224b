"""The load of reviewers is as even as interests allow (rule 15)."""

from collections import Counter
from itertools import combinations, product
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reviews.domain.assigning import balance


@st.composite
def rounds(draw: Any, *, most_applications: int, most_reviewers: int) -> dict[str, Any]:
    reviewers = list(range(1, draw(st.integers(1, most_reviewers)) + 1))
    applications = list(range(101, 101 + draw(st.integers(0, most_applications))))
    return {
        "needed": {each: draw(st.integers(1, 3)) for each in applications},
        "eligible": {each: draw(st.sets(st.sampled_from(reviewers))) for each in applications},
        "load": {each: draw(st.integers(0, 3)) for each in reviewers},
    }


def loads(pairs: set[tuple[int, int]], load: dict[int, int]) -> list[int]:
    counted = Counter(load) + Counter(reviewer for _application, reviewer in pairs)
    return sorted((counted[each] for each in load), reverse=True)


@given(rounds(most_applications=12, most_reviewers=6))
def test_every_application_gets_what_it_lacks_from_who_may_review_it(given_round: dict[str, Any]) -> None:
    pairs = balance(**given_round)
    for application, needed in given_round["needed"].items():
        found = {reviewer for each, reviewer in pairs if each == application}
        assert found <= given_round["eligible"][application]
        assert len(found) == min(needed, len(given_round["eligible"][application]))


@given(rounds(most_applications=12, most_reviewers=6))
def test_the_same_round_gives_the_same_pairs(given_round: dict[str, Any]) -> None:
    assert balance(**given_round) == balance(**given_round)


@given(rounds(most_applications=12, most_reviewers=6))
def test_once_assigned_nothing_is_left_to_assign(given_round: dict[str, Any]) -> None:
    pairs = balance(**given_round)
    load = Counter(given_round["load"]) + Counter(reviewer for _application, reviewer in pairs)
    lacking = {
        application: needed - sum(each == application for each, _reviewer in pairs)
        for application, needed in given_round["needed"].items()
    }
    eligible = {
        application: reviewers - {reviewer for each, reviewer in pairs if each == application}
        for application, reviewers in given_round["eligible"].items()
    }
    assert (
        balance(needed={each: n for each, n in lacking.items() if n}, eligible=eligible, load=load) == set()
    )


@given(rounds(most_applications=4, most_reviewers=4))
@example({"needed": {101: 1, 102: 1}, "eligible": {101: {1, 2}, 102: {2}}, "load": {1: 0, 2: 0}})
@example(
    {
        "needed": {101: 1, 102: 1, 103: 1},
        "eligible": {101: {1}, 102: {1, 2}, 103: {2, 3}},
        "load": {1: 1, 2: 0, 3: 0},
    }
)
def test_no_other_division_is_more_even(given_round: dict[str, Any]) -> None:
    """Compared with every division there is: the loads, highest first, are the lowest possible."""
    ways = [
        [
            {(application, each) for each in chosen}
            for chosen in combinations(
                sorted(given_round["eligible"][application]),
                min(needed, len(given_round["eligible"][application])),
            )
        ]
        for application, needed in given_round["needed"].items()
    ]
    best = min(loads(set().union(*way), given_round["load"]) for way in product(*ways))
    assert loads(balance(**given_round), given_round["load"]) == best


@given(st.integers(1, 40), st.integers(2, 8), st.integers(2, 3))
def test_without_interests_the_load_is_even_within_one(
    applications: int, reviewers: int, needed: int
) -> None:
    people = set(range(1, reviewers + 1))
    pairs = balance(
        needed=dict.fromkeys(range(101, 101 + applications), needed),
        eligible=dict.fromkeys(range(101, 101 + applications), people),
        load=dict.fromkeys(people, 0),
    )
    found = loads(pairs, dict.fromkeys(people, 0))
    assert found[0] - found[-1] <= 1


def test_work_that_was_given_first_is_handed_over_later() -> None:
    # 101 goes to 1, then 102 needs 1 and 2: 3 takes 101.
    nobody = {1: 0, 2: 0, 3: 0}
    pairs = balance(needed={101: 1, 102: 2}, eligible={101: {1, 3}, 102: {1, 2}}, load=nobody)
    assert pairs == {(101, 3), (102, 1), (102, 2)}


def test_work_is_handed_over_along_a_chain() -> None:
    # 1 has work already and hands 102 to 2, who hands 101 to 3.
    load = {1: 1, 2: 0, 3: 0}
    pairs = balance(needed={101: 1, 102: 1}, eligible={101: {2, 3}, 102: {1, 2}}, load=load)
    assert pairs == {(101, 3), (102, 2)}
