"""The words of an import that are in no list, as its page asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports.domain.meanings import MOST_WORDS, UnknownWord, unknown_words
from imports.domain.words import FIELDS, REACHES, Words, code_of
from imports.forms.rows import unknown_municipalities
from imports.models import MapImport
from mapping.forms.fields import names_of
from regions.finding import municipalities_meant
from regions.models import Municipality, Region

_NAME = "woord-"
# Where one types a municipality that is not among those offered.
_TYPED = "gemeente-"
# So many municipalities may a word mean, as far as is offered; another one can be typed.
_MOST_OFFERED = 5
_MAX_TYPED = 300
# With more words that were chosen already, another municipality is typed once such a word is to be mended row by row again:
# a page sends no more fields than the server reads.
MOST_TYPED_AGAIN = 200


@dataclass(frozen=True)
class AskedWord:
    """A word that is in no list, with what it can mean, and the code of what was chosen for it.

    ``suggested`` stand before the other choices. Of municipalities, others than those offered can be typed.
    """

    unknown: UnknownWord
    label: Any
    choices: Sequence[tuple[str, Any]]
    chosen: str
    suggested: Sequence[tuple[str, Any]] = ()
    typed: str = ""
    mistake: str = ""
    can_be_typed: bool = False

    @property
    def name(self) -> str:
        """Return how its field is called."""
        return f"{_NAME}{self.unknown.field}-{self.unknown.key}"

    @property
    def name_typed(self) -> str:
        """Return how the field is called in which a municipality is typed; nothing where none is."""
        return f"{_TYPED}{self.unknown.key}" if self.can_be_typed else ""


@dataclass(frozen=True)
class AskedWords:
    """The words that nobody said anything of yet, those that were said to mean something, and how many wait for these.

    ``municipalities`` are all of them, where one can be typed.
    """

    open: list[AskedWord]
    said: list[AskedWord]
    later: int
    municipalities: Sequence[Municipality] = ()


@dataclass(frozen=True)
class Said:
    """What was said of words, by field and key; and what is wrong with municipalities that were typed, by key of the word."""

    meanings: dict[tuple[str, str], str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)


def asked_words(map_import: MapImport, region: Region, words: Words, posted: Mapping[str, Any]) -> AskedWords:
    """Return the words of an import that are in no list, with what was chosen and could not be saved."""
    found = unknown_words(map_import, words)
    waiting = [each for each in found if not each.meaning]
    said = [each for each in found if each.meaning]
    asking = _Asking(region, words, posted, [*waiting[:MOST_WORDS], *said])
    return AskedWords(
        [asking.of(each) for each in waiting[:MOST_WORDS]],
        [asking.of(each, can_be_typed=len(said) <= MOST_TYPED_AGAIN) for each in said],
        max(len(waiting) - MOST_WORDS, 0),
        asking.municipalities,
    )


class _Asking:
    """Asks for words, with what they may mean."""

    def __init__(
        self, region: Region, words: Words, posted: Mapping[str, Any], asked: Sequence[UnknownWord]
    ) -> None:
        self.region, self.words, self.posted = region, words, posted
        self.mistakes = said_of_words(posted, words).mistakes
        places = [each.word for each in asked if each.field == REACHES]
        self.meant = municipalities_meant(places)
        self.municipalities = list(words.municipalities_by_code.values()) if places else []
        here = [each for each in self.municipalities if each.region_id == region.pk]
        self.here = [(each.code, each.name) for each in here]

    def of(self, unknown: UnknownWord, *, can_be_typed: bool = True) -> AskedWord:
        """Return how a word is asked for."""
        asked = AskedWord(unknown, FIELDS[unknown.field], (), "")
        chosen = self.posted.get(asked.name, unknown.meaning)
        if unknown.field != REACHES:
            return AskedWord(unknown, asked.label, self.words.choices[unknown.field], chosen)
        suggested = self._suggested(unknown, chosen)
        known = {code for code, _name in suggested}
        return AskedWord(
            unknown,
            asked.label,
            [each for each in self.here if each[0] not in known],
            chosen,
            suggested,
            self.posted.get(f"{_TYPED}{unknown.key}", "")[:_MAX_TYPED],
            self.mistakes.get(unknown.key, ""),
            can_be_typed,
        )

    def _suggested(self, unknown: UnknownWord, chosen: str) -> list[tuple[str, str]]:
        """Return what a word may mean, those of the region first, and what was chosen before."""
        meant = sorted(self.meant[unknown.word], key=lambda each: each.region_id != self.region.pk)
        suggested = [(each.code, each.name) for each in meant[:_MOST_OFFERED]]
        if (several := self.words.meant_by(chosen)) and chosen not in dict([*suggested, *self.here]):
            suggested.append((chosen, names_of(several)))
        return suggested


def said_of_words(posted: Mapping[str, Any], words: Words) -> Said:
    """Return what was chosen for words, by their field and key; a municipality that was typed goes before one that was chosen."""
    said = Said()
    for name, code in posted.items():
        if name.startswith(_NAME):
            listed, _sign, key = name.removeprefix(_NAME).partition("-")
            said.meanings[listed, key] = code
    for name, text in posted.items():
        if name.startswith(_TYPED) and text.strip():
            key = name.removeprefix(_TYPED)
            municipalities, unknown = words.places(text[:_MAX_TYPED])
            if unknown:
                said.mistakes[key] = unknown_municipalities(unknown)
            elif municipalities:
                said.meanings[REACHES, key] = code_of(municipalities)
    return said
