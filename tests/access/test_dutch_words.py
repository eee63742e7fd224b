"""On English pages, what somebody wrote in Dutch stands in an element that says so (WCAG 3.1.2)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models

from hubportal.kernel import clock
from tests.access.walking import walk
from tests.access.world import PERSONAS, PRESENT, build

pytestmark = pytest.mark.django_db

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "source", "wbr"}
# Where an element cannot stand inside: the name of the window, and choices, which browsers draw themselves.
NO_ELEMENTS = {"title", "option", "optgroup", "script", "style"}
# What people wrote, or is called in Dutch; not names of persons, numbers, digests or words for programs.
WRITTEN = {
    "regions": ("name",),
    "organisations": ("name", "description", "contest_reason"),
    "mapping": ("title", "description"),
    "calls": (
        "title",
        "summary",
        "deciding_body",
        "question",
        "sentence",
        "declaration_text",
        "consent_text",
    ),
    "coalitions": ("name",),
    "applications": ("title", "text", "description", "signatory_function", "reason"),
    "reviews": ("text", "explanation", "measure", "remark", "reason"),
    "decisions": ("reasons", "deviation", "reason", "holder"),
    "letters": ("explanation", "body", "heading"),
    "mail": ("subject", "body"),
}


def canaries() -> set[str]:
    """Return every Dutch text of the world, its lines apart."""
    found: set[str] = set()
    for label, names in WRITTEN.items():
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.get_fields():
                is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                if is_text and field.name in names:
                    for value in model._default_manager.values_list(field.name, flat=True):
                        found |= {line.strip() for line in value.splitlines()}
    return {each for each in found if len(each) > 3 and re.search("[a-z]{3}", each)}


class Reader(HTMLParser):
    """Collects the texts of a page that no element calls Dutch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.broken: list[str] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; its language is that around it unless it says another."""
        around = self._open[-1][1] if self._open else ""
        # The element that calls words Dutch stands around them, never in the value of an attribute.
        self.broken += [str(value) for _name, value in attrs if "<" in (value or "")]
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("lang") or around))

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep a text in another language than Dutch."""
        if self._open and self._open[-1][0] in NO_ELEMENTS and "<span" in data:
            self.broken.append(data)
        if self._open and self._open[-1][1] != "nl" and self._open[-1][0] not in NO_ELEMENTS and data.strip():
            self.found.append(" ".join(data.split()))


def unmarked(page: str, wanted: re.Pattern[str]) -> Iterator[str]:
    """Yield the Dutch texts that stand on an English page as if they were English."""
    reader = Reader()
    reader.feed(page)
    yield from reader.broken
    for text in reader.found:
        yield from wanted.findall(text)


def test_dutch_words_on_english_pages_are_called_dutch() -> None:
    clock.move_with(lambda: PRESENT - datetime.now(UTC))
    world = build()
    wanted = re.compile(
        "|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in sorted(canaries(), key=len, reverse=True))
    )
    wrong: dict[str, set[str]] = defaultdict(set)
    # What is written in Dutch is marked by a template: two people who see it differ in what it shows.
    pages = walk(world, PERSONAS, language="en", by_at_most=2)
    for (_persona, address), (status, _headers, page) in pages.items():
        if status == 200 and page.lstrip().startswith("<!DOCTYPE"):
            wrong[re.sub(r"\d{4}-\d+|\d+", "…", address)] |= {each[:60] for each in unmarked(page, wanted)}
    lines = [f"{address}: {sorted(texts)}" for address, texts in sorted(wrong.items()) if texts]
    assert len(pages) > 300
    assert lines == []
