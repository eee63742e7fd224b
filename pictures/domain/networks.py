"""A picture of who works with whom: organisations, and the links between each two of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

# A circle with more names cannot be read.
MOST_DRAWN = 48
# Beside the kinds of ties: taking part in the same question.
SHARED = "shared"


class Knot(NamedTuple):
    """An organisation of a network: its key in addresses, its name, and where it leads."""

    key: str
    name: str
    address: str = ""


class Link(NamedTuple):
    """What joins two organisations, by their keys; of questions that they share, how many."""

    one: str
    other: str
    kind: str
    number: int = 1


@dataclass(frozen=True)
class Joined:
    """A link in words, as the table has it."""

    link: Link
    one: Knot
    other: Knot
    words: str


@dataclass(frozen=True)
class Network:
    """A whole network, with what it says in sentences."""

    title: str
    told: Sequence[str]
    headings: Sequence[str]
    knots: Sequence[Knot]
    joined: Sequence[Joined]
    # What each kind is called, of those that there are.
    kinds: Mapping[str, str]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def rows(self) -> Sequence[Joined]:
        """Return the rows of its table."""
        return self.joined

    @property
    def lines(self) -> list[list[str]]:
        """Return the rows of its table as text."""
        return [[each.one.name, each.words, each.other.name] for each in self.joined]


def shared_questions(parts: Iterable[tuple[int, str]], among: Collection[str]) -> list[Link]:
    """Return how many questions each two of some organisations share, of pairs of a question and an organisation."""
    by_question: dict[int, set[str]] = defaultdict(set)
    for question, organisation in parts:
        if organisation in among:
            by_question[question].add(organisation)
    pairs = Counter(pair for known in by_question.values() for pair in combinations(sorted(known), 2))
    return [Link(one, other, SHARED, number) for (one, other), number in sorted(pairs.items())]


def busiest(
    ties: Iterable[Link], parts: Iterable[tuple[int, str]], *, names: Mapping[str, str], around: str = ""
) -> tuple[list[str], int]:
    """Return the keys of the organisations that are drawn, and how many have a link at all.

    ``around`` is the key of the one around whom it is drawn. Those with most links, and of as many by name.
    """
    near: dict[str, set[str]] = defaultdict(set)
    for one, other, *_kind in ties:
        near[one].add(other)
        near[other].add(one)
    weight = Counter({key: len(others) for key, others in near.items()})
    by_question: dict[int, set[str]] = defaultdict(set)
    for question, organisation in parts:
        by_question[question].add(organisation)
    for together in by_question.values():
        for each in together if len(together) > 1 else ():
            weight[each] += 1
    linked = set(weight)
    if around:
        of_questions = [each for each in by_question.values() if around in each]
        linked = {around, *near[around]}.union(*of_questions) if around in linked else set()
    ordered = sorted(linked, key=lambda each: (each != around, -weight[each], names[each], each))
    return ordered[:MOST_DRAWN], len(linked)


def in_a_ring(keys: Sequence[str], links: Iterable[Link]) -> list[str]:
    """Return the organisations in the order of the circle: who is linked stands close. The same input, the same order."""
    near: dict[str, list[str]] = defaultdict(list)
    rank = {key: number for number, key in enumerate(keys)}
    for one, other, *_kind in links:
        near[one].append(other)
        near[other].append(one)
    ring: list[str] = []
    seen: set[str] = set()
    for start in keys:
        waiting = [start]
        while waiting:
            key = waiting.pop()
            if key in seen:
                continue
            seen.add(key)
            ring.append(key)
            waiting.extend(sorted(set(near[key]) - seen, key=lambda each: (rank[each], each), reverse=True))
    return ring
