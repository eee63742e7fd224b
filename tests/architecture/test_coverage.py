"""What is measured of code and templates, and what the report and its gate say of it."""

import re
import tomllib

import pytest

from script import coverage_report
from script.coverage_report import Measured, percent, ranges, report
from tests.architecture.sources import PORTAL_MODULES, ROOT

TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
FILES = [
    Measured("calls/domain/rounds.py", [1, 2, 3, 4, 5, 6], [3, 4, 6]),
    Measured("calls/views.py", [1, 2, 3], [2]),
    Measured("calls/queries.py", [1, 2], []),
    Measured("templates/calls/call.html", [1, 2, 3, 4, 5], [5]),
]


def test_every_app_and_the_templates_are_measured() -> None:
    measured = set(TOOLS["coverage"]["run"]["source"])
    assert measured == {*TOOLS["importlinter"]["root_packages"], "templates"}


def test_only_migrations_are_left_out() -> None:
    assert TOOLS["coverage"]["run"]["omit"] == ["*/migrations/*"]
    assert {key for key in TOOLS["coverage"]["report"] if key.startswith("exclude")} == set()


def test_nothing_is_left_out_without_a_reason() -> None:
    left_out = {
        f"{module.name}:{number}"
        for module in PORTAL_MODULES
        for number, line in enumerate(module.lines, start=1)
        if "pragma: no cover" in line and not re.search(r"pragma: no cover -- \w", line)
    }
    assert left_out == set()


def test_report_names_the_lines_of_the_rules_and_counts_code_and_templates_apart() -> None:
    assert report(FILES) == [
        "lines of domain, queries and permissions that no test ran:",
        "calls/domain/rounds.py: 3-4, 6",
        "coverage: rules      62.50% of 8 lines in 2 files, 3 not run",
        "coverage: code       63.64% of 11 lines in 3 files, 4 not run",
        "coverage: templates  80.00% of 5 lines in 1 files, 1 not run",
        "coverage: all        68.75% of 16 lines in 4 files, 5 not run",
    ]


def test_report_names_no_lines_where_all_ran() -> None:
    assert [line for line in report(FILES[2:3]) if not line.startswith("coverage: ")] == []


@pytest.mark.parametrize(
    ("numbers", "said"), [([], ""), ([7], "7"), ([3, 1, 2], "1-3"), ([1, 3, 4, 9], "1, 3-4, 9")]
)
def test_ranges_read_as_people_write_them(numbers, said) -> None:
    assert ranges(numbers) == said


def test_nothing_to_run_counts_as_all_run() -> None:
    assert percent([]) == 100


@pytest.mark.parametrize(("gate", "status"), [("68.7", 0), ("68.8", 1)])
def test_gate_fails_below_what_was_reached_before(monkeypatch, tmp_path, capsys, gate, status) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text(f"[tool.coverage.report]\nfail_under = {gate}\n", encoding="utf-8")
    monkeypatch.setattr(coverage_report, "SETTINGS", settings)
    monkeypatch.setattr(coverage_report, "measured", lambda _data: FILES)
    assert coverage_report.main([]) == status
    assert (f"68.75% is below the gate of {gate}%" in capsys.readouterr().out) is (status == 1)


def test_no_gate_is_asked_of_a_part(monkeypatch) -> None:
    monkeypatch.setattr(coverage_report, "measured", lambda _data: [Measured("calls/a.py", [1], [1])])
    assert coverage_report.main(["--no-gate"]) == 0
