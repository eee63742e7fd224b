"""A skipped test fails under ``CI=true``, and is listed with its reason elsewhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TRIED = """
import pytest

@pytest.mark.skip(reason="too slow today")
def test_mark(): ...

def test_call():
    pytest.skip("not now")

@pytest.mark.xfail(reason="broken")
def test_expected_to_fail():
    assert False

@pytest.mark.skip(reason="needs root, who alone may")
def test_needs_what_a_machine_may_lack(): ...
"""
MODULE = 'import pytest\n\npytest.skip("not at all", allow_module_level=True)\n'


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that runs the tests above, and a module that skips itself, with CI on or off."""
    (tmp_path / "test_tried.py").write_text(TRIED, encoding="utf-8")
    (tmp_path / "test_module.py").write_text(MODULE, encoding="utf-8")

    def run(ci: str) -> list[str]:
        command = [
            "pytest",
            "-q",
            "-p",
            "tests.skipping",
            "-p",
            "no:django",
            "-p",
            "no:valkey",
            "-rN",
            "--continue-on-collection-errors",
            ".",
        ]
        result = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CI": ci},
            capture_output=True,
            text=True,
            check=False,
        )
        return result.stdout.splitlines()

    return run


def test_what_is_skipped_in_ci_fails_unless_it_says_what_it_needs(run) -> None:
    lines = run("true")
    refused = sorted(line for line in lines if line.startswith("skipped under CI=true"))
    assert refused == [
        f"skipped under CI=true without saying what it needs: {reason}"
        for reason in ("broken", "not at all", "not now", "too slow today")
    ]
    assert lines[-1].startswith("2 failed, 1 skipped, 2 errors")


def test_what_is_skipped_elsewhere_is_told(run) -> None:
    lines = run("false")
    assert [line for line in lines if line[:2] in {"1:", "2:", "3:"}] == [
        "1: needs root, who alone may",
        "1: not at all",
        "1: not now",
        "1: too slow today",
    ]
    assert "4 skipped, 1 xfailed" in lines[-1]
