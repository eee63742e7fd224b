"""Writing past triggers and constraints, as somebody with the database's own powers could."""

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from hubportal.audit.domain.collecting import every_violation
from hubportal.kernel.invariants import Violation

Row = TypeVar("Row", bound=Model)
Case = TypeVar("Case")


def sound(case: Case) -> Case:
    """Return what was built, once no rule is found broken."""
    assert list(map(str, every_violation())) == []
    return case


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
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{name}"')
        cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert name not in connection.introspection.get_constraints(cursor, table)


def copy_of(row: Row, **changes: Any) -> Row:
    """Insert the same row once more, with changes."""
    values = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}
    values = {key: value for key, value in values.items() if key != row._meta.pk.attname}
    attnames = {each.name: each.attname for each in row._meta.concrete_fields}
    changed = {attnames[key]: getattr(value, "pk", value) for key, value in changes.items()}
    return type(row)._base_manager.create(**{**values, **changed})


def broken(rule: int, row: Model, sentence: str) -> Violation:
    """Return the violation that names this row."""
    return Violation(rule, row._meta.label, row.pk, sentence)


def _without_triggers(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
