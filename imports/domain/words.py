"""The words of a spreadsheet: which field a heading names, and which word of a list a cell means, in Dutch or English."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from imports.domain.tables import ROWS_ABOVE
from mapping.enums import TalkState
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.models import OrganisationKind
from organisations.streams import Stream
from regions.models import Municipality
from regions.names import search_key

# The columns that are read and written, as the map shows them; of those behind it the map says itself what is in them.
FIELDS: Mapping[str, Any] = {
    "name": _("Name"),
    "kind": _("Kind"),
    "streams": _("Streams"),
    "role": _("Role"),
    "reach": _("Reach"),
    "reaches": _("Municipalities"),
    "neighbourhood": _("Neighbourhood or village"),
    "domains": _("Domains"),
    "other_names": _("Other names"),
    "kvk_number": _("KvK number"),
    "website": _("Website"),
    "public_contact": _("Public contact"),
    "talk": _("The talk"),
    "next_on": _("Next date"),
    "notes": _("Notes"),
}
ONLY_WRITTEN: Mapping[str, Any] = {
    "host": _("Part of"),
    "ties": _("Ties"),
    "missing": _("Still missing"),
    "public": _("Public"),
}
# What files call them beside that. An address or number of a person is nobody's public contact, so that is not guessed.
_ALSO_CALLED = {
    "name": "organisatie organisatienaam naamorganisatie naamvandeorganisatie instelling bedrijfsnaam bedrijf actor "
    "initiatief organisation naaminstelling naamvandeinstelling naaminitiatief naambedrijf naamactor",
    "kind": "type categorie soortorganisatie typeorganisatie soortactor",
    "streams": "stroom stroming stromingen achterban",
    "role": "leefwereldofsysteemwereld wereld",
    "reach": "werkgebied schaal schaalniveau",
    "reaches": "gemeente gemeentes gemeentenaam plaats woonplaats plaatsnaam waar",
    "neighbourhood": "wijk buurt dorp kern wijkofdorp buurtofdorp wijkofbuurt",
    "domains": "domein sector sectoren thema themas",
    "other_names": "anderenaam afkorting afkortingen alias ookbekendals ookwel",
    "kvk_number": "kvk kvknr inschrijfnummer kamervankoophandel",
    "website": "site websites url webadres internet internetadres webpagina",
    "public_contact": "algemeenemailadres algemeentelefoonnummer contactgegevensorganisatie",
    "talk": "gesprek status contactstatus stand",
    "next_on": "datum vervolgdatum opvolgen volgendcontact volgendeafspraak",
    "notes": "opm opmerking opmerkingen notitie aantekening aantekeningen toelichting bijzonderheden",
}
_LISTS: Mapping[str, Any] = {
    "streams": Stream,
    "role": ActorRole,
    "reach": Reach,
    "domains": CareDomain,
    "talk": TalkState,
}
SEVERAL = frozenset({"streams", "domains"})
_BETWEEN_WORDS = re.compile(r"[,;|\n]+")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
# What a word means that says nothing.
LEFT_OUT = "-"
REACHES = "reaches"
_BETWEEN_CODES = ","
# What spreadsheets write in place of what could not be computed, in English and in Dutch.
ERRORS = re.compile(
    r"#(N/[AB]|REF!|VERW!|VALUE!|WAARDE!|NAME\?|NAAM\?|DIV/0!|DEEL/0!|NUM!|GETAL!|NULL!|LEEG!)", re.IGNORECASE
)
# By what its cells tell a column without a heading, the surest first.
_KNOWN_BY_CONTENT = (
    "kvk_number",
    "website",
    "kind",
    "role",
    "reach",
    "talk",
    "streams",
    "domains",
    "reaches",
)
_LOOKS_LIKE = {
    "kvk_number": re.compile(r"\d{2}[ .]?\d{3}[ .]?\d{3}"),
    "website": re.compile(
        r"(https?://|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(nl|org|com|eu|net|info|frl)(/\S*)?", re.IGNORECASE
    ),
}
_MOST_OF_THEM = 0.8


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _in_every_language(label: Any) -> set[str]:
    """Return the keys of a label: of all of it, of what stands before brackets, and of what stands in them."""
    found = set()
    for language in _languages():
        with override(language):
            words = str(label)
        found |= {words, _IN_BRACKETS.sub("", words), *_IN_BRACKETS.findall(words)}
    return {search_key(each) for each in found} - {""}


def key_of(word: str) -> str:
    """Return by what a word is known: its letters and digits, or the signs that it is of."""
    return search_key(word) or word.strip()


@dataclass(frozen=True)
class Words:
    """What the words of a file mean: for each list the value by the key of a word, and the municipalities by theirs."""

    headings: Mapping[str, str]
    lists: Mapping[str, Mapping[str, Any]]
    municipalities: Mapping[str, Municipality]
    municipalities_by_code: Mapping[str, Municipality]
    # For each list the code and the label of each of its values, in order.
    choices: Mapping[str, Sequence[tuple[str, Any]]]

    def field_of(self, heading: str) -> str:
        """Return the field that a heading names; nothing for another one."""
        return self.headings.get(search_key(heading), "")

    def is_listed(self, field: str) -> bool:
        """Tell whether the cells of a field are words of a list, or names of municipalities."""
        return field in self.choices or field == REACHES

    def can_mean(self, field: str, code: str) -> bool:
        """Tell whether a word that is in no list can mean this: a code of the list, codes of municipalities, or nothing."""
        if code == LEFT_OUT:
            return True
        if field == REACHES:
            return all(each in self.municipalities_by_code for each in code.split(_BETWEEN_CODES))
        return any(code == each for each, _label in self.choices[field])

    def places(
        self, cell: str, meant: Mapping[str, str] | None = None
    ) -> tuple[frozenset[Municipality], list[str]]:
        """Return the municipalities that a cell names, with what was said of other words, and the names that nobody knows."""
        found, unknown = set(), []
        for word in (each.strip() for each in _BETWEEN_WORDS.split(cell) if each.strip()):
            if (known := self.municipalities.get(search_key(word))) is not None:
                found.add(known)
            elif code := (meant or {}).get(key_of(word)):
                found |= self.meant_by(code)
            else:
                unknown.append(word)
        return frozenset(found), unknown

    def meant_by(self, code: str) -> frozenset[Municipality]:
        """Return the municipalities of what was said of a word; none where it is left out."""
        codes = [] if code == LEFT_OUT else code.split(_BETWEEN_CODES)
        return frozenset(
            self.municipalities_by_code[each] for each in codes if each in self.municipalities_by_code
        )

    def chosen(self, field: str, cell: str, meant: Mapping[str, str] | None = None) -> list[Any] | None:
        """Return the values that a cell means in a list, or ``None`` where a word of it is not in the list.

        ``meant`` is what somebody said of words that are not, by key: the code of one that is, or ``LEFT_OUT``.
        """
        meant = meant or {}
        if (whole := self._value(field, cell, meant)) is not None:
            return whole
        words = [each for each in _BETWEEN_WORDS.split(cell) if each.strip()]
        found = [self._value(field, each, meant) for each in words]
        if not found or None in found:
            return None
        return [value for values in found for value in values or ()]

    def _value(self, field: str, word: str, meant: Mapping[str, str]) -> list[Any] | None:
        """Return the value that a word means, none for one that is left out, or ``None`` for one that nobody knows."""
        known, key = self.lists[field], key_of(word)
        if (value := known.get(key)) is not None:
            return [value]
        code = meant.get(key)
        if code == LEFT_OUT:
            return []
        return None if code is None or (value := known.get(search_key(code))) is None else [value]

    def unknown(self, field: str, cell: str) -> list[str]:
        """Return the words of a cell that are not in the list of its field: all of the cell where the list gives one value."""
        is_no_word = not cell.strip() or cell.lstrip().startswith("=") or ERRORS.fullmatch(cell.strip())
        if is_no_word or not self.is_listed(field):
            return []
        if field == REACHES:
            return self.places(cell)[1]
        found = self.chosen(field, cell)
        if field not in SEVERAL:
            return [] if found is not None and len(found) == 1 else [cell.strip()]
        words = [each.strip() for each in _BETWEEN_WORDS.split(cell) if each.strip()]
        return [] if found is not None else [each for each in words if self._value(field, each, {}) is None]

    def guess(self, rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
        """Return which of the rows holds the headings, counted from 1 (0 for none), and the field of each column."""
        width = max(map(len, rows), default=0)
        named = [self._named(row, width) for row in rows[:ROWS_ABOVE]]
        best = max(range(len(named)), key=lambda each: (sum(map(bool, named[each])), -each), default=0)
        columns = named[best] if named else []
        if "name" in columns or sum(map(bool, columns)) > 1:
            return best + 1, columns
        return 0, self._by_content(rows, width)

    def _named(self, row: Sequence[str], width: int) -> list[str]:
        columns: list[str] = []
        for heading in row:
            field = self.field_of(heading)
            columns.append("" if field in columns else field)
        return columns + [""] * (width - len(columns))

    def _by_content(self, rows: Sequence[Sequence[str]], width: int) -> list[str]:
        columns: list[str] = []
        for place in range(width):
            cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
            fits = (each for each in _KNOWN_BY_CONTENT if each not in columns and self._fits(each, cells))
            columns.append(next(fits, ""))
        if "" in columns:
            columns[columns.index("")] = "name"
        return columns

    def _fits(self, field: str, cells: Sequence[str]) -> bool:
        right = sum(self._is_one(field, each) for each in cells)
        return bool(cells) and right >= _MOST_OF_THEM * len(cells)

    def _is_one(self, field: str, cell: str) -> bool:
        if pattern := _LOOKS_LIKE.get(field):
            return pattern.fullmatch(cell.strip()) is not None
        if field == REACHES:
            return all(
                search_key(each) in self.municipalities for each in _BETWEEN_WORDS.split(cell) if each.strip()
            )
        return self.chosen(field, cell) is not None


def words_of(kinds: Iterable[OrganisationKind], municipalities: Iterable[Municipality]) -> Words:
    """Return the words of the lists as they are now."""
    headings = {key: "" for label in ONLY_WRITTEN.values() for key in _in_every_language(label)}
    for field, label in FIELDS.items():
        known = _in_every_language(label) | set(_ALSO_CALLED[field].split())
        headings |= dict.fromkeys(known, field)
    lists: dict[str, dict[str, Any]] = {
        field: {
            key: value
            for value, label in words.choices
            for key in (search_key(value), *_in_every_language(label))
        }
        for field, words in _LISTS.items()
    }
    listed, places = list(kinds), list(municipalities)
    lists["kind"] = {
        search_key(name): each for each in listed for name in (each.code, each.name, each.name_in_english)
    }
    choices = {field: words.choices for field, words in _LISTS.items()}
    choices["kind"] = [(each.code, each) for each in listed]
    by_name, by_code = {search_key(each.name): each for each in places}, {each.code: each for each in places}
    return Words(headings, lists, by_name, by_code, choices)


def code_of(municipalities: Iterable[Municipality]) -> str:
    """Return municipalities as the code of what a word means."""
    return _BETWEEN_CODES.join(sorted(each.code for each in municipalities))
