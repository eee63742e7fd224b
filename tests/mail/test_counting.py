"""Mails that came in are counted by their outcome, and nothing of them is kept (rule 43)."""

from datetime import timedelta

import pytest

from hubportal.mail.domain.counting import count_received
from hubportal.mail.enums import Outcome
from hubportal.mail.models import ReceivedCount
from hubportal.mail.queries import received_counts
from tests.factories.moments import AT
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db


def test_each_outcome_has_a_number_and_its_last_moment() -> None:
    later = AT + timedelta(hours=1)
    for outcome, at in (
        (Outcome.TAKEN, AT),
        (Outcome.REFUSED, AT),
        (Outcome.TAKEN, later),
        (Outcome.TAKEN, AT),
    ):
        count_received(outcome=outcome, at=at)
    assert list(received_counts().values_list("outcome", "number", "last_at")) == [
        ("refused", 1, AT),
        ("taken", 3, later),
    ]


def test_another_outcome_is_refused() -> None:
    with refused_by("received_count_of_a_known_outcome"):
        ReceivedCount.objects.create(outcome="lost", number=1, last_at=AT)
