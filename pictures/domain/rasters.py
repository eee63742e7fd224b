"""Pictures as PNG, drawn in a process of its own.

It runs as a program, see ``hubportal.documents.domain.bounded``, and knows neither Django nor the rest of the portal: what
people called something stands in what it reads.
"""

import json
import resource
import sys
from typing import Any

FAMILY = "Source Sans 3"


def png_of(svg: str, *, fonts: list[str], zoom: float) -> bytes:
    """Return a drawing as PNG, with our fonts and nothing else of the machine."""
    # Only here: the bounds are set first.
    import resvg_py

    made: Any = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=fonts,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        background="white",
        zoom=zoom,
    )
    return bytes(made)


def main(arguments: list[str]) -> None:
    """Draw what comes in, with little memory and time."""
    settings, bounds = json.loads(arguments[1]), json.loads(arguments[2])
    for name, most in bounds.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    sys.stdout.buffer.write(png_of(sys.stdin.buffer.read().decode(), **settings))


if __name__ == "__main__":
    main(sys.argv[1:])
