"""What a version of a part of a draft says, as people read it, and what two versions differ in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.enums import Part
from applications.forms.budget import hours_in_words
from hubportal.kernel.dates import day_in_words
from hubportal.kernel.money import euros
from hubportal.versions.comparing import NOTHING, merged

Words = dict[str, str]


@dataclass(frozen=True)
class Compared:
    """One field of two versions: the later one, with what was put in and taken out since the earlier one."""

    label: str
    marked: SafeString
    is_same: bool


def words_of(part: Part, content: dict[str, Any]) -> Words:
    """Return what a version says, by the label of each field."""
    if part == Part.SECTION:
        return {_("Text"): content["text"] or NOTHING}
    if part == Part.BUDGET:
        return {_("Lines of the budget"): "\n".join(map(_line, content["lines"])) or NOTHING}
    day, months = content["starts_on"], content["duration_months"]
    return {
        _("Title of the project"): content["title"] or NOTHING,
        _("First day of the project"): day_in_words(date.fromisoformat(day)) if day else NOTHING,
        _("Duration"): ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
        if months
        else NOTHING,
    }


def _line(line: dict[str, Any]) -> str:
    parts = (
        line["heading_title"],
        line["organisation"],
        line["description"],
        _hours(line),
        euros(Decimal(line["amount"])),
    )
    return " · ".join(filter(None, parts))


def _hours(line: dict[str, Any]) -> str:
    if line.get("hours") is None:
        return ""
    return hours_in_words(Decimal(line["hours"]), Decimal(line["rate"]))


def compared(earlier: Words, later: Words) -> list[Compared]:
    """Return what two versions of a part differ in, field by field; what is the same of a field is shown too."""
    return [
        Compared(label, merged(earlier[label], text), earlier[label] == text) for label, text in later.items()
    ]
