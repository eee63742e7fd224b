"""Words in braces: what a text leaves open, read once into pieces."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

OBJECTION_DEADLINE = "objection_deadline"
NEXT_ROUND = "next_round"
# Known on the day of sending only, and filled in then.
AT_SENDING = frozenset({"dated_on", OBJECTION_DEADLINE, NEXT_ROUND})
# Placeholders of every letter; those of the call are its fields.
OF_THE_CALL = frozenset(
    {
        *(
            "deciding_body",
            "deciding_organ",
            "mandate",
            "legal_basis",
            "general_terms",
            "general_terms_address",
        ),
        *("objection_address", "objection_channel", "contact_name", "contact_phone"),
    }
)
OF_EVERY_LETTER = OF_THE_CALL | {"reference", "mark", "call", "privacy_address"}

_NAMED = re.compile(r"\{(\w*)\}")


class UnknownPlaceholder(RuleViolation):
    """A text names something that cannot be filled in."""


@dataclass(frozen=True)
class Placeholder:
    """A word in braces."""

    name: str


def pieces(text: str) -> list[str | Placeholder]:
    """Return the plain words of a text and what it names, in order."""
    # The pattern has one group, so that plain words and names take turns.
    parts = _NAMED.split(text)
    read = [Placeholder(each) if turn % 2 else each for turn, each in enumerate(parts)]
    return [each for each in read if each != ""]


def names_in(text: str) -> set[str]:
    """Return what a text names."""
    return set(_NAMED.findall(text))


def check_names(texts: Iterable[str], known: Collection[str]) -> None:
    """Raise ``UnknownPlaceholder`` for a word in braces that is not among the known ones."""
    for text in texts:
        for name in sorted(names_in(text) - set(known)):
            raise UnknownPlaceholder(
                _("We do not know the merge field “%(name)s”.") % {"name": name}, field="body"
            )


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a text of one line with everything that it names filled in."""
    return "".join(each if isinstance(each, str) else values[each.name] for each in pieces(text))
