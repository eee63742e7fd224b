"""Finding rows that violate a constraint, in case it was dropped from the database."""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import and_
from typing import Any

from django.apps import apps
from django.db.models import (
    BooleanField,
    CheckConstraint,
    Count,
    ExpressionWrapper,
    Model,
    Q,
    QuerySet,
    UniqueConstraint,
    Window,
)

from hubportal.kernel.invariants import Violation, each_breaks


def broken_constraints(app_label: str, rules: Mapping[str, int]) -> Iterator[Violation]:
    """Yield each row of an app that breaks a constraint; ``rules`` says which rule each of them keeps.

    A field that is unique by itself is named as ``Model.field``.
    """
    for model in apps.get_app_config(app_label).get_models():
        for name, rows in (*_untrue_rows(model, rules), *_twin_rows(model)):
            if name in rules:
                yield from each_breaks(rules[name], rows, f"breaks {name}")


def _untrue_rows(model: type[Model], rules: Mapping[str, int]) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield each check of a model with the rows that break it, where some row breaks one."""
    rows = model._base_manager.all()
    checks = [
        each for each in model._meta.constraints if isinstance(each, CheckConstraint) and each.name in rules
    ]
    together = [Q(each.condition) for each in checks]
    # Read once for all of them: false as soon as one is, whatever is unknown of the others.
    if together and _untrue(rows, reduce(and_, together)).exists():
        yield from ((each.name, _untrue(rows, each.condition)) for each in checks)


def _twin_rows(model: type[Model]) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield what is unique in a model, with the rows that are not."""
    rows = model._base_manager.all()
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            named = [*constraint.fields, *constraint.expressions]
            # Where it says so, what is empty is the same as what is empty.
            known = [] if constraint.nulls_distinct is False else named
            yield constraint.name, _twins(rows.filter(constraint.condition or Q()), named, known)
    for field in model._meta.local_fields:
        if field.unique:
            yield f"{model.__name__}.{field.name}", _twins(rows, [field.name], [field.name])


def _untrue(rows: QuerySet[Any], condition: Any) -> QuerySet[Any]:
    # As the database judges: what is unknown breaks nothing.
    judged: QuerySet[Any] = rows.annotate(holds=ExpressionWrapper(condition, output_field=BooleanField()))
    return judged.filter(holds=False)


def _twins(rows: QuerySet[Any], named: list[Any], known: list[Any]) -> QuerySet[Any]:
    filled = {f"{each}__isnull": False for each in known if isinstance(each, str)}
    counted: QuerySet[Any] = rows.filter(**filled).annotate(twins=Window(Count("pk"), partition_by=named))
    return counted.filter(twins__gt=1)
