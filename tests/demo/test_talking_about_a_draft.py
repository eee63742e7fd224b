"""The demo's draft has a comment that is open and one that is resolved."""

import pytest

from applications.queries.comments import comments_on
from demo.domain.writing_together import talk_about_it
from tests.factories import scenarios
from tests.factories.moments import AT
from tests.factories.organisations import speaker_for

pytestmark = pytest.mark.django_db


def test_two_comments_are_answered_and_one_is_resolved() -> None:
    case = scenarios.written()
    talk_about_it(case, case.applicant, speaker_for(case.lead), at=AT)
    found = [
        (each.part, bool(each.quoted), each.resolved_at is not None, each.answers.count())
        for each in comments_on(case, thread=None).order_by("pk")
    ]
    assert found == [("section", True, False, 1), ("budget", True, True, 1)]
