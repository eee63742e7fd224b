"""What the letter of a grant in part says of the budget (rule 31; Awb 3:46, 3:47 and 4:31)."""

from decisions.domain.budget_lines import JudgedLine
from decisions.domain.deciding import granted_lines
from decisions.models import Decision
from hubportal.kernel.money import ZERO, dutch_euros
from letters.domain.structure import Content, section


def refused_lines(decision: Decision) -> list[str]:
    """Return what a grant in part refuses of each line of the budget, and why (Awb 3:46 and 4:31)."""
    return [
        f"{_line_named(each)}: gevraagd {dutch_euros(each.asked)}, {_accepted(each)}. {_as_sentence(each.reason)}"
        for each in granted_lines(decision)
        if each.is_lower
    ]


def _line_named(line: JudgedLine) -> str:
    return f"{line.heading}, {line.description} ({line.organisation})"


def _accepted(line: JudgedLine) -> str:
    if line.is_contribution:
        return f"wij rekenen met {dutch_euros(line.accepted)}"
    return f"wij accepteren {dutch_euros(line.accepted)}" if line.accepted else "wij accepteren niets"


def _as_sentence(typed: str) -> str:
    """Return what was typed on one line, closed as a sentence."""
    words = " ".join(typed.split())
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def budget_annexes(decision: Decision) -> list[Content]:
    """Return the budget that holds after a grant in part, with its sums (Awb 4:31)."""
    lines = granted_lines(decision)
    if not lines:
        return []
    costs = [each for each in lines if not each.is_contribution]
    contributions = [each for each in lines if each.is_contribution]
    parts = [_budget_part("Kosten", costs)]
    if contributions:
        parts.append(_budget_part("Bijdragen van derden", contributions))
    return [{"title": "Begroting die nu geldt", "sections": [*parts, _sums(costs, contributions)]}]


def _budget_part(heading: str, lines: list[JudgedLine]) -> Content:
    return section(
        heading,
        head=["Begrotingsregel", "Organisatie", "Gevraagd", "Geldt nu"],
        numbers=2,
        rows=[
            [
                f"{each.heading}: {each.description}",
                each.organisation,
                dutch_euros(each.asked),
                dutch_euros(each.accepted),
            ]
            for each in lines
        ],
    )


def _sums(costs: list[JudgedLine], contributions: list[JudgedLine]) -> Content:
    both = ("asked", "accepted")
    spent, given = (
        [sum((getattr(each, name) for each in lines), ZERO) for name in both]
        for lines in (costs, contributions)
    )
    less = [["Bijdragen van derden", *(f"− {dutch_euros(each)}" for each in given)]] if contributions else []
    granted = [cost - other for cost, other in zip(spent, given, strict=True)]
    return section(
        "Subsidie",
        head=["Samen", "Gevraagd", "Geldt nu"],
        numbers=2,
        rows=[
            ["Kosten", *map(dutch_euros, spent)],
            *less,
            ["Subsidie, ten hoogste", *map(dutch_euros, granted)],
        ],
    )
