"""Finding one's region by what one types: the surest first, and certain only where nothing else can be meant."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from regions.enums import FoundBy, PlaceKind
from regions.models import Municipality, PlaceKey, PlaceName, PostcodeRange, Region
from regions.names import search_key
from regions.typed import read

# Of one letter alone, half of the names begin so.
MIN_SEARCH_LENGTH = 2
# One typing error is forgiven in a name of four letters or more, two in a longer one; in one of six two only where nothing
# has one: "Utregt".
_LETTERS_FOR_ERRORS = ((7, (2,)), (6, (1, 2)), (4, (1,)))
# Names that are almost the same: a long one with two errors has dozens.
MOST_ALIKE = 60
# What a spreadsheet writes around the name of a municipality, and between several.
_MUNICIPALITY_OF = re.compile(r"^\s*gem(?:eente|\.)?\s+(?=\S)", re.IGNORECASE)
_BETWEEN_PLACES = re.compile(r"[/()+&]|\s(?:en|and|gem(?:eente|\.)?)\s", re.IGNORECASE)
_LETTERS_OF_PART = 3
_IN_ORDER = [each.value for each in PlaceKind]


@dataclass(frozen=True)
class Hit:
    """By what a region was found: a name, or a postcode that reaches into one of its municipalities."""

    by: FoundBy
    region: Region
    municipality: Municipality | None
    name: PlaceName | None = None
    errors: int = 0

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Return what it is ordered by: the surest first, then regions before places, then by name."""
        kind, name = (_IN_ORDER.index(self.name.kind), self.name.name) if self.name else (0, "")
        return self.by, self.errors, kind, name


@dataclass
class FoundRegion:
    """A region with all by which it was found, the surest first."""

    region: Region
    hits: list[Hit] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """The regions that were found, the surest first; ``certain`` is one that alone can be meant."""

    found: list[FoundRegion]
    certain: Hit | None


def find_regions(text: str) -> Answer:
    """Return the regions that a postcode, a name or an address points to.

    An exact name is surer than another name of the same place, that than the beginning of a word, and that than a name with up to
    two typing errors; a part inside a word never counts. Certain is what was typed whole and lies in one region alone.
    """
    typed = read(text)
    by_name = list(_called([typed.whole]))
    if not by_name and (there := list(_called_in(typed.in_brackets))):
        return _answer(there, is_sure=True)
    if by_name or not (typed.parts or typed.digits):
        # What is a name as it stands has no typing error.
        by_spelling = [] if by_name else _by_spelling(typed.whole)
        return _answer([*by_name, *_by_beginning(typed.whole), *by_spelling], is_sure=True)
    by_postcode, by_name = list(_by_postcode(typed.digits)), list(_called(typed.parts))
    if agreeing := _agreeing(by_postcode, by_name):
        return _answer(agreeing, is_sure=True)
    if by_postcode and typed.are_sure:
        return _answer(by_postcode, is_sure=True)
    return _answer([*by_postcode, *by_name], is_sure=False)


def places_called(text: str, region: Region) -> list[Hit]:
    """Return what a region was found by, as an address tells it: nothing that does not lie there."""
    answer = find_regions(text)
    found = [hit for each in answer.found if each.region == region for hit in each.hits]
    return [hit for hit in found if hit.by <= FoundBy.OTHER_NAME]


def municipalities_meant(words: Collection[str]) -> dict[str, list[Municipality]]:
    """Return for each word the municipalities that somebody may have meant by it, the surest first; in three queries at most.

    None of them is certain: a place of that name can be another one, and a typing error anything.
    """
    keys = {word: _keys_of_municipality(word) for word in words}
    asked = {key for each in keys.values() for key in each}
    there = PlaceKey.objects.filter(is_whole=True, place_name__municipality__isnull=False)
    known: dict[str, list[Hit]] = {}
    for each in _with_names(there.filter(key__in=asked)) if asked else []:
        known.setdefault(each.key, []).append(_hit(each.place_name, FoundBy.NAME))
    found = {
        word: [hit for key in each for hit in sorted(known.get(key, []), key=lambda hit: hit.rank)]
        for word, each in keys.items()
    }
    lacking = {word: keys[word][0] for word, hits in found.items() if not hits and keys[word]}
    found |= _misspelled(lacking, there) if lacking else {}
    return {
        word: list(dict.fromkeys(hit.municipality for hit in hits if hit.municipality))
        for word, hits in found.items()
    }


def _keys_of_municipality(word: str) -> list[str]:
    """Return the keys of a name as people write it in a spreadsheet, and then of its parts: "gem. Uden", "Uden/Veghel"."""
    bare = _MUNICIPALITY_OF.sub("", word)
    parts = [each for each in _BETWEEN_PLACES.split(bare) if len(search_key(each)) >= _LETTERS_OF_PART]
    return list(dict.fromkeys(filter(None, map(search_key, (bare, word, *parts)))))


