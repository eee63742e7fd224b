"""Say which lines the tests ran, code and templates apart, and name each line of the rules that none of them ran.

Reads what ``coverage combine`` left. The gate is ``fail_under`` of ``tool.coverage.report`` in pyproject.toml.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import coverage

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "pyproject.toml"
# What may be done, what is read, who may: a line of these that no test runs is a rule that nobody keeps.
RULES = {"domain", "queries", "queries.py", "permissions.py"}


@dataclass(frozen=True)
class Measured:
    """A file with the numbers of its lines that can run, and of those that did not."""

    path: str
    lines: list[int]
    missed: list[int]

    @property
    def is_template(self) -> bool:
        """Tell templates from code."""
        return self.path.startswith("templates/")

    @property
    def is_of_the_rules(self) -> bool:
        """Tell whether an app's acts, reads or permissions stand here."""
        return bool(RULES.intersection(PurePosixPath(self.path).parts))


def percent(files: Iterable[Measured]) -> float:
    """Return how much of the lines ran, from 0 to 100; of nothing, all."""
    files = list(files)
    lines = sum(len(each.lines) for each in files)
    missed = sum(len(each.missed) for each in files)
    return 100 * (lines - missed) / lines if lines else 100.0


def ranges(numbers: Iterable[int]) -> str:
    """Return line numbers as people read them: ``3-5, 9``."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in found)


def report(files: list[Measured]) -> list[str]:
    """Return what to print: the lines of the rules that did not run, then the totals."""
    rules = [each for each in files if each.is_of_the_rules]
    said = [f"{each.path}: {ranges(each.missed)}" for each in rules if each.missed]
    if said:
        said = ["lines of domain, queries and permissions that no test ran:", *said]
    code = [each for each in files if not each.is_template]
    templates = [each for each in files if each.is_template]
    parts = (("rules", rules), ("code", code), ("templates", templates), ("all", files))
    for name, part in parts:
        lines = sum(len(each.lines) for each in part)
        missed = sum(len(each.missed) for each in part)
        said.append(
            f"coverage: {name:<9} {percent(part):6.2f}% of {lines} lines in {len(part)} files, {missed} not run"
        )
    return said


def measured(data: coverage.Coverage) -> list[Measured]:
    """Return every file of the portal, those that no test touched too."""
    files = []
    for path in sorted(Path(each) for each in data.get_data().measured_files()):
        if path.is_relative_to(ROOT) and path.exists():
            _path, lines, _excluded, missed, _words = data.analysis2(str(path))
            files.append(Measured(path.relative_to(ROOT).as_posix(), lines, missed))
    return files


def main(arguments: list[str]) -> int:
    """Print the report; with --gate fail below what was reached before."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--gate", action=argparse.BooleanOptionalAction, default=True, help="fail below the gate"
    )
    options = parser.parse_args(arguments)
    data = coverage.Coverage(config_file=str(SETTINGS))
    data.load()
    files = measured(data)
    print("\n".join(report(files)))
    gate, reached = float(str(data.get_option("report:fail_under"))), percent(files)
    if options.gate and reached < gate:
        print(f"coverage: {reached:.2f}% is below the gate of {gate:g}%, see fail_under in pyproject.toml")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
