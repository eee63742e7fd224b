"""In which forms somebody takes part in a question, whoever it is: since and until when, and how it went."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hubportal.kernel.errors import RuleViolation
from mapping.enums import ParticipationForm
from mapping.models.involvement import Involvement


@dataclass(frozen=True)
class Part:
    """What is kept of one form in which somebody takes part."""

    since_on: date | None = None
    until_on: date | None = None
    how_it_went: str = ""


def part_of(row: Involvement) -> Part:
    """Return what is kept of one form."""
    return Part(row.since_on, row.until_on, row.how_it_went)


def parts_of(kept: QuerySet[Any]) -> dict[str, Part]:
    """Return what is kept of each form of somebody in a question."""
    return {each.form: part_of(each) for each in kept.order_by("pk")}


def check_parts(parts: Mapping[str, Part]) -> None:
    """Raise ``RuleViolation`` for a form that would end before it began."""
    for form, part in parts.items():
        if part.since_on and part.until_on and part.until_on < part.since_on:
            raise RuleViolation(
                _("%(form)s: this day lies before the day it began. Choose a later day.")
                % {"form": ParticipationForm(form).label.capitalize()},
                field=f"{form}_until_on",
            )


def write_parts(kept: QuerySet[Any], parts: Mapping[str, Part], **whose: Any) -> None:
    """Write the forms of somebody in a question, within the caller's act. What stays is the same row."""
    kept.exclude(form__in=list(parts)).delete()
    known = {each.form: each for each in kept}
    for form, part in parts.items():
        row = known.get(form) or kept.model(form=form, **whose)
        if row.pk is None or part_of(row) != part:
            row.since_on, row.until_on, row.how_it_went = astuple(part)
            row.save()


def joined(one: Part, other: Part) -> Part:
    """Return both as one: from the first day on, until the last unless one of them goes on, with both stories."""
    dated = [each for each in (one, other) if each.since_on or each.until_on]
    began = [each.since_on for each in dated if each.since_on]
    ended = [each.until_on for each in dated if each.until_on]
    stories = dict.fromkeys(each.how_it_went for each in (one, other) if each.how_it_went)
    return Part(
        min(began, default=None),
        max(ended) if ended and len(ended) == len(dated) else None,
        "\n\n".join(stories),
    )
