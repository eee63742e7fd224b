"""Panels on the first page of the admin site, and links in its navigation."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Link:
    """A place in the navigation of the admin site."""

    label: Any
    url: str
    # Lower comes first.
    order: int = 50

    def current(self, path: str) -> str:
        """Return how a link is marked (``aria-current``) on a page: the page itself, or one below it."""
        if path == self.url:
            return "page"
        return "true" if path.startswith(self.url) else ""


@dataclass(frozen=True)
class Figure:
    """A number of things that wait, with a link."""

    number: int
    label: Any
    url: str


@dataclass(frozen=True)
class Panel:
    """A panel on the first page of the admin site: what waits for a person."""

    title: Any
    figures: list[Figure] = field(default_factory=list)
    # What to say when nothing waits.
    all_done: Any = ""
    # For more than figures: a template with its context.
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    # Lower comes first.
    order: int = 50

    @property
    def waiting(self) -> list[Figure]:
        """Return the figures above zero."""
        return [each for each in self.figures if each.number]
