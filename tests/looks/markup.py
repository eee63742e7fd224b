"""Reading rendered pages: elements with their attributes and text, in document order."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "source"}


@dataclass
class Element:
    """One element, with all text inside it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""

    def inside(self, tag: str) -> bool:
        """Tell whether an element of this kind stands around it."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above is not None

    @property
    def words(self) -> str:
        """Return the text with single spaces."""
        return " ".join(self.text.split())


@dataclass
class Page:
    """All elements of a rendered page."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of a kind; ``class_name`` and ``aria_label`` stand for class and aria-label."""
        wanted = {
            name.replace("class_name", "class").replace("_", "-"): value for name, value in attributes.items()
        }
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(
                value in element.attributes.get(name, "").split()
                if name == "class"
                else element.attributes.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only element of a kind."""
        (element,) = self.all(tag, **attributes)
        return element

    def by_id(self, identifier: str) -> Element:
        """Return the only element with this id."""
        (element,) = [each for each in self.elements if each.attributes.get("id") == identifier]
        return element

    def ids(self) -> list[str]:
        """Return all ids, in document order."""
        return [each.attributes["id"] for each in self.elements if "id" in each.attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute is given twice: <{tag} {names}>"
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        self.page.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop().tag == tag, f"</{tag}> closes what is not open"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


def read(html: str) -> Page:
    """Read a page or a part of one; elements that are not properly nested fail."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page
