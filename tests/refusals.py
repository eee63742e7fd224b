"""How a test tells which constraint or trigger of the database refused a row."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, transaction
from psycopg.errors import Error


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """Expect the database to refuse what is written inside, by the constraint or trigger of this name."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    cause = refusal.value.__cause__
    assert isinstance(cause, Error)
    assert cause.diag.constraint_name == name
