"""The lock files pin what runs, and the larger one holds the smaller."""

import re

import pytest

from tests.architecture.sources import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Return the version of each package in a lock file."""
    return dict(PINNED.findall((ROOT / name).read_text(encoding="utf-8")))


def test_development_holds_everything_that_runs() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_has_hashes_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [
        block.split()[0] for block in blocks if PINNED.match(block) and "--hash=sha256:" not in block
    ] == []
    assert "://" not in "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
