"""No silent skips: each skip is listed with its reason, and fails under ``CI=true``.

What a machine of the project cannot try at all may stay skipped there; the reason then begins with ``NEEDS``, and
says what is needed.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

NEEDS = "needs "


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped; an expected failure has its reason too."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return getattr(report, "wasxfail", "") or words.removeprefix("Skipped: ")


def _refuse(report: Any) -> None:
    if report.skipped and os.environ.get("CI") == "true" and not reason_of(report).startswith(NEEDS):
        report.longrepr = f"skipped under CI=true without saying what it needs: {reason_of(report)}"
        report.outcome = "failed"
        # Else a test that is expected to fail counts as such all the same.
        report.__dict__.pop("wasxfail", None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Fail a test that is skipped under CI=true."""
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Iterator[None]:
    """Fail a module that is skipped under CI=true."""
    report = yield
    _refuse(report)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud what was skipped, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} TESTS WERE SKIPPED", red=True, bold=True)
        for reason in sorted({reason_of(report) for report in skipped}):
            number = sum(reason_of(report) == reason for report in skipped)
            terminalreporter.write_line(f"{number}: {reason}", red=True, bold=True)
