"""No template needs what the Content-Security-Policy refuses."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# Print templates are read by WeasyPrint, not by a browser.
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "letters" not in path.parts)
REFUSED = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        # Data for programs is no script: browsers never run it.
        r"<script(?![^>]*\s(?:src=|type=\"application/ld\+json\"))",
        re.IGNORECASE,
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_no_template_has(kind: str) -> None:
    assert [path.name for path in PAGES if REFUSED[kind].search(path.read_text(encoding="utf-8"))] == []
