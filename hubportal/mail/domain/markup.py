"""HTML of a mail as the text that its reader saw.

Also a program: what a stranger sent is read in a process of its own, since reading it can cost the square of its length.
"""

import json
import re
import resource
import sys

from lxml import etree

_LONGEST = 1_000_000
# Deeper than people quote: each mark stands before every line that it quotes.
_DEEPEST = 5
_UNSEEN = frozenset({"head", "script", "style", "title", "template", "noscript", "object", "svg"})
_LINES = frozenset(
    {
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "blockquote",
        "hr",
        "pre",
        "section",
        "article",
        "header",
    }
    | {f"h{number}" for number in range(1, 7)}
)
# What mail programs set apart with an empty line.
_APART = frozenset({"p", "blockquote", "table", "ul", "ol"})
_MANY_LINES = re.compile(r"\n{3,}")


def text_of_html(html: str) -> str:
    """Return the words of HTML with their line ends, quotes with ``> `` before each line; nothing of what it cannot read."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        # Signs that XML has no place for would end the text there.
        root = etree.fromstring(html[:_LONGEST].replace("\0", "").encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    reading = _Reading()
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            reading.begin(tag, element.text)
        else:
            reading.end(tag, element.tail)
    reading.end_line()
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in reading.lines)).strip()


class _Reading:
    """The lines that were read, and the words of the one that is being read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        # How many quotes it stands in, and in how many elements that nobody sees.
        self.quotes = self.unseen = 0

    def begin(self, tag: str, text: str | None) -> None:
        """Begin an element."""
        self.unseen += tag in _UNSEEN
        if tag in _LINES and tag != "br" and self.words:
            self.end_line()
        self.quotes += tag == "blockquote"
        if tag == "li":
            self.words.append("- ")
        self._read(text)

    def end(self, tag: str, tail: str | None) -> None:
        """End an element; what stands behind it is of the one around it."""
        self.unseen -= tag in _UNSEEN
        if tag in _LINES and (self.words or tag == "br"):
            self.end_line()
        self.quotes -= tag == "blockquote"
        if tag in _APART:
            self.end_line()
        self._read(tail)

    def end_line(self) -> None:
        """End the line with as many marks as quotes it stands in, up to as many as somebody reads."""
        marks = "> " * min(self.quotes, _DEEPEST)
        self.lines.append(f"{marks}{' '.join(''.join(self.words).split())}")
        self.words.clear()

    def _read(self, text: str | None) -> None:
        if text and not self.unseen:
            self.words.append(text)


def main(arguments: list[str]) -> None:
    """Read the HTML that comes in as JSON, with little memory and time, and print its text as JSON."""
    for name, most in json.loads(arguments[2]).items():
        resource.setrlimit(getattr(resource, name), (most, most))
    sys.stdout.write(json.dumps([text_of_html(each) for each in json.load(sys.stdin)]))


if __name__ == "__main__":
    main(sys.argv[1:])
