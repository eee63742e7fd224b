"""The words of an import that are in no list, as its page asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imports.domain.meanings import MOST_WORDS, UnknownWord, unknown_words
from imports.domain.words import FIELDS, Words
from imports.models import MapImport

_NAME = "woord-"


@dataclass(frozen=True)
class AskedWord:
    """A word that is in no list, with what it can mean, and the code of what was chosen for it."""

    unknown: UnknownWord
    label: Any
    choices: list[tuple[str, Any]]
    chosen: str

    @property
    def name(self) -> str:
        """Return how its field is called."""
        return f"{_NAME}{self.unknown.field}-{self.unknown.key}"


@dataclass(frozen=True)
class AskedWords:
    """The words that nobody said anything of yet, those that were said to mean something, and how many wait for these."""

    open: list[AskedWord]
    said: list[AskedWord]
    later: int


def asked_words(map_import: MapImport, words: Words, posted: Mapping[str, Any]) -> AskedWords:
    """Return the words of an import that are in no list, with what was chosen and could not be saved."""
    found = []
    for each in unknown_words(map_import, words):
        choices = [(code, label) for code, label in words.choices[each.field]]
        asked = AskedWord(each, FIELDS[each.field], choices, each.meaning)
        found.append(AskedWord(each, asked.label, choices, posted.get(asked.name, each.meaning)))
    waiting = [each for each in found if not each.unknown.meaning]
    return AskedWords(
        waiting[:MOST_WORDS],
        [each for each in found if each.unknown.meaning],
        max(len(waiting) - MOST_WORDS, 0),
    )


def said_of_words(posted: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return what was chosen for words, by their field and key."""
    said = {}
    for name, code in posted.items():
        if name.startswith(_NAME):
            field, _sign, key = name.removeprefix(_NAME).partition("-")
            said[field, key] = code
    return said
