"""Filters of the map with what each would show, and the addresses that keep them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mapping.enums import TalkState
from mapping.views.columns import COLUMN_OF, missing_of
from organisations.enums import ActorRole, CareDomain, Reach
from organisations.models import OrganisationKind
from organisations.streams import Stream
from regions.models import Municipality

Facts = Mapping[str, Any]
_NONE = "-"
_NOT_KNOWN = gettext_lazy("not known yet")


@dataclass(frozen=True)
class Facet:
    """One filter: what it is called in the address and on the screen, and under which words a row falls."""

    name: str
    label: str | Promise
    words: Callable[[Facts], Sequence[str]]
    labels: Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One word of a filter, with how many rows it would show and where it leads."""

    label: Any
    count: int
    is_chosen: bool
    address: str
    is_dutch: bool = False


@dataclass(frozen=True)
class ShownFacet:
    """A filter as the page shows it."""

    label: Any
    choices: list[Choice]

    @property
    def chosen(self) -> Choice | None:
        """Return what is chosen, if anything is."""
        return next((each for each in self.choices if each.is_chosen), None)


def _one(field: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [facts[field] or _NONE]


def _several(field: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: facts[field] or [_NONE]


def facets_of(kinds: Iterable[OrganisationKind], municipalities: Iterable[Municipality]) -> list[Facet]:
    """Return the filters of a region."""
    lists: dict[str, Mapping[str, Any]] = {
        "soort": {each.code: str(each) for each in kinds},
        "gemeente": {each.code: each.name for each in municipalities},
        "ontbreekt": {each: COLUMN_OF[each].label for each in _CAN_BE_MISSING},
    }
    return [
        Facet("soort", gettext_lazy("Kind"), _one("kind_code"), lists["soort"]),
        Facet("stroom", gettext_lazy("Stream"), _several("streams"), dict(Stream.choices)),
        Facet("rol", gettext_lazy("Role"), _one("role"), dict(ActorRole.choices)),
        Facet("bereik", gettext_lazy("Reach"), _one("reach"), dict(Reach.choices)),
        Facet("gemeente", gettext_lazy("Municipality"), places_of, lists["gemeente"]),
        Facet("domein", gettext_lazy("Domain"), _several("domains"), dict(CareDomain.choices)),
        Facet("band", gettext_lazy("Tie across worlds"), _tied, _TIED),
        Facet("gesprek", gettext_lazy("The talk"), _one("talk"), dict(TalkState.choices)),
        Facet("ontbreekt", gettext_lazy("Still missing"), missing_of, lists["ontbreekt"]),
        Facet("openbaar", gettext_lazy("Public"), _public, dict(COLUMN_OF["public"].labels or {})),
    ]


_CAN_BE_MISSING = ("kind", "streams", "role", "reach", "domains", "reaches", "public_contact", "talk")


_TIED = {
    "yes": gettext_lazy("joins lifeworld and system world"),
    "no": gettext_lazy("no tie across both worlds"),
}


def _tied(facts: Facts) -> list[str]:
    return ["yes" if facts["is_tied_across"] else "no"]


def places_of(facts: Facts) -> list[str]:
    """Return the codes of the municipalities where an organisation is seated or that it reaches."""
    return sorted({*facts["reached"], *filter(None, [facts["seat"]])}) or [_NONE]


def _public(facts: Facts) -> list[str]:
    return ["yes" if facts["published_at"] else "no"]


class Filters:
    """The filters of an address, on the rows of a region."""

    def __init__(self, facets: Iterable[Facet], asked: QueryDict, rows: Sequence[Facts]) -> None:
        """Take the rows apart; what is no word of a filter counts as none."""
        self.facets, self.asked = list(facets), asked
        self.words = {each.name: [set(each.words(row)) for row in rows] for each in self.facets}
        self.chosen = {
            each.name: asked[each.name]
            for each in self.facets
            if asked.get(each.name) in {*each.labels, _NONE}
        }
        self.rows = rows

    def found(self) -> list[Facts]:
        """Return the rows that all filters let through, in their order."""
        return [self.rows[number] for number in self._passing(but="")]

    def shown(self) -> list[ShownFacet]:
        """Return the filters with, for each word, how many rows there would be with it and all the others."""
        return [self._shown(each) for each in self.facets]

    def address(self, **changes: str) -> str:
        """Return the address with other values, on the first page; an empty one leaves it out."""
        query = self.asked.copy()
        query.pop("page", None)
        for name, value in changes.items():
            query[name] = value
            if not value:
                del query[name]
        return f"?{query.urlencode()}"

    def _passing(self, *, but: str) -> list[int]:
        asked = [(self.words[name], word) for name, word in self.chosen.items() if name != but]
        return [
            number for number in range(len(self.rows)) if all(word in words[number] for words, word in asked)
        ]

    def _shown(self, facet: Facet) -> ShownFacet:
        words = self.words[facet.name]
        counts = Counter(word for number in self._passing(but=facet.name) for word in words[number])
        chosen = self.chosen.get(facet.name)
        choices = [
            Choice(
                label,
                counts[word],
                word == chosen,
                self.address(**{facet.name: "" if word == chosen else word}),
                facet.name == "gemeente" and word != _NONE,
            )
            for word, label in {**facet.labels, _NONE: _NOT_KNOWN}.items()
            if counts[word] or word == chosen
        ]
        return ShownFacet(facet.label, choices)
