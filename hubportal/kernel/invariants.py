"""Violations: how an app reports a row that breaks a rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    AnyModel = TypeVar("AnyModel", bound=Model)


class Violation(NamedTuple):
    """One row that breaks one rule of docs/rules.md; ``row`` is its primary key."""

    rule: int
    model: str
    row: int | None
    sentence: str

    def __str__(self) -> str:
        where = f"{self.model} {self.row}" if self.row is not None else self.model
        return f"rule {self.rule}: {where}: {self.sentence}"


def each_breaks(rule: int, rows: QuerySet[Any], sentence: str) -> Iterator[Violation]:
    """Yield a violation for each of the rows, in order of their keys."""
    for row in rows.order_by("pk").values_list("pk", flat=True).distinct():
        yield Violation(rule, rows.model._meta.label, row, sentence)


def all_but(rows: QuerySet[AnyModel], *conditions: Any, **facts: Any) -> QuerySet[AnyModel]:
    """Return the rows of which this is not true, those with an unknown among the facts too.

    ``exclude`` leaves such rows out here and there, and asks of a relation to many no single row of which
    all is true.
    """
    return rows.exclude(pk__in=rows.model._base_manager.filter(*conditions, **facts).values("pk"))
