"""What one version of a text holds, so that the last 30 reach back usefully and no slip of the hand is beyond recall (rule 32)."""

from datetime import timedelta
from itertools import takewhile

# What a person saves within it.
ONE_VERSION = timedelta(minutes=10)
# What is taken out of a text beyond both begins a version.
_MANY_CHARACTERS = 200
_LARGE_PART = 5


def taken_out(before: str, after: str) -> int:
    """Return how many characters a change took out: all between what is the same at both ends."""
    start = _same_at_start(before, after)
    return len(before) - start - _same_at_start(before[start:][::-1], after[start:][::-1])


def _same_at_start(text: str, other: str) -> int:
    return sum(1 for _each in takewhile(lambda pair: pair[0] == pair[1], zip(text, other, strict=False)))


def is_much(taken: int, *, length: int) -> bool:
    """Tell whether so many characters, of a text that had this length, are much."""
    return taken > max(_MANY_CHARACTERS, length // _LARGE_PART)
