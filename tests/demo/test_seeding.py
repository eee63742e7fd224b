"""The cases that the demo begins with, made by the portal's own acts."""

from collections import Counter

import pytest
from django.conf import settings

from applications.enums import Status
from applications.models import Application
from calls.models import Call
from demo.domain.seeding import is_filled, seed
from hubportal.audit.domain.collecting import every_violation
from letters.models import Letter
from mapping.models import ParticipationQuestion

FIXTURES = settings.BASE_DIR / "fixtures"


@pytest.mark.django_db(transaction=True)
def test_the_demo_begins_with_something_for_everybody_and_breaks_no_rule() -> None:
    assert not is_filled()
    assert seed(FIXTURES) is True
    rehearsal = Call.objects.get(is_rehearsal=True)
    found = Counter(Application.objects.filter(call=rehearsal).values_list("status", flat=True))
    assert found == {Status.ADVISED: 3, Status.SEALED: 3, Status.DRAFT: 4}
    assert Letter.objects.filter(decision__application__call__is_rehearsal=False).count() == 10
    assert ParticipationQuestion.objects.exists()
    assert list(every_violation()) == []
    assert seed(FIXTURES) is False
