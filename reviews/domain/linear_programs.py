"""Linear programs, solved by HiGHS."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# A variable with what it is multiplied by.
Term = tuple[int, float]


@dataclass
class LinearProgram:
    """Variables from zero up, with a price each, and sums of them that are bound to a value."""

    prices: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    sums: list[tuple[list[Term], float]] = field(default_factory=list)

    def variable(self, price: float = 0.0, *, limit: float = 1.0) -> int:
        """Add a variable with its price per unit and its limit, and return its number."""
        self.prices.append(price)
        self.limits.append(limit)
        return len(self.prices) - 1

    def bind(self, terms: Iterable[Term], value: float) -> None:
        """Demand that a sum of variables has exactly this value."""
        self.sums.append((list(terms), value))

    def cheapest(self, *, whole: bool = False, most_nodes: int = 0) -> list[float] | None:
        """Return the values of the cheapest solution, or ``None`` if none was found.

        ``whole`` asks for whole numbers: then at most ``most_nodes`` parts of the solutions are looked into, and the
        best one up to there is returned. A limit in nodes and not in time: the same program has the same solution.
        """
        # Only jobs and commands solve anything: the web server does without the library and its memory.
        import highspy

        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("parallel", "off")
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.prices), len(self.sums)
        program.col_cost_, program.col_upper_ = self.prices, self.limits
        program.col_lower_ = [0.0] * len(self.prices)
        program.row_lower_ = program.row_upper_ = [value for _terms, value in self.sums]
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        starts, numbers, factors = [0], [], []
        for terms, _value in self.sums:
            numbers += [number for number, _factor in terms]
            factors += [factor for _number, factor in terms]
            starts.append(len(numbers))
        program.a_matrix_.start_, program.a_matrix_.index_ = starts, numbers
        program.a_matrix_.value_ = factors
        if whole:
            solver.setOptionValue("mip_max_nodes", most_nodes)
            solver.setOptionValue("mip_rel_gap", 0.0)
            program.integrality_ = [highspy.HighsVarType.kInteger] * len(self.prices)
        solver.passModel(program)
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return list(solver.getSolution().col_value)
