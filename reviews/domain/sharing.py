"""Sharing applications among reviewers: as even as interests allow, and in ever other pairs (rule 15)."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from reviews.domain.linear_programs import LinearProgram, Term

# Pairs that are chosen together: more of them are hardly better, and take much longer.
_AT_ONCE = 30
# Enough for a batch of two reviewers each to be chosen best; what is found up to here is good for more of them.
_MOST_NODES = 100
# Up to how often a pair that is seen together once more is dearer than the time before.
_STEPS = 3

Pair = frozenset[int]
# Applications by number, with people by number.
Shares = dict[int, set[int]]


@dataclass(frozen=True)
class Task:
    """What is to be shared.

    ``needed`` is how many more reviewers each application needs, ``eligible`` who may review it and does not yet,
    ``load`` what each reviewer has already, ``staying`` who reviews an application already, and ``together`` how often
    each pair was seen together before.
    """

    needed: Mapping[int, int]
    eligible: Mapping[int, Collection[int]]
    load: Mapping[int, int]
    staying: Mapping[int, Collection[int]] = field(default_factory=dict)
    together: Mapping[Pair, int] = field(default_factory=dict)

    def number_for(self, application: int) -> int:
        """Return how many reviewers an application gets: what it needs, as far as there are any."""
        return min(self.needed[application], len(self.eligible[application]))


def share(task: Task) -> set[tuple[int, int]]:
    """Return new pairs of application and reviewer.

    Loads are as even as interests allow, and who meet on an application met as seldom as can be found with such
    loads. The same task has the same result.
    """
    plan = _Plan(task, evenly(task))
    sizes = [len(plan.members(application)) for application in plan.shares]
    at_once = max(_AT_ONCE // max(max(sizes, default=1) - 1, 1), 1)
    places = range(max((len(each) for each in plan.shares.values()), default=0))
    for stride, place in product((1, 0), places):
        # Another place of every application each time, and not everywhere that of who comes first.
        chosen = {
            application: sorted(reviewers)[(place + stride * number) % len(reviewers)]
            for number, (application, reviewers) in enumerate(sorted(plan.shares.items()))
            if place < len(reviewers)
        }
        for batch in _batches(chosen, at_once=at_once):
            if plan.has_pair_seen_before(batch):
                plan.share_again(batch)
    return {(application, reviewer) for application, found in plan.shares.items() for reviewer in found}


class _Plan:
    """Shares with what follows from them: the load of each reviewer, and how often each pair is seen together."""

    def __init__(self, task: Task, shares: Shares) -> None:
        self.task, self.shares = task, shares
        self.load = Counter(task.load)
        self.load.update(reviewer for found in shares.values() for reviewer in found)
        self.most = max(self.load.values(), default=0)
        self.seen = Counter(task.together)
        for application in task.needed:
            self.seen.update(pairs_among(self.members(application)))

    def members(self, application: int) -> set[int]:
        """Return who reviews an application, by these shares too."""
        return {*self.shares.get(application, ()), *self.task.staying.get(application, ())}

    def has_pair_seen_before(self, applications: Iterable[int]) -> bool:
        """Tell whether two reviewers of one of these applications meet elsewhere too."""
        return any(self.seen[pair] > 1 for each in applications for pair in pairs_among(self.members(each)))

    def share_again(self, given: Mapping[int, int]) -> None:
        """Choose again who has one place on each of these applications, the loads as even as they are."""
        beside = {each: self.members(each) - {reviewer} for each, reviewer in given.items()}
        for application, reviewer in given.items():
            self.load[reviewer] -= 1
            self.seen.subtract(Pair((reviewer, other)) for other in beside[application])
        chosen = self._rarest(beside) or given
        for application, reviewer in chosen.items():
            self.load[reviewer] += 1
            self.seen.update(Pair((reviewer, other)) for other in beside[application])
            self.shares[application] = {*(self.shares[application] - {given[application]}), reviewer}

    def _rarest(self, beside: Shares) -> dict[int, int] | None:
        """Return who has a place beside others on each application so that pairs are seen as seldom as can be."""
        program = LinearProgram()
        taken: dict[int, dict[int, int]] = {}
        of_reviewer: dict[int, list[int]] = {}
        of_pair: dict[Pair, list[int]] = {}
        for application, others in beside.items():
            free = sorted(set(self.task.eligible[application]) - others)
            taken[application] = {each: program.variable() for each in free}
            program.bind(_each(taken[application].values()), 1.0)
            for reviewer, variable in taken[application].items():
                of_reviewer.setdefault(reviewer, []).append(variable)
                for other in sorted(others):
                    of_pair.setdefault(Pair((reviewer, other)), []).append(variable)
        for pair, variables in of_pair.items():
            prices = _steps(self.seen[pair], most=self.seen[pair] + _STEPS)
            # The last one as often as it takes.
            limits = [1.0] * (_STEPS - 1) + [float(len(variables))]
            found = [program.variable(each, limit=limit) for each, limit in zip(prices, limits, strict=True)]
            program.bind([*_each(variables), *((each, -1.0) for each in found)], 0.0)
        dearest = 2.0 * (max((self.seen[pair] for pair in of_pair), default=0) + _STEPS)
        self._keep_even(program, of_reviewer, dearer=1 + dearest * sum(len(each) for each in beside.values()))
        values = program.cheapest(whole=True, most_nodes=_MOST_NODES)
        if values is None:
            return None
        return {application: reviewer for application, (reviewer,) in _taken(taken, values).items()}

    def _keep_even(
        self, program: LinearProgram, of_reviewer: Mapping[int, list[int]], *, dearer: float
    ) -> None:
        """Make less even loads dearer than any pairs."""
        least = min(self.load[each] for each in of_reviewer)
        for reviewer, variables in of_reviewer.items():
            first = self.load[reviewer]
            steps = _steps(first, most=min(first + len(variables), self.most))
            prices = [dearer * (price - 2.0 * least) for price in steps]
            program.bind([*_each(variables), *((program.variable(each), -1.0) for each in prices)], 0.0)


def _steps(first: int, *, most: int) -> list[float]:
    """Return what each more costs from a number up to another, so that together they cost its square."""
    return [2.0 * each + 1 for each in range(first, most)]


def _taken(variables: Mapping[int, Mapping[int, int]], values: Sequence[float]) -> Shares:
    return {
        application: {each for each, variable in found.items() if values[variable] > 0.5}
        for application, found in variables.items()
    }


def evenly(task: Task) -> Shares:
    """Return new reviewers of each application, as even as interests allow."""
    program = LinearProgram()
    taken: dict[int, dict[int, int]] = {}
    for application in sorted(each for each in task.needed if task.number_for(each)):
        taken[application] = {each: program.variable() for each in sorted(task.eligible[application])}
        program.bind(_each(taken[application].values()), task.number_for(application))
    work: dict[int, list[int]] = {each: [] for each in sorted(task.load)}
    for each in taken.values():
        for reviewer, variable in each.items():
            work[reviewer].append(variable)
    most = _attainable_load(task)
    for reviewer, variables in work.items():
        # The more somebody has, the dearer is one more: so the sum of the squares is the smallest there is.
        first = task.load[reviewer]
        steps = range(first, max(first, min(first + len(variables), most)))
        program.bind([*_each(variables), *((program.variable(2.0 * step + 1), -1.0) for step in steps)], 0.0)
    if not taken:
        return {}
    # A network: its cheapest solution is whole of itself.
    values = program.cheapest()
    if values is None:
        raise AssertionError("Taking whoever has least, one after the other, is a solution.")
    return _taken(taken, values)


def _attainable_load(task: Task) -> int:
    """Return a highest load with which the work can be done; no even division has a higher one."""
    load = Counter(task.load)
    for application in sorted(task.needed):
        free = sorted(task.eligible[application], key=lambda each: (load[each], each))
        load.update(free[: task.number_for(application)])
    return max(load.values(), default=0)


def _batches(given: Mapping[int, int], *, at_once: int) -> Iterator[dict[int, int]]:
    applications = list(given)
    for first in range(0, len(applications), at_once):
        yield {each: given[each] for each in applications[first : first + at_once]}


def _each(variables: Iterable[int]) -> Iterator[Term]:
    return ((each, 1.0) for each in variables)


def pairs_among(people: Collection[int]) -> Iterator[Pair]:
    """Return each two of some people."""
    return (Pair(each) for each in combinations(sorted(people), 2))
