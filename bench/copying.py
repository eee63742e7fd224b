"""Copies of an application with everything that hangs on it, made in bulk."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any

from django.db import connection
from django.db.models import Model

from applications.models import Application, Collaborator, ConsentQuestion, DraftCopy, LeadOffer, OneTimeLink
from coalitions.models import Coalition
from correspondence.models import Message
from hubportal.documents.models import Document
from hubportal.mail.models import OutgoingMail
from letters.models import Letter
from organisations.models import Organisation
from takeovers.models import Takeover

Key = tuple[type[Model], int]
# Which value replaces which, for one copy.
Swaps = dict[Key, int]
_AT_ONCE = 250


def digest_of(row: Any, number: int) -> str:
    """Return the replacement of a digest that has to be unique."""
    return hashlib.sha256(f"{row._meta.label} {row.pk} {number}".encode()).hexdigest()


# What no two rows may share.
_OWN: dict[tuple[type[Model], str], Callable[[Any, int], str]] = {
    (Application, "reference"): lambda row, number: f"{row.reference}-{number}",
    (Letter, "about"): lambda row, number: f"{row.about}-{number}",
    (Coalition, "name"): lambda row, number: f"Kopie {row.pk} {number}",
    (Organisation, "name"): lambda row, number: f"Kopie {row.pk} {number}",
    (Organisation, "sort_name"): lambda row, number: f"kopie {row.pk} {number}",
    (Organisation, "kvk_number"): lambda row, number: f"{10_000_000 + row.pk * 10_000 + number % 10_000}",
    (Organisation, "map_key"): lambda row, number: digest_of(row, number)[:32],
    (Collaborator, "key"): lambda row, number: digest_of(row, number)[:32],
    (ConsentQuestion, "key"): lambda row, number: digest_of(row, number)[:32],
    (DraftCopy, "key"): lambda row, number: digest_of(row, number)[:32],
    (LeadOffer, "key"): lambda row, number: digest_of(row, number)[:32],
    (Message, "added_with"): lambda row, number: digest_of(row, number)[:32],
    (OneTimeLink, "secret_digest"): digest_of,
    (OutgoingMail, "return_token"): lambda row, number: digest_of(row, number)[:32],
    (Document, "sha256"): digest_of,
    (Document, "stored_as"): digest_of,
    (Document, "verification_code"): lambda row, number: f"HP-{digest_of(row, number)[:14]}",
}


# Of which there is one at a time for a person and an organisation, whom the copies share.
_LEFT_OUT = frozenset({Takeover})


class Family:
    """An application and all rows that exist because of it, its organisations too unless the copies share them.

    Consents are bound to the organisations, so only who shares them keeps consents that count.
    """

    def __init__(self, application: Application, *, with_organisations: bool = True) -> None:
        self.rows: dict[Key, Any] = {}
        waiting: list[Any] = [application.coalition]
        while waiting:
            row = waiting.pop()
            key = (type(row), row.pk)
            if key not in self.rows:
                self.rows[key] = row
                beside = [
                    each for each in _beside(row) if with_organisations or type(each) is not Organisation
                ]
                waiting += [
                    *(each for each in _below(row) if not _of_other(application.coalition, each)),
                    *beside,
                ]

    def copy(self, count: int, swaps: Callable[[int], Swaps], *, start: int = 0) -> list[Application]:
        """Insert copies, numbered from ``start``, and return the applications."""
        made: list[Application] = []
        for first in range(start, start + count, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, start + count))
            made += self._copy(numbers, [swaps(each) for each in numbers])
        return made

    def _copy(self, numbers: range, swaps: list[Swaps]) -> list[Application]:
        applications: list[Application] = []
        for key in self._in_order():
            row, model = self.rows[key], key[0]
            copies = [_copied(row, number, own) for number, own in zip(numbers, swaps, strict=True)]
            for copy, own in zip(model._default_manager.bulk_create(copies), swaps, strict=True):
                own[key] = copy.pk
            if model is Application:
                applications += copies
        return applications

    def _in_order(self) -> list[Key]:
        """Return the rows so that each comes after those that it points to."""
        links = {
            key: {each for each in _pointed_to(row) if each in self.rows} for key, row in self.rows.items()
        }
        return list(TopologicalSorter(links).static_order())


@contextmanager
def triggers_off() -> Iterator[None]:
    """Let rows be inserted without the triggers that hold for acts, among them those that keep rows for ever."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def _copied(row: Any, number: int, swaps: Swaps) -> Any:
    model = type(row)
    values = {
        field.attname: getattr(row, field.attname)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    for name, key in _foreign(row):
        values[name] = swaps.get(key, key[1])
    for (owner, name), make in _OWN.items():
        if owner is model and values[name]:
            values[name] = make(row, number)
    return model(**values)


def _foreign(row: Any) -> Iterator[tuple[str, Key]]:
    for field in row._meta.concrete_fields:
        pk = getattr(row, field.attname)
        if field.related_model is not None and pk is not None:
            yield field.attname, (field.related_model, pk)


def _pointed_to(row: Any) -> list[Key]:
    return [key for _name, key in _foreign(row)]


def _below(row: Any) -> Iterator[Any]:
    """Yield the rows that point to one."""
    for relation in row._meta.related_objects:
        if not relation.many_to_many and relation.related_model not in _LEFT_OUT:
            yield from relation.related_model._default_manager.filter(**{relation.field.name: row})


def _of_other(coalition: Coalition, row: Any) -> bool:
    """Tell whether a row, found through an organisation that both have, belongs to another coalition."""
    own = row.pk if isinstance(row, Coalition) else getattr(row, "coalition_id", coalition.pk)
    return bool(own != coalition.pk)


def _beside(row: Any) -> Iterator[Any]:
    """Yield what belongs to one row only: its document, its mail, and the organisation of a participation."""
    for field in row._meta.concrete_fields:
        if (field.one_to_one or field.related_model is Organisation) and getattr(
            row, field.attname
        ) is not None:
            yield getattr(row, field.name)
