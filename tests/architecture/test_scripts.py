"""The commands run in a plain POSIX shell."""

import os
import shutil
import subprocess

import pytest

from tests.architecture.sources import ROOT

SCRIPTS = [path for path in sorted((ROOT / "script").iterdir()) if path.is_file() and not path.suffix]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_command_is_plain_shell_that_stops_at_errors(path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (lines[0], "set -eu" in lines, os.access(path, os.X_OK)) == ("#!/bin/sh", True, True)
    shell = shutil.which("dash") or "/bin/sh"
    assert subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False).stderr == ""


def test_promised_commands_are_there() -> None:
    assert {"setup", "demo", "test", "check", "bench", "build-static"} <= {path.name for path in SCRIPTS}
