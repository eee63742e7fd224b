"""Work is shared as evenly as interests allow, in pairs that meet as seldom as they can (rule 15)."""

from collections import Counter
from itertools import combinations, product
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reviews.domain.sharing import Pair, Task, pairs_among, share


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


def unhindered(applications: int, reviewers: int, *, needed: int = 2, **others: Any) -> Task:
    """A round without interests."""
    people = set(range(1, reviewers + 1))
    numbers = range(101, 101 + applications)
    return Task(
        dict.fromkeys(numbers, needed), dict.fromkeys(numbers, people), dict.fromkeys(people, 0), **others
    )


def meetings(found: set[tuple[int, int]]) -> Counter[Pair]:
    """How often each two people meet."""
    people: dict[int, list[int]] = {}
    for application, reviewer in found:
        people.setdefault(application, []).append(reviewer)
    return Counter(pair for each in people.values() for pair in pairs_among(each))


@given(rounds(most_applications=12, most_reviewers=6))
def test_every_application_gets_what_it_lacks_from_who_may_review_it(given_round: dict[str, Any]) -> None:
    pairs = share(Task(**given_round))
    for application, needed in given_round["needed"].items():
        found = {reviewer for each, reviewer in pairs if each == application}
        assert found <= given_round["eligible"][application]
        assert len(found) == min(needed, len(given_round["eligible"][application]))


@given(rounds(most_applications=12, most_reviewers=6))
def test_the_same_round_gives_the_same_pairs(given_round: dict[str, Any]) -> None:
    assert share(Task(**given_round)) == share(Task(**given_round))


@given(rounds(most_applications=12, most_reviewers=6))
def test_once_assigned_nothing_is_left_to_assign(given_round: dict[str, Any]) -> None:
    pairs = share(Task(**given_round))
    load = Counter(given_round["load"]) + Counter(reviewer for _application, reviewer in pairs)
    lacking = {
        application: needed - sum(each == application for each, _reviewer in pairs)
        for application, needed in given_round["needed"].items()
    }
    eligible = {
        application: reviewers - {reviewer for each, reviewer in pairs if each == application}
        for application, reviewers in given_round["eligible"].items()
    }
    assert share(Task({each: n for each, n in lacking.items() if n}, eligible=eligible, load=load)) == set()


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
    assert loads(share(Task(**given_round)), given_round["load"]) == best


@given(st.integers(1, 40), st.integers(2, 8), st.integers(2, 3))
def test_without_interests_the_load_is_even_within_one(
    applications: int, reviewers: int, needed: int
) -> None:
    people = set(range(1, reviewers + 1))
    pairs = share(unhindered(applications, reviewers, needed=needed))
    found = loads(pairs, dict.fromkeys(people, 0))
    assert found[0] - found[-1] <= 1


def test_work_is_shared_evenly_where_interests_leave_one_way() -> None:
    # 102 needs 1 and 2, so that 3 takes 101; and 1 has work already, so that 2 takes 102 and 3 takes 101.
    task = Task({101: 1, 102: 2}, {101: {1, 3}, 102: {1, 2}}, {1: 0, 2: 0, 3: 0})
    assert share(task) == {(101, 3), (102, 1), (102, 2)}
    task = Task({101: 1, 102: 1}, {101: {2, 3}, 102: {1, 2}}, {1: 1, 2: 0, 3: 0})
    assert share(task) == {(101, 3), (102, 2)}


def test_nobody_to_share_with_leaves_everything_lacking() -> None:
    assert share(Task({101: 2, 102: 2}, {101: set(), 102: set()}, {})) == set()
    assert share(Task({}, {}, {1: 0})) == set()


def test_sixty_applications_make_sixty_pairs_of_twelve_reviewers_each_with_ten() -> None:
    found = share(unhindered(60, 12))
    assert sorted(meetings(found).values()) == [1] * 60
    assert Counter(reviewer for _each, reviewer in found) == dict.fromkeys(range(1, 13), 10)


def test_interests_leave_the_pairs_as_different() -> None:
    # Each reviewer is tied to a twelfth of the applications.
    task = unhindered(60, 12)
    eligible = {each: set(people) - {each % 12 + 1} for each, people in task.eligible.items()}
    found = share(Task(task.needed, eligible, task.load))
    assert not any(reviewer == each % 12 + 1 for each, reviewer in found)
    assert sorted(meetings(found).values()) == [1] * 60
    assert Counter(reviewer for _each, reviewer in found) == dict.fromkeys(range(1, 13), 10)


def test_pairs_that_met_before_meet_no_more_while_there_are_others() -> None:
    # Of the six pairs of four people, four met in an earlier round.
    before = {Pair(each): 1 for each in ((1, 2), (3, 4), (1, 3), (2, 4))}
    assert set(meetings(share(unhindered(2, 4, together=before)))) == {Pair((1, 4)), Pair((2, 3))}


def test_who_stays_on_an_application_meets_somebody_new() -> None:
    # 1 met 2 and 3, and 4 and 5 met; 1 and 4 need somebody beside them, from 2, 3 and 5.
    task = Task(
        {101: 1, 102: 1},
        {101: {2, 3, 5}, 102: {2, 3, 5}},
        {1: 1, 2: 0, 3: 0, 4: 1, 5: 0},
        staying={101: {1}, 102: {4}},
        together={Pair((1, 2)): 2, Pair((1, 3)): 1, Pair((4, 5)): 1},
    )
    found = dict(share(task))
    assert (found[101], found[102] in {2, 3}) == (5, True)


def test_more_than_two_reviewers_meet_as_seldom_as_they_can() -> None:
    # Twelve applications of three reviewers make 36 pairs; nine people make 36.
    found = meetings(share(unhindered(12, 9, needed=3)))
    assert (sum(found.values()), max(found.values()) <= 2, len(found) >= 30) == (36, True, True)
