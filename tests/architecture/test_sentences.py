"""Every sentence on a screen is English in the code, and can be translated."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import polib

from script.catalogues import sentences
from tests.architecture.dutch import IN_SENTENCES
from tests.architecture.sources import ROOT, TEMPLATES

# A Dutch term may stand behind its English in brackets or quotes.
TERM = re.compile(r"\([^)]*\)|“[^”]*”|%\(\w+\)\w")
WORD = re.compile(r"[a-zà-ÿ]+")

# Letters are Dutch always, and so are the words around them where the office reads one beforehand.
DUTCH_ALWAYS = ROOT / "templates" / "letters"
# A list of classes.
NOT_A_PAGE = {"button_class.html"}
PAGES = [path for path in TEMPLATES if not path.is_relative_to(DUTCH_ALWAYS) and path.name not in NOT_A_PAGE]
NOT_TEXT = [
    re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL),
    re.compile(r"{#.*?#}"),
    re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL),
    re.compile(r"{%\s*block body_class\s*%}.*?{%\s*endblock[^%]*%}"),
    re.compile(r"<script\b.*?</script>", re.DOTALL),
    re.compile(r"{%.*?%}", re.DOTALL),
    re.compile(r"{{.*?}}", re.DOTALL),
    re.compile(r"<!--.*?-->|<!DOCTYPE[^>]*>", re.DOTALL),
]
SPOKEN_ATTRIBUTE = re.compile(r"""\s(?:aria-label|alt|title|placeholder)\s*=\s*"([^"]*)\"""")
TAG = re.compile(r"<[^>]*>")
# The same in every language.
NAMES = {"hubportaal", "kvk", "pdf", "eur", "x", "csv", "xlsx", "ctrl", "enter", "esc", "tab"}


@cache
def all_sentences() -> list[polib.POEntry]:
    """Return every sentence of code and templates, read once."""
    return list(sentences())


def test_sentences_in_code_are_english() -> None:
    def dutch(entry: polib.POEntry) -> list[str]:
        plain = TERM.sub(" ", f"{entry.msgid} {entry.msgid_plural}").lower()
        return [word for word in WORD.findall(plain) if word in IN_SENTENCES]

    assert {entry.msgid: dutch(entry) for entry in all_sentences() if dutch(entry)} == {}


def test_sentences_have_named_placeholders() -> None:
    unnamed = re.compile(r"(?<!%)%(?:s|d|i|f)\b|{\d*}")
    assert [entry.msgid for entry in all_sentences() if unnamed.search(entry.msgid)] == []


def words_of_its_own(path: Path) -> set[str]:
    """Return the words that a template says in one language alone."""
    text = path.read_text(encoding="utf-8")
    for pattern in NOT_TEXT:
        text = pattern.sub(" ", text)
    said = [TAG.sub(" ", text), *SPOKEN_ATTRIBUTE.findall(text)]
    words = {word for each in said for word in re.findall(r"[a-zà-ÿ]{2,}", unescape(each).lower())}
    return words - NAMES


def test_templates_say_nothing_that_cannot_be_translated() -> None:
    said = {path.relative_to(ROOT / "templates").as_posix(): words_of_its_own(path) for path in PAGES}
    assert {name: words for name, words in said.items() if words} == {}
