"""Breaking rules past triggers and constraints, as somebody with the database's own powers could."""

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.invariants import Violation
from tests.database import around_acts

Row = TypeVar("Row", bound=Model)
Case = TypeVar("Case")
Act = TypeVar("Act", bound=Callable[[Any], Any])


class Breaks(list[Any]):
    """Ways to break rules: each a function that breaks one and returns the row, or rows, to be named."""

    def __call__(self, rule: int, sentence: str) -> Callable[[Act], Act]:
        """Keep a function with the rule it breaks and what is then said of the row."""

        def keep(act: Act) -> Act:
            self.append(pytest.param(rule, sentence, act, id=act.__name__))
            return act

        return keep

    @property
    def sentences(self) -> set[str]:
        """Return what is said, of all the ways together."""
        return {each.values[1] for each in self}


def sentences_in(*modules: ModuleType) -> set[str]:
    """Return every sentence that modules of invariants can say of a row."""
    calls = (
        node
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    )
    last = [each.args[-1] for each in calls if each.func.id in {"each_breaks", "Violation"}]  # type: ignore[attr-defined]
    return {each.value for each in last if isinstance(each, ast.Constant)}


@contextmanager
def kept_for_a_module(blocker: DjangoDbBlocker, build: Callable[[], Case]) -> Iterator[Case]:
    """Build a case in which no rule is broken, for all tests of a module; each of them undoes what it breaks."""
    with blocker.unblock():
        unfinished = around_acts()
        unfinished.__enter__()
    # What cannot be built is undone too: a later test would wait for its rows.
    try:
        with blocker.unblock(), translation.override("nl"):
            case = sound(build())
        yield case
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            unfinished.__exit__(None, None, None)


def sound(case: Case) -> Case:
    """Return what was built, once no rule is found broken."""
    assert list(map(str, every_violation())) == []
    return case


def named(rule: int, sentence: str, rows: Model | list[Model]) -> list[Violation]:
    """Return the violations that name these rows."""
    return [Violation(rule, each._meta.label, each.pk, sentence) for each in _list(rows)]


def broken(rule: int, row: Model, sentence: str) -> Violation:
    """Return the violation that names this row."""
    return Violation(rule, row._meta.label, row.pk, sentence)


def check_constraint(module: ModuleType, name: str, model: type[Model], act: Callable[[], Any]) -> None:
    """Take a constraint away, break it, and see its rule and the rows named."""
    drop(model, name)
    rows = sorted(_list(act()), key=lambda each: each.pk)
    found = [each for each in module.violations() if each.sentence == f"breaks {name}"]
    assert found == named(module._CONSTRAINTS[name], f"breaks {name}", rows)


def _list(rows: Any) -> list[Any]:
    return rows if isinstance(rows, list) else [rows]


def force(row: Row, **values: Any) -> Row:
    """Update a row although a trigger refuses it, and return it."""
    _without_triggers("replica")
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    _without_triggers("origin")
    return row


def remove(row: Model) -> None:
    """Delete a row although a trigger refuses it; what points at it is left."""
    found = type(row)._base_manager.filter(pk=row.pk)
    _without_triggers("replica")
    found._raw_delete(found.db)
    _without_triggers("origin")


@contextmanager
def past_triggers() -> Iterator[None]:
    """Write something inside although a trigger refuses it."""
    _without_triggers("replica")
    yield
    _without_triggers("origin")


def copy_of(row: Row, **changes: Any) -> Row:
    """Insert the same row once more, with changes."""
    attnames = {each.name: each.attname for each in row._meta.concrete_fields}
    values = {each: getattr(row, each) for each in attnames.values() if each != row._meta.pk.attname}
    changed = {attnames[key]: getattr(value, "pk", value) for key, value in changes.items()}
    return type(row)._base_manager.create(**{**values, **changed})


def drop(model: type[Model], name: str) -> None:
    """Take a constraint from its table until the test is over; a unique field is named ``Model.field``."""
    table, field = model._meta.db_table, name.partition(".")[2]
    with connection.cursor() as cursor:
        # A table whose rows still wait for a check is not altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        known = connection.introspection.get_constraints(cursor, table)
        if field:
            columns = [each.column for each in model._meta.local_fields if each.name == field]
            name = next(key for key, each in known.items() if each["unique"] and each["columns"] == columns)
        assert name in known
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
        cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _without_triggers(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
