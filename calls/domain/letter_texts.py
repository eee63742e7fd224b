"""Filling in the words of letters."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation

# What a letter's text may name, with what the officer reads beside it.
PLACEHOLDERS = {
    "applicant": _("the lead organisation"),
    "partners": _("the other organisations"),
    "title": _("the title of the application"),
    "reference": _("the reference of the application"),
    "region": _("the region"),
    "call": _("the title of the call"),
    "round": _("the number of the round"),
    "received_on": _("the day of receipt"),
    "amount": _("the amount that is granted"),
    "requested_amount": _("the amount that was asked"),
    "starts_on": _("the first day of the project"),
    "ends_on": _("the last day of the project"),
    "months": _("the duration in months"),
    "reasons": _("the reasons of the decision"),
    "legal_basis": _("the legal basis of the call"),
    "deciding_body": _("the deciding body"),
    "mandate": _("the mandate"),
    "objection_deadline": _("the last day to object"),
    "dated_on": _("the date of the letter"),
}
_NAMED = re.compile(r"\{(\w*)\}")


class UnknownPlaceholder(RuleViolation):
    """A letter text names something that cannot be filled in."""


def check_placeholders(text: str) -> None:
    """Raise ``UnknownPlaceholder`` for a word in braces that no letter knows."""
    for name in _NAMED.findall(text):
        if name not in PLACEHOLDERS:
            raise UnknownPlaceholder(
                _("A letter does not know what to fill in for “%(name)s”.") % {"name": name}, field="body"
            )


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the words in braces replaced; one without a value stays as it is.

    The day of sending and what follows from it are filled in last, when the letter is made.
    """
    return _NAMED.sub(lambda found: values.get(found[1], found[0]), text)


def split_body(text: str) -> tuple[list[str], list[str]]:
    """Return the paragraphs and the list items of a text."""
    blocks = [each.strip() for each in re.split(r"\n\s*\n", text) if each.strip()]
    paragraphs: list[str] = []
    items: list[str] = []
    for block in blocks:
        lines = block.splitlines()
        if all(line.startswith("- ") for line in lines):
            items += [line[2:].strip() for line in lines]
        else:
            paragraphs.append(" ".join(line.strip() for line in lines))
    return paragraphs, items
