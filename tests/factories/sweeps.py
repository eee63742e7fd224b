"""Postponed rows."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from hubportal.sweeps.models import PostponedRow
from tests.factories.moments import AT


class PostponedRowFactory(DjangoModelFactory[PostponedRow]):
    """A receipt that could not be made, three times."""

    class Meta:
        model = PostponedRow

    sweep = "applications.produce_receipts"
    row_id = factory.Sequence(lambda number: 1000 + number)
    attempts = 3
    reason = "OSError: schijf vol"
    first_failed_at = AT
    failed_at = AT + timedelta(minutes=3)
    next_attempt_at = AT + timedelta(minutes=7)
