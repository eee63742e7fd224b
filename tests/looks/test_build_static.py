"""The committed style sheets and fonts are those of the sources beside them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = ROOT / "script" / "build_static_check.py"


def check(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, CHECK, "--root", root], capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of sources and built files, to break."""
    shutil.copytree(ROOT / "static", tmp_path / "static")
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    return tmp_path


def test_built_files_are_fresh() -> None:
    assert check(ROOT).stderr == ""


@pytest.mark.parametrize(
    "path", ["frontend/css/tokens.css", "frontend/package-lock.json", "static/css/hubportaal.css"]
)
def test_changed_file_is_stale(copy: Path, path: str) -> None:
    with (copy / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    result = check(copy)
    assert (result.returncode, result.stderr.splitlines()[0]) == (1, f"static files: {path} has changed")


def test_new_and_missing_files_are_stale(copy: Path) -> None:
    (copy / "frontend/css/new.css").touch()
    (copy / "static/fonts/OFL.txt").unlink()
    assert check(copy).stderr.splitlines()[:2] == [
        "static files: frontend/css/new.css is new",
        "static files: static/fonts/OFL.txt is gone",
    ]


def test_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
