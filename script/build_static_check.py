"""Prove that the committed style sheets and fonts were built from the sources beside them, without Node."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = "static/build.json"
INPUTS = ("frontend/build.mjs", "frontend/package.json", "frontend/package-lock.json", "frontend/css/*.css")
OUTPUTS = ("static/css/hubportaal.css", "static/css/admin.css", "static/fonts/**/*")


def digests(root: Path, patterns: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of every file that matches, by its path below the root."""
    files = sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()})
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def current(root: Path) -> dict[str, dict[str, str]]:
    """Return the digests of inputs and outputs as they are on disk now."""
    return {"inputs": digests(root, INPUTS), "outputs": digests(root, OUTPUTS)}


def record(root: Path) -> None:
    """Write down what the files on disk were built from."""
    (root / RECORD).write_text(json.dumps(current(root), indent=2) + "\n", encoding="utf-8")


def differences(root: Path) -> Iterator[str]:
    """Return the files that differ from the record."""
    try:
        recorded = json.loads((root / RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        yield f"{RECORD} is missing"
        return
    for kind, found in current(root).items():
        known = recorded.get(kind, {})
        yield from (f"{path} is new" for path in found.keys() - known.keys())
        yield from (f"{path} is gone" for path in known.keys() - found.keys())
        yield from (
            f"{path} has changed" for path in found.keys() & known.keys() if found[path] != known[path]
        )


def main(arguments: list[str]) -> int:
    """Check the record, or with --record renew it; the exit status is 1 when built files are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare the files with the record (the default)")
    mode.add_argument("--record", action="store_true", help="renew the record, after a build")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.record:
        record(options.root)
        return 0
    stale = sorted(differences(options.root))
    for line in stale:
        print(f"static files: {line}", file=sys.stderr)
    if stale:
        print("static files: run script/build-static and commit its result", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
