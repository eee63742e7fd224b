"""The conditions of a call as sentences, with its values filled in."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

# What a sentence of a condition may name: values of the call, and of the round that takes applications now.
NAMES = frozenset({"min_parties", "grant_maximum", "min_months", "max_months", "deadline", "award"})

SENTENCES = ("question", "explanation", "refusal", "instead")


def names_in(sentence: str) -> set[str]:
    """Return the names that a sentence of a condition has in it. Raises ``ValueError`` for braces that do not match."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def with_values(sentence: str, values: Mapping[str, Any]) -> str:
    """Return a sentence of a condition with the values that it names."""
    return sentence.format_map(values)