def _misspelled(keys: Mapping[str, str], there: QuerySet[PlaceKey]) -> dict[str, list[Hit]]:
    """Return by word the names that differ by few letters from its key, those that differ least first."""
    known = dict(there.order_by("pk").values_list("pk", "key"))
    errors = {word: _least_errors(key, known) for word, key in keys.items()}
    alike = {pk for each in errors.values() for pk in each}
    names = {each.pk: each for each in _with_names(there.filter(pk__in=alike))} if alike else {}
    return {
        word: sorted(
            (_hit(names[pk].place_name, FoundBy.SPELLING, errors=number) for pk, number in each.items()),
            key=lambda hit: hit.rank,
        )
        for word, each in errors.items()
    }


def _least_errors(typed: str, known: Mapping[int, str]) -> dict[int, int]:
    """Return the keys that are almost what was typed, by primary key, with by how many letters they differ."""
    for most in _forgiven(typed):
        alike = process.extract(
            typed, known, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=MOST_ALIKE
        )
        if alike:
            return {pk: int(distance) for _key, distance, pk in alike}
    return {}


def _answer(hits: Iterable[Hit], *, is_sure: bool) -> Answer:
    found: dict[int, FoundRegion] = {}
    ordered = sorted(hits, key=lambda hit: hit.rank)
    for hit in ordered:
        each = found.setdefault(hit.region.pk, FoundRegion(hit.region))
        if hit.name is None or hit.name.pk not in {one.name.pk for one in each.hits if one.name}:
            each.hits.append(hit)
    whole = [hit for hit in ordered if hit.by <= FoundBy.OTHER_NAME]
    is_one = len({hit.region.pk for hit in whole}) == 1
    return Answer(list(found.values()), whole[0] if is_sure and is_one else None)


def _agreeing(by_postcode: list[Hit], by_name: list[Hit]) -> list[Hit]:
    """Return the hits by name in the municipalities to which the postcode points: "5406 Uden", not a house numbered 5406."""
    there = {hit.municipality.pk for hit in by_postcode if hit.municipality}
    return [hit for hit in by_name if hit.municipality and hit.municipality.pk in there]


def _by_postcode(digits: int | None) -> Iterator[Hit]:
    ranges = PostcodeRange.objects.filter(first__lte=digits or 0, last__gte=digits or 0)
    for each in ranges.select_related("municipality__region").order_by(
        "-is_primary", "municipality__name", "pk"
    ):
        yield Hit(FoundBy.POSTCODE, each.municipality.region, each.municipality)


def _called(names: Sequence[str]) -> Iterator[Hit]:
    """Yield what has one of these names: the longest that is one, "Alphen aan den Rijn" and not "Rijn"."""
    found = list(_with_names(PlaceKey.objects.filter(key__in=names, is_whole=True))) if any(names) else []
    longest = max((len(each.key) for each in found), default=0)
    for each in found:
        if len(each.key) == longest:
            by = FoundBy.OTHER_NAME if each.place_name.stands_for else FoundBy.NAME
            yield _hit(each.place_name, by)


def _called_in(in_brackets: Sequence[tuple[str, str]]) -> Iterator[Hit]:
    """Yield what has the name before the brackets and lies in the municipality between them."""
    for name, municipality in in_brackets:
        for hit in _called([name]):
            if hit.municipality and search_key(hit.municipality.name) == municipality:
                yield hit


def _by_beginning(typed: str) -> Iterator[Hit]:
    if len(typed) >= MIN_SEARCH_LENGTH:
        for each in _with_names(PlaceKey.objects.filter(key__startswith=typed)):
            yield _hit(each.place_name, FoundBy.BEGINNING)


def _by_spelling(typed: str) -> Iterator[Hit]:
    """Yield the names that differ by few letters: left out, put in, changed, or two that changed places."""
    for most in _forgiven(typed):
        if found := _alike(typed, most):
            yield from found
            return


def _forgiven(typed: str) -> tuple[int, ...]:
    return next((each for letters, each in _LETTERS_FOR_ERRORS if len(typed) >= letters), ())


def _alike(typed: str, most: int) -> list[Hit]:
    of_its_length = PlaceKey.objects.annotate(length=Length("key")).filter(
        is_whole=True, length__gte=len(typed) - most, length__lte=len(typed) + most
    )
    keys = dict(of_its_length.order_by("pk").values_list("pk", "key"))
    alike = process.extract(
        typed, keys, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=MOST_ALIKE
    )
    errors = {pk: int(distance) for _key, distance, pk in alike}
    return [
        _hit(each.place_name, FoundBy.SPELLING, errors=errors[each.pk])
        for each in _with_names(PlaceKey.objects.filter(pk__in=errors))
    ]


def _with_names(keys: QuerySet[PlaceKey]) -> QuerySet[PlaceKey]:
    return keys.select_related("place_name__region", "place_name__municipality").order_by("pk")


def _hit(name: PlaceName, by: FoundBy, *, errors: int = 0) -> Hit:
    return Hit(by, name.region, name.municipality, name, errors)
