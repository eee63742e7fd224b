"""What an app shows on the first page of the admin site, and the links that it adds to the navigation there."""

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
    """A number that says how much waits, and where to go for it."""

    number: int
    label: Any
    url: str


@dataclass(frozen=True)
class Panel:
    """What waits for somebody on the first page of the admin site."""

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
