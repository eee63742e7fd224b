"""Draw the transitions of an application in README.md from the table that the portal itself follows."""

import argparse
import os
import sys
from pathlib import Path

import django

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- lifecycle: begin -->", "<!-- lifecycle: end -->"


def drawn(text: str) -> str:
    """Return the text with the present diagram between its markers.

    Raises ``ValueError`` when the markers are missing.
    """
    from applications.domain.lifecycle import diagram

    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"README.md lacks {BEGIN} or {END}")
    return f"{before}{BEGIN}\n\n```mermaid\n{diagram()}\n```\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Draw, or with --check say whether what is drawn is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; the exit status is 1 when stale")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubportal.settings")
    django.setup()
    old = README.read_text(encoding="utf-8")
    new = drawn(old)
    if not options.check:
        README.write_text(new, encoding="utf-8")
    elif new != old:
        print(
            "README.md shows other transitions than the portal makes: run script/lifecycle-diagram",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
