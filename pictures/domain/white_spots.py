"""White spots: in which municipality which stream has no voice yet."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from organisations.enums import Reach

# The municipality or stream that is not known, and all streams together.
UNKNOWN, ALL = "-", ""
_WIDE = frozenset({Reach.REGION, Reach.PROVINCE, Reach.NATIONAL})


@dataclass(frozen=True)
class Voice:
    """What counts of an organisation: its streams, the municipalities that it names, and whether it works for all of them."""

    streams: Sequence[str]
    places: frozenset[str]
    is_wide: bool = False


class Number(NamedTuple):
    """How many organisations there are, and how many of those work for the whole region or wider."""

    all: int
    wide: int


def is_wide(reach: str) -> bool:
    """Tell whether an organisation of this reach works in every municipality of a region."""
    return reach in _WIDE


def numbers_of(voices: Iterable[Voice], codes: Collection[str]) -> dict[tuple[str, str], Number]:
    """Return how many organisations there are per municipality, by code, and stream; what is not there is none.

    Who works wider counts in each municipality. Under ``UNKNOWN`` is what names no municipality of the region or no stream,
    under ``ALL`` each organisation once.
    """
    every, wide = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for voice in voices:
        named = voice.places & set(codes)
        widely = set(codes) - named if voice.is_wide else set()
        for stream in {*(voice.streams or [UNKNOWN]), ALL}:
            for place in named | widely or {UNKNOWN}:
                every[place, stream] += 1
                wide[place, stream] += place in widely
    return {key: Number(number, wide[key]) for key, number in every.items()}
