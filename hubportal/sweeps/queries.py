"""Reads of background work."""

from django.db.models import QuerySet

from hubportal.sweeps.models import PostponedRow

# A passing trouble, such as a restarted server, is over by then.
STUCK_AFTER_ATTEMPTS = 3


def stuck_rows() -> QuerySet[PostponedRow]:
    """Return the rows on which a sweep failed so often that somebody has to look, oldest first."""
    return PostponedRow.objects.filter(attempts__gte=STUCK_AFTER_ATTEMPTS).order_by("first_failed_at", "pk")
