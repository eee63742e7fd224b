"""What must be true of a call (rule 1)."""

from collections.abc import Iterator

from django.db.models import F, Sum

from calls.models import Call, ReviewRound
from hubportal.kernel.invariants import Violation


def violations() -> Iterator[Violation]:
    """Yield each call whose weights do not add up, and each round before its call opens."""
    for call in Call.objects.annotate(weights=Sum("criteria__weight", default=0)).exclude(weights=100):
        yield Violation(1, "calls.Call", call.pk, "the weights of its criteria do not add up to 100")
    for each in ReviewRound.objects.filter(opens_at__lt=F("call__opens_at")):
        yield Violation(3, "calls.ReviewRound", each.pk, "opens before its call")
